package chip

import "encoding/binary"

// scpIdentifier and scpParameter: SCP03, i = 70: pseudo-random card challenge, R-MAC, R-ENC
// (GlobalPlatform Amendment D, table 5-1).
const (
	scpIdentifier byte = 0x03
	scpParameter  byte = 0x70
)

// failureDelay is the card's wait after the first wrong cryptogram, seconds; it doubles with
// each further one (card profile 7.3).
const failureDelay = 1e-3

// initializeUpdate is INITIALIZE UPDATE: KDD (10) | KVN 03 70 | card challenge (8) | card
// cryptogram (8) | sequence counter (3).
func initializeUpdate(c *Card, cmd *command) status {
	if cmd.secure {
		return swUnknownCLA // a channel is opened in the clear only
	}
	if cmd.p2 != 0 {
		return swWrongParameters
	}
	if len(cmd.data) != challengeLength || cmd.le == noLe {
		return swWrongLength
	}
	if c.view != viewIssuer {
		return swConditions
	}
	if sw := c.mayAuthenticate(cmd.p1); sw != swOK {
		return sw
	}
	set := c.keys(cmd.p1)
	if set.failures > 0 {
		c.work += failureDelay * float64(uint32(1)<<(set.failures-1))
	}
	set.sequence++
	var counter [4]byte
	binary.BigEndian.PutUint32(counter[:], set.sequence)
	a := c.session.begin(set, cmd.data, [3]byte(counter[1:]), aidIssuer)
	c.answer = append(c.answer, c.kdd[:]...)
	c.answer = append(c.answer, set.kvn, scpIdentifier, scpParameter)
	c.answer = append(c.answer, a.challenge[:]...)
	c.answer = append(c.answer, a.cryptogram[:]...)
	c.answer = append(c.answer, counter[1:]...)
	return c.exactly(cmd)
}

// externalAuthenticate is EXTERNAL AUTHENTICATE, directly behind INITIALIZE UPDATE: host
// cryptogram (8) | C-MAC (8), level in P1.
func externalAuthenticate(c *Card, cmd *command) status {
	if !c.session.pending {
		return swConditions
	}
	known := false
	for _, l := range levels {
		known = known || cmd.p1 == l
	}
	if !known || cmd.p2 != 0 {
		return swWrongParameters
	}
	if len(cmd.data) != 2*macLength || cmd.le != noLe {
		return swWrongLength
	}
	set := c.keys(c.session.kvn)
	sw := c.session.authenticate(cmd)
	switch sw {
	case swOK:
		set.failures = 0
	case swCryptogram:
		set.failures++
	}
	return sw
}
