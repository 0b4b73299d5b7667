package ktp

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Identity is what the center signs for the chip (card profile KTPEL-OP 1, section 3.3). Formatting
// it with fmt shows nothing of it.
type Identity struct {
	NIK       NIK
	Names     []string
	BirthDate time.Time
	Validity  string
	Fingers   [2]*FingerHashes // nil: exception
}

// String never shows the person.
func (Identity) String() string { return "Identity(redacted)" }

// GoString never shows the person.
func (i Identity) GoString() string { return i.String() }

// FingerHashes are the SHA-256 of the two delivered records of one slot.
type FingerHashes struct{ Best40, Best60 [32]byte }

// HashSlot hashes the delivered records; nil for an empty slot.
func HashSlot(s FingerSlot) *FingerHashes {
	if s.Empty() {
		return nil
	}
	return &FingerHashes{Best40: sha256.Sum256(s.Best40), Best60: sha256.Sum256(s.Best60)}
}

// IdentityClaim is the identity of the record as the center signed it.
func (r Record) IdentityClaim() Identity {
	return Identity{
		NIK: r.Person.NIK, Names: r.Person.Names, BirthDate: r.Person.BirthDate, Validity: r.Person.Validity,
		Fingers: [2]*FingerHashes{HashSlot(r.Fingers[0]), HashSlot(r.Fingers[1])},
	}
}

// Statement is the canonical JSON (RFC 8785) of the identity; its SHA-256 is signed.
func (i Identity) Statement() []byte {
	var b strings.Builder
	b.WriteString(`{"birthDate":`)
	jsonString(&b, i.BirthDate.Format("2006-01-02"))
	b.WriteString(`,"fingers":[`)
	for n, f := range i.Fingers {
		if n > 0 {
			b.WriteByte(',')
		}
		if f == nil {
			b.WriteString("null")
			continue
		}
		b.WriteString(`{"40":"` + hex.EncodeToString(f.Best40[:]) + `","60":"` + hex.EncodeToString(f.Best60[:]) + `"}`)
	}
	b.WriteString(`],"names":[`)
	for n, name := range i.Names {
		if n > 0 {
			b.WriteByte(',')
		}
		jsonString(&b, name)
	}
	b.WriteString(`],"nik":`)
	jsonString(&b, i.NIK.Digits())
	b.WriteString(`,"validity":`)
	jsonString(&b, i.Validity)
	b.WriteByte('}')
	return []byte(b.String())
}

// jsonString writes s as RFC 8785 wants it: the two-letter escapes where they exist,
// \u00xx for other controls, everything else as UTF-8.
func jsonString(b *strings.Builder, s string) {
	const hexDigits = "0123456789abcdef"
	short := map[rune]byte{'\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r', '"': '"', '\\': '\\'}
	b.WriteByte('"')
	for _, r := range s {
		switch c, ok := short[r]; {
		case ok:
			b.WriteByte('\\')
			b.WriteByte(c)
		case r < 0x20:
			b.WriteString(`\u00`)
			b.WriteByte(hexDigits[r>>4])
			b.WriteByte(hexDigits[r&15])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}
