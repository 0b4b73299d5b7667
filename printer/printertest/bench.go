package printertest

import (
	"context"
	"testing"

	"blanko/printer"
)

// Bench is an opened printer with a person standing beside it. The printer is closed, has a
// ribbon, nothing inside and Cards blanks in its hopper. An act that a bench cannot do is nil;
// the cases that need it are skipped.
type Bench struct {
	Printer printer.Printer // a printer.Path too, where the family is one
	Cards   int             // blanks in the hopper, at least 5

	Hopper  Act // take all blanks out; put them back
	Cover   Act // open; close
	Output  Act // block the output tray; empty it
	Ribbon  Act // take the ribbon out; fit it again
	Wrong   Act // fit a ribbon that does not fit; fit the right one
	Spent   Act // fit a ribbon without a print left; fit a good one
	Jam     Act // the next movement jams; the person takes out what sticks
	Lost    Act // the next movement ends where no sensor sees the card; the person takes it out
	Cleaned Act // make the cleaning due; clean by hand, nil where Path.Clean does it
	Power   Act // cut the power; switch it on again

	// Says names what the printer tells in place of a class that it cannot tell apart; nil: it tells
	// every class.
	Says map[printer.Class]printer.Class
	// Letters are the panels of the suite's jobs, with little ink, but for those that show that a print is
	// exact; empty: all that the printer has.
	Letters string
	// OnWire is the panel of such a job within which a transfer is struck, counted among those that go to
	// the printer dot by dot; 0: the second.
	OnWire int
	// Overlay draws an overlay panel that the printer can lay; nil: it lays any.
	Overlay func(printer.Geometry) []byte

	// SpentAt lets the ribbon end while panel n of the next print is laid, from 1.
	SpentAt func(n int)
	// JamAt lets the card stick while panel n of the next print is laid, from 1.
	JamAt func(n int)
	// LoseAnswer lets the answer to the next movement get lost; the movement itself is made.
	LoseAnswer func()
	// DuringPanel calls f once, while panel n of the next print is on its way to the printer.
	DuringPanel func(n int, f func())

	// The truth about the cards.
	Fed   func() int // blanks that have left the hopper
	Trays func() (output, reject []Card)
	// Inside is the card in the path; false when there is none.
	Inside func() (Card, bool)
}

// Act is something that a person brings about, and takes back.
type Act struct{ Do, Undo func() }

// Card is a card body and what was laid on it.
type Card struct {
	Serial      string
	Front, Back []Layer
}

// Layer is one panel as it lies on the card, landscape, top row first.
type Layer struct {
	Letter byte // 'Y' 'M' 'C' 'K' 'O'
	Levels int
	Dots   func() []byte // Columns x Rows
}

// wire is the panel of the suite's job within which a transfer is struck.
func (b Bench) wire() int {
	if b.OnWire > 0 {
		return b.OnWire
	}
	return 2
}

// path is the printer as a Path, or the case is skipped.
func (b Bench) path(t *testing.T) printer.Path {
	t.Helper()
	p, ok := b.Printer.(printer.Path)
	if !ok {
		t.Skip("the host does not own the card's way")
	}
	return p
}

// says is the class that the printer tells of a trouble.
func (b Bench) says(c printer.Class) printer.Class {
	if other, ok := b.Says[c]; ok {
		return other
	}
	return c
}

// clear lets the printer get over an error after the person acted, by what it offers for that.
func (b Bench) clear(t *testing.T) {
	t.Helper()
	c, ok := b.Printer.(interface{ Clear(context.Context) error })
	if !ok {
		return
	}
	if err := c.Clear(t.Context()); err != nil {
		t.Fatalf("clear: %v", err)
	}
}

// can skips a case that needs an act this bench cannot do.
func can(t *testing.T, acts ...bool) {
	t.Helper()
	for _, able := range acts {
		if !able {
			t.Skip("this bench cannot do it")
		}
	}
}

// station is where a card is brought to: the encoder where there is one.
func (b Bench) station() printer.Position {
	if b.Printer.Capabilities().Contactless {
		return printer.PositionContactless
	}
	return printer.PositionPrint
}

func (b Bench) status(t *testing.T) printer.Status {
	t.Helper()
	st, err := b.Printer.Status(t.Context())
	if err != nil {
		t.Fatalf("status: %v", err)
	}
	return st
}
