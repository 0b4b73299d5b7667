package pcsc

import (
	"context"
	"iter"
	"slices"
	"sync"

	"blanko/fault"
)

// Watcher follows the readers as they come and go, over restarts of the service, and knows which
// reader each of its lines means. Safe for concurrent use.
type Watcher struct {
	p *process

	mu      sync.Mutex
	atlas   *atlas
	now     Snapshot
	changed chan struct{} // closed and made anew when now changes
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
	w := &Watcher{p: p, atlas: newAtlas(bindings), changed: make(chan struct{})}
	p.lookout.join(w)
	return w, nil
}

// Close ends the watching, and forgets every calibration.
func (w *Watcher) Close() error {
	w.p.lookout.leave(w)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.atlas.lose()
	return nil
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

// see takes note of a look.
func (w *Watcher) see(readers []Reader, err error) {
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
		err = w.p.lookout.fresh(ctx)
	}
	if err != nil {
		return Reader{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.atlas.find(b, readers)
}
