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
	way    *metered // the station's transport; nil: not opened yet

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
	s.working.Go(func() { p.slot.Follow(s.ctx, l.Machine.Reader(), l.Machine.Changed, p.laid) })
	return p
}

// laid is a card whose stay and time are counted.
func (p *place) laid(c cable.Chip) cable.Chip {
	p.fresh.Store(true)
	return &measured{c, p}
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
const arrival = cable.Absence + 2*time.Second

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
	p.slot.Remove() // a mute card that was lifted from the desk by hand
	if err := p.slot.Lay(ctx, p.laid(d.Reader())); err != nil {
		return nil, nil, err
	}
	return from, p.slot.Remove, nil
}
