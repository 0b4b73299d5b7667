package pcsc

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
)

// process is what one process has of the service. libpcsclite finds the service's socket once per
// process, so there is one.
type process struct {
	establish func() (session, error)
	// entry is held while a session is made and asked for the first time. A service that hangs holds
	// the one caller in it, and not a goroutine for every try.
	entry chan struct{}

	// table is held while libpcsclite's table of the readers is read, which all contexts share.
	table   sync.Mutex
	lookout *lookout

	mu     sync.Mutex
	owners map[string]*owner // by reader name; also of those that are stuck
}

func newProcess(establish func() (session, error)) *process {
	p := &process{establish: establish, entry: make(chan struct{}, 1), owners: map[string]*owner{}}
	p.lookout = newLookout(p)
	return p
}

var theProcess = newProcess(establish)

// How long the service may take. It answers within a millisecond; systemd starts it in less than a
// second when its socket is touched.
const servicePatience = 5 * time.Second

// List tells the readers that are plugged in now, by name. Without the service it is fault code
// pcsc.no_service.
func List(ctx context.Context) ([]Reader, error) { return theProcess.readers(ctx) }

func (p *process) readers(ctx context.Context) ([]Reader, error) {
	const op = "pcsc.List"
	ctx, stop := context.WithTimeout(ctx, servicePatience)
	defer stop()
	type result struct {
		readers []Reader
		err     error
	}
	done := make(chan result, 1)
	go func() {
		s, readers, err := p.enter(ctx)
		if err == nil {
			_ = s.release() // nothing is lost with it
		}
		done <- result{readers, err}
	}()
	select {
	case r := <-done:
		return r.readers, serviceFault(op, r.err)
	case <-ctx.Done():
		return nil, serviceFault(op, ctx.Err())
	}
}

// enter makes a session and asks it for its readers. It may block as long as the service hangs.
func (p *process) enter(ctx context.Context) (session, []Reader, error) {
	select {
	case p.entry <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	defer func() { <-p.entry }()
	s, err := p.establish()
	if err != nil {
		return nil, nil, err
	}
	readers, err := p.look(s, nil)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = s.release() // the first error is told
		return nil, nil, err
	}
	return s, readers, nil
}

// look lists the readers of a session with what lies in them, by name. Those seen before are not
// asked for their serial number again.
func (p *process) look(s session, before []Reader) ([]Reader, error) {
	states, err := p.states(s)
	if err != nil {
		return nil, err
	}
	var readers []Reader
	for _, st := range states {
		r := readerOf(st.name).see(st)
		if i := slices.IndexFunc(before, func(o Reader) bool { return o.Name == r.Name && o.moves <= r.moves }); i >= 0 {
			r.Serial, r.told = before[i].Serial, before[i].told
		}
		if r.Serial == "" && !r.told && !r.Busy {
			r.Serial, r.told = serialOf(s, r.Name), true
		}
		readers = append(readers, r)
	}
	slices.SortFunc(readers, func(a, b Reader) int { return strings.Compare(a.Name, b.Name) })
	return readers, nil
}

// lookTries are for readers that come or go between being listed and being looked at.
const lookTries = 3

func (p *process) states(s session) ([]readerState, error) {
	p.table.Lock()
	defer p.table.Unlock()
	var err error
	for range lookTries {
		var names []string
		if names, err = s.list(); err != nil || len(names) == 0 {
			return nil, err
		}
		var states []readerState
		for _, name := range names {
			states = append(states, readerState{name: name})
		}
		err = s.states(states)
		if err == nil {
			return slices.DeleteFunc(states, func(st readerState) bool { return st.now&(flagUnknown|flagUnavailable) != 0 }), nil
		}
		if !errors.Is(err, unknownReader) && !errors.Is(err, readerUnavailable) {
			return nil, err
		}
	}
	return nil, err
}

// status tells whether the service still sees a card at a connection, and its ATR.
func (p *process) status(h handle) (present bool, atr []byte, err error) {
	p.table.Lock()
	defer p.table.Unlock()
	return h.status()
}

// serialNumber is SCARD_ATTR_VENDOR_IFD_SERIAL_NO (PC/SC part 3, table 3-2).
const serialNumber = 0x00010103

// serialOf asks a reader whose name holds no serial number; empty where it does not tell.
func serialOf(s session, reader string) string {
	h, err := s.connect(reader, direct)
	if err != nil {
		return ""
	}
	defer h.disconnect(leaveCard) //nolint:errcheck // nothing was done to a card
	b, err := h.attribute(serialNumber)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(strings.TrimRight(string(b), "\x00"))
}

// serviceFault is an error of the service as a whole.
func serviceFault(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case !available && errors.Is(err, serviceAbsent):
		return NotBuilt.At(op, nil)
	case errors.Is(err, accessDenied):
		return NotAllowed.At(op, err)
	case errors.Is(err, context.Canceled):
		return err
	default:
		return NoService.At(op, err)
	}
}
