package magicard

import (
	"context"
	"fmt"

	"blanko/printer"
)

// status asks a KGE2 printer for everything.
func (p *Printer) status(ctx context.Context) (status, error) {
	var s status
	_, err := p.wire.ask(ctx, "REQ,INF", askStatus(), func(text string) (ok bool) {
		s, ok = parseStatus(text)
		return ok
	})
	return s, err
}

// value asks a KEE printer for one value.
func (p *Printer) value(ctx context.Context, key string) (string, error) {
	value := ""
	_, err := p.wire.ask(ctx, key, askKey(key), func(text string) (ok bool) {
		value, ok = parseValue(text, key)
		return ok
	})
	return value, err
}

// reading is what a printer tells of itself, of either format.
type reading struct {
	cards        printer.Known[int] // printed
	position     int                // of the print head
	since, limit printer.Known[int]
	prompt       printer.Known[bool]
	film         string
	lot          printer.Known[string]
	total, left  printer.Known[int]
	major, minor printer.Known[int] // error numbers
}

// read asks for everything. Errors are those of the wire.
func (p *Printer) read(ctx context.Context) (reading, error) {
	if p.model.Format == KGE2 {
		s, err := p.status(ctx)
		if err != nil {
			return reading{}, err
		}
		return s.reading(), nil
	}
	return p.readKeys(ctx, keyCards, keyRibbon, keyPosition, keySince, keyLimit, keyPrompt)
}

// reading of the fields of a status. A film whose length is 0 was not read.
func (s status) reading() reading {
	r := reading{
		cards: s.number(fieldCards), position: s.number(fieldPosition).Value,
		since: s.number(fieldSince), limit: s.number(fieldLimit),
		film: s.text(fieldFilm), major: s.number(fieldMajor), minor: s.number(fieldMinor),
	}
	if uid := s.text(fieldUID); uid != "" {
		r.lot = printer.Know(uid)
	}
	if total, used := s.number(fieldTotal), s.number(fieldUsed); total.Value > 0 {
		r.total = total
		if used.Known {
			r.left = printer.Know(max(total.Value-used.Value, 0))
		}
	}
	return r
}

// readKeys asks a KEE printer for some of its values.
func (p *Printer) readKeys(ctx context.Context, keys ...string) (reading, error) {
	r := reading{position: headDefault}
	for _, key := range keys {
		if p.refused[key] {
			continue
		}
		text, err := p.value(ctx, key)
		if err != nil {
			return reading{}, err
		}
		n := number(text)
		switch key {
		case keyCards:
			r.cards = n
		case keyRibbon:
			if n.Known { // in panels
				r.left = printer.Know(n.Value / len(p.cfg.Ribbon))
			}
		case keyPosition:
			if n.Known {
				r.position = n.Value
			}
		case keySince:
			r.since = n
		case keyLimit:
			r.limit = n
		case keyPrompt:
			if n.Known {
				r.prompt = printer.Know(n.Value != 0)
			}
		}
	}
	return r, nil
}

// count reads what proves a print, and what goes wrong meanwhile.
func (p *Printer) count(ctx context.Context) (reading, error) {
	if p.model.Format == KGE2 {
		return p.read(ctx)
	}
	return p.readKeys(ctx, keyCards)
}

// fits compares the name of the film with the configured one.
func (p *Printer) fits(r reading) printer.Known[bool] {
	if p.cfg.Film == "" || r.film == "" {
		return printer.Known[bool]{}
	}
	return printer.Know(r.film == p.cfg.Film)
}

// cleaningDue is known where the printer tells its counters, or asks for it.
func (r reading) cleaningDue() printer.Known[bool] {
	counted := r.since.Known && r.limit.Value > 0
	if !counted && !r.prompt.Known {
		return printer.Known[bool]{}
	}
	return printer.Know(counted && r.since.Value >= r.limit.Value || r.prompt.Value)
}

// shown is the error that the printer's numbers tell. Numbers that nobody has met yet are of class
// unknown, unless the film is used up besides.
func (p *Printer) shown(r reading) obstacle {
	major, minor := r.major.Value, r.minor.Value
	class, display := p.model.class(major, minor)
	if class == printer.ClassNone {
		return obstacle{}
	}
	raw := fmt.Sprintf("%d/%d", major, minor)
	if display != "" {
		raw += " " + display
	}
	if class == printer.ClassUnknown && spent(r) {
		class = printer.ClassRibbonOut
	}
	return obstacle{class, raw}
}

func spent(r reading) bool { return r.left.Known && r.left.Value == 0 }

// hinders is what keeps a print from beginning; class none: nothing that the printer tells.
func (p *Printer) hinders(r reading) obstacle {
	if o := p.shown(r); o.class != printer.ClassNone {
		return o
	}
	if spent(r) {
		return obstacle{printer.ClassRibbonOut, "0 prints left"}
	}
	if fits := p.fits(r); fits.Known && !fits.Value {
		return obstacle{printer.ClassRibbonWrong, "film " + r.film}
	}
	return obstacle{}
}

func (p *Printer) counters(r reading) printer.Counters {
	return printer.Counters{Prints: r.cards, RibbonLeft: r.left}
}

// Status reads the printer. Card, cover, hopper, trays, busy and temperatures are never known. A KEE
// printer tells no errors: it is known not to be ready when its film is used up, else nothing is
// known of it. An error is one of class comm; a fault that the printer tells stands in the status.
func (p *Printer) Status(ctx context.Context) (printer.Status, error) {
	r, err := p.read(ctx)
	if err != nil {
		return printer.Status{}, commFault("magicard.Status", err)
	}
	st := printer.Status{Counters: p.counters(r)}
	st.Cleaning = printer.Cleaning{Since: r.since, Limit: r.limit, Due: r.cleaningDue()}
	if r.left.Known {
		st.Ribbon = printer.Know(printer.Ribbon{Type: r.film, Total: r.total, Left: r.left, Lot: r.lot, Fits: p.fits(r)})
	}
	o := p.hinders(r)
	if o.class == printer.ClassNone {
		o = p.job
	}
	if r.major.Known || o.class != printer.ClassNone {
		st.Ready = printer.Know(o.class == printer.ClassNone)
	}
	if o.class == printer.ClassNone && st.Cleaning.Due.Value {
		o = obstacle{printer.ClassCleaningDue, fmt.Sprintf("%d cards since the last cleaning", r.since.Value)}
	}
	st.Error, st.Raw = o.class, o.raw
	return st, nil
}

// Counters reads what proves a print, and nothing else.
func (p *Printer) Counters(ctx context.Context) (printer.Counters, error) {
	var r reading
	var err error
	if p.model.Format == KGE2 {
		r, err = p.read(ctx)
	} else {
		r, err = p.readKeys(ctx, keyCards, keyRibbon)
	}
	if err != nil {
		return printer.Counters{}, commFault("magicard.Counters", err)
	}
	return p.counters(r), nil
}
