package chip

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// unhex reads hex digits; blanks are ignored.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// RFC 4493, section 4.
func TestCMAC(t *testing.T) {
	t.Parallel()
	message := unhex(t, `6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
		30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710`)
	m := newCMAC(newAES(unhex(t, "2b7e151628aed2a6abf7158809cf4f3c")))
	for _, c := range []struct {
		length int
		want   string
	}{
		{0, "bb1d6929e95937287fa37d129b756746"},
		{16, "070a16b46b4d4144f79bdd9dd04a287c"},
		{40, "dfa66747de9ae63030ca32611497c827"},
		{64, "51f0bebf7e3b9d92fc49741779363cfe"},
	} {
		for cut := 0; cut <= c.length; cut++ {
			var got [16]byte
			m.sum(&got, message[:cut], nil, message[cut:c.length])
			if !bytes.Equal(got[:], unhex(t, c.want)) {
				t.Errorf("%d bytes cut at %d: %x, want %s", c.length, cut, got, c.want)
			}
		}
	}
}

// blaufish/scp03_kdf_testvectors, testvectors.txt: each row feeds the next.
func TestDeriveSCP03(t *testing.T) {
	t.Parallel()
	key, context := make([]byte, 16), make([]byte, 16)
	for i, want := range []string{
		"329C873894717F6D545C755D175AE7ECDAB085DE2592FC3B9218A7FD77005E31",
		"2AF2B9613F5B87B9E33F28F39EDC8376DDB4B6FE7701232DDD5477CEB17DA9F7",
		"0E6F2B49DC94633D02549405EA86612C717EAF8CB9EF3D7D80DDFC3792184D34",
		"B863B9A5B35D5566A67E44F560B5E75C",
		"0C5AC50C3E0BD61A37DB5D5AA64C6474",
		"EEBC5FD69F6B2003A7D1CF5B11A0471019C794D29EC3A67EF94692119ADFB610",
	} {
		out := make([]byte, len(want)/2)
		deriveSCP03(newCMAC(newAES(key)), byte(i+1), out, context)
		if !bytes.Equal(out, unhex(t, want)) {
			t.Errorf("row %d: %X, want %s", i+1, out, want)
		}
		if i > 0 {
			key = context
		}
		context = out
	}
}

// martinpaljak/GlobalPlatformPro, TestPlaintextKeys.java: master keys 40 41 42.., KDD 00..09.
func TestKDF3(t *testing.T) {
	t.Parallel()
	var kdd [10]byte
	for i := range kdd {
		kdd[i] = byte(i)
	}
	master := make([]byte, 32)
	for i := range master {
		master[i] = byte(0x40 + i)
	}
	for _, c := range []struct {
		size int
		kcv  [3]string
	}{
		{16, [3]string{"E79C05", "D1BD77", "3FDE8C"}},
		{24, [3]string{"1DE8EA", "47C00C", "C04D76"}},
		{32, [3]string{"2972D2", "036F94", "5D57B8"}},
	} {
		m := newCMAC(newAES(master[:c.size]))
		for i, want := range c.kcv {
			key := make([]byte, c.size)
			deriveKDF3(m, byte(i+1), key, kdd)
			if kcv := keyCheck(newAES(key)); !bytes.Equal(kcv[:], unhex(t, want)) {
				t.Errorf("AES-%d key %d: check value %X, want %s", 8*c.size, i+1, kcv, want)
			}
		}
	}
	k := Diversify(master[:16], kdd)
	for i, c := range []struct {
		got  [16]byte
		want string
	}{
		{k.ENC, "808BC985A1069AD2A9AC94E0FE7B8843"},
		{k.MAC, "65942E0BF4F3F32AEFACBA5671456275"},
		{k.DEK, "6A74F6F6040CCA10D8A3FDC7914FD7CC"},
	} {
		if !bytes.Equal(c.got[:], unhex(t, c.want)) {
			t.Errorf("key %d: %X, want %s", i+1, c.got, c.want)
		}
	}
	external := make([]byte, 32) // the external AES-256 vector of the same file
	deriveKDF3(newCMAC(newAES(unhex(t, "8C72C72CF908411653018807950D82FBAD947562F0828A0B10B8B9606ABF3BCD"))),
		purposeENC, external, [10]byte(unhex(t, "D9B1DE5D0362DEDCE4FB")))
	if want := "9AAC5D0B3601F89438A0D9D0B6B256CFB47E6462DFA5228D3420C4AC7C224781"; !bytes.Equal(external, unhex(t, want)) {
		t.Errorf("external vector: %X, want %s", external, want)
	}
}
