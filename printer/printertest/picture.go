package printertest

import (
	"bytes"
	"sync"
	"testing"

	"blanko/printer"
)

// pattern names a panel of the suite.
type pattern struct {
	printer.Geometry
	letter byte
	shift  int
}

// patterns keeps the dots of panels that were drawn, by pattern.
var patterns sync.Map

// side makes a side whose panels differ from one another and from themselves turned or
// mirrored. shift makes sides differ.
func side(g printer.Geometry, letters string, shift int) printer.Side {
	var s printer.Side
	for _, letter := range []byte(letters) {
		p := pattern{g, letter, shift}
		if letter == 'K' || letter == 'O' {
			p.Levels = 2
		}
		dots, drawn := patterns.Load(p)
		if !drawn {
			dots, _ = patterns.LoadOrStore(p, p.draw())
		}
		s.Panels = append(s.Panels, printer.Panel{Letter: letter, Levels: p.Levels, Dots: bytes.Clone(dots.([]byte))})
	}
	return s
}

func (p pattern) draw() []byte {
	dots := make([]byte, p.Columns*p.Rows)
	for y := range p.Rows {
		for x := range p.Columns {
			v := x/3 + 2*y/5 + int(p.letter) + p.shift
			if p.Levels == 2 {
				v = (7*x + 3*y + int(p.letter) + p.shift) / 11
			}
			dots[y*p.Columns+x] = byte(v % p.Levels)
		}
	}
	// A corner of its own makes a turned picture show.
	for y := range p.Rows / 4 {
		clear(dots[y*p.Columns : y*p.Columns+p.Columns/3])
	}
	return dots
}

// job is a print of the suite.
func (b Bench) job() printer.Panels {
	if b.Letters != "" {
		return b.panels(b.Letters)
	}
	return b.whole()
}

// whole is a print of all panels that the printer has.
func (b Bench) whole() printer.Panels { return b.panels(b.Printer.Capabilities().Panels) }

func (b Bench) panels(letters string) printer.Panels {
	c := b.Printer.Capabilities()
	front := side(c.Geometry, letters, 0)
	for i, p := range front.Panels {
		if p.Letter == 'O' && b.Overlay != nil {
			front.Panels[i].Dots = b.Overlay(c.Geometry)
		}
	}
	return printer.Panels{Job: "conformance", Geometry: c.Geometry, Front: front}
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
	if l.Levels == p.Levels && bytes.Equal(l.Dots, p.Dots) {
		return
	}
	for i, v := range p.Dots {
		// Both scaled to the card's own levels.
		want := (int(v)*(l.Levels-1) + (p.Levels-1)/2) / (p.Levels - 1)
		if d := want - int(l.Dots[i]); d < -1 || d > 1 {
			t.Errorf("%s: %c at column %d, row %d is %d of %d, want %d", what, p.Letter, i%g.Columns, i/g.Columns, l.Dots[i], l.Levels-1, want)
			return
		}
	}
}
