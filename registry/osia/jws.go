package osia

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"time"
)

// Uses of a center key.
const (
	UseRecord   = "record"
	UseIdentity = "identity"
)

// Key is one public key of the center, with its validity.
type Key struct {
	ID        string // of records: the JWS kid; of identities: 16 hex digits
	Use       string
	Public    *ecdsa.PublicKey
	NotBefore time.Time
	NotAfter  time.Time
}

// Trust is what the station believes: the center's keys.
type Trust []Key

func (t Trust) find(use, id string) (Key, bool) {
	for _, k := range t {
		if k.Use == use && k.ID == id {
			return k, true
		}
	}
	return Key{}, false
}

// jwsHeader of a record or a signed feed item; anything else is refused.
type jwsHeader struct {
	Alg string `json:"alg"`
	Kid string `json:"kid"`
	Typ string `json:"typ"`
}

// VerifyDetached checks a compact JWS with detached payload (RFC 7515, appendix F), ES256,
// against the record keys of the trust, at the given time. It answers "" or a refusal code.
func (t Trust) VerifyDetached(jws string, payload []byte, now time.Time) Code {
	parts := strings.Split(jws, ".")
	if len(parts) != 3 || parts[1] != "" {
		return SignatureWrong
	}
	head, err := base64.RawURLEncoding.Strict().DecodeString(parts[0])
	if err != nil {
		return SignatureWrong
	}
	var h jwsHeader
	if err := strict(head, &h); err != nil || h.Alg != "ES256" || h.Typ != "ktp-record" {
		return SignatureWrong
	}
	k, ok := t.find(UseRecord, h.Kid)
	if !ok {
		return KeyUnknown
	}
	if now.Before(k.NotBefore) || now.After(k.NotAfter) {
		return KeyExpired
	}
	sig, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return SignatureWrong
	}
	signed := []byte(parts[0] + "." + base64.RawURLEncoding.EncodeToString(payload))
	sum := sha256.Sum256(signed)
	if !verifyRaw(k.Public, sum[:], sig) {
		return SignatureWrong
	}
	return ""
}

// verifyRaw checks an ECDSA P-256 signature given as r and s of 32 bytes each.
func verifyRaw(pub *ecdsa.PublicKey, digest, sig []byte) bool {
	if len(sig) != 64 {
		return false
	}
	return ecdsa.Verify(pub, digest, new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
}

func strict(text []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
