package magicard

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawn is an overlay panel of an area less some holes, dot by dot.
func drawn(a area, holes ...area) []byte {
	in := func(r area, x, y int) bool { return x >= r[0] && x <= r[2] && y >= r[1] && y <= r[3] }
	dots := make([]byte, Columns*Rows)
	for i := range dots {
		x, y := i%Columns, Rows-1-i/Columns
		if in(a, x, y) && !slices.ContainsFunc(holes, func(h area) bool { return in(h, x, y) }) {
			dots[i] = 1
		}
	}
	return dots
}

// The holes that the filter offers, and what cannot be told to a printer.
func TestOvercoatOf(t *testing.T) {
	t.Parallel()
	chip, stripe := area{90, 295, 260, 450}, area{0, 420, 1015, 590}
	for name, v := range map[string]struct {
		dots       []byte
		area, hole string
		laid, fits bool
	}{
		"whole":          {drawn(whole), "0,0,1015,641", "", true, true},
		"chip":           {drawn(whole, chip), "0,0,1015,641", "90,295,260,450", true, true},
		"stripe":         {drawn(whole, stripe), "0,0,1015,641", "0,420,1015,590", true, true},
		"own area":       {drawn(area{20, 30, 40, 50}), "20,30,40,50", "", true, true},
		"free corner":    {drawn(whole, area{0, 0, 9, 9}), "0,0,1015,641", "0,0,9,9", true, true},
		"free edge":      {drawn(whole, area{0, 0, 1015, 9}), "0,10,1015,641", "", true, true},
		"one dot":        {drawn(area{7, 8, 7, 8}), "7,8,7,8", "", true, true},
		"nothing":        {make([]byte, Columns*Rows), "0,0,0,0", "", false, true},
		"two holes":      {drawn(whole, chip, area{600, 10, 700, 20}), "0,0,1015,641", "", true, false},
		"a dot in a gap": {drawn(whole, area{1, 1, 5, 5}, area{4, 4, 9, 9}), "0,0,1015,641", "", true, false},
	} {
		o, laid, fits := overcoatOf(v.dots)
		hole := ""
		if o.holed {
			hole = o.hole.String()
		}
		if laid != v.laid || fits != v.fits || o.area.String() != v.area || hole != v.hole {
			t.Errorf("%s: %v %q, laid %v, fits %v", name, o.area, hole, laid, fits)
		}
	}
}

// What is told to the printer draws the panel that was asked for.
func TestOvercoatProperty(t *testing.T) {
	t.Parallel()
	any := rapid.Custom(func(t *rapid.T) area {
		l, b := rapid.IntRange(0, Columns-1).Draw(t, "l"), rapid.IntRange(0, Rows-1).Draw(t, "b")
		return area{l, b, rapid.IntRange(l, Columns-1).Draw(t, "r"), rapid.IntRange(b, Rows-1).Draw(t, "t")}
	})
	rapid.Check(t, func(t *rapid.T) {
		dots := drawn(any.Draw(t, "area"), rapid.SliceOfN(any, 0, 2).Draw(t, "holes")...)
		o, laid, fits := overcoatOf(dots)
		if !fits {
			return
		}
		var again []byte
		switch {
		case !laid:
			again = make([]byte, Columns*Rows)
		case o.holed:
			again = drawn(o.area, o.hole)
		default:
			again = drawn(o.area)
		}
		if !slices.Equal(again, dots) {
			t.Fatalf("%+v draws something else", o)
		}
	})
}
