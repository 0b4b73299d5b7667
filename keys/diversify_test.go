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
