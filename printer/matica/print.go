package matica

import (
	"context"
	"fmt"
	"strings"

	"blanko/printer"
)

const opPrint = "matica.Print"

// sheet is one side as it is sent.
type sheet struct {
	panels []command
	mask   byte
}

// Print prints the panels on film and presses it on the card inside, feeding one when there is none.
// It returns when the card stands where it must: inside where the capabilities say HoldAfterPrint.
// Yellow, magenta and cyan are sent together; a side or a black panel without ink is left out.
//
// Errors: of kind Invalid where the panels do not fit this printer (printer.face_size_wrong,
// printer.panels_unsupported, printer.nothing_to_print; nothing was sent). Of kind Device before the
// first byte of a panel, of kind InDoubt after it, both with the code of their class:
// printer.ClassOf tells it. Never repeat a print that is in doubt. What may have stayed on the film
// never comes to the next card: the film is wound on before it.
func (p *Printer) Print(ctx context.Context, job printer.Panels) error {
	const op = opPrint
	front, back, err := p.prepare(job)
	if err != nil {
		return err
	}
	if err := p.load(ctx, front.mask == 0); err != nil {
		return device(err)
	}
	last := transferAndEject
	if p.cfg.HoldAfterPrint {
		last = transferAndReturn
	}
	type run struct {
		side     sheet
		transfer command
	}
	var runs []run
	switch {
	case back.mask == 0:
		runs = []run{{front, last}}
	case front.mask == 0:
		runs = []run{{back, last}}
	default:
		runs = []run{{front, transferAndFlip}, {back, last}}
	}
	begun := false
	for _, r := range runs {
		began, err := p.lay(ctx, r.side, r.transfer)
		begun = begun || began
		switch {
		case err != nil && begun:
			return inDoubt(err)
		case err != nil:
			return device(err)
		}
	}
	want := printer.PositionNone
	if p.cfg.HoldAfterPrint {
		want = printer.PositionPrint
	}
	if err := p.arrived(ctx, op, want); err != nil {
		return inDoubt(err)
	}
	return nil
}

// lay sends the panels of one side, prints them on film and presses the film on the card. began tells
// that bytes of a panel may have reached the printer.
func (p *Printer) lay(ctx context.Context, s sheet, transfer command) (began bool, err error) {
	const op = opPrint
	for _, c := range s.panels {
		now, err := p.make(ctx, op, c, forPrint)
		began = began || now
		if err != nil {
			return began, err
		}
	}
	p.fresh = false
	err = p.do(ctx, op, printPanels(s.mask), forPrint)
	if waits(printer.ClassOf(err)) {
		// Refused, because a roller or the head is too hot or too cold. Nothing reaches the card before
		// the transfer: on a fresh frame of the film the panels are printed anew.
		if err = p.do(ctx, op, move(atPrint, withFilm), forPrint); err == nil {
			err = p.do(ctx, op, printPanels(s.mask), forPrint)
		}
	}
	if err == nil {
		err = p.do(ctx, op, transfer, forPrint)
	}
	p.fresh = err == nil
	return true, err
}

// load looks whether a print can begin and brings a card under the head, the back up where the front
// stays blank, so that what can go wrong goes wrong before a panel is sent.
func (p *Printer) load(ctx context.Context, flipped bool) error {
	const op = opPrint
	if err := stopped(ctx, op); err != nil {
		return err
	}
	if err := p.usable(ctx, op); err != nil {
		return err
	}
	if _, err := p.readInk(ctx, op); err != nil {
		return err
	}
	if p.supply.class != printer.ClassNone {
		return printer.Fault(p.supply.class).At(op, fmt.Errorf("not mended yet: %w", &told{code: p.supply.code}))
	}
	if err := p.settled(ctx, op, forPrint); err != nil {
		return err
	}
	if err := p.drifted(ctx, op, p.cfg.Settings); err != nil {
		return err
	}
	flags := byte(0)
	if flipped {
		flags = withFlip
	}
	return p.bring(ctx, op, printer.PositionPrint, flags)
}

// prepare turns panels into commands. Nothing is sent before all of them stand.
func (p *Printer) prepare(job printer.Panels) (front, back sheet, err error) {
	const op = opPrint
	if g, own := job.Geometry, p.caps.Geometry; g.Columns != own.Columns || g.Rows != own.Rows {
		return sheet{}, sheet{}, printer.FaceSizeWrong.At(op, nil).With("geometry", "%d x %d dots, the panels have %d x %d", g.Columns, g.Rows, own.Columns, own.Rows)
	}
	if front, err = p.side("front", job.Front, p.front); err != nil {
		return sheet{}, sheet{}, err
	}
	if job.Back != nil {
		if !p.caps.TwoSided {
			return sheet{}, sheet{}, printer.PanelsUnsupported.At(op, nil).With("back", "this printer prints one side")
		}
		if back, err = p.side("back", *job.Back, p.back); err != nil {
			return sheet{}, sheet{}, err
		}
	}
	if front.mask == 0 && back.mask == 0 {
		return sheet{}, sheet{}, printer.NothingToPrint.At(op, nil)
	}
	return front, back, nil
}

// blank tells a dye or black panel without ink: a ribbon need not have it.
func blank(p printer.Panel) bool {
	if strings.IndexByte(dyes+"K", p.Letter) < 0 {
		return false
	}
	for _, v := range p.Dots {
		if v != 0 {
			return false
		}
	}
	return true
}

// dyes are the panels that go together.
const dyes = "YMC"

// side makes the commands of one side, whose panels stand in the order of the ribbon.
func (p *Printer) side(field string, side printer.Side, ribbon string) (sheet, error) {
	const op = opPrint
	g := p.caps.Geometry
	rasters, inked := map[byte][]byte{}, map[byte]bool{}
	rest := ribbon
	for _, panel := range side.Panels {
		at := strings.IndexByte(rest, panel.Letter)
		if at < 0 && !blank(panel) {
			return sheet{}, printer.PanelsUnsupported.At(op, nil).With(field, "panel %q is not on the ribbon or not in its order", panel.Letter)
		}
		if at < 0 {
			continue
		}
		rest = rest[at+1:]
		depth := levels
		if panel.Letter == 'K' {
			depth = 2
		}
		if panel.Levels != depth {
			return sheet{}, printer.PanelsUnsupported.At(op, nil).With(field, "panel %q has %d levels, not %d", panel.Letter, panel.Levels, depth)
		}
		if len(panel.Dots) != g.Columns*g.Rows {
			return sheet{}, printer.FaceSizeWrong.At(op, nil).With(field, "panel %q has %d dots, not %d", panel.Letter, len(panel.Dots), g.Columns*g.Rows)
		}
		out, used := raster(panel.Dots, depth == 2, p.model.Turned)
		if int(used) >= depth {
			return sheet{}, printer.PanelsUnsupported.At(op, nil).With(field, "panel %q has dots over its %d levels", panel.Letter, depth)
		}
		rasters[panel.Letter], inked[panel.Letter] = out, used != 0
	}
	var s sheet
	if inked['Y'] || inked['M'] || inked['C'] {
		for _, letter := range []byte(dyes) {
			if rasters[letter] == nil {
				rasters[letter] = make([]byte, g.Columns*g.Rows)
			}
			s.panels = append(s.panels, sendPanel(letter, rasters[letter]))
		}
		s.mask |= printYMC
	}
	if inked['K'] {
		s.panels = append(s.panels, sendPanel('K', rasters['K']))
		s.mask |= printK
	}
	return s, nil
}
