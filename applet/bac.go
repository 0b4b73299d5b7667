package applet

import (
	"crypto/sha1"
	"math/bits"

	"blanko/chipdata"
)

// bacKeys are Kenc and Kmac of Basic Access Control (Doc 9303-11, sections 4.3.2 and 9.7.2), 32
// bytes: from the machine readable zone of DG1. A document number of more than nine characters
// counts in full, with the check digit that follows its end (Doc 9303-5, 4.2.2).
func bacKeys(m chipdata.MRZ) []byte {
	return bacKeysOf(withCheck(m.DocumentNumber) + withCheck(m.BirthDate) + withCheck(m.Expiry))
}

// bacKeysSize is Kenc and Kmac, two keys of two-key 3DES.
const bacKeysSize = 32

// bacKeysOf derives the keys from the MRZ information.
func bacKeysOf(information string) []byte {
	const seedSize, keySize = 16, 16
	const counterENC, counterMAC = 1, 2
	sum := sha1.Sum([]byte(information))
	var out []byte
	for _, counter := range []byte{counterENC, counterMAC} {
		key := sha1.Sum(append(append([]byte{}, sum[:seedSize]...), 0, 0, 0, counter))
		for _, b := range key[:keySize] {
			b &^= 1
			out = append(out, b|byte(1^bits.OnesCount8(b)&1)) // DES keys have odd parity
		}
	}
	return out
}

// withCheck appends the check digit.
func withCheck(s string) string { return s + string(chipdata.CheckDigit(s)) }
