package emulator

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"blanko/emulator/chip"
	"blanko/emulator/printer"
	"blanko/emulator/printer/evolis"
	"blanko/emulator/printer/magicard"
	"blanko/emulator/printer/matica"
)

// Config describes a print room.
type Config struct {
	Seed    uint64
	Start   time.Time // what every clock shows at the beginning
	Speed   float64   // 1 real time, 10 ten times as fast, 0 without waiting
	Virtual bool      // only spent time counts; Speed means nothing
	Lines   []LineConfig
	Desks   []string // names of desk readers
	// TransportKey is key set 30 of the chip with this key diversification data. nil: a key that
	// comes from Seed.
	TransportKey func(kdd [10]byte) chip.Keys
	Chip         ChipConfig
}

// ChipConfig is what all chips of the world have in common; see chip.Config.
type ChipConfig struct {
	Size                int
	Timing              chip.Timing
	ICAOView            bool
	BAC                 bool
	NoPACE              bool
	MaxLc, MaxLe        int
	CounterOnlyWithData bool
}

// LineConfig describes one printer with its encoder.
type LineConfig struct {
	Name       string
	Model      string         // name in printer.Models
	Serial     string         // empty: made from the seed
	Zone       string         // of the printer
	Ribbon     printer.Ribbon // empty Type: a full roll of the model's usual one, of the same zone
	KeepPrints int            // printed sides that keep their dots; 0 all
	Evolis     evolis.Config  // of an Evolis
	Magicard   magicard.Config
	Matica     matica.Config // of a Matica
	Operator   OperatorConfig
}

// World is a print room. Safe for concurrent use.
type World struct {
	cfg   Config
	lines map[string]*Line
	desks map[string]*Desk
	names []string // lines and desks in the order of the configuration

	mu      sync.Mutex
	random  *rand.Rand
	blanks  []*printer.Plastic
	serials map[[8]byte]bool
}

// Line is one machine with its encoder, its clock and its operator.
type Line struct {
	Name     string
	Clock    *Clock
	Machine  *printer.Machine
	Device   Device // the printer's end of the cable
	Operator *Operator

	lang  language
	roll  printer.Ribbon
	rolls int // fitted so far
	cards *spoiler
	mu    sync.Mutex
	shelf []*printer.Plastic
}

// New builds the room. Close ends the devices.
func New(cfg Config) (*World, error) {
	w := &World{
		cfg: cfg, lines: map[string]*Line{}, desks: map[string]*Desk{},
		random: rand.New(rand.NewPCG(cfg.Seed, 0)), serials: map[[8]byte]bool{},
	}
	if w.cfg.TransportKey == nil {
		var master [16]byte
		binary.BigEndian.PutUint64(master[8:], cfg.Seed)
		w.cfg.TransportKey = func(kdd [10]byte) chip.Keys { return chip.Diversify(master[:], kdd) }
	}
	for _, lc := range cfg.Lines {
		if err := w.addLine(lc); err != nil {
			_ = w.Close()
			return nil, err
		}
	}
	for _, name := range cfg.Desks {
		if err := w.fresh(name); err != nil {
			_ = w.Close()
			return nil, err
		}
		w.desks[name] = newDesk(name, w.clock())
	}
	return w, nil
}

// fresh takes a name that is not in use.
func (w *World) fresh(name string) error {
	if name == "" || slices.Contains(w.names, name) {
		return fmt.Errorf("world: name %q is empty or used twice", name)
	}
	w.names = append(w.names, name)
	return nil
}

func (w *World) clock() *Clock {
	if w.cfg.Virtual {
		return NewVirtualClock(w.cfg.Start)
	}
	return NewClock(w.cfg.Start, w.cfg.Speed)
}

func (w *World) addLine(lc LineConfig) error {
	if err := w.fresh(lc.Name); err != nil {
		return err
	}
	model, ok := printer.FindModel(lc.Model)
	if !ok {
		return fmt.Errorf("world: line %s: unknown model %q", lc.Name, lc.Model)
	}
	if lc.Zone == "" {
		lc.Zone = "A"
	}
	if lc.Serial == "" {
		lc.Serial = fmt.Sprintf("%08X", w.random.Uint32())
	}
	if lc.Ribbon.Type == "" {
		lc.Ribbon = model.NewRibbon(lc.Zone)
	}
	lang, ok := languages[model.Maker]
	if !ok {
		return fmt.Errorf("world: line %s: nobody speaks the language of %s", lc.Name, model.Maker)
	}
	l := &Line{Name: lc.Name, Clock: w.clock(), cards: &spoiler{}, lang: lang, roll: lc.Ribbon}
	lc.Ribbon.Lot = l.nextRoll().Lot
	l.Machine = printer.New(printer.Config{
		Name: lc.Name, Model: model, Serial: lc.Serial, Zone: lc.Zone, Ribbon: lc.Ribbon,
		Spend: l.Clock.Spend, KeepPrints: lc.KeepPrints, OnFed: l.cards.meet,
	})
	l.Device = lang.open(l.Machine, lc)
	l.Operator = newOperator(l, lc.Operator)
	w.lines[lc.Name] = l
	return nil
}

// Line finds a line by name; nil when there is none.
func (w *World) Line(name string) *Line { return w.lines[name] }

// Desk finds a desk reader by name; nil when there is none.
func (w *World) Desk(name string) *Desk { return w.desks[name] }

// Lines lists the lines in the order of the configuration.
func (w *World) Lines() []*Line {
	var out []*Line
	for _, name := range w.names {
		if l := w.lines[name]; l != nil {
			out = append(out, l)
		}
	}
	return out
}

// Blanks makes n new blanks, each with a chip of its own, and leaves them in stock. The same
// seed makes the same chips in the same order.
func (w *World) Blanks(n int) []*printer.Plastic {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]*printer.Plastic, n)
	for i := range out {
		out[i] = w.blank()
	}
	w.blanks = append(w.blanks, out...)
	return out
}

// blank makes one blank. Called with w.mu held.
func (w *World) blank() *printer.Plastic {
	var serial [8]byte
	for {
		binary.BigEndian.PutUint64(serial[:], w.random.Uint64())
		if !w.serials[serial] {
			break
		}
	}
	w.serials[serial] = true
	var seed [32]byte
	copy(seed[:], serial[:])
	binary.BigEndian.PutUint64(seed[8:], w.cfg.Seed)
	var body *printer.Plastic
	card := chip.New(chip.Config{
		Serial: serial, Size: w.cfg.Chip.Size, Timing: w.cfg.Chip.Timing,
		TransportKey: w.cfg.TransportKey(chip.KDD(serial)),
		Rand:         rand.NewChaCha8(seed),
		Spend:        func(d time.Duration) { body.Spend(d) },
		ICAOView:     w.cfg.Chip.ICAOView, BAC: w.cfg.Chip.BAC, NoPACE: w.cfg.Chip.NoPACE,
		MaxLc: w.cfg.Chip.MaxLc, MaxLe: w.cfg.Chip.MaxLe, CounterOnlyWithData: w.cfg.Chip.CounterOnlyWithData,
	})
	body = printer.NewPlastic(fmt.Sprintf("%07d", len(w.serials)), card)
	return body
}

// Close ends the devices of all lines. Cards stay where they are.
func (w *World) Close() error {
	var all []error
	for _, l := range w.lines {
		all = append(all, l.Device.Close())
	}
	return errors.Join(all...)
}

// Shelve lays blanks beside the machine for the operator to fill in.
func (l *Line) Shelve(cards ...*printer.Plastic) {
	l.mu.Lock()
	l.shelf = append(l.shelf, cards...)
	l.mu.Unlock()
}

// Shelf counts the blanks that lie beside the machine.
func (l *Line) Shelf() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.shelf)
}

// nextRoll is a full roll like the one the line began with, of a lot of its own.
func (l *Line) nextRoll() printer.Ribbon {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rolls++
	next := l.roll
	next.Left, next.Lot = next.Total, fmt.Sprintf("R%05d", l.rolls)
	return next
}

// take hands over at most n blanks from the shelf.
func (l *Line) take(n int) []*printer.Plastic {
	l.mu.Lock()
	defer l.mu.Unlock()
	n = min(n, len(l.shelf))
	out := slices.Clone(l.shelf[:n])
	l.shelf = slices.Delete(l.shelf, 0, n)
	return out
}

// Box is the name of the box beside the machine for cards from one of its parts.
func (l *Line) Box(from printer.At) string { return l.Name + " " + string(from) + " box" }

// Operate lets the operators of all lines work until the context ends.
func (w *World) Operate(ctx context.Context) {
	var group sync.WaitGroup
	for _, l := range w.Lines() {
		group.Go(func() { _ = l.Operator.Run(ctx) })
	}
	group.Wait()
}

// Pending lists how many faults of each line and desk have not struck yet.
func (w *World) Pending() map[string]int {
	out := map[string]int{}
	for name, l := range w.lines {
		out[name] = len(l.Machine.Pending()) + l.Device.pending() + len(l.cards.pending())
	}
	for name, d := range w.desks {
		out[name] = len(d.cards.pending())
	}
	return out
}
