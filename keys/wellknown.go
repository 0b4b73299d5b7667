package keys

import (
	"bytes"
	"encoding/hex"
)

// wellKnownKeys are keys that stand in public documents, tools and test suites. A card under one of
// them is open to everyone.
var wellKnownKeys = []struct{ name, key string }{
	{"GlobalPlatform default test key", "404142434445464748494A4B4C4D4E4F"},
	{"GlobalPlatform default test key, AES-192", "404142434445464748494A4B4C4D4E4F5051525354555657"},
	{"GlobalPlatform default test key, AES-256", "404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F"},
	{"GlobalPlatform default test key, AES-192, repeated", "404142434445464748494A4B4C4D4E4F4041424344454647"},
	{"GlobalPlatform default test key, AES-256, repeated", "404142434445464748494A4B4C4D4E4F404142434445464748494A4B4C4D4E4F"},
	{"Gemplus sample key", "47454D5850524553534F53414D504C45"},
	{"pySim test key ENC", "000102030405060708090A0B0C0D0E0F"},
	{"pySim test key MAC", "101112131415161718191A1B1C1D1E1F"},
	{"pySim test key DEK", "202122232425262728292A2B2C2D2E2F"},
	{"FIPS 197 example key, AES-192", "000102030405060708090A0B0C0D0E0F1011121314151617"},
	{"FIPS 197 example key, AES-256", "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"},
	{"pySim test key ENC, AES-192", "000102030405060708090A0B0C0D0E0F0001020304050607"},
	{"pySim test key ENC, AES-256", "000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F"},
	{"RFC 4493 example key", "2B7E151628AED2A6ABF7158809CF4F3C"},
	{"NIST SP 800-38B example key, AES-192", "8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B"},
	{"NIST SP 800-38B example key, AES-256", "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4"},
	{"NXP AN10922 example key", "00112233445566778899AABBCCDDEEFF"},
	{"counting nibbles", "0123456789ABCDEF0123456789ABCDEF"},
	{"counting nibbles and back", "0123456789ABCDEFFEDCBA9876543210"},
	{"counting elevens", "11223344556677889900AABBCCDDEEFF"},
}

// keySizes are the lengths of AES keys in bytes.
var keySizes = []int{16, 24, 32}

// WellKnown names the public key that has this key check value, one of the list above or one byte
// repeated: a token gives no more of its keys away. An innocent key is named by mistake about once
// in 20,000 keys; it is then made anew.
func WellKnown(kcv [3]byte) (name string, ok bool) {
	match := func(key []byte) bool {
		k, err := KCV(key)
		return err == nil && k == kcv
	}
	for _, w := range wellKnownKeys {
		key, err := hex.DecodeString(w.key)
		if err == nil && match(key) {
			return w.name, true
		}
	}
	for b := range 256 {
		for _, size := range keySizes {
			if match(bytes.Repeat([]byte{byte(b)}, size)) {
				return "one byte repeated", true
			}
		}
	}
	return "", false
}
