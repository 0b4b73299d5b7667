package chip

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
)

// blockSize is the AES block in bytes.
const blockSize = aes.BlockSize

// cmac is AES-CMAC (NIST SP 800-38B, RFC 4493) under one key. It keeps its working block, so
// that a sum allocates nothing; not safe for concurrent use.
type cmac struct {
	block  cipher.Block
	k1, k2 [blockSize]byte
	x      [blockSize]byte
}

// newAES expands a key of 16, 24 or 32 bytes.
func newAES(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic("chip: AES key of impossible length")
	}
	return b
}

func newCMAC(b cipher.Block) *cmac {
	m := &cmac{block: b}
	b.Encrypt(m.k1[:], m.k1[:])
	double(&m.k1)
	m.k2 = m.k1
	double(&m.k2)
	return m
}

// double multiplies by x in GF(2^128), reduction constant 87 (SP 800-38B, 5.3).
func double(b *[blockSize]byte) {
	carry := byte(0)
	for i := blockSize - 1; i >= 0; i-- {
		b[i], carry = b[i]<<1|carry, b[i]>>7
	}
	b[blockSize-1] ^= 0x87 * carry
}

// sum writes the MAC over the parts, one after the other, to out.
func (m *cmac) sum(out *[blockSize]byte, parts ...[]byte) {
	m.x = [blockSize]byte{}
	n := 0
	for _, p := range parts {
		for len(p) > 0 {
			if n == blockSize {
				m.block.Encrypt(m.x[:], m.x[:])
				n = 0
			}
			k := min(blockSize-n, len(p))
			subtle.XORBytes(m.x[n:n+k], m.x[n:n+k], p[:k])
			n += k
			p = p[k:]
		}
	}
	last := &m.k1
	if n < blockSize {
		m.x[n] ^= 0x80
		last = &m.k2
	}
	subtle.XORBytes(m.x[:], m.x[:], last[:])
	m.block.Encrypt(m.x[:], m.x[:])
	*out = m.x
}
