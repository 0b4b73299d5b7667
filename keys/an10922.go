package keys

import (
	"crypto/aes"
	"crypto/subtle"
)

// an10922Constants are the constants in front of the diversification input, one per CMAC, by
// key length (NXP AN10922, section 2).
var an10922Constants = map[int][]byte{16: {0x01}, 24: {0x11, 0x12}, 32: {0x41, 0x42}}

// an10922Input is the longest diversification input in bytes.
const an10922Input = 31

// AN10922 derives a card key from an AES master key and the diversification input m (1 to 31
// bytes: UID, application, system), as NXP AN10922 does for DESFire-like cards: a CMAC whose
// message is always padded to 32 bytes. Key sets for SCP03 use KDF3.
func AN10922(master, m []byte) ([]byte, error) {
	const op = "keys.AN10922"
	block, err := aes.NewCipher(master)
	if err != nil {
		return nil, FaultBadKey.At(op, err)
	}
	if len(m) == 0 || len(m) > an10922Input {
		return nil, FaultBadKey.At(op, nil).With("m", "the diversification input has 1 to %d bytes, this has %d", an10922Input, len(m))
	}
	k1, k2 := subkeys(block)
	var out [][16]byte
	for _, constant := range an10922Constants[len(master)] {
		var padded [2 * aes.BlockSize]byte
		padded[0] = constant
		n := 1 + copy(padded[1:], m)
		last := [aes.BlockSize]byte(padded[aes.BlockSize:])
		if n == len(padded) {
			subtle.XORBytes(last[:], last[:], k1[:])
		} else {
			padded[n] = 0x80
			last = [aes.BlockSize]byte(padded[aes.BlockSize:])
			subtle.XORBytes(last[:], last[:], k2[:])
		}
		out = append(out, cbcMAC(block, padded[:aes.BlockSize], last))
	}
	switch len(master) {
	case 16:
		return out[0][:], nil
	case 24: // A[0:8] | A[8:16] xor B[0:8] | B[8:16]
		a, b := out[0], out[1]
		key := append([]byte{}, a[:]...)
		subtle.XORBytes(key[8:], key[8:], b[:8])
		return append(key, b[8:]...), nil
	default:
		return append(out[0][:], out[1][:]...), nil
	}
}
