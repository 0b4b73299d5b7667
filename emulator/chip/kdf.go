package chip

import "encoding/binary"

// Derivation constants of SCP03 (GlobalPlatform Amendment D, table 4-1).
const (
	deriveCardCryptogram byte = 0x00
	deriveHostCryptogram byte = 0x01
	deriveCardChallenge  byte = 0x02
	deriveSENC           byte = 0x04
	deriveSMAC           byte = 0x06
	deriveSRMAC          byte = 0x07
)

// deriveSCP03 fills out with the counter-mode KDF of NIST SP 800-108 as SCP03 uses it
// (Amendment D, 4.1.5): label of eleven zeros and the constant, a zero byte, the length in
// bits, the block counter, the context. At most two blocks.
func deriveSCP03(m *cmac, constant byte, out, context []byte) {
	var fixed [blockSize]byte
	fixed[11] = constant
	binary.BigEndian.PutUint16(fixed[13:], uint16(len(out)*8))
	var block [blockSize]byte
	for i := byte(1); len(out) > 0; i++ {
		fixed[15] = i
		m.sum(&block, fixed[:], context)
		out = out[copy(out, block[:]):]
	}
}

// Key purposes of KDF3.
const (
	purposeENC byte = 1
	purposeMAC byte = 2
	purposeDEK byte = 3
)

// deriveKDF3 fills out with one diversified key: CMAC(master, i | 00 00 00 | purpose | 00 |
// KDD), block counter first, no length field.
func deriveKDF3(m *cmac, purpose byte, out []byte, kdd [10]byte) {
	var block [blockSize]byte
	for i := byte(1); len(out) > 0; i++ {
		fixed := [6]byte{0: i, 4: purpose}
		m.sum(&block, fixed[:], kdd[:])
		out = out[copy(out, block[:]):]
	}
}

// Diversify is what the chip maker does: the AES-128 key set of the chip with this KDD under a
// master key of 16, 24 or 32 bytes (KDF3). Another length panics.
func Diversify(master []byte, kdd [10]byte) Keys {
	m := newCMAC(newAES(master))
	var k Keys
	deriveKDF3(m, purposeENC, k.ENC[:], kdd)
	deriveKDF3(m, purposeMAC, k.MAC[:], kdd)
	deriveKDF3(m, purposeDEK, k.DEK[:], kdd)
	return k
}
