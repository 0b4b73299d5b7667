package chip

import (
	"crypto/cipher"
	"crypto/des"
	"crypto/subtle"
)

// desKey is two-key 3DES as Doc 9303-11 uses it: K1 K2, K1 again for the third step.
type desKey struct {
	triple cipher.Block
	first  cipher.Block // single DES under K1
	second cipher.Block // single DES under K2
}

// newDES takes 16 bytes; parity bits do not matter.
func newDES(key []byte) desKey {
	triple, err := des.NewTripleDESCipher(append(append([]byte{}, key[:16]...), key[:8]...))
	if err != nil {
		panic("chip: DES key of impossible length")
	}
	single := func(k []byte) cipher.Block {
		b, err := des.NewCipher(k)
		if err != nil {
			panic("chip: DES key of impossible length")
		}
		return b
	}
	return desKey{triple, single(key[:8]), single(key[8:16])}
}

// cbc enciphers or deciphers whole blocks in place, start value zero.
func (k desKey) cbc(b []byte, encipher bool) {
	iv := make([]byte, des.BlockSize)
	if encipher {
		cipher.NewCBCEncrypter(k.triple, iv).CryptBlocks(b, b)
	} else {
		cipher.NewCBCDecrypter(k.triple, iv).CryptBlocks(b, b)
	}
}

// mac is ISO/IEC 9797-1 MAC algorithm 3 over whole blocks: single DES in CBC, the last block once
// more through the second key and back.
func (k desKey) mac(b []byte) (x [des.BlockSize]byte) {
	for ; len(b) > 0; b = b[des.BlockSize:] {
		subtle.XORBytes(x[:], x[:], b[:des.BlockSize])
		k.first.Encrypt(x[:], x[:])
	}
	k.second.Decrypt(x[:], x[:])
	k.first.Encrypt(x[:], x[:])
	return x
}

// pad appends 80 and zeros to whole blocks (ISO/IEC 9797-1, padding method 2).
func pad(b []byte, size int) []byte {
	for b = append(b, 0x80); len(b)%size != 0; {
		b = append(b, 0)
	}
	return b
}

// unpad takes the padding off; false where it is none of at most one block.
func unpad(b []byte, size int) ([]byte, bool) {
	n := len(b) - 1
	for n > 0 && b[n] == 0 {
		n--
	}
	if n < 0 || b[n] != 0x80 || len(b)-n > size {
		return nil, false
	}
	return b[:n], true
}
