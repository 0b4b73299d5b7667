package chip

import "encoding/binary"

// File identifiers that the card itself knows (card profile 3.1).
const (
	fidMF         uint16 = 0x3F00
	fidCardAccess uint16 = 0x011C // beside the application, free to read
	fidCOM        uint16 = 0x011E
	fidSOD        uint16 = 0x011D
	fidPROF       uint16 = 0x0204
)

const sfiPROF byte = 0x14

const (
	// fileHeader is the memory that one EF costs beside its content, bytes (card profile 3.1.2).
	fileHeader = 40
	// profileFiles is the number of EFs of the large variant; their headers have memory of
	// their own beside the usable bytes.
	profileFiles = 14
	// maxFileSize keeps every offset within 15 bits (card profile 3.1.2).
	maxFileSize = 32767
	maxSFI      = 30
)

// Usable bytes for file contents (card profile 9 and the table of what fits where).
const (
	Size8K  = 7000
	Size32K = 29000
)

// largeChip is the size from which a chip brings EF.CardAccess and generates keys: more than
// the whole memory of the small variant.
const largeChip = 8192

// Files under the MF (Doc 9303-10, 3.11; ISO/IEC 7816-4, 12.1.1).
const (
	sfiCardAccess byte = 0x1C

	fidATRInfo uint16 = 0x2F01
	sfiATRInfo byte   = 0x01
)

// cardAccess is EF.CardAccess as the chip maker wrote it: one PACEInfo, id-PACE-ECDH-GM-AES-
// CBC-CMAC-128, version 2, parameter id 12 (P-256), Doc 9303-11.
var cardAccess = []byte{
	0x31, 0x14, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02,
	0x02, 0x01, 0x02, 0x02, 0x01, 0x0C,
}

// masterFiles are the EFs under the MF as the chip maker wrote them: EF.CardAccess on a chip with
// PACE, EF.ATR/INFO on one with extended lengths.
func masterFiles(pace bool, l limits) (list []*file) {
	if pace {
		list = append(list, &file{fid: fidCardAccess, sfi: sfiCardAccess, data: cardAccess})
	}
	if l.extended() {
		list = append(list, &file{fid: fidATRInfo, sfi: sfiATRInfo, data: l.atrInfo(pace)})
	}
	return list
}

// atrInfo is EF.ATR/INFO: 47 card capabilities (selection by name, by file identifier and short
// identifier; data units of a byte; command chaining, where the chip has PACE; extended lengths, told
// here), 7F66 the longest command and answer APDU (ISO/IEC 7816-4, 12.7.1 and 12.1.1.2).
func (l limits) atrInfo(pace bool) []byte {
	const header, lengthFields, statusWord = 4, 5, 2
	const chaining, extendedLengths, toldHere = 0x80, 0x40, 0x20
	third := byte(extendedLengths | toldHere)
	if pace {
		third |= chaining
	}
	command, answer := min(l.lc+header+lengthFields, extendedLc), min(l.le+statusWord, extendedLc)
	return []byte{
		0x47, 3, 0x94, 0x01, third,
		0x7F, 0x66, 8, 0x02, 2, byte(command >> 8), byte(command), 0x02, 2, byte(answer >> 8), byte(answer),
	}
}

// file is one transparent EF.
type file struct {
	fid  uint16
	sfi  byte
	data []byte
}

// file finds an EF of the application by identifier.
func (c *Card) file(fid uint16) *file { return byFID(c.files, fid) }

func byFID(list []*file, fid uint16) *file {
	for _, f := range list {
		if f.fid == fid {
			return f
		}
	}
	return nil
}

// fileBySFI finds an EF of the application by short identifier.
func (c *Card) fileBySFI(sfi byte) *file { return bySFI(c.files, sfi) }

func bySFI(list []*file, sfi byte) *file {
	for _, f := range list {
		if f.sfi == sfi {
			return f
		}
	}
	return nil
}

// free is the memory left, headers counted.
func (c *Card) free() int {
	n := c.capacity
	for _, f := range c.files {
		n -= len(f.data) + fileHeader
	}
	return n
}

// sodWritten reports whether EF.SOD holds something: no data object starts with 00, the byte
// of a fresh file.
func (c *Card) sodWritten() bool {
	f := c.file(fidSOD)
	return f != nil && f.data[0] != 0
}

// profileFID reports whether the application has a place for a file of this identifier: EF.COM
// and EF.SOD, DG1 to DG16, and the national files.
func profileFID(fid uint16) bool {
	return fid == fidCOM || fid == fidSOD || fid >= 0x0101 && fid <= 0x0110 || fid >= 0x0201 && fid <= 0x020F
}

// ldsFID reports whether the ICAO view shows a file of this identifier.
func ldsFID(fid uint16) bool { return fid>>8 == 0x01 && profileFID(fid) }

// Tags of the file control parameters (ISO/IEC 7816-4, table 10).
const (
	tagFCP        = 0x62
	tagSize       = 0x80
	tagDescriptor = 0x82
	tagFID        = 0x83
	tagSFI        = 0x88
	tagLCS        = 0x8A
)

// parseFCP reads 62 L { 80 02 size | 82 01 01 | 83 02 FID | 88 01 SFI<<3 | 8A 01 03 }: each
// object once, none other.
func parseFCP(b []byte) (fid uint16, sfi byte, size int, ok bool) {
	body, err := unwrapTLV(b, tagFCP)
	if err != nil {
		return 0, 0, 0, false
	}
	seen := 0
	for len(body) > 0 {
		t, rest, err := nextTLV(body)
		if err != nil {
			return 0, 0, 0, false
		}
		body = rest
		bit := 0
		switch v := t.value; {
		case t.tag == tagSize && len(v) == 2:
			bit, size = 1, int(binary.BigEndian.Uint16(v))
		case t.tag == tagDescriptor && len(v) == 1 && v[0] == 0x01: // transparent EF
			bit = 2
		case t.tag == tagFID && len(v) == 2:
			bit, fid = 4, binary.BigEndian.Uint16(v)
		case t.tag == tagSFI && len(v) == 1 && v[0]&7 == 0 && v[0]>>3 <= maxSFI:
			bit, sfi = 8, v[0]>>3
		case t.tag == tagLCS && len(v) == 1 && v[0] == 0x03: // initialization state
			bit = 16
		}
		if bit == 0 || seen&bit != 0 {
			return 0, 0, 0, false
		}
		seen |= bit
	}
	ok = seen == 31 && sfi != 0 && size > 0 && size <= maxFileSize && profileFID(fid) && fid != fidPROF
	return fid, sfi, size, ok
}

// createFile is CREATE FILE (ISO/IEC 7816-9); atomic. The new file is the current one and
// reads as zeros.
func createFile(c *Card, cmd *command) status {
	if cmd.p1 != 0 || cmd.p2 != 0 {
		return swWrongParameters
	}
	next, sw := c.authorize(cmd, eventChange)
	if sw != swOK {
		return sw
	}
	fid, sfi, size, ok := parseFCP(cmd.data)
	switch {
	case !ok:
		return swWrongData
	case c.file(fid) != nil, c.fileBySFI(sfi) != nil:
		return swFileExists
	case size+fileHeader > c.free():
		return swNoSpace
	}
	if sw := c.atomic(pagesRecord); sw != swOK {
		return sw
	}
	c.enter(next)
	f := &file{fid: fid, sfi: sfi, data: make([]byte, size)}
	c.files = append(c.files, f)
	c.current = f
	return swOK
}

// deleteObject is DELETE FILE (83 02 FID) and DELETE KEY (D2 01 KVN); atomic.
func deleteObject(c *Card, cmd *command) status {
	if cmd.p1 != 0 || cmd.p2 != 0 {
		return swWrongParameters
	}
	next, sw := c.authorize(cmd, eventChange)
	if sw != swOK {
		return sw
	}
	t, rest, err := nextTLV(cmd.data)
	switch {
	case err != nil || len(rest) != 0:
		return swWrongData
	case t.tag == tagKeyVersion && len(t.value) == 1:
		return deleteKey(c, t.value[0], next)
	case t.tag == tagFID && len(t.value) == 2:
		return c.deleteFile(binary.BigEndian.Uint16(t.value), next)
	}
	return swWrongData
}

func (c *Card) deleteFile(fid uint16, next state) status {
	f := c.file(fid)
	switch {
	case f == nil:
		return swFileNotFound
	case fid == fidPROF:
		return swConditions
	}
	if sw := c.atomic(pagesRecord); sw != swOK {
		return sw
	}
	c.enter(next)
	kept := c.files[:0]
	for _, g := range c.files {
		if g != f {
			kept = append(kept, g)
		}
	}
	c.files[len(c.files)-1] = nil
	c.files = kept
	if c.current == f {
		c.current = nil
	}
	return swOK
}
