package sam

import (
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"blanko/keys"
)

// Request is what a SAM asks the Dinas for; it holds for one renewal.
type Request struct {
	Serial [8]byte
	Nonce  [16]byte
}

// Renewal is the word of the Dinas: how often and to which day the SAM may be used from now on.
type Renewal struct {
	Uses         uint32
	Today, Until time.Time
	Signature    []byte
}

// MostUses and MostDays bound a renewal.
const (
	MostUses = keys.MostSAMUses
	MostDays = keys.MostSAMDays
)

// Request has the SAM draw a nonce.
func (s *Source) Request(ctx context.Context) (r Request, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.exactly(ctx, "sam.Request", len(r.Serial)+len(r.Nonce), insAsk, 0, nil)
	if err == nil {
		copy(r.Serial[:], b)
		copy(r.Nonce[:], b[len(r.Serial):])
	}
	return r, err
}

func (r Renewal) fixed() []byte {
	b := binary.BigEndian.AppendUint32(nil, r.Uses)
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, day(r.Today)), day(r.Until))
}

// Grant is made at the Dinas, by a key of its token that the SAM knows: ECDSA P-256 with SHA-256.
func Grant(key crypto.Signer, q Request, uses int, today, until time.Time) (Renewal, error) {
	const op = "sam.Grant"
	r := Renewal{Uses: uint32(uses), Today: today, Until: until}
	switch {
	case uses < 1 || uses > MostUses:
		return r, grantTooLarge.At(op, nil).With("uses", "1 to %d", MostUses)
	case day(until) < day(today) || day(until)-day(today) > MostDays:
		return r, grantTooLarge.At(op, nil).With("until", "today to %d days from now", MostDays)
	}
	text := append([]byte("KTPEL-SAM 1 renew"), q.Serial[:]...)
	text = append(append(text, q.Nonce[:]...), r.fixed()...)
	digest := sha256.Sum256(text)
	var err error
	r.Signature, err = key.Sign(nil, digest[:], crypto.SHA256)
	return r, err
}

// Renew shows the word of the Dinas to the SAM, which takes it once.
func (s *Source) Renew(ctx context.Context, r Renewal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.ask(ctx, "sam.Renew", insRenew, 0, append(r.fixed(), r.Signature...))
	return err
}
