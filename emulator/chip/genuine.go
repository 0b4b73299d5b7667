package chip

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
)

// chooseCA is MSE:Set AT for chip authentication, under secure messaging. The card has one key
// and DG14 gives it no number.
func (c *Card) chooseCA(cmd *command, mechanism, password, key []byte) status {
	switch {
	case !cmd.sealed || c.view != viewICAO:
		return swSecurity
	case !bytes.Equal(mechanism, oidCA) || password != nil:
		return swWrongData
	case key != nil || c.pairs[keyChipAuthentication-1] == nil:
		return swReferenceNotFound
	}
	c.sealing.chipAuth = true
	return swOK
}

// authenticateChip is GENERAL AUTHENTICATE of chip authentication: 80 the terminal's ephemeral
// key. The answer is empty and still under the old keys; the new ones count from the next command
// on (Doc 9303-11, 6.2.4).
func (c *Card) authenticateChip(cmd *command, body []byte) status {
	if !cmd.sealed {
		return swConditions
	}
	value, err := unwrapTLV(body, 0x80)
	if err != nil {
		return swWrongData
	}
	theirs, ok := parsePoint(value)
	if !ok {
		return swWrongData
	}
	scalar, err := c.pairs[keyChipAuthentication-1].Bytes()
	if err != nil {
		return swNoDiagnosis
	}
	c.multiply(1)
	c.sealing.next = newAESChannel(theirs.times(scalar).shared())
	c.answer = append(c.answer, tagDynamic, 0)
	return swOK
}

// activeRandom is RND.IFD of active authentication (Doc 9303-11, 6.1.2).
const activeRandom = 8

// internalAuthenticate is INTERNAL AUTHENTICATE, active authentication: the answer is the
// signature ECDSA with SHA-256 over RND.IFD, plain, r and s of 32 bytes each, as
// ActiveAuthenticationInfo of DG14 says.
func internalAuthenticate(c *Card, cmd *command) status {
	key := c.pairs[keyActiveAuthentication-1]
	switch {
	case !c.large:
		return swUnknownINS
	case cmd.p1 != 0 || cmd.p2 != 0:
		return swWrongParameters
	case len(cmd.data) != activeRandom || cmd.le == noLe:
		return swWrongLength
	case !cmd.sealed || c.view != viewICAO:
		return swSecurity
	case key == nil:
		return swReferenceNotFound
	}
	digest := sha256.Sum256(cmd.data)
	der, err := key.Sign(nil, digest[:], crypto.SHA256) // the number k by RFC 6979
	if err != nil {
		return swNoDiagnosis
	}
	var sig struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &sig); err != nil {
		return swNoDiagnosis
	}
	c.multiply(1)
	var half [32]byte
	c.answer = append(c.answer, sig.R.FillBytes(half[:])...)
	c.answer = append(c.answer, sig.S.FillBytes(half[:])...)
	return c.exactly(cmd)
}
