package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
)

// MAC computes AES-CMAC (RFC 4493, NIST SP 800-38B) of a message under one key that stays
// where it is: in this process, in a token. It never keeps the message.
type MAC func(message []byte) ([16]byte, error)

// NewMAC is CMAC in software under an AES key of 16, 24 or 32 bytes.
func NewMAC(key []byte) (MAC, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, badKey.At("keys.NewMAC", err)
	}
	k1, k2 := subkeys(block)
	return func(message []byte) ([16]byte, error) {
		var last [aes.BlockSize]byte
		full := 0 // blocks before the last
		if len(message) > 0 {
			full = (len(message) - 1) / aes.BlockSize
		}
		rest := message[full*aes.BlockSize:]
		copy(last[:], rest)
		if len(rest) == aes.BlockSize {
			subtle.XORBytes(last[:], last[:], k1[:])
		} else {
			last[len(rest)] = 0x80
			subtle.XORBytes(last[:], last[:], k2[:])
		}
		return cbcMAC(block, message[:full*aes.BlockSize], last), nil
	}, nil
}

// subkeys are K1 and K2 of RFC 4493, section 2.3.
func subkeys(block cipher.Block) (k1, k2 [aes.BlockSize]byte) {
	var l [aes.BlockSize]byte
	block.Encrypt(l[:], l[:])
	k1 = double(l)
	return k1, double(k1)
}

// double multiplies by x in GF(2^128) with the polynomial of RFC 4493 (low byte 87).
func double(in [aes.BlockSize]byte) (out [aes.BlockSize]byte) {
	for i := range out {
		out[i] = in[i] << 1
		if i+1 < len(in) {
			out[i] |= in[i+1] >> 7
		}
	}
	out[len(out)-1] ^= 0x87 & -(in[0] >> 7)
	return out
}

// cbcMAC chains whole blocks and the prepared last one.
func cbcMAC(block cipher.Block, whole []byte, last [aes.BlockSize]byte) (x [16]byte) {
	for ; len(whole) > 0; whole = whole[aes.BlockSize:] {
		subtle.XORBytes(x[:], x[:], whole[:aes.BlockSize])
		block.Encrypt(x[:], x[:])
	}
	subtle.XORBytes(x[:], x[:], last[:])
	block.Encrypt(x[:], x[:])
	return x
}
