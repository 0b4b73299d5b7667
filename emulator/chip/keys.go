package chip

import (
	"bytes"
	"crypto/cipher"
)

// Key version numbers of the card profile KTPEL-OP 1, section 6.
const (
	kvnTransport byte = 0x30
	kvnIssuer    byte = 0x31
	kvnSAM       byte = 0x38
	kvnAdmin     byte = 0x39
)

// kvns are the key sets that a chip can hold, in the order of the card's slots.
var kvns = [...]byte{kvnTransport, kvnIssuer, kvnSAM, kvnAdmin}

// maxFailures is the number of wrong cryptograms after which a key set answers 6983 (card
// profile 7.3).
const maxFailures = 20

// maxSequence is the last value of the 3-byte sequence counter.
const maxSequence = 0xFFFFFF

// Keys are the three AES-128 keys of one SCP03 key set.
type Keys struct{ ENC, MAC, DEK [16]byte }

// keySet is a key set on the card with its counters. A set that is absent has enc nil.
type keySet struct {
	kvn      byte
	size     int // key length in bytes, 16 or 32
	enc, mac *cmac
	dek      cipher.Block
	sequence uint32 // raised before use at every INITIALIZE UPDATE
	failures int    // wrong cryptograms since the last right one
}

func newKeySet(kvn byte, enc, mac, dek []byte) keySet {
	return keySet{kvn: kvn, size: len(enc), enc: newCMAC(newAES(enc)), mac: newCMAC(newAES(mac)), dek: newAES(dek)}
}

func (k *keySet) present() bool { return k.enc != nil }

// keys finds the slot of a key version; nil for a number that the profile does not know.
func (c *Card) keys(kvn byte) *keySet {
	for i, k := range kvns {
		if k == kvn {
			return &c.keySets[i]
		}
	}
	return nil
}

// hasKeys reports whether the key set is on the card.
func (c *Card) hasKeys(kvn byte) bool {
	k := c.keys(kvn)
	return k != nil && k.present()
}

// keyCheck is the key check value of GlobalPlatform Amendment D: the first three bytes of one
// block of 01 under the key.
func keyCheck(b cipher.Block) (kcv [3]byte) {
	var x [blockSize]byte
	for i := range x {
		x[i] = 0x01
	}
	b.Encrypt(x[:], x[:])
	copy(kcv[:], x[:])
	return kcv
}

// Field tags of PUT KEY (GlobalPlatform Amendment D, 7.2): an AES key, its length enciphered.
const (
	keyTypeAES  byte = 0x88
	kcvLength        = 3
	keysInSet        = 3
	putAllThree byte = 0x81 // P2: several keys, the first has id 1
)

// putKey is PUT KEY: a whole key set in one atomic step. P1 is 00 for a new set, else the
// version that is replaced.
func putKey(c *Card, cmd *command) status {
	if cmd.p2 != putAllThree || cmd.p1 >= 0x80 {
		return swWrongParameters
	}
	if len(cmd.data) < 1 {
		return swWrongLength
	}
	kvn := cmd.data[0]
	act := eventChange
	if kvn == kvnIssuer && c.session.kvn == kvnTransport {
		act = eventInstall
	}
	next, sw := c.authorize(cmd, act)
	if sw != swOK {
		return sw
	}
	slot := c.keys(kvn)
	if slot == nil || kvn == kvnTransport {
		return swConditions
	}
	switch {
	case cmd.p1 == 0 && slot.present(), cmd.p1 != 0 && cmd.p1 != kvn:
		return swWrongData
	case cmd.p1 != 0 && !slot.present():
		return swReferenceNotFound
	}
	set, checks, ok := c.openKeyBlock(kvn, cmd.data[1:])
	if !ok {
		return swWrongData
	}
	if sw := c.atomic(pagesKeySet); sw != swOK {
		return sw
	}
	*slot = set
	c.enter(next)
	c.answer = append(append(c.answer, kvn), checks[:]...)
	return swOK
}

// openKeyBlock deciphers three fields 88 | L | key length | AES-CBC(Key-DEK, IV 0) | 03 | KCV
// under the DEK of the channel's key set and compares the check values, which it returns.
func (c *Card) openKeyBlock(kvn byte, b []byte) (set keySet, checks [keysInSet * kcvLength]byte, ok bool) {
	dek := c.keys(c.session.kvn).dek
	if dek == nil {
		return set, checks, false
	}
	var keys [keysInSet][]byte
	for i := range keys {
		if len(b) < 3 || b[0] != keyTypeAES {
			return set, checks, false
		}
		size := int(b[2])
		if size != 16 && size != 32 || int(b[1]) != 1+size || len(b) < 3+size+1+kcvLength {
			return set, checks, false
		}
		key := make([]byte, size)
		decryptCBC(dek, [blockSize]byte{}, key, b[3:3+size])
		got := keyCheck(newAES(key))
		b = b[3+size:]
		if b[0] != kcvLength || !bytes.Equal(b[1:1+kcvLength], got[:]) {
			return set, checks, false
		}
		copy(checks[i*kcvLength:], got[:])
		keys[i], b = key, b[1+kcvLength:]
	}
	if len(b) != 0 || len(keys[0]) != len(keys[1]) || len(keys[0]) != len(keys[2]) {
		return set, checks, false
	}
	return newKeySet(kvn, keys[0], keys[1], keys[2]), checks, true
}

// tagKeyVersion names the key set in DELETE (GlobalPlatform Card Specification, 11.2.2.3).
const tagKeyVersion = 0xD2

// deleteKey takes a key set off the card and confirms with one zero byte (GlobalPlatform Card
// Specification, 11.2.3.1). The issuer set in use cannot delete itself.
func deleteKey(c *Card, kvn byte, next state) status {
	slot := c.keys(kvn)
	switch {
	case slot == nil || !slot.present():
		return swReferenceNotFound
	case kvn == c.session.kvn:
		return swConditions
	}
	if sw := c.atomic(pagesRecord); sw != swOK {
		return sw
	}
	*slot = keySet{kvn: kvn}
	c.enter(next)
	c.answer = append(c.answer, 0x00)
	return swOK
}
