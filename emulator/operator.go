package emulator

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"blanko/emulator/printer"
)

// Disposal is what the operator does with a card that was taken out of the path.
type Disposal string

const (
	DisposeReject Disposal = "reject" // into the reject box of the machine
	DisposeHand   Disposal = "hand"   // into the box beside the machine, see Line.Box
)

// habits are the delays until a person has come, when the fault script says nothing. They are
// assumed.
var habits = map[printer.Problem]time.Duration{
	printer.ProblemPower:       5 * time.Minute,
	printer.ProblemCable:       30 * time.Second,
	printer.ProblemJam:         time.Minute,
	printer.ProblemCardLost:    time.Minute,
	printer.ProblemCover:       10 * time.Second,
	printer.ProblemRibbonOut:   2 * time.Minute,
	printer.ProblemRibbonGone:  2 * time.Minute,
	printer.ProblemRibbonWrong: 2 * time.Minute,
	printer.ProblemFilmOut:     2 * time.Minute,
	printer.ProblemOutputFull:  30 * time.Second,
	printer.ProblemRejectFull:  30 * time.Second,
	printer.ProblemHopperEmpty: 30 * time.Second,
	printer.ProblemBezel:       10 * time.Second,
	printer.ProblemCleaning:    time.Minute,
}

// Problems lists what an operator mends, in the order of the alphabet.
func Problems() []printer.Problem { return slices.Sorted(maps.Keys(habits)) }

// Act is one thing that the operator did.
type Act struct {
	At    time.Time       `json:"at"`
	Line  string          `json:"line"`
	Why   printer.Problem `json:"why"`
	Do    string          `json:"do"`
	Cards []string        `json:"cards,omitempty"` // serials of the cards that went through the hand
	To    string          `json:"to,omitempty"`    // where they were put
}

// Operator is the person at one line: looks at the machine and mends what is wrong, after the
// time that a person takes to come. Every card that goes through the hand is in the log.
type Operator struct {
	line *Line
	cfg  OperatorConfig

	mu       sync.Mutex
	expected map[printer.Problem][]time.Duration
	log      []Act
	dry      bool          // Supply had nothing the last time
	away     chan struct{} // closed when the operator is called back; nil: at the line
}

// Leave sends the operator away from the line; what breaks stays broken.
func (o *Operator) Leave() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.away == nil {
		o.away = make(chan struct{})
	}
}

// Call brings the operator back.
func (o *Operator) Call() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.away != nil {
		close(o.away)
		o.away = nil
	}
}

// called is closed when an operator who is away comes back; nil while at the line.
func (o *Operator) called() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.away
}

// OperatorConfig says how the operator works.
type OperatorConfig struct {
	Name string // default: "operator of " and the line
	// Supply hands over at most n blanks for the hopper; nil: those on the line's shelf. When it
	// gives none, it is not asked again.
	Supply func(n int) []*printer.Plastic
	// Ribbon is the next roll from the shelf; nil: a full roll like the one the line began with.
	Ribbon func() printer.Ribbon
	// Dispose of cards from the path; empty: DisposeHand.
	Dispose Disposal
	// Leave lists problems that this operator does not mend.
	Leave []printer.Problem
	// Told is called with every act, from the operator's goroutine.
	Told func(Act)
}

func newOperator(l *Line, cfg OperatorConfig) *Operator {
	if cfg.Name == "" {
		cfg.Name = "operator of " + l.Name
	}
	return &Operator{line: l, cfg: cfg, expected: map[printer.Problem][]time.Duration{}}
}

// expect sets the delay for the next problem of a kind.
func (o *Operator) expect(p printer.Problem, d time.Duration) {
	o.mu.Lock()
	o.expected[p] = append(o.expected[p], d)
	o.mu.Unlock()
}

func (o *Operator) delay(p printer.Problem) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	if q := o.expected[p]; len(q) > 0 {
		o.expected[p] = q[1:]
		return q[0]
	}
	return habits[p]
}

// Log lists what the operator has done, first act first.
func (o *Operator) Log() []Act {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.log)
}

// Run mends whatever goes wrong until the context ends.
func (o *Operator) Run(ctx context.Context) error {
	for {
		changed := o.line.Machine.Changed()
		acts, err := o.Step(ctx)
		if err != nil {
			return err
		}
		if len(acts) > 0 {
			continue
		}
		select {
		case <-changed:
		case <-o.called():
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Step looks at the machine once and mends the most urgent problem that a person can mend. No
// acts: there was none, or the operator is away. The error is that of the context.
func (o *Operator) Step(ctx context.Context) ([]Act, error) {
	if o.called() != nil {
		return nil, ctx.Err()
	}
	for _, p := range o.line.Machine.Problems() {
		mend, ok := mending[p]
		if !ok || p == printer.ProblemCleaning && !o.cleans() || slices.Contains(o.cfg.Leave, p) || p == printer.ProblemHopperEmpty && !o.hasBlanks() {
			continue
		}
		if err := o.line.Clock.Spend(ctx, o.delay(p)); err != nil {
			return nil, err
		}
		if !slices.Contains(o.line.Machine.Problems(), p) {
			continue // it went away before the operator came
		}
		before := len(o.Log())
		if err := mend(o, ctx, p); err != nil {
			return nil, err
		}
		if acts := o.Log()[before:]; len(acts) > 0 {
			return acts, nil
		}
	}
	return nil, ctx.Err()
}

// mending is what the operator does about each problem. Cleaning is among them where no command
// starts it; else the station leads through it.
var mending = map[printer.Problem]func(*Operator, context.Context, printer.Problem) error{
	printer.ProblemPower:       (*Operator).switchOn,
	printer.ProblemCable:       (*Operator).plugIn,
	printer.ProblemJam:         (*Operator).clearPath,
	printer.ProblemCardLost:    (*Operator).clearPath,
	printer.ProblemCover:       (*Operator).closeCover,
	printer.ProblemRibbonOut:   (*Operator).changeRibbon,
	printer.ProblemRibbonGone:  (*Operator).changeRibbon,
	printer.ProblemRibbonWrong: (*Operator).changeRibbon,
	printer.ProblemFilmOut:     (*Operator).changeFilm,
	printer.ProblemCleaning:    (*Operator).clean,
	printer.ProblemOutputFull:  (*Operator).emptyOutput,
	printer.ProblemRejectFull:  (*Operator).emptyReject,
	printer.ProblemHopperEmpty: (*Operator).refill,
	printer.ProblemBezel:       (*Operator).takeBezel,
}

func (o *Operator) note(why printer.Problem, do string, cards []*printer.Plastic, to string) {
	a := Act{At: o.line.Clock.Now(), Line: o.line.Name, Why: why, Do: do, To: to}
	for _, p := range cards {
		a.Cards = append(a.Cards, p.Serial)
	}
	o.mu.Lock()
	o.log = append(o.log, a)
	o.mu.Unlock()
	if o.cfg.Told != nil {
		o.cfg.Told(a)
	}
}

func (o *Operator) switchOn(ctx context.Context, p printer.Problem) error {
	if err := o.line.Machine.PowerOn(ctx); err != nil {
		return err
	}
	o.note(p, "switch on", nil, "")
	return nil
}

func (o *Operator) plugIn(_ context.Context, p printer.Problem) error {
	o.line.Machine.Replug()
	o.note(p, "plug in", nil, "")
	return nil
}

func (o *Operator) closeCover(_ context.Context, p printer.Problem) error {
	o.line.Machine.CloseCover()
	o.note(p, "close the cover", nil, "")
	return nil
}

func (o *Operator) clearPath(ctx context.Context, p printer.Problem) error {
	m := o.line.Machine
	var cards []*printer.Plastic
	if err := m.Still(ctx, func() { m.OpenCover(); cards = m.ClearJam(); m.CloseCover() }); err != nil {
		return err
	}
	o.note(p, "open, clear the path, close", cards, o.cfg.Name)
	rest := cards
	if o.cfg.Dispose == DisposeReject {
		rest = nil
		for _, card := range cards {
			if m.PutReject(card) != nil {
				rest = append(rest, card)
				continue
			}
			o.note(p, "throw into the reject box", []*printer.Plastic{card}, string(printer.ToReject))
		}
	}
	o.box(p, rest, printer.AtPath)
	return nil
}

// box lays cards into the box for cards from this part of the machine.
func (o *Operator) box(p printer.Problem, cards []*printer.Plastic, from printer.At) {
	name := o.line.Box(from)
	var put []*printer.Plastic
	for _, card := range cards {
		if card.Box(name) == nil {
			put = append(put, card)
		}
	}
	if len(put) > 0 {
		o.note(p, "put into a box", put, name)
	}
}

// hasBlanks tells whether there may be something to put into the hopper.
func (o *Operator) hasBlanks() bool {
	if len(o.line.Machine.Lifted()) > 0 {
		return true
	}
	if o.cfg.Supply == nil {
		return o.line.Shelf() > 0
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.dry
}

// refill puts back what was lifted out, or else new blanks.
func (o *Operator) refill(_ context.Context, p printer.Problem) error {
	m := o.line.Machine
	cards := m.Lifted()
	if len(cards) == 0 {
		room := m.Model().Hopper
		if o.cfg.Supply == nil {
			cards = o.line.take(room)
		} else if cards = o.cfg.Supply(room); len(cards) == 0 {
			o.mu.Lock()
			o.dry = true
			o.mu.Unlock()
		}
	}
	if len(cards) == 0 {
		return nil
	}
	if err := m.Load(cards...); err != nil {
		o.note(p, "could not fill the hopper: "+err.Error(), nil, "")
		return nil
	}
	o.note(p, "fill the hopper", cards, string(printer.AtHopper))
	return nil
}

func (o *Operator) changeRibbon(ctx context.Context, p printer.Problem) error {
	m := o.line.Machine
	var next printer.Ribbon
	if o.cfg.Ribbon != nil {
		next = o.cfg.Ribbon()
	} else {
		next = o.line.nextRoll()
	}
	if next.Type == "" || next.Left <= 0 {
		return nil // the shelf is empty
	}
	if err := m.Still(ctx, func() { m.OpenCover(); m.ReplaceRibbon(next); m.CloseCover() }); err != nil {
		return err
	}
	o.note(p, "change the ribbon", nil, "")
	return nil
}

func (o *Operator) changeFilm(ctx context.Context, p printer.Problem) error {
	m := o.line.Machine
	if err := m.Still(ctx, func() { m.OpenCover(); m.ReplaceFilm(m.Model().NewFilm()); m.CloseCover() }); err != nil {
		return err
	}
	o.note(p, "change the film", nil, "")
	return nil
}

// cleans tells whether the operator can clean now: by hand, with nothing inside.
func (o *Operator) cleans() bool {
	return o.line.Machine.Model().CleanByHand && o.line.Machine.State().Path == 0
}

func (o *Operator) clean(ctx context.Context, p printer.Problem) error {
	if err := o.line.Machine.CleanByHand(ctx); err != nil {
		return err
	}
	o.note(p, "clean by the book", nil, "")
	return nil
}

func (o *Operator) emptyOutput(_ context.Context, p printer.Problem) error {
	cards := o.line.Machine.TakeOutput()
	o.note(p, "empty the output tray", cards, o.cfg.Name)
	o.box(p, cards, printer.AtOutput)
	return nil
}

func (o *Operator) emptyReject(_ context.Context, p printer.Problem) error {
	cards := o.line.Machine.TakeReject()
	o.note(p, "empty the reject box", cards, o.cfg.Name)
	o.box(p, cards, printer.AtReject)
	return nil
}

func (o *Operator) takeBezel(_ context.Context, p printer.Problem) error {
	card := o.line.Machine.TakeBezel()
	if card == nil {
		return nil
	}
	o.note(p, "take the card out of the front slot", []*printer.Plastic{card}, o.cfg.Name)
	o.box(p, []*printer.Plastic{card}, printer.AtBezel)
	return nil
}
