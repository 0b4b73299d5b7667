package emulator

import (
	"context"
	"sync"
	"time"

	"blanko/emulator/chip"
	"blanko/emulator/printer"
)

// handTime is how long a person takes to place a card by hand.
const handTime = 5 * time.Second

// Desk is a reader on a table on which a person lays cards.
type Desk struct {
	Name  string
	Clock *Clock

	cards spoiler
	mu    sync.Mutex
	card  *printer.Plastic
	known map[*printer.Plastic]bool
	laid  int
	visit int
}

func newDesk(name string, clock *Clock) *Desk {
	return &Desk{Name: name, Clock: clock, known: map[*printer.Plastic]bool{}}
}

// Lay puts a card on the reader. printer.ErrTooMany when one lies there, printer.ErrElsewhere
// when the card is not in a hand.
func (d *Desk) Lay(ctx context.Context, p *printer.Plastic) error {
	if err := d.Clock.Spend(ctx, handTime); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.card != nil {
		return printer.ErrTooMany
	}
	if err := p.Give(d.place(), d.chipTime); err != nil {
		return err
	}
	d.card = p
	d.known[p] = true
	d.visit++
	d.laid++
	d.cards.meet(d.laid, p)
	return nil
}

// Lift takes the card into the hand; nil when none lies there.
func (d *Desk) Lift() *printer.Plastic {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.card
	if p == nil {
		return nil
	}
	if p.Chip != nil {
		p.Chip.PowerOff()
	}
	d.card = nil
	d.visit++
	_ = p.Take(d.place())
	return p
}

func (d *Desk) place() printer.Place {
	return printer.Place{At: printer.AtReader, Holder: d.Name}
}

func (d *Desk) chipTime(t time.Duration) { _ = d.Clock.Spend(context.Background(), t) }

func (d *Desk) field() (*printer.Plastic, int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.card == nil {
		return nil, 0, printer.ErrNoCard
	}
	return d.card, d.visit, nil
}

// audit compares the reader with what the cards say.
func (d *Desk) audit() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var wrong []string
	for p := range d.known {
		if on, says := p == d.card, p.Place() == d.place(); on != says {
			wrong = append(wrong, "card "+p.Serial+" says "+p.Place().String()+"; reader "+d.Name+" disagrees")
		}
	}
	return wrong
}

// DeskReader reaches the chip of the card that lies on the desk. One caller.
type DeskReader struct {
	d      *Desk
	visit  int
	closed bool
}

// Reader opens the desk reader. The card has no power until Reset.
func (d *Desk) Reader() *DeskReader { return &DeskReader{d: d, visit: -1} }

// Reset switches the field off and on and returns the ATR.
func (r *DeskReader) Reset(ctx context.Context) ([]byte, error) {
	c, visit, err := r.chip()
	if err != nil {
		return nil, err
	}
	atr, err := c.Reset(ctx)
	if err != nil {
		return nil, err
	}
	r.visit = visit
	return atr, nil
}

// Transmit carries one APDU; errors as those of printer.Reader.
func (r *DeskReader) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	c, visit, err := r.chip()
	if err != nil {
		return nil, err
	}
	if visit != r.visit {
		return nil, printer.ErrCardReset
	}
	rapdu, err := c.Transmit(ctx, capdu)
	if _, now, gone := r.d.field(); gone != nil || now != visit {
		return nil, printer.ErrNoCard
	}
	return rapdu, err
}

func (r *DeskReader) chip() (*chip.Card, int, error) {
	if r.closed {
		return nil, 0, printer.ErrReaderClosed
	}
	p, visit, err := r.d.field()
	if err != nil {
		return nil, 0, err
	}
	c := p.InField()
	if c == nil {
		return nil, 0, chip.ErrMute
	}
	return c, visit, nil
}

// PowerOff takes the field away from the card that was reset last, if it still lies there.
func (r *DeskReader) PowerOff() {
	if c, visit, err := r.chip(); err == nil && visit == r.visit {
		c.PowerOff()
	}
}

// Close gives the reader back; the card loses its power.
func (r *DeskReader) Close() error {
	r.PowerOff()
	r.closed = true
	return nil
}
