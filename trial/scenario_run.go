package trial

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"go.uber.org/zap"

	"blanko/emulator"
	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/registry"
	qa "blanko/web/bench"
)

// Outcome is what a scenario came to.
type Outcome struct {
	Name    string   `json:"name"`
	Title   Title    `json:"title"`
	False   []string `json:"false"` // what should be true at the end and is not; empty: all is
	Story   []Scene  `json:"story"`
	Summary Summary  `json:"summary"`
	Seconds float64  `json:"seconds"`           // of this machine
	Problem string   `json:"problem,omitempty"` // why it could not be played to its end

	wrong []qa.Sentence // False, to be told in either language
}

// Held reports whether the scenario was played and everything is true at its end.
func (o Outcome) Held() bool { return o.Problem == "" && len(o.False) == 0 }

// Scene is one thing that happened, as a person in the room would tell it.
type Scene struct {
	Line string `json:"line"`
	Card int    `json:"card"` // that the line was at, from 1
	What string `json:"what"`

	told qa.Sentence // What, to be told in either language
}

func (s *Scenario) lines() []jobs.LineID {
	var ids []jobs.LineID
	for i := range s.Devices.Lines {
		ids = append(ids, jobs.LineID(fmt.Sprintf("line-%d", i+1)))
	}
	return ids
}

// desks are the readers of the desktop lines.
func (s *Scenario) desks() (names []string) {
	if s.Devices.desktop() {
		for _, id := range s.lines() {
			names = append(names, deskOf(id))
		}
	}
	return names
}

// longestScene is a long time for any scenario: one that takes longer waits for what never comes.
const longestScene = 10 * time.Minute

// Run plays a scenario in a world of its own. The error is that of a context that ended; what went wrong
// with the scenario itself is in the outcome.
func (s *Scenario) Run(ctx context.Context, log *zap.Logger) (Outcome, error) {
	began, sc := time.Now(), newScene(s)
	within, end := context.WithTimeoutCause(ctx, longestScene, fmt.Errorf("it did not end within %s", longestScene))
	defer end()
	within, sc.giveUp = context.WithCancelCause(within)
	defer sc.giveUp(nil)
	out := Outcome{Name: s.Name, Title: s.Title, False: []string{}, Story: []Scene{}}
	o := Options{
		Cards: s.Batch.Cards, Lines: s.Devices.Lines, Seed: s.Seed, Chip: s.Batch.Chip, Printer: s.Devices.Printer, scene: sc,
	}
	sum, err := run(within, o, &Screen{Out: io.Discard}, log, func(d *demo) { sc.pending = d.pending() })
	out.Summary, out.Seconds, out.Story = sum, time.Since(began).Seconds(), append(out.Story, sc.story...)
	switch {
	case ctx.Err() != nil:
		return out, ctx.Err()
	case within.Err() != nil:
		out.Problem = context.Cause(within).Error()
	case err != nil:
		out.Problem = err.Error()
	default:
		out.wrong = sc.judge(sum)
		for _, w := range out.wrong {
			out.False = append(out.False, w.In("en"))
		}
	}
	return out, nil
}

// pending counts the faults that did not strike.
func (d *demo) pending() int {
	n := 0
	if d.room != nil {
		for _, left := range d.room.world.Pending() {
			n += left
		}
	}
	return n
}

// scene is a scenario that is played. The nil scene lets nothing happen.
type scene struct {
	*Scenario
	demo    *demo
	pending int

	mu       sync.Mutex
	begun    map[jobs.LineID]int           // cards
	on       map[jobs.LineID]ktp.AttemptID // that the line has in work
	waits    map[string]bool
	mended   map[string]bool
	waited   map[jobs.LineID]string
	carriers map[jobs.LineID]*carrier // of desktop lines
	refused  map[ktp.AttemptID]string // faces that the person will not accept, by cause
	done     []bool                   // of the events
	stop     func()                   // the station
	story    []Scene
	failed   error
	giveUp   context.CancelCauseFunc
}

func newScene(s *Scenario) *scene {
	return &scene{
		Scenario: s, begun: map[jobs.LineID]int{}, on: map[jobs.LineID]ktp.AttemptID{}, waits: map[string]bool{}, mended: map[string]bool{},
		waited: map[jobs.LineID]string{}, refused: map[ktp.AttemptID]string{}, carriers: map[jobs.LineID]*carrier{}, done: make([]bool, len(s.Events)),
	}
}

// begin prepares the center.
func (s *scene) begin(d *demo) error {
	if s == nil {
		return nil
	}
	s.demo = d
	for range s.Batch.Impostors {
		if _, err := d.center.AddImpostor(office); err != nil {
			return err
		}
	}
	d.center.Behave(s.Center.behavior())
	return nil
}

// filled puts chips of the first hopper on the deny list.
func (s *scene) filled(ctx context.Context) error {
	if s == nil {
		return nil
	}
	for _, n := range s.Batch.Denied {
		if n > len(s.demo.room.blanks) {
			return fmt.Errorf("the hopper has no blank %d", n)
		}
		op := registry.DenyBlank{Chip: ktp.ChipUID(kdd(s.demo.room.blanks[n-1])), Because: registry.Because{Reason: "stolen"}}
		if _, err := s.demo.staff.do(ctx, keeperA, op); err != nil {
			return err
		}
	}
	return nil
}

// working is told how the station that runs now is stopped.
func (s *scene) working(stop func()) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = stop
}

// attended is the clock of a line on which its operator works while the line waits for a person, and at
// no other time: so a scenario goes the same way every time.
func (s *scene) attended(id jobs.LineID, c personalize.Clock) personalize.Clock {
	if s == nil {
		return c
	}
	return &attendedClock{Clock: c, scene: s, line: s.demo.room.world.Line(string(id))}
}

type attendedClock struct {
	personalize.Clock
	scene *scene
	line  *emulator.Line
	idle  int
}

// vain is how often a line looks whether a person has mended what no person can mend.
const vain = 600

func (c *attendedClock) Sleep(ctx context.Context, d time.Duration) error {
	acts, err := c.line.Operator.Step(ctx)
	if err != nil {
		return err
	}
	if c.idle++; len(acts) > 0 {
		c.idle = 0
	}
	if c.idle > vain {
		c.scene.mu.Lock()
		code := c.scene.waited[jobs.LineID(c.line.Name)]
		c.scene.mu.Unlock()
		c.scene.giveUp(fmt.Errorf("%s waits in vain: %s %v", c.line.Name, code, c.line.Machine.Problems()))
	}
	return c.Clock.Sleep(ctx, d)
}

// tidy lets every operator do what is left to do when the lines stand.
func (s *scene) tidy(ctx context.Context) error {
	if s == nil {
		return nil
	}
	for _, l := range s.demo.room.world.Lines() {
		for {
			acts, err := l.Operator.Step(ctx)
			if err != nil {
				return err
			}
			if len(acts) == 0 {
				break
			}
		}
	}
	return nil
}

func (s *scene) tell(line jobs.LineID, key string, about ...any) {
	told := qa.Told(key, about...)
	s.story = append(s.story, Scene{Line: string(line), Card: s.begun[line], What: told.In("en"), told: told})
}

// person is told what an operator did.
func (s *scene) person(line jobs.LineID, why machine.Problem, does string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mended[string(why)] = true
	s.tell(line, "scene.person", qa.Code{Group: "problem", Code: string(why)}, qa.Code{Group: "act", Code: does})
}
