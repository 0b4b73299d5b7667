package desk

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"blanko/applet"
	"blanko/applet/pcsc"
	"blanko/keys/sam"
)

// PCSC are the readers of the operating system. Which slot holds the SAM is found by asking the cards: a
// SAM names itself. The holder's card lies in the first other reader, one with a card before one without.
type PCSC struct {
	Only []string // whole names of the readers of this desk; empty: every one

	mu  sync.Mutex
	sam string // name of the reader where the SAM was found
}

var _ Readers = (*PCSC)(nil)

// found are the readers of now, by what they are for; empty: there is none.
type found struct {
	card, sam pcsc.Reader
	status    sam.Status
}

// look finds the SAM and the reader beside it. Callers hold the mutex.
func (p *PCSC) look(ctx context.Context) (f found, err error) {
	list, err := pcsc.List(ctx)
	if err != nil {
		return f, err
	}
	list = slices.DeleteFunc(list, func(r pcsc.Reader) bool { return len(p.Only) > 0 && !slices.Contains(p.Only, r.Name) })
	for _, known := range []bool{true, false} { // the reader where it was before comes first: no other card is asked
		for _, r := range list {
			if f.sam.Name != "" || (r.Name == p.sam) != known || !r.Card || r.Mute {
				continue
			}
			if st, is := isSAM(ctx, r.Name); is {
				f.sam, f.status = r, st
			}
		}
	}
	p.sam = f.sam.Name
	for _, r := range list {
		if r.Name != f.sam.Name && (f.card.Name == "" || r.Card && !f.card.Card) {
			f.card = r
		}
	}
	return f, nil
}

// isSAM asks the card in a reader.
func isSAM(ctx context.Context, reader string) (st sam.Status, is bool) {
	t, err := pcsc.OpenReader(ctx, reader)
	if err != nil {
		return st, false
	}
	defer t.Close() //nolint:errcheck // it was only asked
	if _, err := t.Reset(ctx); err != nil {
		return st, false
	}
	s, err := sam.Open(ctx, t, nil)
	if err == nil {
		st, err = s.Status(ctx)
	}
	return st, err == nil
}

// Look says how reader and SAM are.
func (p *PCSC) Look(ctx context.Context) []Device {
	p.mu.Lock()
	defer p.mu.Unlock()
	reader, module := Device{Kind: CardReader}, Device{Kind: SAM}
	f, err := p.look(ctx)
	if err != nil {
		reader.Missing, module.Missing = say(err), say(SAMMissing.At("desk.Look", nil))
		return []Device{reader, module}
	}
	if reader.Name, reader.Serial, reader.Card, reader.Present = f.card.Model, f.card.Serial, f.card.Card, f.card.Name != ""; !reader.Present {
		reader.Missing = say(ReaderMissing.At("desk.Look", nil))
	}
	if module.Name, module.Serial, module.Present = f.sam.Model, f.sam.Serial, f.sam.Name != ""; module.Present {
		module.Uses, module.Until = f.status.Uses, f.status.Until.Format(time.DateOnly)
	} else {
		module.Missing = say(SAMMissing.At("desk.Look", nil))
	}
	return []Device{reader, module}
}

// Open opens the SAM, then the holder's card.
func (p *PCSC) Open(ctx context.Context) (card, module applet.Transport, err error) {
	const op = "desk.Open"
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := p.look(ctx)
	switch {
	case err != nil:
		return nil, nil, err
	case f.sam.Name == "":
		return nil, nil, SAMMissing.At(op, nil)
	case f.card.Name == "":
		return nil, nil, ReaderMissing.At(op, nil)
	case !f.card.Card:
		return nil, nil, pcsc.NoCard.At(op, nil)
	}
	s, err := pcsc.OpenReader(ctx, f.sam.Name)
	if err != nil {
		return nil, nil, err
	}
	if _, err := s.Reset(ctx); err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	c, err := pcsc.OpenReader(ctx, f.card.Name)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return pcsc.Arrival{Transport: c}, s, nil
}
