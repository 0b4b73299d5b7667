package pcsc

import (
	"context"
	"errors"
	"time"
)

// owner is the one goroutine of the process that speaks to a reader: winscard's contexts are for
// one thread at a time, and a command to a card cannot be broken off. Whoever waits for the owner
// is released when its own context ends; an owner that is stuck then lives on alone until the
// service gives it back, and cleans up. An owner lives in one session of the service and ends with
// it.
type owner struct {
	p     *process
	pick  choice
	calls chan *call
	quit  chan struct{} // closed: clean up and go
	gone  chan struct{} // closed when it has gone

	// of the goroutine alone, after start
	reader  Reader
	session session
	handle  handle
	limits  Limits
}

// choice tells which of the readers is meant.
type choice func(context.Context, []Reader) (Reader, error)

type call struct {
	act  func() error
	done chan error
}

// Bounds on waiting. A caller whose context has ended is released after grace at the latest; a
// command that is answered within it has its answer.
const (
	grace     = 200 * time.Millisecond
	busyFor   = time.Second // another program may look at the reader for a moment
	busyPause = 20 * time.Millisecond
	// answerPatience bounds one command: the longest work of a chip is the generation of a key
	// pair, and readers give up by themselves before.
	answerPatience = 60 * time.Second
)

// Why an owner gave no result.
var (
	errStuck     = errors.New("the reader does not finish the command")
	errGone      = errors.New("the session with the reader is over")
	errElsewhere = errors.New("the reader that is meant has another name now")
	errTaken     = errors.New("this program uses the reader already")
)

// own starts an owner for the reader that pick chooses.
func (p *process) own(ctx context.Context, pick choice) (*owner, error) {
	ctx, stop := context.WithTimeout(ctx, servicePatience)
	defer stop()
	o := &owner{p: p, pick: pick, calls: make(chan *call), quit: make(chan struct{}), gone: make(chan struct{})}
	ready := make(chan error, 1)
	go o.run(ctx, ready)
	select {
	case err := <-ready:
		if err != nil {
			return nil, err
		}
		return o, nil
	case <-ctx.Done():
		close(o.quit)
		return nil, ctx.Err()
	}
}

func (o *owner) run(ctx context.Context, ready chan<- error) {
	defer close(o.gone)
	s, readers, err := o.p.enter(ctx)
	if err != nil {
		ready <- err
		return
	}
	o.session = s
	defer s.release() //nolint:errcheck // the session is over either way
	if o.reader, err = o.pick(ctx, readers); err == nil {
		err = o.p.register(ctx, o)
	}
	if err != nil {
		ready <- err
		return
	}
	defer o.p.unregister(o)
	defer o.drop()
	ready <- nil
	for {
		select {
		case <-o.quit:
			return
		case c := <-o.calls:
			c.done <- c.act()
		}
	}
}

// register makes o the owner of its reader. One that has just been closed may still be cleaning up.
func (p *process) register(ctx context.Context, o *owner) error {
	for {
		p.mu.Lock()
		other := p.owners[o.reader.Name]
		if other == nil {
			p.owners[o.reader.Name] = o
			p.mu.Unlock()
			return nil
		}
		p.mu.Unlock()
		select {
		case <-other.quit: // it is on its way out
		default:
			return errTaken
		}
		t := time.NewTimer(grace)
		select {
		case <-other.gone:
			t.Stop()
		case <-t.C:
			return errStuck
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		}
	}
}

func (p *process) unregister(o *owner) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.owners, o.reader.Name)
}

// ended waits until an owner that was told to quit has cleaned up.
func (o *owner) ended() error {
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case <-o.gone:
		return nil
	case <-t.C:
		return ReaderStuck.At("pcsc.Close", errStuck).With("reader", "%s", o.reader.Name)
	}
}

// drop gives the card back without power.
func (o *owner) drop() {
	if o.handle != nil {
		_ = o.handle.disconnect(unpowerCard) // a card that is gone cannot be given back
		o.handle = nil
	}
}

// do lets the owner act and waits for it. An act that outlasts ctx by grace, or answerPatience,
// makes the owner stuck: it must be left.
func (o *owner) do(ctx context.Context, act func() error) error {
	c := &call{act, make(chan error, 1)}
	select {
	case o.calls <- c:
	case <-o.gone:
		return errGone
	case <-ctx.Done():
		return ctx.Err()
	}
	long := time.NewTimer(answerPatience)
	defer long.Stop()
	select {
	case err := <-c.done:
		return err
	case <-long.C:
		return errStuck
	case <-ctx.Done():
	}
	long.Reset(grace)
	select {
	case err := <-c.done:
		return err
	case <-long.C:
		return errors.Join(errStuck, ctx.Err())
	}
}

// power connects to the card, where it is not connected, and switches its field off and on (cold)
// or asks for a reset as it lies (warm).
func (o *owner) power(ctx context.Context, what disposition) (atr []byte, err error) {
	if o.handle != nil {
		if err = o.handle.reconnect(what); err == nil {
			return o.answer()
		}
		if classOf(err) == wayLost {
			return nil, err
		}
		o.drop() // of a card that is no longer there
	}
	if err = o.still(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	for {
		o.handle, err = o.session.connect(o.reader.Name, exclusive)
		if !errors.Is(err, sharingViolation) || time.Since(began) > busyFor {
			break
		}
		select {
		case <-o.quit:
			return nil, errGone
		case <-time.After(busyPause):
		}
	}
	if err != nil {
		o.handle = nil
		return nil, err
	}
	if err = o.handle.begin(); err == nil {
		err = o.handle.reconnect(what) // somebody may have spoken to the card before
	}
	if err != nil {
		o.drop()
		return nil, err
	}
	o.limits = limitsOf(o.handle)
	return o.answer()
}

// still makes sure that the reader's name means the reader that was chosen: without a connection
// another one may have come under it.
func (o *owner) still(ctx context.Context) error {
	readers, err := o.p.look(o.session, []Reader{o.reader})
	if err != nil {
		return err
	}
	r, err := o.pick(ctx, readers)
	if err == nil && r.Name != o.reader.Name {
		err = errElsewhere
	}
	return err
}

func (o *owner) answer() ([]byte, error) {
	present, atr, err := o.p.status(o.handle)
	switch {
	case err != nil:
		return nil, err
	case !present:
		return nil, cardRemoved
	case len(atr) == 0:
		return nil, unresponsiveCard
	}
	return atr, nil
}

// leastAnswer is a status word.
const leastAnswer = 2

func (o *owner) transmit(capdu []byte) ([]byte, error) {
	if o.handle == nil {
		return nil, cardRemoved
	}
	rapdu, err := o.handle.transmit(capdu)
	switch {
	case err == nil && len(rapdu) < leastAnswer: // pcsc-lite's way to tell that the card went
		return nil, cardRemoved
	case err != nil && classOf(err) == cardMute:
		if present, _, serr := o.p.status(o.handle); serr == nil && !present || serr != nil && classOf(serr) == cardGone {
			return nil, cardRemoved
		}
	}
	return rapdu, err
}
