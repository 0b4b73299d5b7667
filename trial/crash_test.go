package trial

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	machine "blanko/emulator/printer"

	"blanko/applet"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/registry/osia"
	"blanko/store"
	"blanko/store/storetest"
)

// crash is one batch in one world over one ledger file, made by processes that are killed.
type crash struct {
	t       testing.TB
	office  *crashOffice
	room    *room
	path    string
	random  *rand.ChaCha8
	db      *store.Store
	reg     *registry.Registry
	people  *staff
	account account
	deaths  []string
	unit    crashUnit
	// Mutants and missing devices, where not nil.
	book    func(*registry.Registry) personalize.Book
	printer func(p *evolis.Printer) (printer.Printer, printer.Path)
	lost    func(tx *store.Tx, id ktp.AttemptID) error
	tell    func(registry.WithdrawRecord) registry.Result
	caught  func(difference string) any // what to panic with instead of failing the test
	hidden  []*machine.Plastic          // cards that nobody finds
}

// crashUnit is the printer of such a batch.
type crashUnit struct {
	model  string
	ribbon machine.Ribbon
	kept   *kept
	open   func(ctx context.Context, link printer.Link, clock lineClock) (inline, error)
}

// onEvolis is the one of most: a ribbon of black and overlay, whose panels are small.
func onEvolis(o *crashOffice) crashUnit {
	return crashUnit{
		model: printerModel, ribbon: machine.Ribbon{Type: "ko", Panels: panels, Total: 500, Left: 500, Zone: "A"}, kept: o.kept,
		open: func(ctx context.Context, link printer.Link, clock lineClock) (inline, error) {
			return evolis.Open(ctx, link, evolis.Config{Ribbon: "ko", HoldAfterPrint: true, OnlyInside: true, Sleep: clock.Sleep, Timeouts: evolis.Timeouts{Quiet: quiet}})
		},
	}
}

func newCrash(t testing.TB, seed byte) *crash {
	t.Helper()
	o, err := theOffice()
	if err != nil {
		t.Fatal(err)
	}
	return newCrashOn(t, o, onEvolis(o), seed)
}

func newCrashOn(t testing.TB, o *crashOffice, u crashUnit, seed byte) *crash {
	t.Helper()
	c := &crash{t: t, office: o, room: o.world(t, u), random: rand.NewChaCha8([32]byte{seed}), unit: u}
	c.path = filepath.Join(crashFolder(t), "blanko.db")
	if err := os.WriteFile(c.path, c.office.ledger, 0o600); err != nil {
		t.Fatal(err)
	}
	c.account = account{blanks: c.room.blanks, face: u.kept.face, withdrawn: map[string]answered{}}
	c.start()
	return c
}

// crashFolder is in memory where the system has such a place: thousands of ledgers are written.
func crashFolder(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "blanko-crash-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (c *crash) line() *machine.Machine { return c.room.world.Line(string(crashLine)).Machine }

// start opens the ledger as a new process does.
func (c *crash) start() {
	c.t.Helper()
	var err error
	clock := c.room.world.Line(string(crashLine)).Clock
	if c.db, err = store.Open(context.Background(), c.path, store.WithClock(clock.Now), store.WithRelaxedDurability(), labRoot()); err != nil {
		c.t.Fatal(err)
	}
	c.reg = registry.New(c.db, registry.Config{Office: office, Rand: c.random, MaxChipFaults: 100}, nil)
	c.people = &staff{reg: c.reg, as: fmt.Sprintf("session %d", len(c.deaths))}
	c.account.reg = c.reg
}

// restart is what follows a death: the ledger is opened anew, from the file.
func (c *crash) restart() {
	c.t.Helper()
	if err := c.db.Close(); err != nil {
		c.t.Fatal(err)
	}
	c.start()
}

func (c *crash) end() {
	if err := errors.Join(c.db.Close(), c.room.world.Close()); err != nil {
		c.t.Error(err)
	}
	_ = os.RemoveAll(filepath.Dir(c.path))
}

// quiet is how long a late answer of the emulated printer is waited for: it has none.
const quiet = time.Millisecond

// build opens the printer and puts a line together whose ports all go through the stopper.
func (c *crash) build(ctx context.Context, s *stopper) (*personalize.Line, error) {
	l := c.room.world.Line(string(crashLine))
	clock := &operated{lineClock: lineClock{l.Clock}, crash: c}
	open := func() (inline, error) { return c.unit.open(ctx, stopped(newLink(l.Device), s), clock.lineClock) }
	p, err := open()
	for printer.ClassOf(err) == printer.ClassComm && !s.killed() { // nobody answers: a person looks
		if err := clock.Sleep(ctx, time.Second); err != nil {
			return nil, err
		}
		p, err = open()
	}
	if err != nil {
		return nil, err
	}
	line := &personalize.Line{
		Setup: c.office.outfit.setup(crashLine),
		Devices: personalize.Devices{
			Printer: p, Path: p, Reader: stoppedReader{&reader{l.Machine.Reader()}, s}, Keys: c.office.outfit.keys, Look: stoppedLook(s, camera(l.Machine)),
		},
		Clock: clock,
	}
	if c.printer != nil {
		line.Printer, line.Path = c.printer(p.(*evolis.Printer))
	}
	line.Kept = c.unit.kept
	var book personalize.Book = c.reg
	if c.book != nil {
		book = c.book(c.reg)
	}
	line.Book = stoppedBook{book, s}
	return line, nil
}

// operated is a line's clock on which the operator works while the line waits for a person.
type operated struct {
	lineClock
	*crash
	idle int
}

// patience is how often a line may look in vain while there is nothing a person could do.
const patience = 200

func (o *operated) Sleep(ctx context.Context, d time.Duration) error {
	acts, err := o.room.world.Line(string(crashLine)).Operator.Step(ctx)
	if err != nil {
		return err
	}
	if o.idle++; len(acts) > 0 {
		o.idle = 0
	}
	if o.idle == patience/2 { // somebody calls the service
		o.line().FreeSensors()
	}
	if o.idle > patience {
		return fmt.Errorf("%w: %v", errInVain, o.line().Problems())
	}
	return o.lineClock.Sleep(ctx, d)
}

// last is a book that ends its line when nothing is left to make.
type last struct {
	personalize.Book
	*crash
	drain chan struct{}
}

func (b last) Next(ctx context.Context, session jobs.Session) (jobs.Order, error) {
	for {
		changed := b.reg.Changed()
		waiting, working, err := b.queue(ctx)
		switch {
		case err != nil:
			return jobs.Order{}, err
		case waiting > 0:
			// Until something changes: what waited may be withdrawn before it is taken.
			o, err := until(ctx, changed, func(ctx context.Context) (jobs.Order, error) { return b.Book.Next(ctx, session) })
			if !errors.Is(err, errChanged) {
				return o, err
			}
			continue
		case working == 0:
			close(b.drain)
			<-ctx.Done()
			return jobs.Order{}, ctx.Err()
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return jobs.Order{}, ctx.Err()
		}
	}
}

var errChanged = errors.New("something has changed")

// until calls next with a context that ends with the first change; the error is errChanged then.
func until(ctx context.Context, changed <-chan struct{}, next func(context.Context) (jobs.Order, error)) (jobs.Order, error) {
	within, end := context.WithCancelCause(ctx)
	defer end(nil)
	go func() {
		select {
		case <-changed:
			end(errChanged)
		case <-within.Done():
		}
	}()
	o, err := next(within)
	if err != nil && ctx.Err() == nil && errors.Is(context.Cause(within), errChanged) {
		return o, errChanged
	}
	return o, err
}

// queue counts what a line has before it, once the center has sent again what was erased and the
// supervisor has looked at a paused line.
func (c *crash) queue(ctx context.Context) (waiting, working int, err error) {
	if err := c.refill(ctx); err != nil {
		return 0, 0, err
	}
	lines, err := c.reg.Lines(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, l := range lines {
		if l.Wish != jobs.Running {
			if _, err := c.people.do(ctx, supervisor, registry.ResumeLine{Line: l.ID}); err != nil {
				return 0, 0, err
			}
		}
	}
	orders, err := c.reg.Orders(ctx, jobs.Waiting, 100)
	if err != nil {
		return 0, 0, err
	}
	for _, w := range orders {
		switch {
		case w.Held:
		case w.NeedsRecord: // erased since the center was asked: the next look sends it again
			working++
		default:
			waiting++
		}
	}
	attempts, err := c.reg.Attempts(ctx, "")
	if len(attempts) > crashBlanks {
		return 0, 0, fmt.Errorf("%d attempts for %d cards", len(attempts), crashCards)
	}
	for _, t := range attempts {
		if !t.Ended && t.State != jobs.InDoubt {
			working++
		}
	}
	return waiting, working, err
}

func (c *crash) refill(ctx context.Context) error {
	ids, err := c.reg.RecordsWanted(ctx, 100)
	for _, id := range ids {
		i := slices.IndexFunc(c.office.records, func(r osia.Checked) bool { return registry.ApplicationID(r.Record.ID) == id })
		r := c.office.records[i]
		op := registry.RefillRecord{Record: r.Record, MessageID: r.MessageID, Canonical: r.Canonical, Warnings: r.Warnings}
		if _, err := c.people.do(ctx, centerActor, op); err != nil {
			return err
		}
	}
	return err
}

// rounds bounds how often a batch goes from the line to the desk and back.
const rounds = 30

// life is one process: it recovers, makes what there is to make, and ends or is killed.
func (c *crash) life(s *stopper) (died bool) {
	c.t.Helper()
	ctx, kill := context.WithCancel(context.Background())
	defer kill()
	s.kill = kill
	err := c.work(ctx, s)
	switch {
	case s.killed():
		c.deaths = append(c.deaths, s.what)
		return true
	case err != nil:
		c.fail("the line ended: %v", err)
	}
	return false
}

func (c *crash) work(ctx context.Context, s *stopper) error {
	line, err := c.build(ctx, s)
	if err != nil {
		return err
	}
	again := true
	for range rounds {
		drain := make(chan struct{})
		book := line.Book
		line.Book = last{book, c, drain}
		err := line.Run(ctx, drain)
		line.Book = book
		if err != nil {
			return err
		}
		if again, err = c.resolve(ctx, line, s); err != nil || !again {
			return err
		}
	}
	if again {
		return fmt.Errorf("after %d rounds something is left to make", rounds)
	}
	return nil
}

// resolve is the desk: every card whose attempt is in doubt is presented, mute ones are
// surrendered, and what cannot be found is declared lost. It reports whether something is to be
// made again.
func (c *crash) resolve(ctx context.Context, line *personalize.Line, s *stopper) (bool, error) {
	desk := clerk{
		room: c.room, staff: c.people, log: line.Log,
		through: func(t applet.Transport) applet.Transport { return stoppedReader{t, s} },
		by: func(lay func(context.Context, printer.Tray) error) func(context.Context, printer.Tray) error {
			return stoppedLay(s, lay)
		},
	}
	cards := c.suspects(ctx)
	open, err := c.reg.Attempts(ctx, jobs.InDoubt)
	if err != nil {
		return false, err
	}
	if len(cards)+len(open) > 0 { // something is wrong with this machine: the service looks at it
		c.line().FreeSensors()
	}
	for _, p := range cards {
		err := desk.layOnDesk(ctx, line, p)
		if s.killed() { // whoever laid it there keeps it, and presents it again
			if p.Place().At == machine.AtBox {
				err = p.Take(p.Place())
			}
			return false, errors.Join(errKilled, err)
		}
		if err != nil {
			return false, err
		}
	}
	if err := desk.surrender(ctx, crashLine); err != nil {
		return false, err
	}
	doubts, err := c.reg.Attempts(ctx, jobs.InDoubt)
	if err != nil {
		return false, err
	}
	for _, t := range doubts {
		if c.lost != nil {
			if err := c.db.Write(ctx, func(tx *store.Tx) error { return c.lost(tx, t.ID) }); err != nil {
				return false, err
			}
			continue
		}
		if _, err := c.people.do(ctx, printRoom, registry.DeclareLost{Attempt: t.ID, Because: registry.Because{Reason: "not_found"}, Second: supervisor}); err != nil {
			return false, err
		}
	}
	if len(doubts) > 0 {
		c.always("at the desk")
	}
	held, err := c.reg.ListApplications(ctx, registry.OnHold, "", 100)
	if err != nil {
		return false, err
	}
	for _, app := range held {
		if _, err := c.people.do(ctx, printRoom, registry.ReleaseApplication{Application: app.ID}); err != nil {
			return false, err
		}
	}
	waiting, working, err := c.queue(ctx)
	return waiting+working > 0, err
}

// suspects are the cards that a person brings to the desk: those whose chip names an attempt in
// doubt, wherever they lie, those that somebody took out of the path, and those in the reject tray that
// nobody has laid on a reader and whose chip tells nothing, since a path that is run clear ends there.
func (c *crash) suspects(ctx context.Context) []*machine.Plastic {
	doubts, err := c.reg.Attempts(ctx, jobs.InDoubt)
	if err != nil {
		c.t.Fatal(err)
	}
	c.emptyTrays()
	var out []*machine.Plastic
	for _, p := range c.room.blanks {
		at := p.Place()
		if at.At != machine.AtBox && at.At != machine.AtHand || slices.Contains(c.hidden, p) {
			continue
		}
		loose := at.From == machine.AtPath || at.At == machine.AtHand ||
			at.From == machine.AtReject && len(doubts) > 0 && p.Chip.View().State == "blank"
		asked := slices.ContainsFunc(doubts, func(t jobs.Attempt) bool {
			return t.ID == ktp.AttemptID(p.Chip.View().Attempt) || t.Chip != "" && string(t.Chip) == kdd(p)
		})
		if loose || asked {
			out = append(out, p)
		}
	}
	return out
}

// always and atRest check the account and end the test with the story of the batch.
func (c *crash) always(when string) {
	c.t.Helper()
	wrong, err := c.account.always(context.Background())
	c.wrong(when, wrong, err)
}

func (c *crash) atRest() {
	c.t.Helper()
	wrong, err := c.account.atRest(context.Background())
	wrong = append(wrong, c.room.world.Census().Wrong...)
	c.wrong("at the end", wrong, err)
}

func (c *crash) wrong(when string, wrong []string, err error) {
	c.t.Helper()
	if err != nil {
		c.fail("%v", err)
	}
	if len(wrong) > 0 {
		c.fail("%s: %q", when, wrong)
	}
}

func (c *crash) fail(format string, args ...any) {
	c.t.Helper()
	if c.caught != nil {
		panic(c.caught(fmt.Sprintf(format, args...)))
	}
	c.t.Fatalf("killed at %q: %s\n%s", c.deaths, fmt.Sprintf(format, args...), c.journal())
}

// journal is the story of the batch as the ledger tells it, for whoever has to understand a
// difference.
func (c *crash) journal() string {
	ctx := context.Background()
	attempts, _ := c.reg.Attempts(ctx, "")
	text := ""
	for _, t := range attempts {
		d, _ := c.reg.Attempt(ctx, t.ID)
		text += fmt.Sprintf("attempt %s of %s: %s, chip %s, cause %q\n", t.ID, t.Application, t.State, t.Chip, t.Cause)
		if d.Blank != nil {
			text += fmt.Sprintf("  blank at %s, chip %s\n", d.Blank.Place, d.Blank.Chip)
		}
		for _, n := range d.Journal {
			text += fmt.Sprintf("  %s %s %s %s %s\n", n.Step, n.Phase, n.Outcome.Result, n.Outcome.Cause, n.Outcome.Where)
		}
	}
	const all = 10000
	for _, room := range []string{"card.", "stock.", "doubt."} {
		events, _ := c.reg.Events(ctx, 0, all, audit.Filter{Code: room})
		for _, e := range events {
			text += fmt.Sprintf("%d %s %.8s %s %v\n", e.ID, e.Code, e.Attempt, e.Chip, e.Detail)
		}
	}
	for _, b := range c.account.bodies() {
		if b.Fed() > 0 {
			front, _ := b.Prints()
			text += fmt.Sprintf("card %s chip %s: %s, %s, attempt %s, fed %d, printed %d\n", b.Serial, b.uid, b.place, b.view.State, b.attempt(), b.Fed(), front)
		}
	}
	return text
}

// A batch that nobody disturbs.
func TestUndisturbedBatch(t *testing.T) {
	t.Parallel()
	c := newCrash(t, 1)
	defer c.end()
	s := &stopper{}
	c.life(s)
	c.atRest()
	made, err := c.reg.Attempts(t.Context(), jobs.Out)
	if err != nil || len(made) != crashCards {
		t.Fatalf("%d cards made, %v", len(made), err)
	}
	for _, a := range made {
		d, err := c.reg.Attempt(t.Context(), a.ID)
		if bytes, room := d.Journal.Fill(); err != nil || bytes == 0 || bytes > room {
			t.Errorf("%d of %d bytes on the chip, %v", bytes, room, err)
		}
	}
	t.Logf("%d instants", s.instants())
}

// killEach makes the batch once per instant, killed there, and counts the deaths.
func killEach(t *testing.T, instants []int) (deaths int) {
	t.Helper()
	for _, n := range instants {
		c := newCrash(t, byte(n))
		if c.life(&stopper{at: n}) {
			deaths++
			c.restart()
			c.always("after the death")
			c.life(&stopper{})
		}
		c.atRest()
		c.end()
	}
	return deaths
}

// racing: the race detector makes everything some twenty times slower.
var racing bool

// shortened is whether the detector, which watches every dot of every face, is to see fewer cards. The Makefile
// names the tests that are run once more without it, whole.
func shortened() bool { return racing && !storetest.Soak() }

// cardsOf is how many cards a batch has.
func cardsOf(whole, raced int) int {
	if shortened() {
		return raced
	}
	return whole
}

// hands is how many batches are made side by side.
const hands = 2

// A process that is killed at any one instant loses nothing: each instant of a batch, or every so
// many of them where the tests must be quick.
func TestKilledAtEveryInstant(t *testing.T) {
	t.Parallel()
	c := newCrash(t, 0)
	s := &stopper{}
	c.life(s)
	c.end()
	step := 31
	switch {
	case storetest.Soak() && racing:
		step = 7
	case thorough() && !racing || storetest.Soak():
		step = 1
	}
	var some [hands][]int
	for i, n := 0, 1+rand.IntN(step); n <= s.instants(); i, n = i+1, n+step {
		some[i%hands] = append(some[i%hands], n)
	}
	for i := range hands {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			t.Logf("killed at %d of %d instants, from %d in steps of %d", killEach(t, some[i]), s.instants(), some[i][0], step*hands)
		})
	}
}
