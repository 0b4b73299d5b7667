package keys

import (
	"encoding/hex"
	"strings"
	"testing"

	"blanko/keys/vectors"
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

// RFC 4493, section 4: the subkeys of its key.
func TestSubkeys(t *testing.T) {
	t.Parallel()
	mac, err := NewMAC(make([]byte, 15))
	if err == nil || mac != nil {
		t.Error("a key of 15 bytes was accepted")
	}
	static, err := KeySet{ENC: unhex(t, vectors.CMACKey128), MAC: unhex(t, vectors.CMACKey128), DEK: unhex(t, vectors.CMACKey128)}.Static()
	if err != nil {
		t.Fatal(err)
	}
	k1, k2 := subkeys(static.DEK)
	if upper(k1[:]) != "FBEED618357133667C85E08F7236A8DE" || upper(k2[:]) != "F7DDAC306AE266CCF90BC11EE46D513B" {
		t.Errorf("K1 %X, K2 %X", k1, k2)
	}
}

func TestKCVOfNoKey(t *testing.T) {
	t.Parallel()
	if _, err := KCV(nil); err == nil {
		t.Error("a key of no bytes has a check value")
	}
}
