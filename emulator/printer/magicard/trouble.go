package magicard

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"blanko/emulator/printer"
)

// trouble is an error that the printer shows.
type trouble struct {
	major, minor int
	problem      printer.Problem // that a person can mend, which ends it; empty: only a reset does
}

// Errors of a job itself.
var (
	errCut        = errors.New("the job was cut inside a plane")
	errBadPlane   = errors.New("a plane has a wrong size or letter")
	errBadHeader  = errors.New("the header does not fit the printer")
	errSecondPage = errors.New("the second page is missing")
)

// numbers of every error. They are the emulator's own: no public source tells those of the vendor.
var numbers = []struct {
	cause        error
	major, minor int
	problem      printer.Problem
	always       bool // shown without a job, too
}{
	{printer.ErrCoverOpen, 1, 1, printer.ProblemCover, true},
	{printer.ErrHopperEmpty, 2, 1, printer.ProblemHopperEmpty, false},
	{printer.ErrJam, 3, 1, printer.ProblemJam, true},
	{printer.ErrCardLost, 3, 2, printer.ProblemCardLost, true},
	{printer.ErrRibbonMissing, 4, 1, printer.ProblemRibbonGone, true},
	{printer.ErrRibbonWrong, 4, 2, printer.ProblemRibbonWrong, true},
	{printer.ErrRibbonOut, 4, 3, printer.ProblemRibbonOut, false},
	{printer.ErrOutputFull, 5, 1, printer.ProblemOutputFull, false},
	{errCut, 6, 1, "", false},
	{errBadPlane, 6, 2, "", false},
	{errBadHeader, 6, 3, "", false},
	{errSecondPage, 6, 4, "", false},
	{printer.ErrInterrupted, 7, 1, "", false},
}

// otherMajor is the number of every error that has no row.
const otherMajor = 9

func troubleOf(err error) *trouble {
	for _, n := range numbers {
		if errors.Is(err, n.cause) {
			return &trouble{n.major, n.minor, n.problem}
		}
	}
	return &trouble{major: otherMajor}
}

// shows is the error that the printer shows now: what ended the last job, while it lasts, else
// what anybody sees who looks at the machine.
func (d *Device) shows() (major, minor int) {
	stand := d.m.Problems()
	d.mu.Lock()
	defer d.mu.Unlock()
	if t := d.trouble; t != nil {
		if t.problem == "" || slices.Contains(stand, t.problem) {
			return t.major, t.minor
		}
		d.trouble = nil
	}
	for _, n := range numbers {
		// A card that moves is nowhere, too.
		if n.always && slices.Contains(stand, n.problem) && (n.problem != printer.ProblemCardLost || d.cancel == nil) {
			return n.major, n.minor
		}
	}
	return 0, 0
}

// fail shows an error, until a reset where nothing in the world stands behind it. A printer without
// power shows none.
func (d *Device) fail(err error) {
	if errors.Is(d.m.Online(), printer.ErrPowerOff) || errors.Is(err, context.Canceled) {
		return
	}
	t := troubleOf(err)
	if !slices.Contains(d.m.Problems(), t.problem) {
		t.problem = ""
	}
	d.mu.Lock()
	d.trouble = t
	d.mu.Unlock()
}

// refuse is a job that the printer cannot read.
func (d *Device) refuse(cause error, format string, args ...any) {
	d.find("%v: %s", cause, fmt.Sprintf(format, args...))
	d.fail(cause)
}
