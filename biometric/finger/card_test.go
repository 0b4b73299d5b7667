package finger

import (
	"bytes"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"

	"blanko/fault"
	"blanko/ktp"
)

// Bytes worked out by hand from clause 8: 10 mm and 5.08 mm from the corner, a quarter turn.
func TestCardBytes(t *testing.T) {
	t.Parallel()
	r := &Template{Width: 400, Height: 400, ResX: 197, ResY: 197, Views: []View{{Position: ktp.RightIndex, Minutiae: []Minutia{{Type: 1, X: 197, Y: 100, Angle: 64, Quality: 80}, {Type: 2, X: 0, Y: 399, Angle: 255}}}}}
	for f, want := range map[CardFormat]string{Compact: "643350" + "00CB80", Normal: "43E801FC40" + "800007E9FF"} {
		b, err := r.EncodeCard(0, f)
		if got := hex.EncodeToString(b); err != nil || !bytes.EqualFold([]byte(got), []byte(want)) {
			t.Errorf("%d bytes a minutia: %s, %v", f, got, err)
		}
	}
	if b, err := master(1, ktp.RightIndex, 40).EncodeCard(0, Compact); err != nil || len(b) != 120 {
		t.Errorf("40 minutiae, compact: %d bytes, %v", len(b), err)
	}
}

func TestCardRefuses(t *testing.T) {
	t.Parallel()
	f := master(2, ktp.RightIndex, 12)
	wide := turned(f, 0, 0, 0)
	wide.Width, wide.Views[0].Minutiae[0].X = 900, 600
	for name, try := range map[string]func() error{
		"no such format": func() error { _, err := f.EncodeCard(0, 4); return err },
		"no such view":   func() error { _, err := f.EncodeCard(1, Normal); return err },
		"too far":        func() error { _, err := wide.EncodeCard(0, Compact); return err },
		"cut":            func() error { _, err := ParseCard(make([]byte, 4), Compact, ktp.RightIndex); return err },
		"too many":       func() error { _, err := ParseCard(make([]byte, 256*3), Compact, ktp.RightIndex); return err },
		"reserved type":  func() error { _, err := ParseCard([]byte{0, 0, 0xC0}, Compact, ktp.RightIndex); return err },
		"reserved bits":  func() error { _, err := ParseCard([]byte{0, 0, 0x80, 0, 0}, Normal, ktp.RightIndex); return err },
		"finger 11":      func() error { _, err := ParseCard(nil, Normal, 11); return err },
		"format 0":       func() error { _, err := ParseCard(nil, 0, ktp.RightIndex); return err },
	} {
		if err := try(); !fault.Is(err, recordMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is read from a card format is written back to the same bytes.
func FuzzCard(f *testing.F) {
	f.Add([]byte{0x64, 0x33, 0x50, 0x00, 0xCB, 0x80}, true)
	f.Add([]byte{0x43, 0xE8, 0x01, 0xFC, 0x40}, false)
	f.Fuzz(func(t *testing.T, b []byte, compact bool) {
		format := Normal
		if compact {
			format = Compact
		}
		r, err := ParseCard(b, format, ktp.LeftIndex)
		if err != nil {
			if fault.CodeOf(err) != recordMalformed.Code {
				t.Fatal(err)
			}
			return
		}
		if again, err := r.EncodeCard(0, format); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%x came back as %x: %v", b, again, err)
		}
		if s := Match(r, r); s < 0 || s > 100 {
			t.Fatalf("score %d", s)
		}
	})
}

// An impression in either card format is still the same finger.
func TestCardFormatsMatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := master(rapid.Uint64Range(0, 1<<20).Draw(t, "finger"), ktp.RightIndex, 40)
		for _, format := range []CardFormat{Compact, Normal} {
			b, err := f.EncodeCard(0, format)
			if err != nil {
				t.Fatal(err)
			}
			back, err := ParseCard(b, format, ktp.RightIndex)
			if err != nil {
				t.Fatal(err)
			}
			if s := Match(back, f); s < Threshold() {
				t.Fatalf("%d bytes a minutia: score %d", format, s)
			}
		}
	})
}
