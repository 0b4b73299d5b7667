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
	UseRecord   = "record"    // signs records and the other items of the feed
	UseIdentity = "identity"  // signs the identity statement that goes on the chip
	UseAnchor   = "anchor"    // signs the center's key list; known from installation
	UseEnrol    = "enrolment" // opens what a station sends to the 1:N search (ECDH)
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
// against the keys of a use, at the given time. It answers "" or a refusal code.
func (t Trust) VerifyDetached(use, jws string, payload []byte, now time.Time) Code {
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
	k, ok := t.find(use, h.Kid)
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

// VerifyItem checks the signature member of a signed feed item (a withdrawal, a hold, a
// release, a list) over the rest of it.
func (t Trust) VerifyItem(item []byte, now time.Time) *Refusal {
	return t.verifyMember(UseRecord, item, now)
}

// VerifyKeyList checks the signature of the center's key list against the anchor.
func (t Trust) VerifyKeyList(list []byte, now time.Time) *Refusal {
	return t.verifyMember(UseAnchor, list, now)
}

func (t Trust) verifyMember(use string, text []byte, now time.Time) *Refusal {
	var m struct {
		Signature string `json:"signature"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return refuse(Schema, "", "not the agreed JSON")
	}
	if m.Signature == "" {
		return refuse(SignatureMissing, "/signature", "not signed")
	}
	payload, err := Canonical(text, "signature")
	if err != nil {
		return refuse(Schema, "", "%v", err)
	}
	if code := t.VerifyDetached(use, m.Signature, payload, now); code != "" {
		return refuse(code, "/signature", "JWS ES256 over the item")
	}
	return nil
}

// Newest is the key of a use that is valid at a time, the one that began last where there are several.
func (t Trust) Newest(use string, now time.Time) (Key, bool) {
	var best Key
	for _, k := range t {
		if k.Use == use && !now.Before(k.NotBefore) && !now.After(k.NotAfter) && (best.Public == nil || k.NotBefore.After(best.NotBefore)) {
			best = k
		}
	}
	return best, best.Public != nil
}
