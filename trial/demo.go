package trial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"blanko/emulator"
	"blanko/emulator/center"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"
	"blanko/internal/rig"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/registry"
	"blanko/registry/datacenter"
	"blanko/station"
	"blanko/store"
)

// Options of a demo.
type Options struct {
	Cards   int
	Lines   int
	Speed   float64 // 1 real time, 0 as fast as possible
	Faults  string  // none, some, or a file
	Seed    int64
	Chip    string // 8k, 32k
	Printer string // model of the printers; empty: printerModel
	Out     string // folder for pictures, chips, papers; empty: none
	Data    string // ledger file; empty: in a folder that is removed at the end
	PCSC    bool   // every APDU through a private PC/SC service
	HSM     bool   // every master and signing key on a token that SoftHSM2 plays
	ICAO    bool   // chips open the ICAO view to whoever knows the zone, and are rechecked there
	// Serve is called when the station stands, with the house, and its function at the end.
	Serve func(*House) (stop func(), err error)
	// Stay is called when the batch is done and counted; nil: the demo ends. The house may go on living.
	Stay func(context.Context, *House, Summary) error

	observe func(personalize.Progress)                                           // of a benchmark or a test
	scene   *scene                                                               // what a scenario lets happen; nil: nothing
	token   func(*vault)                                                         // sees the token when its keys are made
	readers []rig.Reader                                                         // of a service that is there, instead of a private one
	devices func(context.Context, *demo, jobs.LineID) (*personalize.Line, error) // opens those of a line; nil: in process
	opened  func(now func() time.Time) (*store.Store, error)                     // opens the ledger; nil: a file
}

// Bounds of Options.Speed: beyond them the clock of a line leaves what time.Duration holds.
const (
	minSpeed = 0.001
	maxSpeed = 1000
)

// Check names the first option that cannot be.
func (o Options) Check() error {
	switch {
	case (o.Cards < 1 || o.Cards > 100000) && o.scene == nil:
		return errors.New("--cards: 1 to 100000")
	case o.Lines < 1 || o.Lines > 64:
		return errors.New("--lines: 1 to 64")
	case o.Speed != 0 && !(o.Speed >= minSpeed && o.Speed <= maxSpeed):
		return fmt.Errorf("--speed: 0 (as fast as possible), 1 (real time) or a factor, %g to %d", minSpeed, maxSpeed)
	case chips[o.Chip].profile == "":
		return errors.New("--chip: 8k or 32k")
	case o.Printer != "" && o.scene == nil && !slices.Contains(InlinePrinters, o.Printer):
		return fmt.Errorf("--printer: %s", strings.Join(InlinePrinters, ", "))
	case o.PCSC && o.Lines > rig.MaxReaders-1:
		return fmt.Errorf("--lines: 1 to %d with --pcsc, which has a reader for each and one for the desk", rig.MaxReaders-1)
	}
	return nil
}

// folder makes the folder of the pictures before any card, and proves that files can be made in it.
func (o Options) folder() error {
	if o.Out == "" {
		return nil
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	f, err := os.CreateTemp(o.Out, ".blanko-")
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// maxRounds bounds how often cards in doubt are presented and what follows from them is made.
const maxRounds = 8

// Demo is the main job: an emulated center, a station with inline lines, a batch of residents,
// and at the end the account of every blank.
func Demo(ctx context.Context, o Options, screen *Screen, log *zap.Logger) (Summary, error) {
	return run(ctx, o, screen, log, func(*demo) {})
}

// run is Demo; look sees it when it is done, before it is taken down.
func run(ctx context.Context, o Options, screen *Screen, log *zap.Logger, look func(*demo)) (Summary, error) {
	if err := o.Check(); err != nil {
		return Summary{}, err
	}
	if err := o.folder(); err != nil {
		return Summary{}, err
	}
	d := &demo{Options: o, began: time.Now(), log: log}
	d.house = &House{demo: d, read: map[ktp.AttemptID]int{}}
	defer d.close()
	defer look(d)
	if err := d.open(ctx, screen); err != nil {
		return Summary{}, err
	}
	defer d.bars.close()
	if err := d.make(ctx); err != nil {
		return Summary{}, err
	}
	d.bars.close()
	s, err := d.summary(ctx)
	if err != nil {
		return Summary{}, err
	}
	if o.Out != "" {
		if err := d.write(ctx); err != nil {
			return s, err
		}
	}
	if o.Stay == nil {
		return s, nil
	}
	if err := d.house.hire(ctx); err != nil {
		return s, err
	}
	return s, o.Stay(ctx, d.house, s)
}

// make runs the station, with the desk in between, until nothing is left to make.
func (d *demo) make(ctx context.Context) error {
	for range maxRounds {
		err := d.round(ctx)
		for errors.Is(err, errStopped) {
			if err = d.restart(ctx); err == nil {
				err = d.round(ctx)
			}
		}
		if err != nil {
			return err
		}
		if err := d.scene.tidy(ctx); err != nil {
			return err
		}
		if again, err := d.present(ctx); err != nil || !again {
			return err
		}
	}
	return nil
}

// errStopped ends a round whose station was stopped in the middle of its work.
var errStopped = errors.New("the station was stopped")

// restart opens everything that the program of a station opens, but the ledger.
func (d *demo) restart(ctx context.Context) error {
	d.parts.Lines = nil
	return d.wire(ctx)
}

// Screen is where a demo shows its progress.
type Screen struct {
	Out      io.Writer
	Terminal bool
}

// demo is one run.
type demo struct {
	Options
	log    *zap.Logger
	began  time.Time
	center *center.Center
	server *center.Server
	store  *store.Store
	reg    *registry.Registry
	staff  *staff
	room   *room
	house  *House
	pcsc   *service // nil: the station reaches the chips directly
	parts  station.Parts
	lines  []jobs.LineID
	bars   *progress
	tally  *tally
	loaded int
	closer []func()
	supply sync.Mutex
}

func (d *demo) close() {
	for i := len(d.closer) - 1; i >= 0; i-- {
		d.closer[i]()
	}
}

// maker of the printers.
func (d *demo) maker() string {
	model := d.Printer
	if model == "" {
		model = printerModel
	}
	m, _ := machine.FindModel(model)
	return m.Maker
}

func (d *demo) now() time.Time { return batchStart.Add(time.Since(d.began)) }

// Extras of a batch with faults.
const (
	brokenEvery    = 10 // one broken record for so many good ones
	withdrawEvery  = 40 // one request in so many is withdrawn while its card is made
	sparePerTen    = 5  // blanks beyond the cards asked for, in tenths
	sparePerLine   = 20
	hopperExtra    = 3 // loaded beyond a line's share; the rest waits in the store
	hopperCapacity = 100
	refill         = 40 // blanks that a person draws at once
)

func (d *demo) open(ctx context.Context, screen *Screen) error {
	for i := range d.Lines {
		d.lines = append(d.lines, jobs.LineID(fmt.Sprintf("line-%d", i+1)))
	}
	script, err := d.script()
	if err != nil {
		return err
	}
	cfg := center.Config{Seed: d.Seed, Offices: []string{office}, Records: d.Cards, Citizens: true, Now: d.now}
	if d.Faults == "some" {
		cfg.Broken = someBroken(d.Seed, d.Cards/brokenEvery)
		if d.Cards >= withdrawEvery {
			cfg.Moments = []center.Moment{{Every: withdrawEvery, Word: "SENT_FOR_CARD_PRINTING", Act: "withdraw", Reason: "died"}}
		}
	}
	if d.scene != nil {
		cfg.Broken = d.scene.Batch.Broken
	}
	if d.center, err = center.New(cfg); err != nil {
		return err
	}
	if err := d.scene.begin(d); err != nil {
		return err
	}
	if d.server, err = d.center.ListenTLS("127.0.0.1:0"); err != nil {
		return err
	}
	d.closer = append(d.closer, func() { _ = d.server.Close() })
	outfit, err := newOutfit(d.Seed, d.Chip, d.center.Keys())
	if err != nil {
		return err
	}
	if d.HSM {
		if err := d.secure(ctx, outfit); err != nil {
			return err
		}
	}
	if err := d.ledger(ctx, station.CardPresence{Keys: outfit.source()}); err != nil {
		return err
	}
	room := roomConfig{
		seed: d.Seed, lines: d.lines, speed: d.Speed, chip: d.Chip, model: d.Printer, icao: d.ICAO, timing: chip.MidChip(), operator: d.operator,
	}
	if d.scene != nil {
		room.virtual, room.desks = true, d.scene.desks()
	}
	if d.room, err = newRoom(outfit, room); err != nil {
		return err
	}
	d.closer = append(d.closer, func() { _ = d.room.world.Close() })
	d.scene.posts(d.room)
	if d.PCSC {
		if d.pcsc, err = openService(ctx, names(d.lines), d.readers); err != nil {
			return err
		}
		d.closer = append(d.closer, func() {
			if err := d.pcsc.Close(); err != nil {
				d.log.Error("PC/SC service not closed", zap.Error(err))
			}
		})
	}
	d.tally = newTally(d.room.world)
	if err := d.room.world.Plan(script...); err != nil {
		return err
	}
	if err := d.wire(ctx); err != nil {
		return err
	}
	d.bars = newProgress(screen.Out, screen.Terminal, d.Cards, d.lines)
	if d.Serve != nil {
		stop, err := d.Serve(d.house)
		if err != nil {
			return err
		}
		d.closer = append(d.closer, stop)
	}
	if err := d.fill(ctx); err != nil {
		return err
	}
	if err := d.scene.filled(ctx); err != nil {
		return err
	}
	if d.scene != nil {
		return nil // they come when a line waits
	}
	operators, stop := context.WithCancel(ctx) // they come to loaded machines
	var working sync.WaitGroup
	working.Go(func() { d.room.world.Operate(operators) })
	d.closer = append(d.closer, func() { stop(); working.Wait() })
	return nil
}

func (d *demo) ledger(ctx context.Context, chips registry.Chips) error {
	path := d.Data
	if path == "" && d.opened == nil {
		dir, err := os.MkdirTemp("", "blanko-demo-")
		if err != nil {
			return err
		}
		d.closer = append(d.closer, func() { _ = os.RemoveAll(dir) })
		path = filepath.Join(dir, "blanko.db")
	}
	open := d.opened
	if open == nil {
		open = func(now func() time.Time) (*store.Store, error) {
			return store.Open(ctx, path, store.WithClock(now), labRoot())
		}
	}
	var err error
	if d.store, err = open(d.now); err != nil {
		return err
	}
	d.closer = append(d.closer, func() { _ = d.store.Close() })
	release, err := d.store.Claim(ctx, office, func(why error) { d.log.Error("the ledger is not this program's any more", zap.Error(why)) })
	if err != nil {
		return err
	}
	d.closer = append(d.closer, release)
	d.reg = registry.New(d.store, registry.Config{Office: office, Production: false, Chips: chips}, d.log)
	d.staff = &staff{reg: d.reg}
	return nil
}

// wire composes the station.
func (d *demo) wire(ctx context.Context) error {
	cred, err := d.server.Client(office)
	if err != nil {
		return err
	}
	anchor, err := datacenter.Anchor(d.center.Anchor().Public)
	if err != nil {
		return err
	}
	d.parts = station.Parts{
		Office: office, Registry: d.reg, Anchor: anchor, Log: d.log, Now: d.now, Wait: time.Second,
		Center: datacenter.New(datacenter.Config{URL: cred.URL, Office: office, TLS: cred.TLS}),
	}
	for _, id := range d.lines {
		l, err := d.line(ctx, id)
		if err != nil {
			return err
		}
		if v := d.room.vault; v != nil {
			l.Gate = v.token.Ready // no blank is fed for a token that is away
		}
		l.Clock = d.scene.attended(id, l.Clock)
		l.Observe = func(p personalize.Progress) {
			d.bars.observe(p)
			d.tally.observe(p)
			d.scene.observe(ctx, p)
			if d.observe != nil {
				d.observe(p)
			}
		}
		d.parts.Lines = append(d.parts.Lines, l)
	}
	return station.New(d.parts).Define(ctx)
}

// line opens the devices of a line.
func (d *demo) line(ctx context.Context, id jobs.LineID) (*personalize.Line, error) {
	if d.devices != nil {
		return d.devices(ctx, d, id)
	}
	l, err := d.room.line(ctx, id, d.reg, d.log)
	if err != nil || d.pcsc == nil {
		return l, err
	}
	l.Reader, err = d.pcsc.line(ctx, d.room.world.Line(string(id)))
	return l, err
}

// fill receives the blanks of the batch and loads every hopper.
func (d *demo) fill(ctx context.Context) error {
	n := d.Cards + d.Cards*sparePerTen/10 + sparePerLine*d.Lines
	if err := d.staff.receive(ctx, ktp.ProfileCitizen, n); err != nil {
		return err
	}
	d.loaded = n
	d.room.stock(n)
	for _, id := range d.lines {
		cards := d.draw(id, min(hopperCapacity, (d.Cards+d.Lines-1)/d.Lines+hopperExtra))
		if err := d.load(id, cards); err != nil {
			return err
		}
	}
	return nil
}

// load puts blanks where a line takes them from.
func (d *demo) load(id jobs.LineID, cards []*machine.Plastic) error {
	if c := d.scene.carrier(id); c != nil {
		return c.pile(cards)
	}
	return d.room.world.Line(string(id)).Machine.Load(cards...)
}

// draw takes at most n blanks out of the store for a line: in the ledger first, then by hand.
func (d *demo) draw(id jobs.LineID, n int) []*machine.Plastic {
	d.supply.Lock()
	defer d.supply.Unlock()
	var free []*machine.Plastic
	for _, p := range d.room.blanks {
		if len(free) < n && p.Place().At == machine.AtStock {
			free = append(free, p)
		}
	}
	if len(free) == 0 {
		return nil
	}
	if err := d.staff.load(context.Background(), id, ktp.ProfileCitizen, len(free)); err != nil {
		d.log.Error("hopper not loaded", zap.Error(err))
		return nil
	}
	for _, p := range free { // into the hand, so that nobody else takes them
		if err := p.Take(p.Place()); err != nil {
			d.log.Error("blank not taken", zap.Error(err))
		}
	}
	return free
}

// operator is the person at a line: refills from the store, and gives every card that comes out
// of the path to the desk.
func (d *demo) operator(id jobs.LineID) emulator.OperatorConfig {
	return emulator.OperatorConfig{
		Name:    "operator of " + string(id),
		Dispose: emulator.DisposeHand,
		Told: func(a emulator.Act) {
			d.log.Info("person", zap.String("line", a.Line), zap.String("why", string(a.Why)), zap.String("does", a.Do), zap.Int("cards", len(a.Cards)))
			d.scene.person(id, a.Why, a.Do)
		},
		Supply: func(n int) []*machine.Plastic {
			if d.scene.carrier(id) != nil {
				return nil // the blanks lie beside the reader
			}
			return d.draw(id, min(n, refill))
		},
	}
}

// The demo looks whether the batch is done when the ledger has changed, not more often than every
// watch, and now and then without a change.
const (
	watch  = 20 * time.Millisecond
	glance = 500 * time.Millisecond
)

// round runs the station until nothing is left to do for it.
func (d *demo) round(ctx context.Context) error {
	run, stop := context.WithCancel(ctx)
	defer stop()
	d.scene.working(stop)
	drain := make(chan struct{})
	ended := make(chan struct{})
	working := station.New(d.parts)
	go func() {
		working.Run(run, drain)
		close(ended)
	}()
	look, even := time.NewTicker(watch), time.NewTicker(glance)
	defer look.Stop()
	defer even.Stop()
	changed := d.reg.Changed()
	for {
		select {
		case <-ctx.Done():
		case <-ended:
			if ctx.Err() == nil {
				return errStopped
			}
		case <-changed:
		case <-even.C:
		}
		select {
		case <-ctx.Done():
			<-ended
			return ctx.Err()
		case <-look.C:
		}
		changed = d.reg.Changed()
		if err := working.Stuck(); err != nil { // nobody mends it here
			return err
		}
		if _, err := d.staff.approve(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		if err := d.reopen(ctx); err != nil {
			return err
		}
		idle, err := d.idle(ctx)
		if err != nil {
			return err
		}
		if idle {
			break
		}
	}
	close(drain)
	<-ended
	return nil
}

// reopen resumes a line that three chip faults in a row have paused, and one that a finding has stopped while others
// wait for their cards: the supervisor looked.
func (d *demo) reopen(ctx context.Context) error {
	lines, err := d.reg.Lines(ctx)
	if err != nil {
		return err
	}
	for _, l := range lines {
		again := l.Wish == jobs.Paused
		if l.Wish == jobs.Stopped && l.Reason == "registry.wrong_person" {
			s, err := d.reg.Summary(ctx)
			if err != nil {
				return err
			}
			again = s.Applications[registry.Queued] > 0
		}
		if again {
			if _, err := d.staff.do(ctx, supervisor, registry.ResumeLine{Line: l.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// idle reports whether every record has arrived and none is on its way through the station, and
// the center knows it all.
func (d *demo) idle(ctx context.Context) (bool, error) {
	s, err := d.reg.Summary(ctx)
	if err != nil {
		return false, err
	}
	busy := 0
	for _, st := range []registry.State{registry.PrintReady, registry.Approved, registry.Queued, registry.Producing} {
		busy += s.Applications[st]
	}
	if busy > 0 || arrived(s) < d.expected() {
		return false, nil
	}
	if s.Reports > 0 {
		d.scene.mend()
	}
	return s.Reports == 0, nil
}

// arrived counts the requests of the center that the station has taken in or refused.
func arrived(s registry.Summary) int {
	n := s.Refused
	for _, of := range s.Applications {
		n += of
	}
	return n
}

// expected is how many requests the center has for the office.
func (d *demo) expected() int { return len(d.center.Account()) }
