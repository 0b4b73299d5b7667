package keys

import "encoding/binary"

// Derivation constants of SCP03 (GlobalPlatform Amendment D, table 4-1).
const (
	kdfCardCryptogram = 0x00
	kdfHostCryptogram = 0x01
	kdfCardChallenge  = 0x02
	kdfSENC           = 0x04
	kdfSMAC           = 0x06
	kdfSRMAC          = 0x07
)

// SessionKDF is the key derivation of SCP03 (SP 800-108 in counter mode with CMAC): blocks over
// 00 x 11 | constant | 00 | L (2, bits) | counter (1) | context, cut to bits.
func SessionKDF(mac MAC, constant byte, bits int, context []byte) ([]byte, error) {
	input := make([]byte, 16, 16+len(context))
	input[11] = constant
	binary.BigEndian.PutUint16(input[13:], uint16(bits))
	input = append(input, context...)
	var out []byte
	for len(out)*8 < bits {
		input[15]++
		block, err := mac(input)
		if err != nil {
			return nil, err
		}
		out = append(out, block[:]...)
	}
	return out[:bits/8], nil
}
