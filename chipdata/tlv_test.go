package chipdata

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"blanko/fault"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAppendTLV(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tag    uint16
		size   int
		header string
	}{
		{0x61, 0, "6100"},
		{0x61, 127, "617F"},
		{0x61, 128, "618180"},
		{0x61, 255, "6181FF"},
		{0x61, 256, "61820100"},
		{0x61, 65000, "6182FDE8"},
		{0x5F1F, 90, "5F1F5A"},
		{0x5F01, 4, "5F0104"},
		{0x7F61, 300, "7F6182012C"},
	} {
		b := AppendTLV(nil, c.tag, make([]byte, c.size)...)
		if head := unhex(t, c.header); !bytes.HasPrefix(b, head) || len(b) != len(head)+c.size {
			t.Errorf("tag %X of %d bytes: % X", c.tag, c.size, b[:min(8, len(b))])
		}
		got, rest, err := NextTLV(b)
		if err != nil || got.Tag != c.tag || len(got.Value) != c.size || len(rest) != 0 {
			t.Errorf("tag %X of %d bytes: %v", c.tag, c.size, err)
		}
		if n, err := TLVLength(b[:min(5, len(b))]); err != nil || n != len(b) {
			t.Errorf("tag %X: length %d of %d, %v", c.tag, n, len(b), err)
		}
	}
}

// One strict form: everything else is refused (ISO/IEC 7816-4, 5.2.2).
func TestHostileTLV(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{
		"empty": "", "padding 00": "0000", "padding FF": "FF00", "tag alone": "61", "second tag byte missing": "5F", "tag of three bytes": "5F8101 00", "second tag byte 00": "5F0000",
		"no length": "5F1F", "indefinite": "6180 0000", "81 alone": "6181", "82 cut": "618201", "three length bytes": "6183010000", "four length bytes": "6184FFFFFFFF", "reserved length": "61FF",
		"81 for 127": "61817F" + strings.Repeat("00", 127), "82 for 255": "618200FF" + strings.Repeat("00", 255), "value cut": "610261", "longer than the rest": "6182FFFF00",
	} {
		if _, _, err := NextTLV(unhex(t, s)); !fault.Is(err, fileMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	many := bytes.Repeat([]byte{0x61, 0}, maxObjects+1)
	if _, err := ParseTLV(many); !fault.Is(err, fileMalformed) {
		t.Errorf("%d objects: %v", maxObjects+1, err)
	}
	if list, err := ParseTLV(many[2:]); err != nil || len(list) != maxObjects {
		t.Errorf("%d objects: %d, %v", maxObjects, len(list), err)
	}
}

// What is read is written back to the same bytes.
func FuzzTLV(f *testing.F) {
	for _, s := range []string{"6016", "5F0104303130375F36063034303030305C046175636E", "7F618180", "6182010061"} {
		f.Add(unhex(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := ParseTLV(b)
		if err != nil {
			if !fault.Is(err, fileMalformed) {
				t.Fatal(err)
			}
			return
		}
		var again []byte
		for _, v := range list {
			again = AppendTLV(again, v.Tag, v.Value...)
		}
		if !bytes.Equal(again, b) {
			t.Fatalf("%x came back as %x", b, again)
		}
	})
}
