package chip

import (
	"bytes"
	"crypto/subtle"
	"io"
)

// Lengths of Basic Access Control (Doc 9303-11, 4.3).
const (
	bacRandom = 8  // RND.IC, RND.IFD
	bacKeying = 16 // K.IC, K.IFD
	bacText   = 2*bacRandom + bacKeying
	bacData   = bacText + macLength
)

// bacBlocks is the card's work on EXTERNAL AUTHENTICATE in blocks of the cipher: the text of four
// blocks and its padded MAC, both ways, and two session keys of two blocks of the hash each. One
// block of 3DES or of the hash takes the time of an AES block.
const bacBlocks = 2*(bacText/8+bacText/8+1) + 4

// getChallenge is GET CHALLENGE: RND.IC for the command behind it.
func getChallenge(c *Card, cmd *command) status {
	switch {
	case cmd.p1 != 0 || cmd.p2 != 0:
		return swWrongParameters
	case len(cmd.data) != 0 || cmd.le == noLe:
		return swWrongLength
	case c.view != viewICAO || cmd.sealed:
		return swConditions
	}
	if sw := c.mayOpenBAC(); sw != swOK {
		return sw
	}
	random := make([]byte, bacRandom)
	if _, err := io.ReadFull(c.random, random); err != nil {
		return swNoDiagnosis
	}
	c.answer = append(c.answer, random...)
	sw := c.exactly(cmd)
	if sw == swOK {
		c.sealing.challenge = random
	}
	return sw
}

func (c *Card) mayOpenBAC() status {
	if !c.bacSet {
		return swConditions
	}
	return c.mayOpen(byBAC)
}

// authenticateBAC is EXTERNAL AUTHENTICATE of Basic Access Control: E.IFD (32) | M.IFD (8), the
// answer is E.IC | M.IC. A wrong cryptogram is 6300 and the challenge is used up.
func authenticateBAC(c *Card, cmd *command) status {
	challenge := c.sealing.challenge
	c.sealing.challenge = nil
	switch {
	case cmd.p1 != 0 || cmd.p2 != 0:
		return swWrongParameters
	case len(cmd.data) != bacData || !cmd.wild && cmd.le != bacData:
		return swWrongLength
	case challenge == nil || c.view != viewICAO || cmd.sealed:
		return swConditions
	}
	if sw := c.mayOpenBAC(); sw != swOK {
		return sw
	}
	c.work += bacBlocks * c.clock.aes
	enc, mac := newDES(c.bac[:16]), newDES(c.bac[16:])
	text := bytes.Clone(cmd.data[:bacText])
	sum := mac.mac(pad(bytes.Clone(text), 8))
	enc.cbc(text, false)
	terminal := text[:bacRandom]
	if subtle.ConstantTimeCompare(sum[:], cmd.data[bacText:]) != 1 ||
		subtle.ConstantTimeCompare(text[bacRandom:2*bacRandom], challenge) != 1 {
		return swCryptogram
	}
	if sw := c.resumeCAN(); sw != swOK {
		return sw
	}
	keying := make([]byte, bacKeying)
	if _, err := io.ReadFull(c.random, keying); err != nil {
		return swNoDiagnosis
	}
	ssc := append(bytes.Clone(challenge[bacRandom/2:]), terminal[bacRandom/2:]...)
	reply := append(append(bytes.Clone(challenge), terminal...), keying...)
	subtle.XORBytes(keying, keying, text[2*bacRandom:])
	enc.cbc(reply, true)
	sum = mac.mac(pad(bytes.Clone(reply), 8))
	c.answer = append(append(c.answer, reply...), sum[:]...)
	c.sealing.channel = newDESChannel(keying, ssc)
	return swOK
}
