package chip

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// smallRecord is the most minutiae of the small one of the two records that the center
// delivers per finger.
const smallRecord = 40

// Statement rebuilds from the chip what the data center has signed: the canonical JSON
// (RFC 8785) of birth date, finger hashes, names, NIK and validity (card profile KTPEL-OP 1,
// 3.3).
func (d Decoded) Statement() ([]byte, error) {
	if d.DG11 == nil || d.DG13 == nil {
		return nil, errors.New("chip: the statement needs DG11 and DG13")
	}
	if len(d.DG11.BirthDate) != 8 {
		return nil, errors.New("chip: DG11 has no birth date")
	}
	var fingers [2]*[2]string
	for slot, f := range []*FingerFile{d.FPR, d.FPL} {
		if f == nil {
			continue
		}
		pair := [2]string{f.SHA256, f.SHA256}
		if d.DG13.Center != nil && d.DG13.Center.Other[slot] != "" {
			other := 0
			if f.Minutiae <= smallRecord {
				other = 1
			}
			pair[other] = d.DG13.Center.Other[slot]
		}
		fingers[slot] = &pair
	}
	b := d.DG11.BirthDate
	names := append([]string{d.DG11.Name}, d.DG11.OtherNames...)
	return statement(b[:4]+"-"+b[4:6]+"-"+b[6:], fingers, names, d.DG11.PersonalNumber, d.DG13.Validity), nil
}

// statement writes the members in the order of RFC 8785; a finger is the hashes of its records
// of at most 40 and at most 60 minutiae.
func statement(birth string, fingers [2]*[2]string, names []string, nik, validity string) []byte {
	var slots, quoted []string
	for _, f := range fingers {
		if f == nil {
			slots = append(slots, "null")
		} else {
			slots = append(slots, `{"40":`+jsonQuote(f[0])+`,"60":`+jsonQuote(f[1])+`}`)
		}
	}
	for _, n := range names {
		quoted = append(quoted, jsonQuote(n))
	}
	return []byte(`{"birthDate":` + jsonQuote(birth) + `,"fingers":[` + strings.Join(slots, ",") + `],"names":[` +
		strings.Join(quoted, ",") + `],"nik":` + jsonQuote(nik) + `,"validity":` + jsonQuote(validity) + `}`)
}

// jsonQuote is a string of RFC 8785, 3.2.2.2: only quote, backslash and controls are escaped.
func jsonQuote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		c := s[i]
		if at := strings.IndexByte("\b\t\n\f\r\"\\", c); at >= 0 {
			b.WriteByte('\\')
			b.WriteByte(`btnfr"\`[at])
		} else if c < 0x20 {
			fmt.Fprintf(&b, `\u%04x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// VerifyCenter checks the data center's signature in DG13 against the statement rebuilt from
// the chip. The key id of DG13 has to be that of the key.
func (d Decoded) VerifyCenter(key *ecdsa.PublicKey) error {
	text, err := d.Statement()
	if err != nil {
		return err
	}
	if d.DG13.Center == nil {
		return errors.New("chip: DG13 carries no center signature")
	}
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return err
	}
	id := sha256.Sum256(spki)
	if d.DG13.Center.KeyID != hex.EncodeToString(id[:8]) {
		return errors.New("chip: DG13 is signed under another center key")
	}
	sig, err := hex.DecodeString(d.DG13.Center.Signature)
	if err != nil || len(sig) != 64 {
		return errors.New("chip: malformed center signature")
	}
	digest := sha256.Sum256(text)
	if !ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		return errors.New("chip: the center's signature does not fit the chip's content")
	}
	return nil
}
