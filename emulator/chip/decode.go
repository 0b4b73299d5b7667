package chip

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Decoded is what a chip's files say, read with the code of this package alone. Fields are nil
// where the file is not there.
type Decoded struct {
	COM  *CommonData       `json:"com,omitempty"`
	DG1  *MRZ              `json:"dg1,omitempty"`
	DG2  *Face             `json:"dg2,omitempty"`
	DG7  *Picture          `json:"dg7,omitempty"`
	DG11 *Details          `json:"dg11,omitempty"`
	DG12 *Details          `json:"dg12,omitempty"`
	DG13 *Manifest         `json:"dg13,omitempty"`
	DG14 *SecurityInfos    `json:"dg14,omitempty"`
	DG15 *PublicKey        `json:"dg15,omitempty"`
	SOD  *SecurityObject   `json:"sod,omitempty"`
	FPR  *FingerFile       `json:"fpr,omitempty"`
	FPL  *FingerFile       `json:"fpl,omitempty"`
	BIO  []Field           `json:"bio,omitempty"`
	PROF *Profile          `json:"prof,omitempty"`
	Hash map[string]string `json:"hash"` // SHA-256 per file, key FID in four hex digits
	// Sealed is true when EF.SOD is there, its signature is good, it covers every data group,
	// and SOD and manifest hashes equal the files.
	Sealed bool `json:"sealed"`
}

// File identifiers of the data files.
const (
	fidDG1  uint16 = 0x0101
	fidDG2  uint16 = 0x0102
	fidDG7  uint16 = 0x0107
	fidDG11 uint16 = 0x010B
	fidDG12 uint16 = 0x010C
	fidDG13 uint16 = 0x010D
	fidDG14 uint16 = 0x010E
	fidDG15 uint16 = 0x010F
	fidFPR  uint16 = 0x0201
	fidFPL  uint16 = 0x0202
	fidBIO  uint16 = 0x0203
)

// dgTags are the outer tags of DG1 to DG16 (Doc 9303-10, table 36).
var dgTags = [...]byte{0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70}

// into stores what a parser found.
func into[T any](to **T, parse func([]byte) (*T, error), b []byte) (err error) {
	*to, err = parse(b)
	return err
}

// readers says how each file is read.
var readers = []struct {
	fid  uint16
	name string
	read func(*Decoded, []byte) error
}{
	{fidCOM, "EF.COM", func(d *Decoded, b []byte) error { return into(&d.COM, parseCOM, b) }},
	{fidDG1, "DG1", func(d *Decoded, b []byte) error { return into(&d.DG1, parseDG1, b) }},
	{fidDG2, "DG2", func(d *Decoded, b []byte) error { return into(&d.DG2, parseDG2, b) }},
	{fidDG7, "DG7", func(d *Decoded, b []byte) error { return into(&d.DG7, parseDG7, b) }},
	{fidDG11, "DG11", func(d *Decoded, b []byte) error { return into(&d.DG11, parseDG11, b) }},
	{fidDG12, "DG12", func(d *Decoded, b []byte) error { return into(&d.DG12, parseDG12, b) }},
	{fidDG13, "DG13", func(d *Decoded, b []byte) error { return into(&d.DG13, parseDG13, b) }},
	{fidDG14, "DG14", func(d *Decoded, b []byte) error { return into(&d.DG14, parseDG14, b) }},
	{fidDG15, "DG15", func(d *Decoded, b []byte) error { return into(&d.DG15, parseDG15, b) }},
	{fidSOD, "EF.SOD", func(d *Decoded, b []byte) error { return into(&d.SOD, parseSOD, b) }},
	{fidFPR, "EF.FPR", func(d *Decoded, b []byte) error { return into(&d.FPR, parseFingerFile, b) }},
	{fidFPL, "EF.FPL", func(d *Decoded, b []byte) error { return into(&d.FPL, parseFingerFile, b) }},
	{fidBIO, "EF.BIO", func(d *Decoded, b []byte) (err error) { d.BIO, err = parseFields(b); return err }},
	{fidPROF, "EF.PROF", func(d *Decoded, b []byte) error { return into(&d.PROF, parsePROF, b) }},
}

// Decode reads the files of a chip, keyed by file identifier. It reads everything that can be
// read; the error joins all that is wrong, one line per finding, each with the file's name.
// Missing files are no error by themselves; a list (EF.COM, EF.SOD, manifest) that disagrees
// with the files is.
func Decode(files map[uint16][]byte) (Decoded, error) {
	d := Decoded{Hash: make(map[string]string, len(files))}
	var found []error
	known := map[uint16]bool{}
	for _, r := range readers {
		known[r.fid] = true
		b, ok := files[r.fid]
		if !ok {
			continue
		}
		if err := r.read(&d, b); err != nil {
			found = append(found, fmt.Errorf("%s: %w", r.name, err))
		}
	}
	for _, fid := range slices.Sorted(maps.Keys(files)) {
		sum := sha256.Sum256(files[fid])
		d.Hash[fmt.Sprintf("%04X", fid)] = hex.EncodeToString(sum[:])
		if !known[fid] {
			found = append(found, fmt.Errorf("%04X: the profile has no such file", fid))
		}
	}
	checks := d.checkLists(files)
	found = append(found, checks...)
	d.Sealed = d.SOD != nil && d.SOD.SignatureGood && d.DG13 != nil && len(checks) == 0
	return d, errors.Join(found...)
}

// checkLists compares EF.COM, the digests of EF.SOD and the manifest of DG13 with the files.
func (d *Decoded) checkLists(files map[uint16][]byte) (found []error) {
	wrong := func(format string, a ...any) { found = append(found, fmt.Errorf(format, a...)) }
	var present []int
	for n := range dgTags {
		if _, ok := files[fidDG1+uint16(n)]; ok {
			present = append(present, n+1)
		}
	}
	if d.COM != nil && !slices.Equal(d.COM.Groups, present) {
		wrong("EF.COM: lists data groups %v, the chip holds %v", d.COM.Groups, present)
	}
	if d.SOD != nil {
		if d.SOD.signature != nil {
			wrong("EF.SOD: %w", d.SOD.signature)
		}
		for _, n := range present {
			if _, ok := d.SOD.Digests[n]; !ok {
				wrong("EF.SOD: has no digest of DG%d", n)
			}
		}
		for _, n := range slices.Sorted(maps.Keys(d.SOD.Digests)) {
			b, ok := files[fidDG1+uint16(n)-1]
			sum := sha256.Sum256(b)
			switch {
			case !ok:
				wrong("EF.SOD: lists DG%d, which the chip does not hold", n)
			case d.SOD.Digests[n] != hex.EncodeToString(sum[:]):
				wrong("EF.SOD: the digest of DG%d is not that of the file", n)
			}
		}
	}
	if d.DG13 != nil {
		found = append(found, d.checkManifest(files)...)
	}
	return found
}

// checkManifest compares DG13 with the national files (card profile KTPEL-OP 1, 3.3).
func (d *Decoded) checkManifest(files map[uint16][]byte) (found []error) {
	wrong := func(format string, a ...any) { found = append(found, fmt.Errorf("DG13: "+format, a...)) }
	for _, fid := range []uint16{fidFPR, fidFPL, fidBIO} {
		b, held := files[fid]
		want, listed := d.DG13.Files[fmt.Sprintf("%04X", fid)]
		sum := sha256.Sum256(b)
		switch {
		case held && !listed:
			wrong("the manifest lacks file %04X", fid)
		case !held && listed:
			wrong("the manifest lists file %04X, which the chip does not hold", fid)
		case held && want != hex.EncodeToString(sum[:]):
			wrong("the manifest's hash of file %04X is not that of the file", fid)
		}
	}
	onCard := map[int]bool{}
	for _, f := range []*FingerFile{d.FPR, d.FPL} {
		if f != nil {
			onCard[f.Position] = true
		}
	}
	for _, finger := range defaultFingers {
		excepted := slices.ContainsFunc(d.DG13.Exceptions, func(e Exception) bool { return e.Finger == finger })
		switch {
		case !onCard[finger] && !excepted:
			wrong("finger %d is neither on the card nor excepted", finger)
		case onCard[finger] && excepted:
			wrong("finger %d is on the card and excepted", finger)
		}
	}
	return found
}

// defaultFingers are right and left index, position codes of ISO/IEC 19794-2.
var defaultFingers = [...]int{2, 7}

// Profile is EF.PROF.
type Profile struct {
	ID       string `json:"id"`
	Version  int    `json:"version"`
	Revision int    `json:"revision"`
	Attempt  string `json:"attempt"` // 32 hex digits
	Marker   int    `json:"marker"`
}

func parsePROF(b []byte) (*Profile, error) {
	if len(b) != profSize {
		return nil, fmt.Errorf("%d bytes instead of %d", len(b), profSize)
	}
	p := &Profile{
		ID: string(bytes.TrimRight(b[:8], "\x00")), Version: int(b[8]), Revision: int(b[9]),
		Attempt: hex.EncodeToString(b[profAttempt:profMarker]), Marker: int(b[profMarker]),
	}
	if !bytes.Equal(b[profReserved:], make([]byte, profSize-profReserved)) {
		return p, errors.New("reserved bytes are not zero")
	}
	return p, nil
}
