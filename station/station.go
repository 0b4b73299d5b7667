package station

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/jobs"
	"blanko/personalize"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
	"blanko/ups"
)

// Parts are what a station is made of. trial hands in emulated ones; serve builds its own from
// the configuration.
type Parts struct {
	Office   string
	Name     string // of the machine, in what it tells of its health; empty: it tells nothing
	Registry *registry.Registry
	Center   *datacenter.Client // nil: nothing is pulled or reported
	Anchor   osia.Trust         // signs the center's key list
	Keys     osia.Keys          // open what the center has encrypted
	Unsigned bool               // take unsigned records as specimens; never in the product
	Lines    []*personalize.Line
	Power    *ups.Supply // nil: nobody is asked how the power is
	Log      *zap.Logger
	Now      func() time.Time // nil: the wall clock
	// Wait is how long a pull may wait at the center for news; 0: 30 s.
	Wait time.Duration
	// Page is how many items a pull asks for; 0: 100.
	Page int
}

// Station runs the loops and lines of one machine.
type Station struct {
	Parts
	mu    sync.Mutex
	trust osia.Trust // the center's keys, newest list
	stuck stuck      // the item that does not come in

	health   health
	readings readings

	beat     time.Duration
	compared atomic.Bool // the anchors of the center with this ledger
}

// Actor is the station in the event log.
var Actor = access.Actor{ID: "station", Roles: []access.Role{access.System, access.Administrator}}

// centerActor delivers records in the event log.
var centerActor = access.Actor{ID: "center", Roles: []access.Role{access.System}}

// New puts a station together. Nothing runs yet.
func New(p Parts) *Station {
	if p.Log == nil {
		p.Log = zap.NewNop()
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Wait == 0 {
		p.Wait = 30 * time.Second
	}
	return &Station{Parts: p, beat: jobs.BeatEvery}
}

// Define tells the ledger of the station's lines. It may be called as often as wanted.
func (s *Station) Define(ctx context.Context) error {
	for _, l := range s.Lines {
		// The operation is safe to repeat; a key of its own lets a line change its kind and back.
		key := fmt.Sprintf("define:%s:%s:%d", l.ID, l.Kind, s.Now().UnixNano())
		if _, err := s.Registry.Do(ctx, Actor, registry.DefineLine{Line: l.ID, Kind: l.Kind}, key); err != nil {
			return err
		}
	}
	return nil
}

// restartAfter is the shortest pause before a line that stopped on an error is recovered and run again.
const restartAfter = 2 * time.Second

// Run keeps loops and lines going until the context ends. A closed drain lets every line finish
// the card in work and feed nothing new.
func (s *Station) Run(ctx context.Context, drain <-chan struct{}) {
	var all sync.WaitGroup
	for _, l := range s.Lines {
		all.Go(func() { s.runLine(ctx, l, drain) })
	}
	loops, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	for _, loop := range loopTable {
		background.Go(func() { s.runLoop(loops, loop) })
	}
	all.Wait()
	if len(s.Lines) == 0 {
		select {
		case <-ctx.Done():
		case <-drain:
		}
	}
	stop()
	background.Wait()
}

func (s *Station) runLine(ctx context.Context, l *personalize.Line, drain <-chan struct{}) {
	defer s.alive(ctx, l.ID)()
	var rest pause
	for ctx.Err() == nil {
		if s.takenOver(ctx, l) { // also while it stood
			return
		}
		s.observe(ctx, l.ID, "running", "")
		err := s.work(ctx, l, drain, &rest)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			s.observe(ctx, l.ID, "idle", "")
			return // drained
		}
		if s.takenOver(ctx, l) {
			return
		}
		wait := rest.after(err, restartAfter)
		s.Log.Error("line stopped", zap.String("line", string(l.ID)), zap.String("code", string(fault.CodeOf(err))), zap.Duration("again", wait), zap.Error(err))
		s.observe(ctx, l.ID, "stopped", stoppedBy(err))
		select {
		case <-ctx.Done():
			return
		case <-drain:
			return
		case <-time.After(wait):
		}
	}
}

// takenOver reports whether another program has taken over a line that this one ran, and says so: this one
// leaves it alone from then on, or the two would take it from each other for ever.
func (s *Station) takenOver(ctx context.Context, l *personalize.Line) bool {
	if l == nil || l.Session().Epoch == 0 {
		return false
	}
	lines, err := s.Registry.Lines(ctx)
	for _, now := range lines {
		if now.ID != l.ID {
			continue
		}
		if err = l.Session().Holds(now); err != nil {
			s.Log.Error("line taken over by another program", zap.String("line", string(l.ID)), zap.String("code", string(fault.CodeOf(err))), zap.Error(err))
			s.lineWorks(ctx, l.ID, fault.CodeOf(err))
			return true
		}
	}
	return false
}

func (s *Station) observe(ctx context.Context, id jobs.LineID, state, reason string) {
	if err := s.Registry.Observe(ctx, id, s.Name, state, reason); err != nil && !errors.Is(err, context.Canceled) {
		s.Log.Warn("line state not kept", zap.String("line", string(id)), zap.Error(err))
	}
}
