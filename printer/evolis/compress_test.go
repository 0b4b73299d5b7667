package evolis

import (
	"bytes"
	"errors"
	"testing"
)

// expand reads the compression of the two-level panels as a printer does, all three kinds of
// line.
func expand(data []byte) ([]byte, error) {
	const line = 81
	var out []byte
	for len(data) > 0 {
		n := int(data[0])
		data = data[1:]
		switch {
		case n == 0xff:
			out = append(out, bytes.Repeat([]byte{0xff}, line)...)
			continue
		case n > line, n > len(data):
			return nil, errors.New("line is cut short or too long")
		}
		out = append(out, data[:n]...)
		out = append(out, make([]byte, line-n)...)
		data = data[n:]
	}
	return out, nil
}

func TestCompressLines(t *testing.T) {
	t.Parallel()
	line := func(head ...byte) []byte { return append(head, make([]byte, 81-len(head))...) }
	for _, v := range []struct {
		name       string
		panel, out []byte
	}{
		{"blank", line(), []byte{0}},
		{"first byte", line(0x80), []byte{1, 0x80}},
		{"leading zeros stay", line(0, 0, 7), []byte{3, 0, 0, 7}},
		{"solid", bytes.Repeat([]byte{0xff}, 81), append([]byte{0x51}, bytes.Repeat([]byte{0xff}, 81)...)},
		{"two lines", append(line(), line(1)...), []byte{0, 1, 1}},
	} {
		if got := compress(v.panel); !bytes.Equal(got, v.out) {
			t.Errorf("%s: got %x, want %x", v.name, got, v.out)
		}
	}
	if got := compress(make([]byte, panelBytes(1))); !bytes.Equal(got, make([]byte, Columns)) {
		t.Errorf("a blank panel is %d bytes, want %d zeros", len(got), Columns)
	}
}

// What is compressed expands to the same lines, in no more than one byte more for each.
func FuzzCompress(f *testing.F) {
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0xff}, 81))
	f.Add(append(make([]byte, 81), bytes.Repeat([]byte{0x10, 0}, 60)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		panel := append(data, make([]byte, (81-len(data)%81)%81)...)
		packed := compress(panel)
		if len(packed) > len(panel)/81*82 {
			t.Fatalf("%d bytes became %d", len(panel), len(packed))
		}
		got, err := expand(packed)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, panel) {
			t.Fatal("lines differ after the round trip")
		}
	})
}
