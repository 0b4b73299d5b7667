package evolis

import (
	"context"
	"errors"
	"slices"
	"strings"

	"blanko/printer"
)

// Limits of the sensors, in volts. The values met are 5,00 and 0,00 of the feeder and the
// cover, 3,92 and 0,17 of near empty, 4,9 and 0,2 of the bezel.
const sensorOn = 1.0

// urgency is the order in which faults that stand together are told: what a person must do
// first comes first.
var urgency = []printer.Class{
	printer.ClassCoverOpen, printer.ClassJam, printer.ClassCardPosition, printer.ClassUnknown,
	printer.ClassRestarted, printer.ClassRibbonGone, printer.ClassRibbonWrong, printer.ClassRibbonOut,
	printer.ClassOutputFull, printer.ClassNoCards, printer.ClassCleaningDue,
}

// survey collects one reading of the printer.
type survey struct {
	p     *Printer
	ctx   context.Context
	told  []obstacle
	last  reply // to the newest read
	fatal error
}

func (s *survey) note(class printer.Class, raw string) {
	if class != printer.ClassNone && class != printer.ClassUnsupported {
		s.told = append(s.told, obstacle{class, raw})
	}
}

// ask reads; false when the unit does not tell. A fault in the answer is noted.
func (s *survey) ask(c command) (reply, bool) {
	if s.fatal != nil || s.p.refused[c.text] {
		return "", false
	}
	r, err := s.p.wire.ask(s.ctx, c)
	s.last = r
	switch {
	case errors.Is(err, errUnfit):
		return "", false
	case err != nil:
		s.fatal = commFault("evolis.Status", err)
		return "", false
	case c == readRibbonEnd && r.trouble() == printer.ClassUnknown:
		s.note(printer.ClassRibbonOut, c.text+" "+string(r)) // any fault here is the end mark
		return r, false
	case r.trouble() != printer.ClassNone:
		s.note(r.trouble(), string(r))
		return r, false
	}
	return r, true
}

func (s *survey) number(c command) printer.Known[int] {
	r, ok := s.ask(c)
	if !ok {
		return printer.Known[int]{}
	}
	n, _ := r.number()
	return printer.Know(n)
}

func (s *survey) sensor(c command) printer.Known[bool] {
	r, ok := s.ask(c)
	if !ok {
		return printer.Known[bool]{}
	}
	v, _ := r.volts()
	return printer.Know(v > sensorOn)
}

// cover tells whether it is closed.
func (s *survey) cover() printer.Known[bool] {
	closed := s.sensor(readCover)
	if closed.Known && !closed.Value {
		s.note(printer.ClassCoverOpen, readCover.text+" "+string(s.last))
	}
	return closed
}

// position is known when the unit tells it, a card whose place it does not know included.
func (s *survey) position() printer.Known[printer.Position] {
	r, ok := s.ask(readPosition)
	if !ok && r == "" {
		return printer.Known[printer.Position]{}
	}
	pos, ok := r.position()
	if !ok {
		return printer.Known[printer.Position]{}
	}
	if pos == printer.PositionNone && s.p.model.Bezel {
		if at := s.sensor(readBezel); at.Known && at.Value {
			pos = printer.PositionExit
		}
	}
	return printer.Know(pos)
}

// hopper needs the near-empty sensor only to tell low from enough.
func (s *survey) hopper(card printer.Known[printer.Position]) printer.Known[printer.Level] {
	cards := s.sensor(readFeeder)
	switch {
	case !cards.Known:
		return printer.Known[printer.Level]{}
	case !cards.Value:
		// With a card inside an empty hopper hinders nothing yet.
		if card.Known && card.Value == printer.PositionNone {
			s.note(printer.ClassNoCards, readFeeder.text+" "+string(s.last))
		}
		return printer.Know(printer.LevelEmpty)
	}
	if low := s.sensor(readNearEmpty); low.Known && low.Value {
		return printer.Know(printer.LevelLow)
	}
	return printer.Know(printer.LevelCards)
}

// boxes reads the one sensor of output and reject box: with room both have it, when full it
// does not tell which, and the output is the one to look at.
func (s *survey) boxes() (output, reject printer.Known[printer.Level]) {
	r, ok := s.ask(readOutput)
	switch {
	case !ok:
	case r.is("CARD"):
		s.note(printer.ClassOutputFull, readOutput.text+" "+string(r))
		output = printer.Know(printer.LevelFull)
	default:
		output = printer.Know(printer.LevelRoom)
		if s.p.caps.RejectTray {
			reject = output
		}
	}
	return output, reject
}

// supply reads what a print needs to know of the ribbon, and notes what hinders one.
func (s *survey) supply() (left printer.Known[int], fits printer.Known[bool]) {
	if !s.p.refused[readRibbonTotal.text] {
		left = s.number(readRibbonLeft)
		if zone, ok := s.ask(readRibbonZone); ok && s.p.zone != "" {
			fits = printer.Know(strings.EqualFold(string(zone), s.p.zone))
			if !fits.Value {
				s.note(printer.ClassRibbonWrong, readRibbonZone.text+" "+string(zone))
			}
		}
	}
	s.ask(readRibbonEnd)
	if left.Known && left.Value == 0 {
		s.note(printer.ClassRibbonOut, readRibbonLeft.text+" 0")
	}
	return left, fits
}

// ribbon is known when its tag was read.
func (s *survey) ribbon() printer.Known[printer.Ribbon] {
	var r printer.Ribbon
	if !s.p.refused[readRibbonTotal.text] {
		r.Total = s.number(readRibbonTotal)
	}
	r.Left, r.Fits = s.supply()
	if !r.Total.Known && !r.Left.Known {
		return printer.Known[printer.Ribbon]{}
	}
	r.Type = s.p.ribbon
	return printer.Know(r)
}

// Status reads the printer by its text reads. Busy, film and temperatures are never known:
// there is no read for them. An error is one of class comm; a fault that the printer tells
// stands in the status.
func (p *Printer) Status(ctx context.Context) (printer.Status, error) {
	s := &survey{p: p, ctx: ctx}
	var st printer.Status
	st.Cover = s.cover()
	st.Card = s.position()
	st.Hopper = s.hopper(st.Card)
	st.Output, st.Reject = s.boxes()
	st.Ribbon = s.ribbon()
	if r, ok := s.ask(readCleaning); ok || r.trouble() == printer.ClassCleaningDue {
		st.Cleaning.Due = printer.Know(!ok)
	}
	st.Counters = printer.Counters{Cards: s.number(readCards), Panels: s.number(readPanels)}
	if st.Ribbon.Known {
		st.Counters.RibbonLeft = st.Ribbon.Value.Left
	}
	empty := st.Hopper.Known && st.Hopper.Value == printer.LevelEmpty
	if s.fatal == nil {
		restarted, err := p.restarted(ctx)
		if err != nil {
			s.fatal = err
		}
		if restarted {
			s.note(printer.ClassRestarted, readErrorMode.text)
		}
	}
	if s.fatal != nil {
		return printer.Status{}, s.fatal
	}
	s.note(p.stuck.class, p.stuck.raw)
	st.Error, st.Raw = worst(s.told)

	left := printer.Known[int]{}
	if st.Ribbon.Known {
		left = st.Ribbon.Value.Left
	}
	if st.Cover.Known && st.Hopper.Known && (left.Known || p.refused[readRibbonTotal.text]) {
		fine := st.Error == printer.ClassNone || st.Error == printer.ClassCleaningDue
		st.Ready = printer.Know(fine && !p.unset && st.Cover.Value && !empty)
	} else if st.Error != printer.ClassNone && st.Error != printer.ClassCleaningDue {
		st.Ready = printer.Know(false)
	}
	return st, nil
}

// worst is the fault to be told of those that stand together.
func worst(told []obstacle) (printer.Class, string) {
	for _, class := range urgency {
		if i := slices.IndexFunc(told, func(o obstacle) bool { return o.class == class }); i >= 0 {
			return class, told[i].raw
		}
	}
	if len(told) > 0 {
		return told[0].class, told[0].raw
	}
	return printer.ClassNone, ""
}

// Position reads the card sensor alone.
func (p *Printer) Position(ctx context.Context) (printer.Known[printer.Position], error) {
	s := &survey{p: p, ctx: ctx}
	pos := s.position()
	return pos, s.fatal
}

// Counters reads what proves a feed or a print, and nothing else.
func (p *Printer) Counters(ctx context.Context) (printer.Counters, error) {
	s := &survey{p: p, ctx: ctx}
	n := s.count()
	c := printer.Counters{Cards: s.number(readCards), Panels: n.panels, RibbonLeft: n.left}
	return c, s.fatal
}
