package finger

import (
	"bytes"
	"encoding/binary"
	"testing"

	"blanko/fault"
	"blanko/ktp"
)

// ansiOf writes what ANSI/INCITS 378-2004 puts where an ISO record stands, with angles of 2 degrees.
func ansiOf(t testing.TB, r *Template, long bool) []byte {
	t.Helper()
	iso, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	b := append([]byte(nil), iso[:8]...)
	size := len(iso) + 2
	if long {
		size += 4
		b = binary.BigEndian.AppendUint32(append(b, 0, 0), uint32(size))
	} else {
		b = binary.BigEndian.AppendUint16(b, uint16(size))
	}
	b = append(b, 0, 0x1B, 0, 0x01) // CBEFF owner and type
	b = append(b, iso[12:]...)
	at := size - len(iso) + headerSize
	for _, v := range r.Views {
		at += viewSize
		for _, m := range v.Minutiae {
			b[at+4] = byte(int(m.Angle) * 180 / 256)
			at += minutiaSize
		}
		at += lengthSize + len(v.Extended)
	}
	return b
}

func TestReadANSI(t *testing.T) {
	t.Parallel()
	f := master(21, ktp.RightIndex, 50)
	f.Views = append(f.Views, master(22, ktp.LeftIndex, 40).Views...)
	for _, long := range []bool{false, true} {
		b := ansiOf(t, f, long)
		r, format, err := Read(b)
		if err != nil || format != ANSI {
			t.Fatalf("%v, %v", format, err)
		}
		for i, v := range r.Views {
			for k, m := range v.Minutiae {
				was := f.Views[i].Minutiae[k]
				if d := int8(m.Angle - was.Angle); d < -2 || d > 2 {
					t.Errorf("angle %d became %d", was.Angle, m.Angle)
				}
				m.Angle = was.Angle
				if m != was {
					t.Errorf("%v became %v", was, m)
				}
			}
		}
		if s := Match(r, f); s < Threshold() {
			t.Errorf("score %d", s)
		}
		for i := range b {
			if _, err := ParseANSI(b[:i]); !fault.Is(err, recordMalformed) {
				t.Fatalf("cut at %d: %v", i, err)
			}
		}
		late := bytes.Clone(b)
		late[len(b)-len(f.Views[1].Minutiae)*minutiaSize-lengthSize+4] = ansiSteps
		if _, err := ParseANSI(late); !fault.Is(err, recordMalformed) {
			t.Errorf("an angle of 360 degrees: %v", err)
		}
	}
	iso, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, format, err := Read(iso); format != ISO || err != nil {
		t.Errorf("%v, %v", format, err)
	}
}

func FuzzANSI(f *testing.F) {
	for n := range 3 {
		f.Add(ansiOf(f, master(uint64(n), ktp.RightIndex, 10*n), n == 1))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, _, err := Read(b)
		if err != nil {
			if fault.CodeOf(err) != recordMalformed.Code {
				t.Fatal(err)
			}
			return
		}
		if _, err := r.Encode(); err != nil {
			t.Fatalf("read, but cannot be written: %v", err)
		}
	})
}

func TestBest(t *testing.T) {
	t.Parallel()
	f := master(23, ktp.RightIndex, 90)
	f.Views[0].Extended = []byte{0, 1, 0, 4}
	few := f.Best(ChipMost)
	if len(few.Views[0].Minutiae) != ChipMost || few.Views[0].Extended != nil || len(f.Views[0].Minutiae) != 90 {
		t.Fatalf("%d of %d minutiae, extended %x", len(few.Views[0].Minutiae), len(f.Views[0].Minutiae), few.Views[0].Extended)
	}
	kept := map[Minutia]bool{}
	lowest := byte(maxQuality)
	for _, m := range few.Views[0].Minutiae {
		kept[m], lowest = true, min(lowest, m.Quality)
	}
	for _, m := range f.Views[0].Minutiae {
		if !kept[m] && m.Quality > lowest {
			t.Errorf("quality %d was left out, %d kept", m.Quality, lowest)
		}
	}
	if all := f.Best(100); len(all.Views[0].Minutiae) != 90 || all.Views[0].Extended == nil {
		t.Error("nothing had to go")
	}
}
