package keys

import (
	"crypto/aes"
	"crypto/cipher"
)

// Field values of PUT KEY for an AES key (GlobalPlatform Amendment D, section 7.2).
const (
	keyTypeAES = 0x88
	kcvLength  = 3
)

// keyBlock is the data field of PUT KEY for a whole key set: KVN, then for ENC, MAC and DEK
// 88 | length + 1 | key length | AES-CBC(Key-DEK, IV 0) | 03 | key check value. Keys of 16 and
// 32 bytes are whole blocks; those of 24 are not and are refused.
func keyBlock(dek cipher.Block, kvn byte, set KeySet) (data []byte, kcv [3][3]byte, err error) {
	const op = "keys.keyBlock"
	data = []byte{kvn}
	for i, key := range [][]byte{set.ENC, set.MAC, set.DEK} {
		if len(key)%aes.BlockSize != 0 {
			return nil, kcv, badKey.At(op, nil).With("key", "keys of %d bytes cannot be sent to a card", len(key))
		}
		if kcv[i], err = KCV(key); err != nil {
			return nil, kcv, err
		}
		enciphered := make([]byte, len(key))
		cipher.NewCBCEncrypter(dek, make([]byte, aes.BlockSize)).CryptBlocks(enciphered, key)
		data = append(data, keyTypeAES, byte(len(key)+1), byte(len(key)))
		data = append(data, enciphered...)
		data = append(data, kcvLength)
		data = append(data, kcv[i][:]...)
	}
	return data, kcv, nil
}
