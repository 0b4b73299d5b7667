package pcsc

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"blanko/fault"
)

// Watcher follows the readers as they come and go, over restarts of the service, and knows which
// reader each of its lines means. Safe for concurrent use.
type Watcher struct {
	p    *process
	stop context.CancelFunc
	gone chan struct{}

	mu      sync.Mutex
	atlas   *atlas
	now     Snapshot
	changed chan struct{} // closed and made anew when now changes
	session session       // the one that waits; nil: none
	asked   int           // looks that were asked for
	looked  int           // of these, done
	done    chan struct{} // closed and made anew at every look
}

// Snapshot is what a Watcher has seen last.
type Snapshot struct {
	Number  int      // rises with every change; 0: nothing was seen yet
	Readers []Reader // by name
	Err     error    // why there are none: pcsc.no_service, pcsc.not_allowed
}

// Kind of an Event.
type Kind string

const (
	Appeared    Kind = "appeared"
	Vanished    Kind = "vanished"
	CardIn      Kind = "card_in"
	CardOut     Kind = "card_out"
	ServiceLost Kind = "service_lost"
	ServiceBack Kind = "service_back"
)

// Event is one change.
type Event struct {
	Kind   Kind
	Reader Reader // zero for the service
}

// Times of a Watcher. pcsc-lite can miss a reader that comes between two waits, so it is asked again.
const (
	lookAgain    = 2 * time.Second
	serviceRetry = 500 * time.Millisecond
)

// Watch begins to follow the readers, for lines with the given bindings; none are needed to watch
// alone. A binding that is wrong or a line that is named twice is fault code pcsc.binding_wrong.
func Watch(bindings ...Binding) (*Watcher, error) { return theProcess.watch(bindings) }

func (p *process) watch(bindings []Binding) (*Watcher, error) {
	if !available {
		return nil, NotBuilt.At("pcsc.Watch", nil)
	}
	for i, b := range bindings {
		if err := b.Check(); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(bindings[:i], func(o Binding) bool { return o.Line == b.Line }) {
			return nil, BindingWrong.At("pcsc.Watch", nil).With("line", "%q has two readers", b.Line)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	w := &Watcher{
		p: p, stop: stop, gone: make(chan struct{}), atlas: newAtlas(bindings),
		changed: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run(ctx)
	return w, nil
}

// Close ends the watching. A service that hangs ends it later.
func (w *Watcher) Close() error {
	w.stop()
	t := time.NewTimer(grace)
	defer t.Stop()
	for {
		w.wake()
		select {
		case <-w.gone:
			return nil
		case <-time.After(cancelEvery):
		case <-t.C:
			return NoService.At("pcsc.Watcher.Close", errStuck)
		}
	}
}

// wake ends the wait for a change. A service that hangs also hangs the cancel, so nobody waits for it.
func (w *Watcher) wake() {
	w.mu.Lock()
	s := w.session
	w.mu.Unlock()
	if s != nil {
		go s.cancel() //nolint:errcheck // it is asked again until it works
	}
}

// Now is what was seen last.
func (w *Watcher) Now() Snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Next waits for a snapshot with a number above after; Next(ctx, 0) is the first one.
func (w *Watcher) Next(ctx context.Context, after int) (Snapshot, error) {
	for {
		w.mu.Lock()
		now, changed := w.now, w.changed
		w.mu.Unlock()
		if now.Number > after {
			return now, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Snapshot{}, ctx.Err()
		}
	}
}

// Events tells the changes until ctx ends, beginning with the readers that are there. Whoever reads
// slowly is told the sum of what happened meanwhile.
func (w *Watcher) Events(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		var seen Snapshot
		for {
			now, err := w.Next(ctx, seen.Number)
			if err != nil {
				return
			}
			for _, e := range changes(seen, now) {
				if !yield(e) {
					return
				}
			}
			seen = now
		}
	}
}

// changes are the events between two snapshots: what went before what came.
func changes(a, b Snapshot) []Event {
	var out []Event
	find := func(list []Reader, r Reader) (Reader, bool) {
		i := slices.IndexFunc(list, func(o Reader) bool { return o.Name == r.Name })
		if i < 0 {
			return Reader{}, false
		}
		return list[i], true
	}
	if b.Err == nil && a.Err != nil {
		out = append(out, Event{Kind: ServiceBack})
	}
	for _, was := range a.Readers {
		is, there := find(b.Readers, was)
		replugged := there && is.moves < was.moves
		if was.Card && (!there || replugged || !is.Card || is.moves != was.moves) {
			out = append(out, Event{CardOut, was})
		}
		if !there || replugged {
			out = append(out, Event{Vanished, was})
		}
	}
	if b.Err != nil && (a.Err == nil) {
		out = append(out, Event{Kind: ServiceLost})
	}
	for _, is := range b.Readers {
		was, there := find(a.Readers, is)
		replugged := there && is.moves < was.moves
		if !there || replugged {
			out = append(out, Event{Appeared, is})
		}
		if is.Card && (!there || replugged || !was.Card || is.moves != was.moves) {
			out = append(out, Event{CardIn, is})
		}
	}
	return out
}

func (w *Watcher) run(ctx context.Context) {
	defer close(w.gone)
	for ctx.Err() == nil {
		err := w.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		w.keep(nil, serviceFault("pcsc.Watcher", err))
		select {
		case <-ctx.Done():
		case <-time.After(serviceRetry):
		}
	}
}

// follow watches through one session of the service, until the service ends.
func (w *Watcher) follow(ctx context.Context) error {
	late := time.AfterFunc(servicePatience, func() { w.keep(nil, NoService.At("pcsc.Watcher", errStuck)) })
	s, readers, err := w.p.enter(ctx)
	late.Stop()
	if err != nil {
		return err
	}
	defer s.release() //nolint:errcheck // the session is over either way
	w.waiting(s)
	defer w.waiting(nil)
	for {
		w.keep(readers, nil)
		states := []readerState{{name: newReaders}}
		for _, r := range readers {
			states = append(states, readerState{name: r.Name, known: r.flags &^ flagChanged})
		}
		switch err := s.change(states, lookAgain); err {
		case nil, timedOut, cancelled, unknownReader, readerUnavailable:
		default:
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		w.mu.Lock()
		asked := w.asked
		w.mu.Unlock()
		if readers, err = look(s, readers); err != nil {
			return err
		}
		w.answered(asked)
	}
}

func (w *Watcher) waiting(s session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.session = s
}

// keep takes note of what was seen.
func (w *Watcher) keep(readers []Reader, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.atlas.lose()
	} else {
		w.atlas.see(readers)
	}
	if w.now.Number > 0 && fault.CodeOf(err) == fault.CodeOf(w.now.Err) && slices.EqualFunc(readers, w.now.Readers, Reader.same) {
		return
	}
	w.now = Snapshot{Number: w.now.Number + 1, Readers: readers, Err: err}
	close(w.changed)
	w.changed = make(chan struct{})
}

// answered: the looks that were asked for before this one began are done.
func (w *Watcher) answered(asked int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looked = asked
	close(w.done)
	w.done = make(chan struct{})
}

// confirm waits for a look that begins after now: the session of the watcher still lives, and what it
// knows is true of the service as it is.
func (w *Watcher) confirm(ctx context.Context) error {
	w.mu.Lock()
	w.asked++
	mine := w.asked
	w.mu.Unlock()
	for {
		w.mu.Lock()
		looked, done, away := w.looked, w.done, w.now.Err
		w.mu.Unlock()
		switch {
		case away != nil:
			return away
		case looked >= mine:
			return nil
		}
		w.wake()
		select {
		case <-done:
		case <-time.After(cancelEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Find tells which reader a line means now. None is fault code pcsc.no_reader; several that cannot be
// told apart, or one that may be another line's, is pcsc.reader_ambiguous until a calibration.
func (w *Watcher) Find(line string) (Reader, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b, err := w.atlas.binding(line)
	switch {
	case err != nil:
		return Reader{}, err
	case w.now.Err != nil:
		return Reader{}, w.now.Err
	}
	return w.atlas.find(b, w.now.Readers)
}

// Open binds a transport to a line's reader, as Find tells it. The transport finds the reader again
// after it was away; where a calibration told which it is, only after another one.
func (w *Watcher) Open(ctx context.Context, line string) (*Transport, error) {
	if _, err := w.Next(ctx, 0); err != nil {
		return nil, err
	}
	return w.p.open(ctx, func(ctx context.Context, readers []Reader) (Reader, error) { return w.pick(ctx, line, readers) })
}

// pick finds a line's reader among those of another session. What was shown is told by the service's
// names, so that both sessions must be of one service.
func (w *Watcher) pick(ctx context.Context, line string, readers []Reader) (Reader, error) {
	w.mu.Lock()
	b, err := w.atlas.binding(line)
	shown := w.atlas.byShowing(line)
	w.mu.Unlock()
	if err == nil && shown {
		err = w.confirm(ctx)
	}
	if err != nil {
		return Reader{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.atlas.find(b, readers)
}
