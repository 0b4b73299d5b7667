package finger

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"runtime/metrics"
	"testing"

	"blanko/fault"
	"blanko/ktp"
)

// The header, first view and first minutia of iso19794p2v2005-sample.dat (robertvazan,
// fingerprintio-java): 340 bytes, two views, left index of quality 90 with 27 minutiae.
func TestSampleBytes(t *testing.T) {
	t.Parallel()
	first := View{Position: ktp.LeftIndex, Quality: 0x5A, Minutiae: []Minutia{{Type: 1, X: 0x64, Y: 0x0E, Angle: 0x50, Quality: 0x5A}}}
	for len(first.Minutiae) < 27 {
		first.Minutiae = append(first.Minutiae, Minutia{Type: 2, X: 511, Y: 511})
	}
	second := View{Position: ktp.RightIndex, Minutiae: make([]Minutia, 23), Extended: []byte{0, 1, 0, 4}}
	b, err := (&Template{Device: 0x00B5, Width: 512, Height: 512, ResX: 197, ResY: 197, Views: []View{first, second}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := "464D520020323000" + "00000154" + "00B5" + "02000200" + "00C500C5" + "0200" + "07005A1B" + "4064000E505A" + "81FF01FF0000"
	if got := hex.EncodeToString(b[:len(want)/2]); len(b) != 340 || !bytes.EqualFold([]byte(got), []byte(want)) {
		t.Errorf("%d bytes\n%s\n%s", len(b), got, want)
	}
}

// One finger of n minutiae has 30 + 6n bytes, two of 40 in one record 516.
func TestSizes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{30: 210, 40: 270, 50: 330, 60: 390} {
		b, err := master(1, ktp.RightIndex, n).Encode()
		if err != nil || len(b) != want {
			t.Errorf("%d minutiae: %d bytes, %v", n, len(b), err)
		}
	}
	two := master(1, ktp.RightIndex, 40)
	two.Views = append(two.Views, master(2, ktp.LeftIndex, 40).Views...)
	if b, err := two.Encode(); err != nil || len(b) != 516 {
		t.Errorf("two fingers: %d bytes, %v", len(b), err)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	r := master(3, ktp.LeftThumb, 45)
	r.Device = 0xF123
	r.Views[0].Number, r.Views[0].Impression = 3, 8
	r.Views[0].Extended = []byte{0, 1, 0, 6, 0xAA, 0xBB, 0, 2, 0, 4} // ridge counts of 2 bytes, empty core and delta
	b, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.Encode()
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("the record did not come back byte for byte: %v", err)
	}
}

// Records that are not whole or out of range are refused with the fault code.
func TestHostileRecords(t *testing.T) {
	t.Parallel()
	good, err := master(4, ktp.RightIndex, 12).Encode()
	if err != nil {
		t.Fatal(err)
	}
	change := func(at int, v ...byte) []byte {
		b := bytes.Clone(good)
		copy(b[at:], v)
		return b
	}
	ansi := bytes.Clone(good) // ANSI/INCITS 378: a two-byte length at offset 8
	binary.BigEndian.PutUint16(ansi[8:], uint16(len(ansi)))
	cases := map[string][]byte{
		"empty": nil, "magic": change(0, 'X'), "version 3": change(5, '3'), "length short": change(8, 0, 0, 0, 24), "length huge": change(8, 0xFF, 0xFF, 0xFF, 0xFF),
		"ANSI 378": ansi, "no width": change(14, 0, 0), "width beyond 14 bits": change(14, 0x40, 1), "no resolution": change(18, 0, 0), "no view": change(22, 0),
		"17 views": change(22, 17), "reserved byte": change(23, 1), "position 11": change(24, 11), "view quality 101": change(26, 101),
		"255 minutiae": change(27, 255), "minutia type 3": change(28, 0xC0), "x outside": change(28, 0x7F, 0xFF), "y reserved bits": change(30, 0x40, 0),
		"minutia quality 101": change(33, 101), "extended data beyond the end": change(len(good)-2, 0, 4), "one byte more": append(bytes.Clone(good), 0),
	}
	for i := range good {
		cases["cut"] = good[:i]
		for name, b := range cases {
			if _, err := Parse(b); !fault.Is(err, recordMalformed) {
				t.Errorf("%s (%d bytes): %v", name, len(b), err)
			}
		}
		cases = map[string][]byte{}
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Template){
		"no view":          func(r *Template) { r.Views = nil },
		"17 views":         func(r *Template) { r.Views = make([]View, maxViews+1) },
		"256 minutiae":     func(r *Template) { r.Views[0].Minutiae = make([]Minutia, maxMinutiae+1) },
		"outside":          func(r *Template) { r.Views[0].Minutiae[0].X = r.Width },
		"negative":         func(r *Template) { r.Views[0].Minutiae[0].Y = -1 },
		"type":             func(r *Template) { r.Views[0].Minutiae[0].Type = 3 },
		"quality":          func(r *Template) { r.Views[0].Quality = 101 },
		"position":         func(r *Template) { r.Views[0].Position = 11 },
		"impression":       func(r *Template) { r.Views[0].Impression = 16 },
		"width":            func(r *Template) { r.Width = 1<<14 + 1 },
		"resolution":       func(r *Template) { r.ResY = 1 << 16 },
		"extension length": func(r *Template) { r.Views[0].Extended = []byte{0, 1, 0, 5} },
		"too long":         func(r *Template) { r.Views[0].Extended = bytes.Repeat([]byte{0, 1, 0, 4}, maxRecord/4) },
	} {
		r := master(5, ktp.RightIndex, 12)
		spoil(r)
		if _, err := r.Encode(); !fault.Is(err, recordMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// allocates is how many bytes f takes from the heap, whatever is given back; 0 when they are not more
// than most. What others take at the same time is counted too, so a figure above most is
// believed when it comes every time.
func allocates(most uint64, f func()) (least uint64) {
	const tries = 10
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	for range tries {
		metrics.Read(s)
		before := s[0].Value.Uint64()
		f()
		metrics.Read(s)
		got := s[0].Value.Uint64() - before
		if got <= most {
			return 0
		}
		if least == 0 || got < least {
			least = got
		}
	}
	return least
}

// What is read is written back to the same bytes: no second form of a record exists.
func FuzzRecord(f *testing.F) {
	for n := range 3 {
		b, err := master(uint64(n), ktp.RightIndex, 10*n).Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)-1])
	}
	f.Add([]byte("FMR\x00 20\x00\xFF\xFF\xFF\xFF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r *Template
		var err error
		if got := allocates(256<<10+64*uint64(len(b)), func() { r, err = Parse(b) }); got > 0 {
			t.Fatalf("%d bytes allocated for %d", got, len(b))
		}
		if err != nil {
			if fault.CodeOf(err) != recordMalformed.Code {
				t.Fatalf("%v", err)
			}
			return
		}
		again, err := r.Encode()
		if err != nil || !bytes.Equal(b, again) {
			t.Fatalf("%x came back as %x: %v", b, again, err)
		}
		if s := Match(r, r); s < 0 || s > 100 {
			t.Fatalf("score %d", s)
		}
	})
}
