package keys

import (
	"fmt"
	"strings"
	"testing"
)

// martinpaljak/GlobalPlatformPro, TestPlaintextKeys.java, testDiversification_KDF3_*.
func TestKDF3(t *testing.T) {
	t.Parallel()
	const ascending = "404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F"
	kdd := [10]byte(unhex(t, "00010203040506070809"))
	for _, c := range []struct {
		size int
		kcv  string
		keys []string
	}{
		{16, "E79C05 D1BD77 3FDE8C", []string{
			"808BC985A1069AD2A9AC94E0FE7B8843", "65942E0BF4F3F32AEFACBA5671456275", "6A74F6F6040CCA10D8A3FDC7914FD7CC",
		}},
		{24, "1DE8EA 47C00C C04D76", nil},
		{32, "2972D2 036F94 5D57B8", nil},
	} {
		mac, err := NewMAC(unhex(t, ascending)[:c.size])
		if err != nil {
			t.Fatal(err)
		}
		set, err := Diversify(mac, kdd, c.size)
		if err != nil {
			t.Fatal(err)
		}
		var kcvs []string
		for i, key := range [][]byte{set.ENC, set.MAC, set.DEK} {
			kcv, err := KCV(key)
			if err != nil {
				t.Fatal(err)
			}
			kcvs = append(kcvs, upper(kcv[:]))
			if c.keys != nil && upper(key) != c.keys[i] {
				t.Errorf("AES-%d key %d: %X", c.size*8, i+1, key)
			}
		}
		if got := strings.Join(kcvs, " "); got != c.kcv {
			t.Errorf("AES-%d: key check values %s, want %s", c.size*8, got, c.kcv)
		}
		if shown := fmt.Sprintf("%v %+v %#v", set, set, set); strings.Contains(shown, "128") || !strings.Contains(shown, "redacted") {
			t.Errorf("a key set prints as %s", shown)
		}
		set.Wipe()
		if strings.Trim(string(set.ENC)+string(set.MAC)+string(set.DEK), "\x00") != "" {
			t.Error("wiping left bytes")
		}
	}
}

// The same source, testDiversification_KDF3_ExternalVector.
func TestKDF3External(t *testing.T) {
	t.Parallel()
	mac, err := NewMAC(unhex(t, "8C72C72CF908411653018807950D82FBAD947562F0828A0B10B8B9606ABF3BCD"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := KDF3(mac, indexENC, [10]byte(unhex(t, "D9B1DE5D0362DEDCE4FB")), 32)
	if err != nil || upper(got) != "9AAC5D0B3601F89438A0D9D0B6B256CFB47E6462DFA5228D3420C4AC7C224781" {
		t.Errorf("%X, %v", got, err)
	}
}

// nfc-tools/libfreefare, test/test_mifare_key_deriver_an10922.c. The padding of the short input
// to 16 instead of 32 bytes would give the last value of the source.
func TestAN10922(t *testing.T) {
	t.Parallel()
	const m = "04782E21801D80 3042F5 4E585020416275"
	const wrongPadding = "721E2C01E81AF85D815633969CEA2607"
	for _, c := range []struct{ key, m, want string }{
		{"00112233445566778899AABBCCDDEEFF", m, "A8DD63A3B89D54B37CA802473FDA9175"},
		{"00112233445566778899AABBCCDDEEFF0102030405060708", m, "CE39C8E1CD82D9A7BEDBE9D74AF59B23176755EE7586E12C"},
		{
			"00112233445566778899AABBCCDDEEFF0102030405060708090A0B0C0D0E0F00", m,
			"4FC6EEC820B4C54314990B8611662DB695E7880982C0001E6067488346100AED",
		},
		{"F3F9377698707B688EAF84ABE39E3791", "04DEADBEEFFEED", "0BB408BAFF98B6EE9F2E1585777F6A51"},
	} {
		got, err := AN10922(unhex(t, c.key), unhex(t, c.m))
		if err != nil || upper(got) != c.want || upper(got) == wrongPadding {
			t.Errorf("%s over %s: %X, %v; want %s", c.key, c.m, got, err, c.want)
		}
	}
}

// For 01 | M of 17 to 32 bytes AN10922 is plain CMAC (NXP AN10922, section 2.2).
func TestAN10922EqualsCMAC(t *testing.T) {
	t.Parallel()
	key := unhex(t, rfcKey)
	mac, err := NewMAC(key)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= an10922Input; n++ {
		m := unhex(t, rfcMessage)[:n]
		got, err := AN10922(key, m)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := mac(append([]byte{1}, m...))
		if err != nil {
			t.Fatal(err)
		}
		if same := upper(got) == upper(plain[:]); same != (n >= 16) {
			t.Errorf("%d bytes: equal to CMAC: %v", n, same)
		}
	}
	for _, m := range [][]byte{nil, make([]byte, an10922Input+1)} {
		if _, err := AN10922(key, m); err == nil {
			t.Errorf("%d bytes were accepted", len(m))
		}
	}
	if _, err := AN10922(key[:5], []byte{1}); err == nil {
		t.Error("a key of 5 bytes was accepted")
	}
}
