package chip

// maxWrappedRead is the most plain bytes that one answer under R-ENC and R-MAC can carry at
// frame size 256: 239 and one byte of padding are 240 (card profile 8.3).
const maxWrappedRead = 239

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
	f := c.fileBySFI(sfi)
	switch {
	case c.view == viewMF:
		f = c.access
		if f != nil && f.sfi != sfi {
			f = nil
		}
	case f != nil && c.view == viewICAO && !ldsFID(f.fid):
		f = nil
	}
	if f == nil {
		return nil, 0, swFileNotFound
	}
	return f, int(cmd.p2), swOK
}

// readBinary is READ BINARY. A longer Le than the file has left gives the rest with 9000.
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
	switch c.view {
	case viewIssuer:
		if sw := c.mayRead(cmd, f.fid); sw != swOK {
			return sw
		}
	case viewICAO:
		return swSecurity // neither BAC nor PACE has opened a channel
	}
	want := cmd.le
	if cmd.secure {
		switch {
		case want == maxLe:
			want = maxWrappedRead
		case want > maxWrappedRead:
			return swWrongLength
		}
	}
	if offset >= len(f.data) {
		return swWrongOffset
	}
	c.current = f
	c.answer = append(c.answer, f.data[offset:min(len(f.data), offset+want)]...)
	return swOK
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
