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
	bands  bool
}

// patterns keeps the dots of panels that were drawn, by pattern.
var patterns sync.Map

// side makes a side whose panels differ from one another and from themselves turned or
// mirrored. shift makes sides differ. The dots are shared: who changes them clones them first.
func side(g printer.Geometry, letters string, shift int) printer.Side {
	return drawn(g, letters, shift, false)
}

// bands makes one with ink along two edges alone, for a suite that has little time for each dot.
func bands(g printer.Geometry, letters string) printer.Side { return drawn(g, letters, 0, true) }

func drawn(g printer.Geometry, letters string, shift int, bands bool) printer.Side {
	var s printer.Side
	for _, letter := range []byte(letters) {
		p := pattern{g, letter, shift, bands}
		if letter == 'K' || letter == 'O' {
			p.Levels = 2
		}
		dots, drawn := patterns.Load(p)
		if !drawn {
			dots, _ = patterns.LoadOrStore(p, p.draw())
		}
		s.Panels = append(s.Panels, printer.Panel{Letter: letter, Levels: p.Levels, Dots: dots.([]byte)})
	}
	return s
}

// bandRows is the width of a band.
const bandRows = 8

func (p pattern) draw() []byte {
	dots := make([]byte, p.Columns*p.Rows)
	for y := range p.Rows {
		if p.bands && y >= bandRows && y < p.Rows-bandRows {
			continue
		}
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
	c := b.Printer.Capabilities()
	if b.Letters == "" {
		return b.whole()
	}
	return b.overlaid(bands(c.Geometry, b.Letters))
}

// whole is a print of all panels that the printer has.
func (b Bench) whole() printer.Panels {
	c := b.Printer.Capabilities()
	return b.overlaid(side(c.Geometry, c.Panels, 0))
}

// overlaid is a job of one side, with an overlay that the printer can lay.
func (b Bench) overlaid(front printer.Side) printer.Panels {
	c := b.Printer.Capabilities()
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
		if l == nil {
			t.Errorf("%s: no %c on the card", what, p.Letter)
			continue
		}
		dots := l.Dots()
		switch {
		case len(dots) != g.Columns*g.Rows:
			t.Errorf("%s: %c has %d dots, want %d", what, p.Letter, len(dots), g.Columns*g.Rows)
		case p.Levels == 2:
			if i := differs(p.Dots, dots); i >= 0 {
				t.Errorf("%s: %c differs at column %d, row %d", what, p.Letter, i%g.Columns, i/g.Columns)
			}
		default:
			dyeWithin(t, what, g, p, l.Levels, dots)
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

func dyeWithin(t *testing.T, what string, g printer.Geometry, p printer.Panel, levels int, dots []byte) {
	t.Helper()
	if levels == p.Levels && bytes.Equal(dots, p.Dots) {
		return
	}
	for i, v := range p.Dots {
		// Both scaled to the card's own levels.
		want := (int(v)*(levels-1) + (p.Levels-1)/2) / (p.Levels - 1)
		if d := want - int(dots[i]); d < -1 || d > 1 {
			t.Errorf("%s: %c at column %d, row %d is %d of %d, want %d", what, p.Letter, i%g.Columns, i/g.Columns, dots[i], levels-1, want)
			return
		}
	}
}
