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

// sessionKDF is the key derivation of SCP03 (SP 800-108 in counter mode with CMAC): blocks over
// 00 x 11 | constant | 00 | L (2, bits) | counter (1) | context, cut to bits.
func sessionKDF(mac MAC, constant byte, bits int, context []byte) ([]byte, error) {
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

// CardChallenge is the pseudo-random challenge that a card with bit 10 of i makes: from its
// static Key-ENC, its sequence counter (3 bytes) and the AID of the application that the
// channel is opened on. A host can tell by it whether the counter is what the card says.
func CardChallenge(enc MAC, sequence [3]byte, aid []byte) ([8]byte, error) {
	out, err := sessionKDF(enc, kdfCardChallenge, 64, append(sequence[:], aid...))
	if err != nil {
		return [8]byte{}, err
	}
	return [8]byte(out), nil
}
