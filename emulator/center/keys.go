package center

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"time"
)

// Uses of a center key.
const (
	UseRecord   = "record"    // signs records, withdrawals, holds, lists
	UseIdentity = "identity"  // signs the identity statement that goes on the chip
	UseAnchor   = "anchor"    // signs the key document; known to the station from installation
	UseEnrol    = "enrolment" // opens the packages of the offices
)

// Key is a public key of the center. ID is the first 8 bytes of the SHA-256 of its
// SubjectPublicKeyInfo as 16 lower-case hex digits.
type Key struct {
	ID        string
	Use       string
	Public    *ecdsa.PublicKey
	SPKI      []byte // DER
	NotBefore time.Time
	NotAfter  time.Time
}

// signer is a key pair.
type signer struct {
	Key
	private *ecdsa.PrivateKey
}

// newSigner derives the P-256 key pair of a purpose from the seed: the scalar is the first
// SHA-256 of seed, purpose and counter that is a valid one.
func newSigner(seed int64, use, purpose string) (signer, error) {
	for n := range 8 {
		d := sha256.Sum256(fmt.Appendf(nil, "blanko emulated center key %d %s %s %d", seed, use, purpose, n))
		private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d[:])
		if err != nil {
			continue // 0, or not below the order of the group
		}
		spki, err := x509.MarshalPKIXPublicKey(private.Public())
		if err != nil {
			return signer{}, err
		}
		sum := sha256.Sum256(spki)
		return signer{Key{ID: hex.EncodeToString(sum[:8]), Use: use, Public: &private.PublicKey, SPKI: spki}, private}, nil
	}
	return signer{}, fmt.Errorf("no scalar for %s", purpose)
}

// valid gives the key its time.
func (s signer) valid(from, to time.Time) signer {
	s.NotBefore, s.NotAfter = from.UTC().Truncate(time.Second), to.UTC().Truncate(time.Second)
	return s
}

// sign is ECDSA over SHA-256 as r and s of 32 bytes each, deterministic (RFC 6979).
func (s signer) sign(message []byte) ([]byte, error) {
	sum := sha256.Sum256(message)
	der, err := s.private.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		return nil, err
	}
	raw := make([]byte, 64)
	pair.R.FillBytes(raw[:32])
	pair.S.FillBytes(raw[32:])
	return raw, nil
}

// jwsHeader is the protected header of everything the center signs.
func jwsHeader(alg, kid string) object {
	return object{{"alg", alg}, {"kid", kid}, {"typ", "ktp-record"}}
}

// detached is a compact JWS without its payload (RFC 7515, appendix F): header..signature.
func (s signer) detached(payload []byte) (string, error) {
	head, err := canonicalJSON(jwsHeader("ES256", s.ID))
	if err != nil {
		return "", err
	}
	head64 := base64url(head)
	sig, err := s.sign([]byte(head64 + "." + base64url(payload)))
	if err != nil {
		return "", err
	}
	return head64 + ".." + base64url(sig), nil
}

// signedItem adds the member signature: a detached JWS over the item without it.
func (s signer) signedItem(item object) (object, error) {
	payload, err := canonicalJSON(item.without("signature"))
	if err != nil {
		return nil, err
	}
	jws, err := s.detached(payload)
	if err != nil {
		return nil, err
	}
	item.set("signature", jws)
	return item, nil
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// epoch are the keys that sign what is issued from a moment on, and that open what is sent.
type epoch struct{ record, identity, enrolment signer }

func newEpoch(seed int64, n int, from, to time.Time) (epoch, error) {
	var e epoch
	var err error
	if e.record, err = newSigner(seed, UseRecord, fmt.Sprint("epoch ", n)); err != nil {
		return e, err
	}
	if e.identity, err = newSigner(seed, UseIdentity, fmt.Sprint("epoch ", n)); err != nil {
		return e, err
	}
	e.enrolment, err = newSigner(seed, UseEnrol, fmt.Sprint("epoch ", n))
	e.record, e.identity, e.enrolment = e.record.valid(from, to), e.identity.valid(from, to), e.enrolment.valid(from, to)
	return e, err
}

// oddKeys sign the broken records that name them.
type oddKeys struct {
	stranger         signer // in no list
	strangerIdentity signer // in no list
	retired          signer // in the list, its time is over
	early            signer // in the list, its time has not come
}

func newOddKeys(seed int64, now time.Time) (k oddKeys, err error) {
	for _, one := range []struct {
		to      *signer
		use     string
		purpose string
	}{
		{&k.stranger, UseRecord, "stranger"},
		{&k.strangerIdentity, UseIdentity, "stranger"},
		{&k.retired, UseRecord, "retired"},
		{&k.early, UseRecord, "early"},
	} {
		if *one.to, err = newSigner(seed, one.use, one.purpose); err != nil {
			return k, err
		}
	}
	const year = 365 * 24 * time.Hour
	k.retired = k.retired.valid(now.Add(-2*year), now.Add(-year/12))
	k.early = k.early.valid(now.Add(year), now.Add(2*year))
	return k, nil
}
