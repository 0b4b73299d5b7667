package matica

import (
	"context"

	"blanko/printer"
)

// Status reads the printer. Never known: how much of ribbon and film is left, the fill of the trays,
// degrees, panels printed. An error is one of class comm; a fault that the printer tells stands in
// the status.
func (p *Printer) Status(ctx context.Context) (printer.Status, error) {
	const op = "matica.Status"
	code, err := p.sense(ctx, op)
	if err != nil {
		return printer.Status{}, err
	}
	var st printer.Status
	class := code.Class()
	// One code at a time: what it does not say is known only of a printer that says that all is well.
	switch {
	case code == 0:
		st.Cover, st.Hopper = printer.Know(true), printer.Know(printer.LevelCards)
	case class == printer.ClassCoverOpen:
		st.Cover = printer.Know(false)
	case code == codeNoCards:
		st.Hopper = printer.Know(printer.LevelEmpty)
	}
	st.Busy = printer.Know(waits(class))

	if st.Card, err = tells(p.Position(ctx)); err != nil {
		return printer.Status{}, err
	}
	if st.Ribbon, err = tells(p.ribbon(ctx, op)); err != nil {
		return printer.Status{}, err
	}
	counts, err := tells(know(p.Counts(ctx)))
	if err != nil {
		return printer.Status{}, err
	}
	if counts.Known {
		st.Counters = p.evidence(counts.Value)
		st.Cleaning = p.cleaning(counts.Value)
	}
	settings, err := tells(know(p.Settings(ctx)))
	if err != nil {
		return printer.Status{}, err
	}
	if settings.Known {
		st.Film = filmOf(settings.Value)
	}

	st.Error, st.Raw = p.worst(code, st)
	fits := true
	for name, want := range p.cfg.Settings {
		fits = fits && settings.Known && settings.Value[name] == want
	}
	st.Ready = printer.Know(fits && code == 0 && (st.Error == printer.ClassNone || st.Error == printer.ClassCleaningDue))
	return st, nil
}

// tells turns a read that the printer refuses now into one that is not known. An error of the link
// stays.
func tells[T any](k printer.Known[T], err error) (printer.Known[T], error) {
	if printer.ClassOf(err) == printer.ClassComm {
		return printer.Known[T]{}, err
	}
	if err != nil {
		return printer.Known[T]{}, nil
	}
	return k, nil
}

func know[T any](v T, err error) (printer.Known[T], error) { return printer.Know(v), err }

// worst is the fault to be told of those that stand together: what a person must do first comes
// first.
func (p *Printer) worst(code Code, st printer.Status) (printer.Class, string) {
	class := code.Class()
	switch {
	case class == printer.ClassCoverOpen:
	case p.stuck.class != printer.ClassNone:
		return p.stuck.class, p.stuck.code.String()
	case st.Card == printer.Know(printer.PositionUnknown):
		return printer.ClassCardPosition, "position"
	case waits(class):
	case p.supply.class != printer.ClassNone:
		return p.supply.class, p.supply.code.String()
	case code == codeNoCards:
		// With a card inside an empty hopper hinders nothing yet.
		if st.Card.Known && st.Card.Value != printer.PositionNone {
			class = printer.ClassNone
		}
	}
	switch {
	case class != printer.ClassNone:
		return class, code.String()
	case st.Cleaning.Due.Value:
		return printer.ClassCleaningDue, "clean counter"
	}
	return printer.ClassNone, ""
}

// ribbon is known when its page tells a type that this family has.
func (p *Printer) ribbon(ctx context.Context, op string) (printer.Known[printer.Ribbon], error) {
	r, err := p.readInk(ctx, op)
	if err != nil {
		return printer.Known[printer.Ribbon]{}, err
	}
	ink, ok := inks[r.ink]
	if !ok || r.total == 0 {
		return printer.Known[printer.Ribbon]{}, nil
	}
	out := printer.Ribbon{Type: ink.name, Total: printer.Know(r.total), Fits: printer.Know(ink.front == p.caps.Panels)}
	if r.lot != "" {
		out.Lot = printer.Know(r.lot)
	}
	return printer.Know(out), nil
}

// cleaning compares the counter with the interval. Where that is not known, nothing is ever due.
func (p *Printer) cleaning(c Counts) printer.Cleaning {
	out := printer.Cleaning{Since: printer.Know(c.Clean)}
	limit := p.cfg.CleaningEvery
	if limit == 0 {
		limit = p.model.Cleaning
	}
	if limit > 0 {
		out.Limit, out.Due = printer.Know(limit), printer.Know(c.Clean >= limit)
	}
	return out
}
