package icao

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/sha1"
	"crypto/subtle"

	"blanko/applet"
)

// Counters of the key derivation function (Doc 9303-11, 9.7.1).
const (
	counterENC  = 1
	counterMAC  = 2
	counterPACE = 3
)

const macBytes = 8

// suite is the symmetric side of secure messaging: two-key 3DES with retail MAC, or AES-128 with
// CMAC (Doc 9303-11, 9.8).
type suite struct {
	name  string
	block int
	enc   cipher.Block
	mac   func(padded []byte) []byte
	// iv of the encryption for a send sequence counter.
	iv func(ssc []byte) []byte
}

// tripleDES makes the suite of BAC from two keys of 16 bytes.
func tripleDES(enc, mac []byte) *suite {
	s := &suite{name: "3DES", block: des.BlockSize, enc: twoKey(enc)}
	s.mac = func(padded []byte) []byte { return retailMAC(mac, padded) }
	s.iv = func([]byte) []byte { return make([]byte, des.BlockSize) }
	return s
}

// aes128 makes the suite of PACE and chip authentication with AES-128.
func aes128(enc, mac []byte) *suite {
	s := &suite{name: "AES-128", block: aes.BlockSize, enc: newAES(enc)}
	m := newAES(mac)
	s.mac = func(padded []byte) []byte { return cmac(m, padded)[:macBytes] }
	s.iv = func(ssc []byte) []byte {
		iv := make([]byte, aes.BlockSize)
		s.enc.Encrypt(iv, ssc)
		return iv
	}
	return s
}

// fromSecret derives the suite of AES-128 from a shared secret (Doc 9303-11, 9.7.1.2).
func fromSecret(secret []byte) *suite {
	return aes128(keyAES(secret, counterENC), keyAES(secret, counterMAC))
}

// keyAES is the key derivation function for AES-128: the first 16 bytes of SHA-1 over the secret and
// the counter.
func keyAES(secret []byte, counter byte) []byte {
	sum := sha1.Sum(append(bytes.Clone(secret), 0, 0, 0, counter))
	return sum[:aes.BlockSize]
}

func newAES(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // every key here has 16 bytes
	}
	return b
}

// twoKey is 3DES under K1 K2 K1.
func twoKey(key []byte) cipher.Block {
	b, err := des.NewTripleDESCipher(append(bytes.Clone(key), key[:des.BlockSize]...))
	if err != nil {
		panic(err)
	}
	return b
}

// pad is ISO/IEC 9797-1, padding method 2.
func pad(b []byte, block int) []byte {
	out := append(bytes.Clone(b), 0x80)
	for len(out)%block != 0 {
		out = append(out, 0)
	}
	return out
}

// unpad takes the padding off; ok is false where there is none in the last block.
func unpad(b []byte, block int) (out []byte, ok bool) {
	n := len(b) - 1
	for n >= 0 && b[n] == 0 {
		n--
	}
	if n < 0 || b[n] != 0x80 || len(b)-n > block {
		return nil, false
	}
	return b[:n], true
}

// retailMAC is MAC algorithm 3 of ISO/IEC 9797-1 with DES over whole blocks.
func retailMAC(key, padded []byte) []byte {
	one, err := des.NewCipher(key[:des.BlockSize])
	if err != nil {
		panic(err)
	}
	two, err := des.NewCipher(key[des.BlockSize:])
	if err != nil {
		panic(err)
	}
	state := make([]byte, des.BlockSize)
	for at := 0; at < len(padded); at += des.BlockSize {
		subtle.XORBytes(state, state, padded[at:at+des.BlockSize])
		one.Encrypt(state, state)
	}
	two.Decrypt(state, state)
	one.Encrypt(state, state)
	return state
}

// cmac is AES-CMAC (NIST SP 800-38B) over a message of whole blocks or not.
func cmac(b cipher.Block, message []byte) []byte {
	const polynomial = 0x87
	shift := func(in []byte) []byte {
		out := make([]byte, aes.BlockSize)
		carry := byte(0)
		for i := aes.BlockSize - 1; i >= 0; i-- {
			out[i] = in[i]<<1 | carry
			carry = in[i] >> 7
		}
		out[aes.BlockSize-1] ^= carry * polynomial
		return out
	}
	zero := make([]byte, aes.BlockSize)
	b.Encrypt(zero, zero)
	subkey := shift(zero)
	if len(message) == 0 || len(message)%aes.BlockSize != 0 {
		subkey = shift(subkey)
		message = pad(message, aes.BlockSize)
	} else {
		message = bytes.Clone(message)
	}
	last := message[len(message)-aes.BlockSize:]
	subtle.XORBytes(last, last, subkey)
	state := make([]byte, aes.BlockSize)
	for at := 0; at < len(message); at += aes.BlockSize {
		subtle.XORBytes(state, state, message[at:at+aes.BlockSize])
		b.Encrypt(state, state)
	}
	return state
}

func encryptCBC(b cipher.Block, iv, padded []byte) []byte {
	out := make([]byte, len(padded))
	cipher.NewCBCEncrypter(b, iv).CryptBlocks(out, padded)
	return out
}

func decryptCBC(b cipher.Block, iv, text []byte) []byte {
	out := make([]byte, len(text))
	cipher.NewCBCDecrypter(b, iv).CryptBlocks(out, text)
	return out
}

// bacSuite is the suite of Kenc and Kmac.
func bacSuite(information string) *suite {
	k := applet.BACKeys(information)
	const half = 16
	return tripleDES(k[:half], k[half:])
}
