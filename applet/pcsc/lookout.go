package pcsc

import (
	"context"
	"slices"
	"sync"
	"time"
)

// lookout is the one goroutine of the process that follows the readers, as long as somebody listens.
// It looks again and again instead of waiting in the service for a change: libpcsclite keeps what it
// reads of the readers in one table for all contexts of a process and does not guard it, so that a
// wait in one context overwrites what another is just reading (pcsc-lite 1.9.9, winscard_clnt.c,
// readerStates; seen as cards that vanish for one call).
type lookout struct {
	p *process

	mu        sync.Mutex
	listeners []listener
	running   bool
	seen      bool // readers and err are of this run
	readers   []Reader
	err       error         // a fault, while there is no service
	kick      chan struct{} // look at once
	asked     int           // looks that were asked for
	looked    int           // of these, done
	done      chan struct{} // closed and made anew at every look
}

// listener hears of every look, one at a time. With an error there are no readers.
type listener interface {
	see(readers []Reader, err error)
}

// Times of a lookout. pcscd itself looks for cards every 400 ms; a look takes it 0.1 ms.
const (
	lookEvery    = 50 * time.Millisecond
	serviceRetry = 500 * time.Millisecond
)

func newLookout(p *process) *lookout {
	return &lookout{p: p, kick: make(chan struct{}, 1), done: make(chan struct{})}
}

// join begins to listen, with what was seen last where there is something.
func (l *lookout) join(who listener) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listeners = append(l.listeners, who)
	if l.seen {
		who.see(l.readers, l.err)
	}
	if !l.running {
		l.running = true
		go l.run()
	}
}

// leave ends listening. The goroutine ends with the last listener.
func (l *lookout) leave(who listener) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listeners = slices.DeleteFunc(l.listeners, func(o listener) bool { return o == who })
	l.hurry()
}

func (l *lookout) hurry() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// fresh waits for a look that begins after now, so that what listeners know is true of the service as
// it is. Without the service it is that fault.
func (l *lookout) fresh(ctx context.Context) error {
	const op = "pcsc.fresh"
	l.mu.Lock()
	l.asked++
	mine := l.asked
	l.hurry()
	l.mu.Unlock()
	late := time.NewTimer(servicePatience)
	defer late.Stop()
	for {
		l.mu.Lock()
		looked, done, err := l.looked, l.done, l.err
		l.mu.Unlock()
		if looked >= mine {
			return err
		}
		select {
		case <-done:
		case <-late.C:
			return NoService.At(op, errStuck)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *lookout) run() {
	for {
		asked, err := l.follow()
		if err == nil {
			return
		}
		l.tell(asked, nil, serviceFault("pcsc.Watch", err))
		if !l.pause(serviceRetry) {
			return
		}
	}
}

// follow looks through one session of the service until the service ends; a nil error: nobody
// listens. Asked are the looks that this answers: a session that has ended answers none, the next one
// may do so.
func (l *lookout) follow() (asked int, err error) {
	asked = l.orders()
	late := time.AfterFunc(servicePatience, func() { l.tell(asked, nil, NoService.At("pcsc.Watch", errStuck)) })
	s, readers, err := l.p.enter(context.Background())
	late.Stop()
	if err != nil {
		return asked, err
	}
	defer s.release() //nolint:errcheck // the session is over either way
	for {
		l.tell(asked, readers, nil)
		if !l.pause(lookEvery) {
			return asked, nil
		}
		asked = l.orders()
		if readers, err = l.p.look(s, readers); err != nil {
			return 0, err
		}
	}
}

func (l *lookout) orders() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked
}

// tell hands a look to the listeners.
func (l *lookout) tell(asked int, readers []Reader, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen, l.readers, l.err = true, readers, err
	l.looked = max(l.looked, asked)
	for _, who := range l.listeners {
		who.see(readers, err)
	}
	close(l.done)
	l.done = make(chan struct{})
}

// pause waits, less when somebody asks for a look; false: nobody listens any more.
func (l *lookout) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	for {
		l.mu.Lock()
		over := len(l.listeners) == 0
		if over {
			l.running, l.seen, l.readers, l.err = false, false, nil, nil
		}
		asked := l.asked > l.looked
		l.mu.Unlock()
		switch {
		case over:
			return false
		case asked:
			return true
		}
		select {
		case <-t.C:
			return true
		case <-l.kick:
		}
	}
}
