package applet

import (
	"context"
	"encoding/binary"
	"testing"
)

// EF.ATR/INFO in which the card says how long an APDU it takes (ISO/IEC 7816-4, section 12.7.1).
func TestATRInfo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		want       Limits
	}{
		{"two bytes each", "7F66 08 0202 0800 0202 0402", Limits{2048, 1026}},
		{"beside others", "4703 9441E0 7F66 08 0202 07FE 0202 0800 4301B8", Limits{2046, 2048}},
		{"three bytes", "7F66 0A 0203 010000 0203 010000", Limits{65535, 65535}},
		{"nothing", "", Limits{}},
		{"no length information", "4703 944180", Limits{}},
		{"one integer", "7F66 04 0202 0800", Limits{}},
		{"three integers", "7F66 0C 0202 0800 0202 0800 0202 0800", Limits{}},
		{"other tags", "7F66 08 0402 0800 0402 0800", Limits{}},
		{"empty integers", "7F66 04 0200 0200", Limits{}},
		{"long integers", "7F66 0C 0204 00000800 0204 00000800", Limits{}},
		{"no more than a short APDU", "7F66 08 0202 0105 0202 0102", Limits{261, 258}},
		{"less than a channel needs", "7F66 08 0202 0060 0202 0102", Limits{}},
		{"cut", "7F66 08 0202 0800 0202", Limits{}},
		{"padding behind", "7F66 08 0202 0800 0202 0402 0000", Limits{}},
	} {
		if got := parseATRInfo(unhex(t, c.file)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Extended length needs all three: the profile, the card's FCI or EF.ATR/INFO, and a reader that
// does not say no.
func TestExtendedLengths(t *testing.T) {
	t.Parallel()
	const promise = "7F66 08 0202 0800 0202 0402"
	for _, c := range []struct {
		name    string
		profile int // chunk; above 239 the profile plans extended length
		answer  string
		reader  Limits
		want    Lengths
		fci     [2]int // longest data fields where the FCI says more than short ones
	}{
		{"all three", 1007, promise + "9000", Limits{}, Lengths{Chunk: 1007, MaxLc: 2039, MaxLe: 1024, Extended: true}, [2]int{}},
		{"the file ends before Le", 1007, promise + "6282", Limits{}, Lengths{Chunk: 1007, MaxLc: 2039, MaxLe: 1024, Extended: true}, [2]int{}},
		{"reader says so too", 1007, promise + "9000", Limits{65544, 65538}, Lengths{Chunk: 1007, MaxLc: 2039, MaxLe: 1024, Extended: true}, [2]int{}},
		{"reader carries less", 1007, promise + "9000", Limits{600, 600}, Lengths{Chunk: 575, MaxLc: 593, MaxLe: 598, Extended: true}, [2]int{}},
		{"the card answers less", 2000, promise + "9000", Limits{}, Lengths{Chunk: 1007, MaxLc: 2039, MaxLe: 1024, Extended: true}, [2]int{}},
		{"short reader", 1007, promise + "9000", Limits{261, 258}, Lengths{Chunk: 239, MaxLc: 255, MaxLe: 256}, [2]int{}},
		{"no file", 1007, "6A82", Limits{}, Lengths{Chunk: 239, MaxLc: 255, MaxLe: 256}, [2]int{}},
		{"no promise", 1007, "4703 944180 9000", Limits{}, Lengths{Chunk: 239, MaxLc: 255, MaxLe: 256}, [2]int{}},
		{"the profile does not plan it", 239, "", Limits{}, Lengths{Chunk: 239, MaxLc: 255, MaxLe: 256}, [2]int{2048, 2048}},
		{"FCI alone", 1007, "6A82", Limits{}, Lengths{Chunk: 1007, MaxLc: 2048, MaxLe: 4096, Extended: true}, [2]int{2048, 4096}},
		{"FCI says less", 1007, promise + "9000", Limits{}, Lengths{Chunk: 591, MaxLc: 600, MaxLe: 1024, Extended: true}, [2]int{600, 4096}},
		{"FCI alone, short reader", 1007, "6A82", Limits{261, 258}, Lengths{Chunk: 239, MaxLc: 255, MaxLe: 256}, [2]int{2048, 4096}},
	} {
		card, s, _ := scripted(t)
		p := *card.Profile
		p.Chunk, p.Quirks.ExtendedLength = c.profile, c.profile > shortChunk
		card.Profile, card.Transport = &p, limited{s, c.reader}
		if c.answer != "" {
			s.lines = [][2]string{{"00B0810000", c.answer}}
		}
		if err := card.readExtended(context.Background()); err != nil || s.at != len(s.lines) {
			t.Errorf("%s: after %d commands: %v", c.name, s.at, err)
		}
		l := Look{MaxLc: 255, MaxLe: 256}
		if c.fci[0] > 0 {
			l.MaxLc, l.MaxLe = c.fci[0], c.fci[1]
		}
		if got := card.Lengths(l); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

type limited struct {
	*script
	limits Limits
}

func (l limited) Limits() Limits { return l.limits }

// FuzzATRInfo: what is believed is what stands there, and what cannot be read promises nothing.
func FuzzATRInfo(f *testing.F) {
	f.Add(unhex(f, "7F66 08 0202 0800 0202 0402"))
	f.Add(unhex(f, "4703 9441E0 7F66 0A 0203 010000 0203 010000"))
	f.Add(unhex(f, "7F66 82 FFFF 0202"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l := parseATRInfo(b)
		if l == (Limits{}) {
			return
		}
		if l.Command < leastData || l.Answer < leastData || l.Command > maxExtended || l.Answer > maxExtended {
			t.Fatalf("%X gives %v", b, l)
		}
		// The same promise written anew is read as the same.
		again := []byte{0x7F, 0x66, 8, 2, 2, 0, 0, 2, 2, 0, 0}
		binary.BigEndian.PutUint16(again[5:], uint16(l.Command))
		binary.BigEndian.PutUint16(again[9:], uint16(l.Answer))
		if got := parseATRInfo(again); got != l {
			t.Fatalf("%v, written anew %v", l, got)
		}
	})
}
