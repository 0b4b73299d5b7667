package applet

import (
	"crypto/sha1"
	"math/bits"

	"blanko/chipdata"
)

// BACInformation is the MRZ information that opens a card by Basic Access Control and by PACE with
// the zone (Doc 9303-11, sections 4.3.2 and 9.7.3): document number, birth date and expiry (YYMMDD),
// each with its check digit. A document number of more than nine characters counts in full
// (Doc 9303-5, 4.2.2); a shorter one is filled up to nine.
func BACInformation(documentNumber, birthDate, expiry string) string {
	const short = 9
	for len(documentNumber) < short {
		documentNumber += "<"
	}
	return withCheck(documentNumber) + withCheck(birthDate) + withCheck(expiry)
}

// withCheck appends the check digit.
func withCheck(s string) string { return s + string(chipdata.CheckDigit(s)) }

// bacKeysSize is Kenc and Kmac, two keys of two-key 3DES.
const bacKeysSize = 32

// Counters of the key derivation function (Doc 9303-11, 9.7.1).
const (
	counterENC = 1
	counterMAC = 2
)

// BACKeys are Kenc and Kmac of Basic Access Control (Doc 9303-11, 9.7.2), 32 bytes, from the
// MRZ information.
func BACKeys(information string) []byte {
	const seedSize = 16
	sum := sha1.Sum([]byte(information))
	return append(Key3DES(sum[:seedSize], counterENC), Key3DES(sum[:seedSize], counterMAC)...)
}

// Key3DES is the key derivation function for two-key 3DES (Doc 9303-11, 9.7.1.1): the first 16
// bytes of SHA-1 over seed and counter, with odd parity.
func Key3DES(seed []byte, counter byte) []byte {
	const size = 16
	sum := sha1.Sum(append(append([]byte{}, seed...), 0, 0, 0, counter))
	key := sum[:size:size]
	for i, b := range key {
		b &^= 1
		key[i] = b | byte(1^bits.OnesCount8(b)&1)
	}
	return key
}
