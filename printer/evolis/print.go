package evolis

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"blanko/printer"
)

// download is a panel ready for the wire, from ESC to the filling behind CR.
type download struct {
	command command // its name, for errors
	frame   []byte
}

// sheet is what one print sends.
type sheet struct {
	front, back []download // no panel without ink; back is nil for one side
}

func (s sheet) panels() int { return len(s.front) + len(s.back) }

// sides counts the printed sides, as the ribbon's counter does.
func (s sheet) sides() int {
	n := 0
	for _, side := range [][]download{s.front, s.back} {
		if len(side) > 0 {
			n++
		}
	}
	return n
}

// Print prints the panels on the card inside, feeding one when there is none (unless OnlyInside), and returns
// when the unit's own counters say that it is done. Panels without ink are left out. The card
// stays inside where the capabilities say HoldAfterPrint.
//
// Errors: of kind Invalid where the panels do not fit this printer (printer.face_size_wrong,
// printer.panels_unsupported, printer.nothing_to_print; nothing was sent). Of kind Device
// before the first byte of a panel, of kind InDoubt after it, both with the code of their
// class: printer.ClassOf tells it. Never repeat a print that is in doubt.
func (p *Printer) Print(ctx context.Context, job printer.Panels) error {
	const op = "evolis.Print"
	s, err := p.prepare(job)
	if err != nil {
		return err
	}
	before, err := p.load(ctx)
	if err != nil {
		return device(err)
	}

	// These come before the first panel byte. Every way out arms the eject, and units may forget
	// a setting by themselves: hold is sent for each card.
	start := []command{sequenceStart, frontFollows}
	if p.holds() {
		start = slices.Insert(start, 0, holdAfterPrint)
	}
	for _, c := range start {
		if err := p.do(ctx, op, c); err != nil {
			return device(err)
		}
	}
	for _, d := range s.front {
		if err := p.send(ctx, op, d.command, d.frame); err != nil {
			return inDoubt(op, err)
		}
	}
	if len(s.back) > 0 {
		if err := p.do(ctx, op, backFollows); err != nil {
			return inDoubt(op, err)
		}
	}
	for _, d := range s.back {
		if err := p.send(ctx, op, d.command, d.frame); err != nil {
			return inDoubt(op, err)
		}
	}
	err = p.do(ctx, op, sequenceEnd)
	if err != nil && (printer.ClassOf(err) != printer.ClassComm || ctx.Err() != nil) {
		return inDoubt(op, err)
	}
	answered := err == nil
	if !answered && !before.panels.Known {
		return inDoubt(op, err)
	}
	if err := p.printed(ctx, before, s, answered); err != nil {
		return inDoubt(op, err)
	}
	return nil
}

// counted is a reading of the counters that prove a print.
type counted struct{ panels, left printer.Known[int] }

func (s *survey) count() counted {
	c := counted{panels: s.number(readPanels)}
	if !s.p.refused[readRibbonTotal.text] {
		c.left = s.number(readRibbonLeft)
	}
	return c
}

// load looks whether a print can begin and brings a card under the head, so that what can go
// wrong goes wrong before a panel is sent.
func (p *Printer) load(ctx context.Context) (counted, error) {
	const op = "evolis.Print"
	if err := stopped(ctx, op); err != nil {
		return counted{}, err
	}
	if err := p.usable(ctx, op); err != nil {
		return counted{}, err
	}
	s := &survey{p: p, ctx: ctx}
	s.cover()
	left, _ := s.supply()
	before := counted{s.number(readPanels), left}
	if s.fatal != nil {
		return counted{}, s.fatal
	}
	if class, raw := worst(s.told); class != printer.ClassNone {
		return counted{}, printer.Fault(class).At(op, errors.New(raw))
	}
	if p.cfg.OnlyInside {
		if err := p.inside(ctx, op); err != nil {
			return counted{}, err
		}
	}
	if err := p.bring(ctx, op, toPrint, printer.PositionPrint); err != nil {
		return counted{}, err
	}
	return before, nil
}

// inside refuses a print that would feed a card: the movement to the head feeds when none is there.
func (p *Printer) inside(ctx context.Context, op string) error {
	pos, err := p.where(ctx, op)
	if err == nil && pos == printer.PositionNone {
		err = printer.Fault(printer.ClassCardPosition).At(op, errors.New("the card to print on is not inside"))
	}
	return err
}

// printed waits until the unit's counters show the print and the card stands where it must.
// The panel counter is proof by itself, also when the end of the job was not answered in time.
// Units may count panels otherwise than they were sent: then the ribbon's counter bears out an
// end that was answered. Alone it proves nothing, since a side takes its ribbon with the first
// panel. Where neither can be read, the answered end has to do.
func (p *Printer) printed(ctx context.Context, before counted, s sheet, answered bool) error {
	const op = "evolis.Print"
	hold := p.holds()
	for range looks {
		reading := &survey{p: p, ctx: ctx}
		now := reading.count()
		if reading.fatal != nil {
			return reading.fatal
		}
		panels := before.panels.Known && now.panels.Known && now.panels.Value >= before.panels.Value+s.panels()
		ribbon := before.left.Known && now.left.Known && now.left.Value <= before.left.Value-s.sides()
		if panels || answered && (ribbon || !before.panels.Known && !before.left.Known) {
			if !hold {
				return p.until(ctx, op, func(at printer.Position) bool { return at == printer.PositionNone })
			}
			pos, err := p.where(ctx, op)
			if err == nil && pos == printer.PositionNone {
				return printer.Fault(printer.ClassCardPosition).At(op, errors.New("the card left after printing"))
			}
			return err
		}
		if err := p.cfg.Sleep(ctx, look); err != nil {
			return commFault(op, err)
		}
	}
	return printer.Fault(printer.ClassUnknown).At(op, errors.New("the counters do not show the print"))
}

// prepare turns panels into downloads. Nothing is sent before all of them stand.
func (p *Printer) prepare(job printer.Panels) (sheet, error) {
	const op = "evolis.Print"
	if g := job.Geometry; g.Columns != Columns || g.Rows != Rows {
		return sheet{}, printer.FaceSizeWrong.At(op, nil).With("geometry", "%d x %d dots, the panels have %d x %d", g.Columns, g.Rows, Columns, Rows)
	}
	front, err := p.packSide("front", job.Front, p.front)
	if err != nil {
		return sheet{}, err
	}
	s := sheet{front: front}
	if job.Back != nil {
		if !p.caps.TwoSided {
			return sheet{}, printer.PanelsUnsupported.At(op, nil).With("back", "this printer prints one side")
		}
		if s.back, err = p.packSide("back", *job.Back, p.back); err != nil {
			return sheet{}, err
		}
	}
	if s.panels() == 0 {
		return sheet{}, printer.NothingToPrint.At(op, nil)
	}
	return s, nil
}

// packSide packs the panels of one side, which stand in the order of the ribbon.
func (p *Printer) packSide(field string, side printer.Side, ribbon string) ([]download, error) {
	const op = "evolis.Print"
	var out []download
	for _, panel := range side.Panels {
		at := strings.IndexByte(ribbon, panel.Letter)
		if at < 0 {
			return nil, printer.PanelsUnsupported.At(op, nil).With(field, "panel %q is not on the ribbon or not in its order", panel.Letter)
		}
		ribbon = ribbon[at+1:]
		levels := p.cfg.Levels
		if panel.Letter == 'K' || panel.Letter == 'O' {
			levels = 2
		}
		if panel.Levels != levels {
			return nil, printer.PanelsUnsupported.At(op, nil).With(field, "panel %q has %d levels, the printer is set to %d", panel.Letter, panel.Levels, levels)
		}
		if len(panel.Dots) != Columns*Rows {
			return nil, printer.FaceSizeWrong.At(op, nil).With(field, "panel %q has %d dots, not %d", panel.Letter, len(panel.Dots), Columns*Rows)
		}
		frame, name, used := panelFrame(panel.Letter, levels, panel.Dots)
		if int(used) >= levels {
			return nil, printer.PanelsUnsupported.At(op, nil).With(field, "panel %q has dots over its %d levels", panel.Letter, levels)
		}
		if used != 0 {
			out = append(out, download{command{name, done, motion}, frame})
		}
	}
	return out, nil
}

// panelFrame is a panel on the wire: Db with the packed dots, for the two-level panels Dbc
// with their length and the compressed lines; filled to a multiple of 64.
func panelFrame(letter byte, levels int, dots []byte) (frame []byte, name string, used byte) {
	bits := bitsOf[levels]
	head := []byte{escape, 'D', 'b'}
	field := func(s string) { head = append(append(head, separator), s...) }
	data := make([]byte, panelBytes(bits))
	used = pack(data, dots, bits)
	if bits == 1 {
		data = compress(data)
		head = append(head, 'c')
	}
	field(strings.ToLower(string(letter)))
	field(strconv.Itoa(levels))
	name = string(head[1:])
	if bits == 1 {
		field(strconv.Itoa(len(data)))
	}
	head = append(head, separator)
	tail := make([]byte, 1+filling(len(head)+len(data)+1))
	tail[0] = end
	return slices.Concat(head, data, tail), name, used
}
