package chip

import (
	"bytes"
	"crypto/sha1"
	"crypto/subtle"
	"io"
)

// oidPACE is id-PACE-ECDH-GM-AES-CBC-CMAC-128, oidCA is id-CA-ECDH-AES-CBC-CMAC-128, both without
// tag and length (Doc 9303-11, 9.2.1 and 9.2.4).
var (
	oidPACE = []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02}
	oidCA   = []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x02}
)

// parameterP256 is the number of P-256 among the standardized domain parameters (Doc 9303-11,
// 9.5.1).
const parameterP256 = 12

// Passwords by their reference in MSE:Set AT (Doc 9303-11, 4.4.4.1).
const (
	passwordMRZ byte = 1
	passwordCAN byte = 2
)

// maxCANFailures is the number of wrong tokens in a row after which the CAN is suspended (card
// profile 7.3). Who can open the card by the MRZ, with PACE or BAC, resumes it: he could read
// everything in any case. A new CAN put before activation resumes it too.
const maxCANFailures = 10

// P1 P2 of MANAGE SECURITY ENVIRONMENT and its data objects (Doc 9303-11, 4.4.4.1 and 6.2.4.2).
const (
	setPACE = 0xC1A4 // Set AT for mutual authentication
	setCA   = 0x41A4 // Set AT for internal authentication

	tagMechanism = 0x80
	tagPassword  = 0x83
	tagParameter = 0x84 // domain parameters, or the private key of chip authentication
)

// manageSecurity is MANAGE SECURITY ENVIRONMENT: it chooses PACE or chip authentication for the
// GENERAL AUTHENTICATE behind it.
func manageSecurity(c *Card, cmd *command) status {
	if !c.large {
		return swUnknownINS
	}
	choose := (*Card).choosePACE
	switch uint16(cmd.p1)<<8 | uint16(cmd.p2) {
	case setPACE:
	case setCA:
		choose = (*Card).chooseCA
	default:
		return swWrongParameters
	}
	if len(cmd.data) == 0 {
		return swWrongLength
	}
	objects, err := parseTLVs(cmd.data)
	if err != nil {
		return swWrongData
	}
	var mechanism, password, parameter []byte
	for _, o := range objects {
		into := map[uint16]*[]byte{tagMechanism: &mechanism, tagPassword: &password, tagParameter: &parameter}[o.tag]
		if into == nil || *into != nil || len(o.value) == 0 {
			return swWrongData
		}
		*into = o.value
	}
	return choose(c, cmd, mechanism, password, parameter)
}

// paceRun is PACE between MSE:Set AT and the terminal's token.
type paceRun struct {
	password byte
	key      []byte // K pi
	step     int    // of paceSteps
	nonce    []byte
	base     point // mapped
	ours     point // ephemeral keys on the mapped base
	theirs   point
	secret   []byte
}

// choosePACE is MSE:Set AT for PACE. The CAN, suspended, is 6983.
func (c *Card) choosePACE(cmd *command, mechanism, password, parameter []byte) status {
	if cmd.sealed {
		return swConditions
	}
	if sw := c.mayOpen(byPACE); sw != swOK {
		return sw
	}
	switch {
	case !bytes.Equal(mechanism, oidPACE), len(password) != 1:
		return swWrongData
	case parameter != nil && !bytes.Equal(parameter, []byte{parameterP256}):
		return swReferenceNotFound
	}
	secret := c.passwordOf(password[0])
	switch {
	case secret == nil:
		return swReferenceNotFound
	case password[0] == passwordCAN && c.canFailures >= maxCANFailures:
		return swAuthBlocked
	}
	c.sealing.pace = &paceRun{password: password[0], key: deriveICAO(secret, derivePassword)}
	return swOK
}

// passwordOf is the secret behind a password: SHA-1 of the MRZ information, which the card takes
// from DG1, or the digits of the CAN (Doc 9303-11, 9.7.3). nil: the card has none.
func (c *Card) passwordOf(reference byte) []byte {
	switch reference {
	case passwordMRZ:
		f := c.file(0x0101)
		if f == nil {
			return nil
		}
		m, err := parseDG1(f.data)
		if err != nil {
			return nil
		}
		information := ""
		for _, field := range []string{m.DocumentNumber, m.BirthDate, m.Expiry} {
			information += field + string(mrzCheck(field))
		}
		sum := sha1.Sum([]byte(information))
		return sum[:]
	case passwordCAN:
		if c.canSet {
			return c.can[:]
		}
	}
	return nil
}

// Data objects of GENERAL AUTHENTICATE: a dynamic authentication data template with at most one
// object in it (Doc 9303-11, 4.4.4.2).
const (
	tagDynamic = 0x7C
	tagPoint   = 0x86 // of a public key, in 7F49
)

// paceSteps are the commands of PACE behind MSE:Set AT: what comes, what goes back, whether the
// chain ends.
var paceSteps = [...]struct {
	in, out uint16 // 0: an empty template
	last    bool
	run     func(*Card, *paceRun, []byte) ([]byte, status)
}{
	{0, 0x80, false, (*Card).paceNonce},
	{0x81, 0x82, false, (*Card).paceMap},
	{0x83, 0x84, false, (*Card).paceAgree},
	{0x85, 0x86, true, (*Card).paceToken},
}

// generalAuthenticate is GENERAL AUTHENTICATE: the steps of PACE in the clear, chip
// authentication under secure messaging. Whatever goes wrong ends the protocol.
func generalAuthenticate(c *Card, cmd *command) status {
	run, ca := c.sealing.pace, c.sealing.chipAuth
	c.sealing.pace, c.sealing.chipAuth = nil, false
	switch {
	case !c.large:
		return swUnknownINS
	case cmd.p1 != 0 || cmd.p2 != 0:
		return swWrongParameters
	case len(cmd.data) == 0 || cmd.le == noLe:
		return swWrongLength
	case run == nil && !ca:
		return swConditions
	}
	body, err := unwrapTLV(cmd.data, tagDynamic)
	if err != nil {
		return swWrongData
	}
	if ca {
		return c.authenticateChip(cmd, body)
	}
	step := paceSteps[run.step]
	if step.last != (cmd.cla == classISO) {
		return swConditions
	}
	if step.in != 0 {
		if body, err = unwrapTLV(body, step.in); err != nil {
			return swWrongData
		}
	} else if len(body) != 0 {
		return swWrongData
	}
	out, sw := step.run(c, run, body)
	if sw != swOK {
		return sw
	}
	c.answer = append(c.answer, tagDynamic, byte(2+len(out)), byte(step.out), byte(len(out)))
	c.answer = append(c.answer, out...)
	if sw = c.exactly(cmd); sw != swOK {
		return sw
	}
	run.step++
	if step.last {
		c.sealing.channel = newAESChannel(run.secret)
	} else {
		c.sealing.pace = run
	}
	return swOK
}

// multiply spends the time of n multiplications on the curve.
func (c *Card) multiply(n int) { c.work += float64(n) * c.clock.multiply }

// paceNonce gives the nonce s, enciphered under the password.
func (c *Card) paceNonce(run *paceRun, _ []byte) ([]byte, status) {
	run.nonce = make([]byte, blockSize)
	if _, err := io.ReadFull(c.random, run.nonce); err != nil {
		return nil, swNoDiagnosis
	}
	z := make([]byte, blockSize)
	newAES(run.key).Encrypt(z, run.nonce) // CBC of one block, start value zero
	c.work += c.clock.aes
	return z, swOK
}

// paceMap agrees on the point H and maps the base point: s G + H.
func (c *Card) paceMap(run *paceRun, in []byte) ([]byte, status) {
	theirs, ok := parsePoint(in)
	if !ok {
		return nil, swWrongData
	}
	scalar, public, err := keyOn(generator(), c.random)
	if err != nil {
		return nil, swNoDiagnosis
	}
	c.multiply(3) // the key, H, s G
	if run.base, ok = mapped(run.nonce, theirs.times(scalar)); !ok {
		return nil, swWrongData
	}
	return public.bytes(), swOK
}

// paceAgree agrees on the secret over the mapped base point. The terminal's key may not be the
// card's own.
func (c *Card) paceAgree(run *paceRun, in []byte) ([]byte, status) {
	theirs, ok := parsePoint(in)
	if !ok {
		return nil, swWrongData
	}
	scalar, ours, err := keyOn(run.base, c.random)
	if err != nil {
		return nil, swNoDiagnosis
	}
	c.multiply(2) // the key, the secret
	if bytes.Equal(ours.bytes(), in) {
		return nil, swWrongData
	}
	run.ours, run.theirs, run.secret = ours, theirs, theirs.times(scalar).shared()
	return ours.bytes(), swOK
}

// paceToken checks the terminal's token and gives the card's. A wrong one is 6300, under the CAN
// 63Cx with the tries left. The try is counted before the token is looked at: a power cut gives
// none away.
func (c *Card) paceToken(run *paceRun, in []byte) ([]byte, status) {
	if len(in) != macLength {
		return nil, swWrongData
	}
	if run.password == passwordCAN {
		if sw := c.atomic(pagesRecord); sw != swOK {
			return nil, sw
		}
		c.canFailures++
	}
	mac := newCMAC(newAES(deriveICAO(run.secret, deriveMAC)))
	want, ours := token(mac, run.ours), token(mac, run.theirs)
	c.work += float64(2*(tokenSize/blockSize+1)) * c.clock.aes
	if subtle.ConstantTimeCompare(want[:macLength], in) != 1 {
		if run.password == passwordCAN {
			return nil, swTriesLeft | status(maxCANFailures-c.canFailures)
		}
		return nil, swCryptogram
	}
	if sw := c.resumeCAN(); sw != swOK {
		return nil, sw
	}
	return ours[:macLength], swOK
}

// tokenSize is the input of a token: 7F49 4F { 06 0A OID | 86 41 point }.
const tokenSize = 3 + 2 + 10 + 2 + pointSize

// token is the authentication token over a public key (Doc 9303-11, 4.4.3.4).
func token(mac *cmac, public point) (sum [blockSize]byte) {
	head := append([]byte{0x7F, 0x49, tokenSize - 3, 0x06, byte(len(oidPACE))}, oidPACE...)
	mac.sum(&sum, head, []byte{tagPoint, pointSize}, public.bytes())
	return sum
}

// resumeCAN forgets the failures of the CAN; atomic.
func (c *Card) resumeCAN() status {
	if c.canFailures == 0 {
		return swOK
	}
	if sw := c.atomic(pagesRecord); sw != swOK {
		return sw
	}
	c.canFailures = 0
	return swOK
}
