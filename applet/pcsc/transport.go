package pcsc

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"blanko/applet"
	"blanko/fault"
)

var _ interface {
	applet.Transport
	applet.Limiter
} = (*Transport)(nil)

// Transport is the card in one reader, for this program alone. After an error nothing is sent until
// a Reset; a Reset also finds the reader again by its binding when it, or the service, was away.
// One caller; Close may come from another goroutine.
//
// Errors have a code of this room. Beneath it stands what it means for the card:
// applet.card_removed, applet.card_reset, applet.card_mute, applet.no_application or applet.reader_away (fault.Is).
// The error of a context that ended before anything was sent is that context's own.
type Transport struct {
	p    *process
	pick choice

	mu     sync.Mutex // on owner and closed
	owner  *owner
	closed bool

	reader  Reader
	limits  Limits
	powered bool // reset, and no error since
}

// Open binds a transport to the reader that b means among those that are plugged in now. Two that it
// cannot tell apart are fault code pcsc.reader_ambiguous: give a serial number, or calibrate with a
// Watcher. The card has no power before Reset; it may come later (WaitCard).
func Open(ctx context.Context, b Binding) (*Transport, error) {
	if err := b.Check(); err != nil {
		return nil, err
	}
	return theProcess.open(ctx, func(_ context.Context, readers []Reader) (Reader, error) { return b.Find(readers) })
}

// OpenReader binds a transport to a reader by the whole name that List has just shown, for one act of
// a person who has chosen it. Such a name is never stored.
func OpenReader(ctx context.Context, name string) (*Transport, error) {
	return theProcess.open(ctx, func(_ context.Context, readers []Reader) (Reader, error) {
		for _, r := range readers {
			if r.Name == name {
				return r, nil
			}
		}
		return Reader{}, NoReader.At("pcsc.OpenReader", nil).With("reader", "%q is not among %d readers", name, len(readers))
	})
}

func (p *process) open(ctx context.Context, pick choice) (*Transport, error) {
	t := &Transport{p: p, pick: pick}
	if _, err := t.at(ctx, "pcsc.Open"); err != nil {
		return nil, err
	}
	return t, nil
}

// Reader is the reader as it was when the transport found it last.
func (t *Transport) Reader() Reader { return t.reader }

// Limits are the longest APDUs that the reader says it carries, known after the first Reset.
func (t *Transport) Limits() applet.Limits { return t.limits }

// at is the owner of the reader; where there is none, the reader is looked for.
func (t *Transport) at(ctx context.Context, op string) (*owner, error) {
	t.mu.Lock()
	o, closed := t.owner, t.closed
	t.mu.Unlock()
	switch {
	case closed:
		return nil, Closed.At(op, nil)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case o != nil:
		return o, nil
	}
	o, err := t.p.own(ctx, t.pick)
	if err != nil {
		return nil, t.wayFault(ctx, op, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		close(o.quit)
		return nil, Closed.At(op, nil)
	}
	t.owner, t.reader, t.powered = o, o.reader, false
	return o, nil
}

// leave gives the owner up.
func (t *Transport) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.owner != nil {
		close(t.owner.quit)
	}
	t.owner, t.powered = nil, false
}

// Transmit sends one command and returns its answer. A context that ends while the card is at work
// releases the caller within 300 ms; what the card did is then unknown, and the reader is
// pcsc.reader_stuck until it has finished.
func (t *Transport) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	const op = "pcsc.Transmit"
	switch {
	case len(capdu) < leastCommand:
		return nil, applet.Misuse.At(op, nil).With("capdu", "%d bytes are no command", len(capdu))
	case len(capdu) > longestCommand:
		return nil, applet.LengthRefused.At(op, nil).With("capdu", "%d bytes are more than %d", len(capdu), longestCommand)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t.mu.Lock()
	o, closed := t.owner, t.closed
	t.mu.Unlock()
	switch {
	case closed:
		return nil, Closed.At(op, nil)
	case o == nil || !t.powered:
		return nil, applet.CardRemoved.At(op, nil).With("card", "it was not reset since it came or since the last error")
	}
	var rapdu []byte
	capdu = bytes.Clone(capdu) // a caller that was released early may use its own again
	err := o.do(ctx, func() (err error) {
		rapdu, err = o.transmit(capdu)
		return err
	})
	if err != nil {
		return nil, t.failed(ctx, op, err)
	}
	return rapdu, nil
}

// Lengths of a command: header alone, and extended with 65,535 bytes of data and Le.
const (
	leastCommand   = 4
	longestCommand = 7 + 65535 + 2
)

// Reset switches the field off and on and returns the ATR. No card is fault code pcsc.no_card, one
// that does not answer pcsc.card_silent, one that is no contactless processor card
// pcsc.card_unknown.
func (t *Transport) Reset(ctx context.Context) ([]byte, error) {
	return t.reset(ctx, "pcsc.Reset", unpowerCard)
}

// WarmReset resets the card without taking the power away, where the reader can.
func (t *Transport) WarmReset(ctx context.Context) ([]byte, error) {
	return t.reset(ctx, "pcsc.WarmReset", resetCard)
}

func (t *Transport) reset(ctx context.Context, op string, what disposition) ([]byte, error) {
	for {
		o, err := t.at(ctx, op)
		if err != nil {
			return nil, err
		}
		t.powered = false
		var atr []byte
		var limits Limits
		err = o.do(ctx, func() (err error) {
			atr, err = o.power(ctx, what)
			limits = o.limits
			return err
		})
		switch {
		case err == nil:
			t.powered, t.limits = true, limits
			return atr, nil
		case !errors.Is(err, errElsewhere):
			return nil, t.resetFailed(ctx, op, err)
		}
		t.leave() // and look for it again
	}
}

// WaitCard waits until something lies in the reader. Reset then tells what it is.
func (t *Transport) WaitCard(ctx context.Context) error {
	return t.wait(ctx, "pcsc.WaitCard", func(_, now Reader) bool { return now.Card })
}

// WaitRemoval waits until the card that lies in the reader has left it.
func (t *Transport) WaitRemoval(ctx context.Context) error {
	return t.wait(ctx, "pcsc.WaitRemoval", func(first, now Reader) bool {
		return !now.Card || now.moves != first.moves // it went, and another came
	})
}

func (t *Transport) wait(ctx context.Context, op string, until func(first, now Reader) bool) error {
	o, err := t.at(ctx, op)
	if err != nil {
		return err
	}
	w := &waiter{name: o.reader.Name, until: until, end: make(chan error, 1)}
	t.p.lookout.join(w)
	defer t.p.lookout.leave(w)
	_ = t.p.lookout.fresh(ctx) // what was seen before counts for nothing; the waiter hears why there is no look
	w.begin()
	select {
	case err = <-w.end:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err != nil {
		t.leave()
	}
	return err
}

// attend finds the reader and keeps the lookout at work until leave. Answering is nil when the service
// shows its readers at that moment, and its fault when it does not; attend has asked it once.
func (t *Transport) attend(ctx context.Context, op string) (answering func() error, leave func(), err error) {
	o, err := t.at(ctx, op)
	if err != nil {
		return nil, nil, err
	}
	w := &waiter{name: o.reader.Name} // it only keeps the lookout awake
	t.p.lookout.join(w)
	answering = func() error {
		if err := t.p.lookout.fresh(ctx); err != nil {
			return t.wayFault(ctx, op, err)
		}
		return nil
	}
	if err := answering(); err != nil {
		t.p.lookout.leave(w)
		return nil, nil, err
	}
	return answering, func() { t.p.lookout.leave(w) }, nil
}

// Close gives the reader back; the card loses its power. A reader that is stuck is given back when
// it has finished.
func (t *Transport) Close() error {
	t.mu.Lock()
	o := t.owner
	t.closed = true
	t.mu.Unlock()
	t.leave()
	if o == nil {
		return nil
	}
	return o.ended()
}

// failed is an error of a command or a wait as a fault.
func (t *Transport) failed(ctx context.Context, op string, err error) error {
	t.powered = false
	switch classOf(err) {
	case cardGone:
		if errors.Is(err, cardReset) { // it lies there still
			return applet.CardReset.At(op, err)
		}
		return applet.CardRemoved.At(op, err)
	case cardMute:
		return applet.CardMute.At(op, err)
	case tooLong:
		return applet.LengthRefused.At(op, err)
	}
	return t.wayFault(ctx, op, err)
}

func (t *Transport) resetFailed(ctx context.Context, op string, err error) error {
	switch classOf(err) {
	case cardGone:
		return NoCard.At(op, applet.CardRemoved.At(op, err))
	case cardMute:
		return CardSilent.At(op, applet.CardMute.At(op, err))
	case cardForeign:
		return CardUnknown.At(op, applet.NoApplication.At(op, err))
	}
	return t.wayFault(ctx, op, err)
}

// wayFault is an error of the way to the card. The reader is looked for again at the next Reset.
func (t *Transport) wayFault(ctx context.Context, op string, err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok { // of the choice of a reader
		t.leave()
		chosen := *f
		chosen.Err = applet.ReaderAway.At(op, f.Err)
		return &chosen
	}
	away := func(e fault.Entry) error {
		t.leave()
		return e.At(op, applet.ReaderAway.At(op, err)).With("reader", "%s", t.reader.Name)
	}
	switch {
	case errors.Is(err, errStuck):
		return away(ReaderStuck)
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return err
	case !available:
		return NotBuilt.At(op, nil)
	case errors.Is(err, errTaken) || classOf(err) == busy:
		return ReaderBusy.At(op, applet.ReaderAway.At(op, err)).With("reader", "%s", t.reader.Name)
	case errors.Is(err, unknownReader) || errors.Is(err, readerUnavailable) || errors.Is(err, errGone):
		return away(ReaderGone)
	case errors.Is(err, accessDenied):
		return away(NotAllowed)
	case classOf(err) == wayLost || errors.Is(err, context.DeadlineExceeded): // of servicePatience
		return away(NoService)
	}
	return applet.CardMute.At(op, err)
}
