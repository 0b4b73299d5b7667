package cable

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Chip is a card as a reader's field reaches it. Transmit and Reset are called by one goroutine at
// a time, PowerOff after either has returned. Transmit must not keep the command.
//
// An error of Transmit or Reset whose Timeout method says true is a card that did not answer in
// time: it stays in the reader and is mute. Any other error is a card that is not there any more.
type Chip interface {
	Transmit(ctx context.Context, capdu []byte) (rapdu []byte, err error)
	Reset(ctx context.Context) (atr []byte, err error)
	PowerOff()
}

// Slot is one card slot of vpcd, the virtual reader of the project vsmartcard, in its normal mode:
// vpcd listens, and the card that is inserted dials. Safe for concurrent use.
//
// What a PC/SC program sees: a card that is removed answers a running command with nothing at all;
// a mute card makes it fail (SCARD_E_NOT_TRANSACTED), and a reset helps as soon as pcscd has looked
// for the card again; a card that does not answer its reset is absent.
type Slot struct {
	addr  string
	ctx   context.Context //nolint:containedctx // the life of the slot, not of one call
	close context.CancelFunc

	mu   sync.Mutex
	stay *stay           // nil: the slot is empty
	gone time.Time       // when the last card was taken out
	left <-chan struct{} // closed when the driver has seen the last card go
}

// State is what goes on in a slot.
type State struct {
	Inserted bool  // a card is in it
	Seen     bool  // and the driver has asked for it
	Err      error // why the driver cannot be asked, or the card not be shown to it, at present
}

// Errors of Insert.
var (
	ErrOccupied = errors.New("cable: a card is in the slot already")
	ErrClosed   = errors.New("cable: the slot is closed")
)

// retry is the pause before a slot looks again for a driver that does not listen, or for a card
// that does not answer.
const retry = 100 * time.Millisecond

// Plug makes an empty slot for the vpcd that listens, or will listen, at addr (host:port). It lives
// until Close or until the context ends.
func Plug(ctx context.Context, addr string) *Slot {
	s := &Slot{addr: addr}
	s.ctx, s.close = context.WithCancel(ctx)
	left := make(chan struct{})
	close(left)
	s.left = left
	return s
}

// Insert puts a card into the empty slot and returns at once; pcscd looks for cards every 400 ms.
// A card that was removed before is seen to go first, so that no exchange passes unnoticed.
func (s *Slot) Insert(c Chip) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ctx.Err() != nil:
		return ErrClosed
	case s.stay != nil:
		return ErrOccupied
	}
	st := &stay{slot: s, chip: c, left: make(chan struct{})}
	st.ctx, st.end = context.WithCancel(s.ctx)
	go st.run(s.left)
	s.stay, s.left = st, st.left
	return nil
}

// Remove takes the card out, also in the middle of a command, and switches it off. When it returns
// the slot has no hold on the card any more. An empty slot stays empty.
func (s *Slot) Remove() {
	s.mu.Lock()
	st := s.stay
	s.stay = nil
	if st != nil {
		s.gone = time.Now()
	}
	s.mu.Unlock()
	if st == nil {
		return
	}
	st.end()
	st.use.Lock()
	defer st.use.Unlock()
	st.chip.PowerOff()
}

// Close removes the card, cuts the line and ends the slot's work. Again: nothing.
func (s *Slot) Close() {
	s.close()
	s.Remove()
	s.mu.Lock()
	left := s.left
	s.mu.Unlock()
	<-left
}

// State of the slot now.
func (s *Slot) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stay == nil {
		return State{}
	}
	return State{Inserted: true, Seen: s.stay.seen, Err: s.stay.err}
}

// stay is one card from Insert to Remove.
type stay struct {
	slot *Slot
	chip Chip
	ctx  context.Context //nolint:containedctx // ends with Remove
	end  context.CancelFunc
	left chan struct{}

	use  sync.Mutex // held while the chip is at work
	atr  []byte     // of the last reset; nil: the card has to be activated
	seen bool       // under slot.mu, as err
	err  error
}

// run keeps the card in the driver's reach.
func (st *stay) run(before <-chan struct{}) {
	defer close(st.left)
	<-before
	for st.ctx.Err() == nil {
		if err := st.activate(); err != nil {
			st.wait(err)
			continue
		}
		conn, err := dial(st.ctx, st.slot.addr)
		if err != nil {
			st.wait(err)
			continue
		}
		switch st.serve(conn) {
		case wentMute:
			conn.abort()
		case wentAway:
			st.depart(conn)
		case driverLeft:
			_ = conn.Close() // the driver has left
			st.darken()
			st.wait(errDriverLeft)
		}
	}
}

var errDriverLeft = errors.New("cable: the driver ended the connection")

// wait pauses for a reason, which State shows meanwhile.
func (st *stay) wait(why error) {
	st.note(false, why)
	t := time.NewTimer(retry)
	defer t.Stop()
	select {
	case <-t.C:
	case <-st.ctx.Done():
	}
}

func (st *stay) note(seen bool, err error) {
	st.slot.mu.Lock()
	defer st.slot.mu.Unlock()
	st.seen, st.err = seen, err
}

// activate gives the card power where it has none. A mute card has: it is left as it is until the
// driver resets it.
func (st *stay) activate() error {
	if st.atr != nil {
		return nil
	}
	_, err := st.act(command{reset})
	return err
}

// The ways in which serving a connection ends.
type ending int

const (
	driverLeft ending = iota // the driver closed it
	wentAway                 // the card has left the field
	wentMute                 // the card does not answer
)

// serve answers the driver until the connection or the card is through.
func (st *stay) serve(conn *line) ending {
	over := context.AfterFunc(st.ctx, conn.leave)
	defer over()
	cut := context.AfterFunc(st.slot.ctx, func() { _ = conn.Close() })
	defer cut()
	first := true
	for {
		c, err := conn.read()
		switch {
		case st.ctx.Err() != nil:
			return wentAway
		case err != nil:
			return driverLeft
		case first:
			first = false
			st.note(true, nil)
		}
		reply, err := st.act(c)
		switch {
		case st.ctx.Err() != nil:
			return wentAway
		case err != nil:
			st.note(true, err)
			return how(err)
		case len(reply) > 0:
			if conn.write(reply) != nil {
				return driverLeft
			}
		}
	}
}

// how tells a mute card from one that is gone.
func how(err error) ending {
	var e interface{ Timeout() bool }
	if errors.As(err, &e) && e.Timeout() {
		return wentMute
	}
	return wentAway
}

// act carries out one command of the driver and gives the reply, empty where none is due.
func (st *stay) act(c command) (reply []byte, err error) {
	st.use.Lock()
	defer st.use.Unlock()
	if err := st.ctx.Err(); err != nil {
		return nil, err
	}
	switch {
	case !c.control():
		if reply, err = st.chip.Transmit(st.ctx, c); err == nil && len(reply) == 0 {
			err = errEmptyAnswer
		}
	case c[0] == powerOff:
		st.chip.PowerOff()
	case c[0] == powerOn, c[0] == reset:
		st.atr = nil
		if st.atr, err = st.chip.Reset(st.ctx); err == nil && len(st.atr) == 0 {
			err = errEmptyAnswer
		}
	case c[0] == askATR:
		return st.atr, nil
	default:
		err = errUnknownCommand
	}
	if len(reply) > frameLimit {
		err = errLongAnswer
	}
	return reply, err
}

// darken takes the power from the card.
func (st *stay) darken() {
	st.use.Lock()
	defer st.use.Unlock()
	st.chip.PowerOff()
	st.atr = nil
}
