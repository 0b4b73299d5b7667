package chip

import "encoding/binary"

// view is which of its applications the card shows now.
type view uint8

const (
	viewMF     view = iota // after reset: no application
	viewIssuer             // issuer and SAM view
	viewICAO               // LDS view
)

// Application identifiers (card profile KTPEL-OP 1, section 2; Doc 9303-10, 3.1).
var (
	aidIssuer = []byte{0xF0, 0x4B, 0x54, 0x50, 0x45, 0x4C, 0x01}
	aidICAO   = []byte{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01}
)

// P1 and P2 of SELECT (ISO/IEC 7816-4, tables 39 and 40).
const (
	selectByFID  = 0x00 // MF, DF or EF by identifier
	selectEF     = 0x02 // EF under the current DF
	selectByName = 0x04 // application by its identifier

	selectReturnFCI  = 0x00
	selectReturnNone = 0x0C
)

// selectFile is SELECT: an application, an EF of the current one, or the MF.
func selectFile(c *Card, cmd *command) status {
	switch {
	case cmd.p1 == selectByName && (cmd.p2 == selectReturnFCI || cmd.p2 == selectReturnNone):
		return c.selectApplication(cmd)
	case cmd.p1 == selectEF && cmd.p2 == selectReturnNone:
		return c.selectEF(cmd)
	case cmd.p1 == selectByFID && cmd.p2 == selectReturnNone:
		return c.selectMF(cmd)
	}
	return swWrongParameters
}

func (c *Card) selectApplication(cmd *command) status {
	if len(cmd.data) == 0 {
		return swWrongLength
	}
	v := viewMF
	switch string(cmd.data) {
	case string(aidIssuer):
		v = viewIssuer
	case string(aidICAO):
		v = viewICAO
	}
	if v == viewMF || v == viewICAO && !c.icaoView || c.foreign {
		return swFileNotFound
	}
	c.closing = c.session.open || v == viewIssuer // secure messaging belongs to MF and ICAO view
	c.view, c.current = v, nil
	if cmd.p2 == selectReturnFCI {
		c.fci(cmd.data, v == viewIssuer)
		if sw := c.exactly(cmd); sw != swOK {
			return sw
		}
	}
	switch c.state {
	case stateBlocked:
		return swDeactivated
	case stateTerminated:
		return swTerminatedState
	}
	return swOK
}

// Tags of the FCI template; 80 and 82 inside the proprietary object 85 are the profile's own.
const (
	tagFCI         = 0x6F
	tagDFName      = 0x84
	tagProprietary = 0x85
)

// fci appends 6F { 84 AID | 8A life cycle | 85 { 80 profile id | 82 version, longest Lc, longest
// Le } }; object 85 is for the issuer view only. The lengths have a byte each, with 00 for an Le of
// 256, and two bytes each on a chip with extended lengths, with 0000 for 65,536. The revision
// stands in EF.PROF.
func (c *Card) fci(aid []byte, issuer bool) {
	start := len(c.answer)
	a := append(c.answer, tagFCI, 0, tagDFName, byte(len(aid)))
	a = append(a, aid...)
	a = append(a, tagLCS, 1, states[c.state].lcs)
	if issuer {
		lengths := []byte{byte(c.limits.lc), byte(c.limits.le)}
		if c.limits.extended() {
			lengths = []byte{byte(c.limits.lc >> 8), byte(c.limits.lc), byte(c.limits.le >> 8), byte(c.limits.le)}
		}
		a = append(a, tagProprietary, byte(len(profileID)+len(lengths)+5), 0x80, byte(len(profileID)))
		a = append(a, profileID...)
		a = append(append(a, 0x82, byte(1+len(lengths)), profileVersion), lengths...)
	}
	a[start+1] = byte(len(a) - start - 2)
	c.answer = a
}

func (c *Card) selectEF(cmd *command) status {
	if len(cmd.data) != 2 || cmd.le != noLe {
		return swWrongLength
	}
	if c.state == stateTerminated && c.view != viewMF {
		return swConditions
	}
	f := c.byFID(binary.BigEndian.Uint16(cmd.data))
	if f == nil {
		return swFileNotFound
	}
	c.current = f
	return swOK
}

// selectMF goes back to where the card stands after a reset: 3F00, or no data at all.
func (c *Card) selectMF(cmd *command) status {
	switch {
	case len(cmd.data) != 0 && len(cmd.data) != 2 || cmd.le != noLe:
		return swWrongLength
	case len(cmd.data) == 2 && binary.BigEndian.Uint16(cmd.data) != fidMF:
		return swFileNotFound
	}
	c.closing = c.session.open
	c.view, c.current = viewMF, nil
	return swOK
}
