package keys

import (
	"encoding/hex"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func upper(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

const (
	rfcKey     = "2B7E151628AED2A6ABF7158809CF4F3C"
	rfcMessage = "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710"
	nist192    = "8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B"
	nist256    = "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4"
)

// RFC 4493, section 4 (AES-128); NIST SP 800-38B, appendices D.2 and D.3 (AES-192, AES-256).
func TestCMAC(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key  string
		size int
		want string
	}{
		{rfcKey, 0, "BB1D6929E95937287FA37D129B756746"},
		{rfcKey, 16, "070A16B46B4D4144F79BDD9DD04A287C"},
		{rfcKey, 40, "DFA66747DE9AE63030CA32611497C827"},
		{rfcKey, 64, "51F0BEBF7E3B9D92FC49741779363CFE"},
		{nist192, 0, "D17DDF46ADAACDE531CAC483DE7A9367"},
		{nist192, 16, "9E99A7BF31E710900662F65E617C5184"},
		{nist192, 40, "8A1DE5BE2EB31AAD089A82E6EE908B0E"},
		{nist192, 64, "A1D5DF0EED790F794D77589659F39A11"},
		{nist256, 0, "028962F61B7BF89EFC6B551F4667D983"},
		{nist256, 16, "28A7023F452E8F82BD4BF28D8C37C35C"},
		{nist256, 40, "AAF3D8F1DE5640C232F5B169B9C911E6"},
		{nist256, 64, "E1992190549F6ED5696A2C056C315410"},
	} {
		mac, err := NewMAC(unhex(t, c.key))
		if err != nil {
			t.Fatal(err)
		}
		got, err := mac(unhex(t, rfcMessage)[:c.size])
		if err != nil || upper(got[:]) != c.want {
			t.Errorf("AES-%d, %d bytes: %X, %v; want %s", len(c.key)*4, c.size, got, err, c.want)
		}
	}
}

// RFC 4493, section 4: the subkeys of its key.
func TestSubkeys(t *testing.T) {
	t.Parallel()
	mac, err := NewMAC(make([]byte, 15))
	if err == nil || mac != nil {
		t.Error("a key of 15 bytes was accepted")
	}
	static, err := KeySet{ENC: unhex(t, rfcKey), MAC: unhex(t, rfcKey), DEK: unhex(t, rfcKey)}.Static()
	if err != nil {
		t.Fatal(err)
	}
	k1, k2 := subkeys(static.DEK)
	if upper(k1[:]) != "FBEED618357133667C85E08F7236A8DE" || upper(k2[:]) != "F7DDAC306AE266CCF90BC11EE46D513B" {
		t.Errorf("K1 %X, K2 %X", k1, k2)
	}
}

// osmocom/pysim, tests/unittests/test_globalplatform.py (the AES-128 set) and
// martinpaljak/GlobalPlatformPro, TestPlaintextKeys.java (404142..4F).
func TestKCV(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"000102030405060708090A0B0C0D0E0F": "C35280",
		"101112131415161718191A1B1C1D1E1F": "013808",
		"202122232425262728292A2B2C2D2E2F": "840DE5",
		"404142434445464748494A4B4C4D4E4F": "504A77",
	} {
		if got, err := KCV(unhex(t, key)); err != nil || upper(got[:]) != want {
			t.Errorf("%s: %X, %v; want %s", key, got, err, want)
		}
	}
	if _, err := KCV(nil); err == nil {
		t.Error("a key of no bytes has a check value")
	}
}
