package keys

import "crypto/aes"

// KCV is the key check value of an AES key: the first 3 bytes of AES(K, 16 x 01)
// (GlobalPlatform Amendment D, PUT KEY).
func KCV(key []byte) (kcv [3]byte, err error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return kcv, badKey.At("keys.KCV", err)
	}
	b := [aes.BlockSize]byte{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	block.Encrypt(b[:], b[:])
	copy(kcv[:], b[:])
	return kcv, nil
}
