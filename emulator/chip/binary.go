package chip

// room is the most plain bytes that one answer to this command can carry. Under R-ENC and R-MAC
// they are padded and the MAC follows: 239 of a short answer (card profile 8.3). Under secure
// messaging the data objects take their part.
func (c *Card) room(cmd *command) int {
	n := c.limits.le
	if !cmd.extended {
		n = min(n, shortLe)
	}
	switch {
	case cmd.secure:
		return (n-macLength)/blockSize*blockSize - 1
	case cmd.sealed:
		return c.sealing.channel.room(n)
	}
	return n
}

// target finds the EF that P1 P2 of READ and UPDATE BINARY name, and the offset in it: bit 8
// of P1 set means a short identifier and an offset of one byte, else a 15-bit offset in the
// current EF (ISO/IEC 7816-4, 7.2.2). The file becomes current when the command succeeds.
func (c *Card) target(cmd *command) (*file, int, status) {
	if cmd.p1&0x80 == 0 {
		if c.current == nil {
			return nil, 0, swNoCurrentFile
		}
		return c.current, int(cmd.p1)<<8 | int(cmd.p2), swOK
	}
	sfi := cmd.p1 & 0x1F
	if cmd.p1&0x60 != 0 || sfi == 0 || sfi > maxSFI {
		return nil, 0, swWrongParameters
	}
	f := c.bySFI(sfi)
	if f == nil {
		return nil, 0, swFileNotFound
	}
	return f, int(cmd.p2), swOK
}

// bySFI finds the EF of the view by short identifier, byFID by identifier; nil where the view
// shows none.
func (c *Card) bySFI(sfi byte) *file   { return c.shown(bySFI(c.visible(), sfi)) }
func (c *Card) byFID(fid uint16) *file { return c.shown(byFID(c.visible(), fid)) }

// visible are the files that the view looks in.
func (c *Card) visible() []*file {
	if c.view == viewMF {
		return c.master
	}
	return c.files
}

// shown hides from the ICAO view what is none of the LDS.
func (c *Card) shown(f *file) *file {
	if f != nil && c.view == viewICAO && !ldsFID(f.fid) {
		return nil
	}
	return f
}

// readBinary is READ BINARY.
func readBinary(c *Card, cmd *command) status {
	if cmd.le == noLe || len(cmd.data) != 0 {
		return swWrongLength
	}
	if c.state == stateTerminated && c.view != viewMF {
		return swConditions
	}
	f, offset, sw := c.target(cmd)
	if sw != swOK {
		return sw
	}
	want, sw := c.mayReadHere(cmd, f)
	if sw != swOK {
		return sw
	}
	return c.read(cmd, f, offset, want)
}

// mayReadHere answers whether the file may be read in the view, and how many bytes of it one
// answer takes.
func (c *Card) mayReadHere(cmd *command, f *file) (want int, sw status) {
	switch c.view {
	case viewIssuer:
		if sw := c.mayRead(cmd, f.fid); sw != swOK {
			return 0, sw
		}
	case viewICAO:
		if !cmd.sealed {
			return 0, swSecurity // neither BAC nor PACE has opened a channel
		}
	}
	room := c.room(cmd)
	if cmd.secure && !cmd.wild && cmd.le > room {
		return 0, swWrongLength
	}
	return min(cmd.le, room), swOK
}

// read appends the bytes from offset. A longer Le than the file has left gives the rest: in the
// issuer view with 9000, elsewhere with the warning 6282. Under secure messaging an answer that
// cannot carry what Le asks for carries what it can.
func (c *Card) read(cmd *command, f *file, offset, want int) status {
	if offset >= len(f.data) {
		return swWrongOffset
	}
	c.current = f
	left := len(f.data) - offset
	c.answer = append(c.answer, f.data[offset:offset+min(left, want)]...)
	if left < want && !cmd.wild && c.view != viewIssuer {
		return swEndOfFile
	}
	return swOK
}

// Data objects of READ BINARY with odd instruction byte (ISO/IEC 7816-4, 11.2.3).
const (
	tagOffset = 0x54
	tagData   = 0x53
)

// readBinaryOdd is READ BINARY with odd instruction byte: P1 P2 name the file (0000 the current
// one, 01 to 1E a short identifier, else an identifier), the data is 54 L offset, the answer
// 53 L bytes. Le counts the object.
func readBinaryOdd(c *Card, cmd *command) status {
	if cmd.le == noLe || len(cmd.data) == 0 {
		return swWrongLength
	}
	if c.state == stateTerminated && c.view != viewMF {
		return swConditions
	}
	at, err := unwrapTLV(cmd.data, tagOffset)
	if err != nil || len(at) == 0 || len(at) > 2 {
		return swWrongData
	}
	f := c.current
	switch id := uint16(cmd.p1)<<8 | uint16(cmd.p2); {
	case id == 0 && f == nil:
		return swNoCurrentFile
	case id >= 1 && id <= maxSFI:
		f = c.bySFI(byte(id))
	case id != 0:
		f = c.byFID(id)
	}
	if f == nil {
		return swFileNotFound
	}
	want, sw := c.mayReadHere(cmd, f)
	if sw != swOK {
		return sw
	}
	if want < 3 {
		return swWrongLength // no room for an object with a byte in it
	}
	sw = c.read(cmd, f, number(at), want-headSize(want))
	if len(c.answer) > 0 {
		c.answer = append(tlvHead(nil, tagData, len(c.answer)), c.answer...)
	}
	return sw
}

// updateBinary is UPDATE BINARY. It is not transactional: a power cut leaves the pages before
// it new, its own page damaged and the rest old. EF.PROF takes only a claim and the mark,
// which are atomic.
func updateBinary(c *Card, cmd *command) status {
	if len(cmd.data) == 0 {
		return swWrongLength
	}
	if !cmd.secure {
		if c.view == viewICAO && c.state != stateTerminated {
			return swSecurity
		}
		return swConditions
	}
	if cmd.p1 == 0x80|sfiPROF || cmd.p1&0x80 == 0 && c.current != nil && c.current.fid == fidPROF {
		return c.updatePROF(cmd)
	}
	next, sw := c.authorize(cmd, eventChange)
	if sw != swOK {
		return sw
	}
	f, offset, sw := c.target(cmd)
	if sw != swOK {
		return sw
	}
	if offset+len(cmd.data) > len(f.data) {
		return swWrongOffset
	}
	if c.state != next {
		if sw := c.atomic(pagesRecord); sw != swOK {
			return sw
		}
	}
	c.enter(next)
	c.current = f
	return c.program(f, offset, cmd.data)
}
