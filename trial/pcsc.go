package trial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"blanko/emulator"
	"blanko/emulator/cable"
	machine "blanko/emulator/printer"
	"blanko/internal/rig"

	"blanko/applet"
	"blanko/applet/pcsc"
	"blanko/jobs"
)

// service is a PC/SC service with a virtual reader for every line and for the desk. The emulated
// machines keep their encoders; what stands in one lies in its virtual reader, and every APDU of the
// station goes the whole way: scard, libpcsclite, pcscd, the driver and its line.
type service struct {
	private *rig.PCSCD // nil where the readers are somebody else's
	places  map[string]*place
	ctx     context.Context //nolint:containedctx // the life of the readers, not of one call
	stop    context.CancelFunc
	working sync.WaitGroup
}

// place is one virtual reader.
type place struct {
	reader rig.Reader
	slot   *cable.Slot
	gone   time.Time // when the last card left
	way    *metered  // the station's transport; nil: not opened yet

	// measured
	apdus  atomic.Int64
	waited atomic.Int64 // from a command to its answer
	inChip atomic.Int64 // of it in the chip, its own time included
	fresh  atomic.Bool  // the card has not been reset by the station
	cards  atomic.Int64 // that came and were reset
	lost   atomic.Int64 // in the first reset of each: until the service had noticed it
}

// variable names the socket of the service to libpcsclite, which reads it once per process.
const variable = "PCSCLITE_CSOCK_NAME"

// absence is how long a reader stays empty between two cards. pcscd looks every 400 ms; a card that
// comes before it has seen the last one go may never be noticed.
const absence = 500 * time.Millisecond

// openService starts a service with one reader for each name, or takes readers that are there.
func openService(ctx context.Context, names []string, readers []rig.Reader) (_ *service, err error) {
	s := &service{places: map[string]*place{}}
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if readers == nil {
		if s.private, err = rig.StartPCSC(rig.PCSCOptions{Readers: len(names)}); err != nil {
			return s, err
		}
		readers = s.private.Readers()
		if err := os.Setenv(variable, s.private.Socket); err != nil {
			return s, err
		}
	}
	if len(readers) < len(names) {
		return s, fmt.Errorf("%d readers for %d places", len(readers), len(names))
	}
	for i, name := range names {
		s.places[name] = &place{reader: readers[i], slot: cable.Plug(s.ctx, readers[i].Addr)}
	}
	return s, nil
}

// Close takes the cards out and ends a service of its own.
func (s *service) Close() error {
	s.stop()
	s.working.Wait()
	var all []error
	for _, p := range s.places {
		if p.way != nil {
			all = append(all, p.way.Close())
		}
		p.slot.Close()
	}
	if s.private != nil {
		all = append(all, s.private.Stop())
	}
	return errors.Join(all...)
}

// line joins the encoder of a machine to its virtual reader and gives the station's transport.
func (s *service) line(ctx context.Context, l *emulator.Line) (applet.Transport, error) {
	return s.join(l).open(ctx)
}

// join lays what stands in the encoder of a machine into its virtual reader.
func (s *service) join(l *emulator.Line) *place {
	p := s.places[l.Name]
	s.working.Go(func() { p.follow(s.ctx, l.Machine) })
	return p
}

// follow puts what stands in the machine's encoder into the reader, and takes out what has left.
func (p *place) follow(ctx context.Context, m *machine.Machine) {
	field := m.Reader()
	inside := -1
	for {
		changed := m.Changed()
		stay, there := field.Stay()
		if inside >= 0 && (!there || stay != inside) {
			p.take()
			inside = -1
		}
		if there && inside < 0 {
			if !p.lay(ctx, &standing{field: field, stay: stay, there: field.Stay}) {
				return
			}
			inside = stay
			continue // it may have left while the reader had to stay empty
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

func (p *place) take() {
	p.slot.Remove()
	p.gone = time.Now()
}

// lay puts a card into the reader; false: the context has ended.
func (p *place) lay(ctx context.Context, c *standing) bool {
	empty := time.NewTimer(time.Until(p.gone.Add(absence)))
	defer empty.Stop()
	select {
	case <-empty.C:
	case <-ctx.Done():
		return false
	}
	p.fresh.Store(true)
	return p.slot.Insert(&measured{c, p}) == nil
}

// open is the station's transport to whatever comes into the reader.
func (p *place) open(ctx context.Context) (applet.Transport, error) {
	if p.way == nil {
		t, err := pcsc.OpenReader(ctx, p.reader.Name)
		if err != nil {
			return nil, err
		}
		p.way = &metered{pcsc.Arrival{Transport: t, Patience: arrival}, p}
	}
	return p.way, nil
}

// arrival is how long a reset waits until a card is noticed: the reader stays empty, and then pcscd
// looks twice at most. The rest is for a busy machine.
const arrival = absence + 2*time.Second

// powered is an emulated reader of a machine or a desk.
type powered interface {
	field
	PowerOff()
}

// standing is a card for as long as it stands where it was found.
type standing struct {
	field powered
	stay  int
	there func() (int, bool)
}

func (s *standing) here() error {
	if n, there := s.there(); !there || n != s.stay {
		return machine.ErrNoCard
	}
	return nil
}

func (s *standing) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	if err := s.here(); err != nil {
		return nil, err
	}
	return s.field.Transmit(ctx, capdu)
}

func (s *standing) Reset(ctx context.Context) ([]byte, error) {
	if err := s.here(); err != nil {
		return nil, err
	}
	atr, err := s.field.Reset(ctx)
	if gone := s.here(); gone != nil {
		return nil, gone
	}
	return atr, err
}

func (s *standing) PowerOff() { s.field.PowerOff() }

// names are the places of a demo: its lines, and the desk.
func names(lines []jobs.LineID) []string {
	var out []string
	for _, id := range lines {
		out = append(out, string(id))
	}
	return append(slices.Clip(out), deskName)
}

// desk lays the card that lies on the world's desk into the desk's virtual reader and gives the
// transport, and what takes the card out again.
func (s *service) desk(ctx context.Context, d *emulator.Desk) (from applet.Transport, lift func(), err error) {
	p := s.places[deskName]
	if from, err = p.open(ctx); err != nil {
		return nil, nil, err
	}
	p.take() // a mute card that was lifted from the desk by hand
	always := func() (int, bool) { return 0, true }
	if !p.lay(ctx, &standing{field: d.Reader(), there: always}) {
		return nil, nil, ctx.Err()
	}
	return from, p.take, nil
}
