package keys

import (
	"fmt"
	"strings"
	"testing"
)

// A key set never shows a key, and wiping leaves no byte.
func TestKeySetKeepsItsKeys(t *testing.T) {
	t.Parallel()
	mac, err := NewMAC(unhex(t, "404142434445464748494A4B4C4D4E4F"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Diversify(mac, testKDD, 16)
	if err != nil {
		t.Fatal(err)
	}
	if shown := fmt.Sprintf("%v %+v %#v", set, set, set); shown != "KeySet(redacted) KeySet(redacted) KeySet(redacted)" {
		t.Errorf("a key set prints as %s", shown)
	}
	set.Wipe()
	if strings.Trim(string(set.ENC)+string(set.MAC)+string(set.DEK), "\x00") != "" {
		t.Error("wiping left bytes")
	}
}
