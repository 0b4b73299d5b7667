package keys

import (
	"bytes"
	"testing"

	"blanko/keys/vectors"
)

func TestWellKnown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key  string
		want bool
	}{
		{"404142434445464748494A4B4C4D4E4F", true},
		{"404142434445464748494A4B4C4D4E4F404142434445464748494A4B4C4D4E4F", true},
		{"00000000000000000000000000000000", true},
		{"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", true},
		{"47454D5850524553534F53414D504C45", true},
		{vectors.CMACKey128, true},
		{vectors.CMACKey192, true},
		{vectors.CMACKey256, true},
		{"404142434445464748494A4B4C4D4E4E", false},
		{"B1946AC92492D2347C6235B4D2611184", false},
	} {
		kcv, err := KCV(unhex(t, c.key))
		if err != nil {
			t.Fatal(err)
		}
		if name, got := WellKnown(kcv); got != c.want || got == (name == "") {
			t.Errorf("%s: well known %v (%q), want %v", c.key, got, name, c.want)
		}
	}
}

// Every listed key is a real key, stands once and is found.
func TestWellKnownList(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, w := range wellKnownKeys {
		key := unhex(t, w.key)
		if other, twice := seen[w.key]; twice {
			t.Errorf("%q and %q are the same key", w.name, other)
		}
		seen[w.key] = w.name
		if !bytes.Contains([]byte("\x10\x18\x20"), []byte{byte(len(key))}) {
			t.Errorf("%q has %d bytes", w.name, len(key))
		}
		kcv, err := KCV(key)
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := WellKnown(kcv); !ok || name != w.name {
			t.Errorf("%q is found as %q", w.name, name)
		}
	}
}
