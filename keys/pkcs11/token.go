package pkcs11

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"blanko/fault"
)

// Config of a token.
type Config struct {
	Module string // path of the maker's PKCS#11 module
	Label  string // of the token; a token is never taken by its slot
	// Serial of the token; empty: that of the first one met under the label, from then on.
	Serial string
	// PIN gives the user's PIN. It is asked for at every sign-in and overwritten after it.
	PIN func() ([]byte, error)
	// Attended: a person has entered the PIN just now. Without it no PIN is shown to a token that
	// reports a wrong one since its last use, so that a service never uses up the tries.
	Attended bool
	// Workers is how many sessions are used side by side; 0: one.
	Workers int
	// Patience is how long a caller waits for the token; 0: DefaultPatience.
	Patience time.Duration
}

// DefaultPatience is far beyond what a signature takes on a slow smart card (a second), and short
// enough for the person at the line to see a fault.
const DefaultPatience = 10 * time.Second

// Token is a token that may come and go. Each caller gets a session of its own for the time of one
// act; when the token was away and is back, the next act signs in again. Safe for concurrent use.
type Token struct {
	config Config
	module cryptoki
	free   chan struct{} // one for each worker

	about atomic.Pointer[About]

	mu     sync.Mutex
	back   *sync.Cond // told when no session is lent any more
	link   *link      // nil: not signed in
	lent   int        // sessions in use
	over   []uint     // sessions of links that are over, not closed yet
	pins   pins
	closed bool
}

// About says which token it is.
type About struct {
	Label, Serial, Manufacturer, Model string
	// Hardware: the token says that its signatures are made in a device.
	Hardware bool
}

// Open is New and Ready.
func Open(c Config) (*Token, error) {
	t, err := New(c)
	if err != nil {
		return nil, err
	}
	if err := t.Ready(context.Background()); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// New loads the module alone; the token may come later.
func New(c Config) (*Token, error) {
	m, err := load(c.Module)
	if err != nil {
		return nil, err
	}
	return newToken(c, m), nil
}

func newToken(c Config, m cryptoki) *Token {
	if c.Workers < 1 {
		c.Workers = 1
	}
	if c.Patience == 0 {
		c.Patience = DefaultPatience
	}
	t := &Token{config: c, module: m, free: make(chan struct{}, c.Workers), pins: newPins()}
	t.back = sync.NewCond(&t.mu)
	t.about.Store(&About{Label: c.Label, Serial: c.Serial})
	for range c.Workers {
		t.free <- struct{}{}
	}
	return t
}

// About is the token that was signed in last.
func (t *Token) About() About { return *t.about.Load() }

// Ready reports whether the token works: signed in, it makes random bytes. Its fault says what a
// person should do.
func (t *Token) Ready(ctx context.Context) error {
	const op, enough = "pkcs11.Token.Ready", 8
	_, err := use(ctx, t, op, func(m cryptoki, _ *link, s uint) ([]byte, error) { return m.random(s, enough) })
	return err
}

// Close ends the sessions; those in use end when they come back.
func (t *Token) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.drop()
	if t.lent == 0 {
		t.sweep()
	}
	t.back.Broadcast()
}

// use runs f with a session of its own. A session that was lost while the token stayed is replaced
// once: what this room asks of a token may be asked twice. A caller that waited too long is told so;
// the session comes back when the module does.
func use[T any](ctx context.Context, t *Token, op string, f func(m cryptoki, l *link, session uint) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	timer := time.NewTimer(t.config.Patience)
	defer timer.Stop()
	select {
	case <-t.free:
	case <-timer.C:
		return none, TokenSlow.At(op, nil).With("token", "every session is in use for %v", t.config.Patience)
	case <-ctx.Done():
		return none, TokenSlow.At(op, ctx.Err())
	}
	done := make(chan result, 1)
	go func() {
		defer func() { t.free <- struct{}{} }()
		var r result
		r.value, r.err = attempt(t, op, f)
		if fault.Is(r.err, SessionLost) {
			r.value, r.err = attempt(t, op, f)
		}
		done <- r
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-timer.C:
		return none, TokenSlow.At(op, nil).With("token", "no answer within %v", t.config.Patience)
	case <-ctx.Done():
		return none, TokenSlow.At(op, ctx.Err())
	}
}

func attempt[T any](t *Token, op string, f func(cryptoki, *link, uint) (T, error)) (T, error) {
	var none T
	l, s, err := t.borrow(op)
	if err != nil {
		return none, err
	}
	v, err := f(t.module, l, s)
	t.giveBack(l, s, err)
	if err != nil {
		return none, told(op, err)
	}
	return v, nil
}

// told turns a status into an entry; a fault stays what it is.
func told(op string, err error) error {
	s, ok := errors.AsType[status](err)
	switch {
	case fault.CodeOf(err) != "":
		return err
	case ok && s.gone():
		return TokenAway.At(op, err)
	case !ok || s.lasting():
		return TokenFailed.At(op, err)
	default:
		return SessionLost.At(op, err)
	}
}
