package magicard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"blanko/printer"
)

// Print prints the panels on the next card of the hopper and returns when the printer's count of
// printed cards says that it is done. The card leaves into the output tray.
//
// A page has yellow, magenta and cyan together or none of them: a dye without ink is sent as an
// empty plane where another has some. A page that has an overlay alone gets an empty black plane,
// since firmware feeds no card without a plane (filter). The overlay must be one rectangle, less
// one rectangular hole at most.
//
// Errors: of kind Invalid where the panels do not fit this printer (printer.face_size_wrong,
// printer.panels_unsupported, printer.nothing_to_print; nothing was sent). Of kind Device before
// the first byte of a panel, of kind InDoubt after it, both with the code of their class:
// printer.ClassOf tells it. Never repeat a print that is in doubt. After an error the printer may
// still hold the job: nothing is printed before Clear.
func (p *Printer) Print(ctx context.Context, job printer.Panels) error {
	const op = "magicard.Print"
	sides, err := p.check(job)
	if err != nil {
		return err
	}
	before, err := p.load(ctx)
	if err != nil {
		return device(err)
	}
	pages := p.pack(sides, before.position)
	t := topic{model: p.model, firmware: p.caps.Firmware, at: p.cfg.Now()}
	if len(pages) > 1 {
		t.back = &pages[1]
	}
	begun := false
	p.unsure = true
	for i, page := range pages {
		if err := p.send(ctx, pageHead(t.header(page, i+1)), page, &begun); err != nil {
			p.job = obstacle{printer.ClassComm, "the job was broken off"}
			if err = commFault(op, err); !begun {
				return device(err)
			}
			return inDoubt(err)
		}
	}
	if err := p.printed(ctx, before); err != nil {
		p.job = obstacle{printer.ClassOf(err), "the job did not end well"}
		if p.job.class == printer.ClassComm {
			p.sent = &before
		}
		return inDoubt(err)
	}
	p.unsure = false
	return nil
}

// send writes one page. begun tells that bytes of a plane may be out.
func (p *Printer) send(ctx context.Context, head []byte, pg page, begun *bool) error {
	if err := p.wire.send(ctx, head); err != nil {
		return err
	}
	for i, l := range pg.planes {
		*begun = true
		if err := p.wire.send(ctx, append(l.data, planeTail(l.letter, i == len(pg.planes)-1)...)); err != nil {
			return err
		}
	}
	return nil
}

// load looks whether a print can begin.
func (p *Printer) load(ctx context.Context) (reading, error) {
	const op = "magicard.Print"
	if err := ctx.Err(); err != nil {
		return reading{}, commFault(op, err)
	}
	if p.job.class != printer.ClassNone {
		return reading{}, printer.Fault(p.job.class).At(op, errors.New("not cleared since "+p.job.raw))
	}
	r, err := p.read(ctx)
	if err == nil && p.unsure {
		// The way out may have been blocked when the printer was cleared, and not every printer tells.
		if err = p.wire.send(ctx, command(eject)); err == nil {
			r, err = p.awake(ctx)
		}
	}
	if err != nil {
		return r, commFault(op, err)
	}
	if o := p.hinders(r); o.class != printer.ClassNone {
		return r, printer.Fault(o.class).At(op, errors.New(o.raw))
	}
	if !r.cards.Known {
		return r, printer.Fault(printer.ClassUnknown).At(op, errors.New("the printer does not tell how many cards it has printed"))
	}
	return r, nil
}

// printed waits until the printer has counted one card more. A printer that says nothing meanwhile
// is asked again: it may answer only when it is done.
func (p *Printer) printed(ctx context.Context, before reading) error {
	const op = "magicard.Print"
	var last error
	for waited := time.Duration(0); waited < p.wire.times.Print; waited += p.wire.times.Poll {
		now, err := p.count(ctx)
		last = err
		switch {
		case err != nil && !silent(err):
			return commFault(op, err)
		case err != nil:
			waited += tries * p.wire.times.Reply
		case now.cards == printer.Know(before.cards.Value+1):
			return nil
		case now.cards != before.cards:
			return printer.Fault(printer.ClassUnknown).At(op, fmt.Errorf("the count of cards went from %d to %d", before.cards.Value, now.cards.Value))
		default:
			if o := p.shown(now); o.class != printer.ClassNone {
				return printer.Fault(o.class).At(op, errors.New(o.raw))
			}
		}
		if err := p.cfg.Sleep(ctx, p.wire.times.Poll); err != nil {
			return commFault(op, err)
		}
	}
	if last == nil {
		// A KEE printer tells no errors, but perhaps what it lacks.
		now, err := p.read(ctx)
		if last = err; err == nil {
			if o := p.hinders(now); o.class != printer.ClassNone {
				return printer.Fault(o.class).At(op, errors.New(o.raw))
			}
		}
	}
	if last != nil {
		return commFault(op, last)
	}
	return printer.Fault(printer.ClassUnknown).At(op, errors.New("the count of cards does not show the print"))
}

// side is one side that was found good, before the head's position is known.
type side struct {
	panels   map[byte][]byte
	overcoat overcoat
	coated   bool
}

// inked tells whether a side asks for anything.
func (s side) inked() bool { return len(s.panels) > 0 || s.coated }

// check looks at every panel before anything is sent. The back is left out where nothing is on it.
func (p *Printer) check(job printer.Panels) ([]side, error) {
	const op = "magicard.Print"
	if g := job.Geometry; g.Columns != Columns || g.Rows != Rows {
		return nil, printer.FaceSizeWrong.At(op, nil).With("geometry", "%d x %d dots, the panels have %d x %d", g.Columns, g.Rows, Columns, Rows)
	}
	front, err := checkSide("front", job.Front, p.front)
	if err != nil {
		return nil, err
	}
	sides := []side{front}
	if job.Back != nil {
		if !p.caps.TwoSided {
			return nil, printer.PanelsUnsupported.At(op, nil).With("back", "this printer prints one side")
		}
		back, err := checkSide("back", *job.Back, p.back)
		if err != nil {
			return nil, err
		}
		if back.inked() {
			sides = append(sides, back)
		}
	}
	if !slices.ContainsFunc(sides, side.inked) {
		return nil, printer.NothingToPrint.At(op, nil)
	}
	return sides, nil
}

// checkSide takes the panels of one side, which stand in the order of the ribbon, and leaves out
// those without ink.
func checkSide(field string, s printer.Side, ribbon string) (side, error) {
	const op = "magicard.Print"
	out := side{panels: map[byte][]byte{}}
	for _, panel := range s.Panels {
		at := strings.IndexByte(ribbon, panel.Letter)
		if at < 0 {
			return side{}, printer.PanelsUnsupported.At(op, nil).With(field, "panel %q is not on the ribbon or not in its order", panel.Letter)
		}
		ribbon = ribbon[at+1:]
		levels := 1 << bitsOf(panel.Letter)
		if panel.Letter == 'O' {
			levels = 2
		}
		if panel.Levels != levels {
			return side{}, printer.PanelsUnsupported.At(op, nil).With(field, "panel %q has %d levels, the printer has %d", panel.Letter, panel.Levels, levels)
		}
		if len(panel.Dots) != Columns*Rows {
			return side{}, printer.FaceSizeWrong.At(op, nil).With(field, "panel %q has %d dots, not %d", panel.Letter, len(panel.Dots), Columns*Rows)
		}
		used := inkOf(panel.Dots)
		if int(used) >= levels {
			return side{}, printer.PanelsUnsupported.At(op, nil).With(field, "panel %q has dots over its %d levels", panel.Letter, levels)
		}
		switch {
		case used == 0:
		case panel.Letter == 'O':
			var fits bool
			if out.overcoat, out.coated, fits = overcoatOf(panel.Dots); !fits {
				return side{}, printer.PanelsUnsupported.At(op, nil).With(field, "the overlay is not one area less one hole")
			}
		default:
			out.panels[panel.Letter] = panel.Dots
		}
	}
	return out, nil
}

// inkOf is the bitwise or of all dots.
func inkOf(dots []byte) (used byte) {
	blank := bytes.Count(dots, []byte{0})
	switch {
	case blank == len(dots):
		return 0
	case blank+bytes.Count(dots, []byte{1}) == len(dots):
		return 1
	}
	for _, v := range dots {
		used |= v
	}
	return used
}

// pack makes the planes of every side for a print head at the given position.
func (p *Printer) pack(sides []side, position int) []page {
	pages := make([]page, len(sides))
	for i, s := range sides {
		pages[i] = page{overcoat: s.overcoat, coated: s.coated}
		l := p.model.layoutOf(position, i > 0)
		color := s.panels['Y'] != nil || s.panels['M'] != nil || s.panels['C'] != nil
		for _, letter := range planeLetters {
			dots := s.panels[letter.panel]
			if letter.panel == 'K' && dots == nil && color || letter.panel != 'K' && !color {
				continue
			}
			bits := bitsOf(letter.panel)
			size := p.model.Format.planeBytes(bits)
			data := make([]byte, size, size+len(planeTail('K', true)))
			l.pack(data, dots, bits)
			pages[i].planes = append(pages[i].planes, plane{letter.plane, data})
		}
	}
	return pages
}
