package printertest

import (
	"bytes"
	"testing"

	"blanko/printer"
)

// side makes a side whose panels differ from one another and from themselves turned or
// mirrored. shift makes sides differ.
func side(g printer.Geometry, letters string, shift int) printer.Side {
	var s printer.Side
	for _, letter := range []byte(letters) {
		p := printer.Panel{Letter: letter, Levels: g.Levels, Dots: make([]byte, g.Columns*g.Rows)}
		if letter == 'K' || letter == 'O' {
			p.Levels = 2
		}
		for y := range g.Rows {
			for x := range g.Columns {
				v := x/3 + 2*y/5 + int(letter) + shift
				if p.Levels == 2 {
					v = (7*x + 3*y + int(letter) + shift) / 11
				}
				p.Dots[y*g.Columns+x] = byte(v % p.Levels)
			}
		}
		// A corner of its own makes a turned picture show.
		for y := range g.Rows / 4 {
			clear(p.Dots[y*g.Columns : y*g.Columns+g.Columns/3])
		}
		s.Panels = append(s.Panels, p)
	}
	return s
}

// job is a print of the panels that the printer has.
func (b Bench) job() printer.Panels {
	c := b.Printer.Capabilities()
	return printer.Panels{Job: "conformance", Geometry: c.Geometry, Front: side(c.Geometry, c.Panels, 0)}
}

// compare finds every panel of a side on the card: black and overlay to the dot, dyes within
// one level of full ink.
func compare(t *testing.T, what string, g printer.Geometry, want printer.Side, got []Layer) {
	t.Helper()
	if len(got) != len(want.Panels) {
		t.Errorf("%s: %d panels on the card, want %d", what, len(got), len(want.Panels))
	}
	for _, p := range want.Panels {
		var l *Layer
		for i := range got {
			if got[i].Letter == p.Letter {
				l = &got[i]
			}
		}
		switch {
		case l == nil:
			t.Errorf("%s: no %c on the card", what, p.Letter)
		case len(l.Dots) != g.Columns*g.Rows:
			t.Errorf("%s: %c has %d dots, want %d", what, p.Letter, len(l.Dots), g.Columns*g.Rows)
		case p.Levels == 2:
			if i := differs(p.Dots, l.Dots); i >= 0 {
				t.Errorf("%s: %c differs at column %d, row %d", what, p.Letter, i%g.Columns, i/g.Columns)
			}
		default:
			dyeWithin(t, what, g, p, l)
		}
	}
}

func differs(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}

func dyeWithin(t *testing.T, what string, g printer.Geometry, p printer.Panel, l *Layer) {
	t.Helper()
	for i, v := range p.Dots {
		// Both scaled to the card's own levels.
		want := (int(v)*(l.Levels-1) + (p.Levels-1)/2) / (p.Levels - 1)
		if d := want - int(l.Dots[i]); d < -1 || d > 1 {
			t.Errorf("%s: %c at column %d, row %d is %d of %d, want %d", what, p.Letter, i%g.Columns, i/g.Columns, l.Dots[i], l.Levels-1, want)
			return
		}
	}
}
