package applet

import "blanko/chipdata"

// StepCost is one row of the table of the card profile KTPEL-OP 1, section 8.2: how many commands a
// step sends, and how many bytes they and their answers have on the wire, status words included.
type StepCost struct {
	Number int // of the step in section 8.2
	Name   string
	APDUs  int
	Bytes  int
}

// Lengths under a channel (GlobalPlatform Amendment D): MAC of commands and answers, cipher block.
const (
	macLength   = 8
	blockLength = 16
	statusBytes = 2
)

// sealedLength is the length of n plain bytes after padding and enciphering.
func sealedLength(n int) int {
	if n == 0 {
		return 0
	}
	return blockLength * (n/blockLength + 1)
}

// Count is the table for a card that is made without any trouble, from the commands that Encoder
// sends and the sizes of its files, by file id; files of the profile that are not in sizes are
// not on the card. nil sizes are those of the profile's benchmark record. The chunk is the
// profile's.
func Count(p *chipdata.Profile, sizes map[uint16]int) []StepCost {
	if sizes == nil {
		sizes = map[uint16]int{}
		for _, f := range p.Files {
			sizes[f.FID] = f.Reference
		}
	}
	var rows []*StepCost
	step := func(number int, name string) *StepCost {
		rows = append(rows, &StepCost{Number: number, Name: name})
		return rows[len(rows)-1]
	}
	const keyField = 3 + 1 + 3 // 88, two lengths; 03, check value
	var (
		id        [16]byte
		kcvAnswer = 1 + 3*3
		keyBlock  = make([]byte, 1+3*(keyField+p.Keys.KeyLength))
		fci       = 2 + (2 + len(p.AID)) + 3 + (2 + 2 + len(p.ID) + 5)
		external  = 4 + 1 + 2*macLength
		keyAnswer = 2 + 1 + 2 + pointSize
		authorize = func(s *StepCost) {
			s.plain(InitializeUpdate(0, [8]byte{}), initUpdateSize)
			s.wire(external, statusBytes)
		}
		application = func(s *StepCost) { s.plain(SelectApplication(p.AID), fci) }
		whose       = func(s *StepCost) { s.plain(ReadShort(claISO, sfiPROF(p), chipdata.SizePROF), chipdata.SizePROF) }
	)
	step(1, "card identity").plain(getCPLC(), 3+sizeCPLC)
	if p.Quirks.ExtendedLength {
		step(1, "extended length information").plain(ReadShort(claISO, sfiATRInfo, maxLe), sizeATRInfo)
	}
	application(step(2, "select issuer view"))
	whose(step(3, "read EF.PROF"))
	authorize(step(4, "authenticate with the transport keys"))
	step(5, "claim").sealed(claimCommand(p, id), 0)
	step(6, "put the issuer keys").sealed(putKey(newKeySet, keyBlock), kcvAnswer)
	authorize(step(7, "authenticate with the issuer keys"))
	step(8, "claim shown again").sealed(claimCommand(p, id), 0)
	s := step(9, "keys of the ICAO view and of the card")
	s.sealed(putData(tagBACKeys, make([]byte, bacKeysSize)), 0)
	if offersPACE(p) {
		s.sealed(putData(tagCAN, make([]byte, canDigits)), 0)
	}
	for _, b := range []chipdata.Builder{chipdata.BuildDG14, chipdata.BuildDG15} {
		if _, ok := p.File(b); ok {
			s.sealed(generateKeyPair(0), keyAnswer)
		}
	}
	step(10, "sign EF.SOD")
	create, update, read := step(11, "create files"), step(12, "update binary"), step(13, "read back")
	for _, f := range dataFiles(p) {
		size, ok := sizes[f.FID]
		if !ok {
			continue
		}
		create.sealed(createFile(f.FID, f.SFI, size), 0)
		read.sealed(SelectFile(claCard, f.FID), 0)
		for at := 0; at < size; at += p.Chunk {
			n := min(p.Chunk, size-at)
			update.sealed(UpdateBinary(claCard, at, make([]byte, n)), 0)
			read.sealed(ReadBinary(claCard, at, n), n)
		}
	}
	s = step(14, "put the keys for life, delete the transport keys")
	s.sealed(putKey(newKeySet, keyBlock), kcvAnswer)
	s.sealed(putKey(newKeySet, keyBlock), kcvAnswer)
	s.sealed(deleteKey(p.Keys.Transport), 1) // confirmed with one zero byte
	step(15, "mark written").sealed(markCommand(p), 0)
	s = step(17, "activate")
	application(s)
	whose(s)
	authorize(s)
	s.sealed(claimCommand(p, id), 0)
	s.sealed(activate(), 0)
	table := make([]StepCost, len(rows))
	for i, r := range rows {
		table[i] = *r
	}
	return table
}

func (s *StepCost) wire(sent, received int) {
	s.APDUs++
	s.Bytes += sent + received
}

// plain counts a command outside any channel.
func (s *StepCost) plain(c Command, answer int) { s.wire(len(c.Encode()), answer+statusBytes) }

// sealed counts a command under C-MAC, C-ENC, R-MAC and R-ENC.
func (s *StepCost) sealed(c Command, answer int) {
	data, header, le := sealedLength(len(c.Data))+macLength, shortHeader, 1
	if c.extended() {
		header, le = extendedHeader, extendedLe
	}
	sent := header + data
	if c.Expect > 0 {
		sent += le
	}
	s.wire(sent, sealedLength(answer)+macLength+statusBytes)
}
