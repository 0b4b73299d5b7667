package chip

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// FingerFile is EF.FPR or EF.FPL: one view of ISO/IEC 19794-2:2005 in CBEFF (card profile
// KTPEL-OP 1, 3.4).
type FingerFile struct {
	Subtype  int    `json:"subtype"` // CBEFF, ISO/IEC 7816-11
	Format   int    `json:"format"`
	Position int    `json:"position"` // ISO/IEC 19794-2
	Quality  int    `json:"quality"`
	Width    int    `json:"width"` // pixels
	Height   int    `json:"height"`
	Minutiae int    `json:"minutiae"`
	Bytes    int    `json:"bytes"`  // of the record
	SHA256   string `json:"sha256"` // of the record
	Record   []byte `json:"-"`
}

// subtypes are the CBEFF subtypes of the position codes 1 to 10.
var subtypes = [...]byte{0, 0x05, 0x09, 0x0D, 0x11, 0x15, 0x06, 0x0A, 0x0E, 0x12, 0x16}

// Sizes of ISO/IEC 19794-2:2005, clause 7, bytes.
const (
	fingerHeader   = 24
	fingerView     = 4
	fingerMinutia  = 6
	fingerExtended = 2
)

func parseFingerFile(b []byte) (*FingerFile, error) {
	body, err := unwrapTLV(b, 0x7F60)
	if err != nil {
		return nil, err
	}
	c, err := parseCBEFF(body)
	if err != nil {
		return nil, err
	}
	if c.kind != cbeffFinger {
		return nil, fmt.Errorf("biometric type %02X is no finger", c.kind)
	}
	f, err := parseFingerRecord(c.data)
	if err != nil {
		return f, err
	}
	f.Subtype, f.Format = int(c.subtype), int(c.format)
	if f.Position < 1 || f.Position >= len(subtypes) || subtypes[f.Position] != c.subtype {
		return f, fmt.Errorf("finger position %d, CBEFF subtype %02X", f.Position, c.subtype)
	}
	return f, nil
}

func parseFingerRecord(r []byte) (*FingerFile, error) {
	if len(r) < fingerHeader+fingerView || !bytes.HasPrefix(r, []byte("FMR\x00 20\x00")) {
		return nil, errors.New("is no finger record of ISO/IEC 19794-2:2005")
	}
	if n := binary.BigEndian.Uint32(r[8:]); uint64(n) != uint64(len(r)) {
		return nil, fmt.Errorf("finger record of %d bytes says %d", len(r), n)
	}
	if r[22] != 1 {
		return nil, fmt.Errorf("finger record of %d views", r[22])
	}
	sum := sha256.Sum256(r)
	v := r[fingerHeader:]
	f := &FingerFile{
		Position: int(v[0]), Quality: int(v[2]), Minutiae: int(v[3]),
		Width: int(binary.BigEndian.Uint16(r[14:])), Height: int(binary.BigEndian.Uint16(r[16:])),
		Bytes: len(r), SHA256: hex.EncodeToString(sum[:]), Record: r,
	}
	rest := v[fingerView:]
	if len(rest) < f.Minutiae*fingerMinutia+fingerExtended {
		return f, errors.New("finger record is cut off")
	}
	for i := range f.Minutiae {
		m := rest[i*fingerMinutia:]
		x, y := int(binary.BigEndian.Uint16(m)&0x3FFF), int(binary.BigEndian.Uint16(m[2:])&0x3FFF)
		if x >= f.Width || y >= f.Height {
			return f, fmt.Errorf("minutia %d lies outside of the image", i+1)
		}
	}
	rest = rest[f.Minutiae*fingerMinutia:]
	if n := int(binary.BigEndian.Uint16(rest)); n != len(rest)-fingerExtended {
		return f, fmt.Errorf("extended data of %d bytes says %d", len(rest)-fingerExtended, n)
	}
	return f, nil
}
