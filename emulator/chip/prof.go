package chip

// EF.PROF (card profile KTPEL-OP 1, 3.5): profile id (8) | version | revision | attempt id (16)
// | marker | five zeros.
const (
	profSize     = 32
	profAttempt  = 10
	profMarker   = 26
	profReserved = 27

	profileID       = "KTPEL-OP"
	profileVersion  = 0x01
	profileRevision = 0x00

	markerBlank   byte = 0x00
	markerClaimed byte = 0x01
	markerWritten byte = 0x02
)

// prof is the content of EF.PROF as the card would read it out.
func (c *Card) prof(b *[profSize]byte) {
	copy(b[:], profileID)
	b[8], b[9] = profileVersion, profileRevision
	copy(b[profAttempt:], c.attempt[:])
	b[profMarker] = c.marker
}

// refreshPROF makes the file say what the card's record says.
func (c *Card) refreshPROF() { c.prof((*[profSize]byte)(c.file(fidPROF).data)) }

// updatePROF takes the two writes that EF.PROF allows: all 32 bytes are a claim, byte 26 alone
// is the mark.
func (c *Card) updatePROF(cmd *command) status {
	f, offset, sw := c.target(cmd)
	switch {
	case sw != swOK:
		return sw
	case offset == 0 && len(cmd.data) == profSize:
		sw = c.claim(cmd)
	case offset == profMarker && len(cmd.data) == 1:
		sw = c.mark(cmd)
	case offset+len(cmd.data) > len(f.data):
		return swWrongOffset
	default:
		return swConditions
	}
	if sw == swOK {
		c.current = f
	}
	return sw
}

// claim binds the card to an attempt, or shows the same attempt's claim again in a later
// channel; the state written and its marker stay.
func (c *Card) claim(cmd *command) status {
	if c.session.level != levelFull && c.state < stateActive {
		return swSecurity
	}
	var id [16]byte
	copy(id[:], cmd.data[profAttempt:])
	have := c.facts()
	if id == c.attempt {
		have |= sameAttempt
	}
	next, ok := transition(c.state, eventClaim, c.session.kvn, have)
	if !ok {
		return swConditions
	}
	var want [profSize]byte
	c.prof(&want)
	copy(want[profAttempt:], id[:])
	want[profMarker] = markerClaimed
	if id == ([16]byte{}) || [profSize]byte(cmd.data) != want {
		return swWrongData
	}
	if sw := c.atomic(pagesRecord); sw != swOK {
		return sw
	}
	c.attempt = id
	c.enter(next)
	c.session.claimShown = true
	return swOK
}

// mark moves a complete card from claimed to written.
func (c *Card) mark(cmd *command) status {
	next, sw := c.authorize(cmd, eventMark)
	switch {
	case sw != swOK:
		return sw
	case cmd.data[0] != markerWritten:
		return swConditions
	}
	if sw := c.atomic(pagesRecord); sw != swOK {
		return sw
	}
	c.enter(next)
	return swOK
}
