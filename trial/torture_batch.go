package trial

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"blanko/emulator"
	"blanko/emulator/center"
	machine "blanko/emulator/printer"
	"blanko/internal/rig"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/printer"
	"blanko/registry"
	"blanko/station"
	"blanko/store"
)

// torture is one batch: a world, a ledger, and stations that die.
type torture struct {
	TortureOptions
	result *TortureResult
	server *rig.PostgreSQL
	wires  *wires // nil: all stations stand here
	folder string
	began  time.Time
	arena  *arena
	victim victim // what all stations are told
	size   size
	blanks []string        // of each line, by the profile of the cards that they are for
	skew   bool            // clocks jump
	skews  []time.Duration // of each station's clock
	// kept is the ledger that several stations share, open all the time: to open it while one of them stands
	// still that opens it, too, would wait without end.
	kept   *store.Store
	dice   sync.Mutex
	random *rand.Rand

	// mu is held while the accounts are compared: no station starts, and none runs.
	mu      sync.Mutex
	running map[*exec.Cmd]bool
	dead    bool           // a difference was found: no station starts any more
	leaving sync.WaitGroup // stations whose line another one has taken over
}

// size is how much a batch begins with.
type size struct {
	faces     int // of all who have records; 0: everybody has one of his own
	records   int // at the center, for each station
	blanks    int // in the world, for each station
	delivered int // blanks in the ledger's store, for each station
}

// Sizes of a batch.
const (
	tortureCards  = 5  // for each station
	tortureKills  = 24 // deaths of each station
	tortureBlanks = 400
	tortureActs   = 900 // acts of a station on the world for some two cards
	foreignEvery  = 4   // batches, of which in one the last line has blanks for foreign residents
	perLife       = 2   // accidents
	oftenPerLife  = 3   // of what happens often
	lifetime      = 10 * time.Minute
)

func (t *torture) intn(n int) int {
	t.dice.Lock()
	defer t.dice.Unlock()
	return t.random.IntN(n)
}

func (t *torture) line(i int) jobs.LineID { return jobs.LineID(fmt.Sprintf("line-%d", i+1)) }

// batch opens the world, lets the stations live and die until everything is made, and compares.
func (t *torture) batch(ctx context.Context) error {
	if err := os.MkdirAll(t.folder, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(t.folder) //nolint:errcheck // in memory
	if err := t.setUp(ctx); err != nil {
		return err
	}
	defer t.arena.close()
	defer func() {
		if t.kept != nil {
			_ = t.kept.Close()
		}
	}()
	t.running = map[*exec.Cmd]bool{}
	errs := make([]error, t.Stations)
	t.skews = make([]time.Duration, t.Stations)
	var all sync.WaitGroup
	for i := range t.Stations {
		all.Go(func() { errs[i] = t.station(ctx, i) })
	}
	all.Wait()
	t.leaving.Wait()
	for name, n := range t.arena.mischief {
		t.result.Mischief[name] += n
	}
	if err := errors.Join(errs...); err != nil || ctx.Err() != nil || t.dead {
		return err
	}
	return t.compare(ctx, "at the end", true)
}

func (t *torture) setUp(ctx context.Context) error {
	seed := int64(t.intn(1 << 30))
	day := func() time.Time { return batchStart.Add(time.Since(t.began)) }
	c, err := center.New(center.Config{Seed: seed, Offices: []string{office}, Faces: t.size.faces, Citizens: true, Foreign: t.foreign(), Records: t.size.records * t.Stations, Now: day})
	if err != nil {
		return err
	}
	host := "127.0.0.1"
	if t.Apart {
		host = rig.NetworkServer
	}
	server, err := c.ListenTLS(host + ":0")
	if err != nil {
		return err
	}
	cred, err := server.Client(office)
	if err != nil {
		return err
	}
	anchor, err := x509.MarshalPKIXPublicKey(c.Anchor().Public)
	if err != nil {
		return err
	}
	outfit, err := newOutfit(seed, "8k", c.Keys())
	if err != nil {
		return err
	}
	var lines []jobs.LineID
	var desks []string
	for i := range t.Stations {
		lines = append(lines, t.line(i))
		desks = append(desks, deskName+" "+string(t.line(i)))
	}
	a := &arena{
		center: c, server: server, seats: map[jobs.LineID]*seat{}, kinds: map[string]string{}, faces: map[string]printer.Side{}, mischief: map[string]int{},
		random: rand.New(rand.NewPCG(uint64(seed), 1)),
	}
	t.arena = a
	a.room, err = newRoom(outfit, roomConfig{
		seed: seed, lines: lines, desks: desks, virtual: true, chip: "8k", ribbon: machine.Ribbon{Type: strings.ToLower(panels), Panels: panels, Total: 500, Left: 500, Zone: "A"},
		operator: func(jobs.LineID) emulator.OperatorConfig {
			return emulator.OperatorConfig{Dispose: emulator.DisposeHand}
		},
	})
	if err != nil {
		return err
	}
	for i, id := range lines {
		cards := a.stock(t.size.blanks)
		for _, p := range cards {
			a.kinds[p.Serial] = t.blanks[i]
		}
		a.seats[id] = &seat{line: id, desk: a.world.Desk(desks[i]), shelf: cards[delivery:], cables: map[int]emulator.Cable{}, fields: map[int]field{}, home: map[*machine.Plastic]string{}}
		if err := a.machine(id).Load(cards[:delivery]...); err != nil {
			return err
		}
	}
	keys := c.Keys()
	for i := range keys {
		keys[i].Public = nil // SPKI says it
	}
	t.victim = victim{
		Socket: filepath.Join(t.folder, "world"), Seed: seed, Began: t.began, Broken: t.Broken,
		Center: victimCenter{cred.URL, cred.CA, cred.Certificate, cred.Key, anchor, keys},
	}
	t.skew = t.Broken == "" && t.Database == "sqlite" && t.intn(2) == 0
	if err := a.listen(t.victim.Socket); err != nil {
		return err
	}
	return t.ledger(ctx, lines)
}

// foreign is of how many residents one is a foreign one: there is a line for them, or nobody is.
func (t *torture) foreign() int {
	if slices.Contains(t.blanks, ktp.ProfileForeign) {
		return t.Stations
	}
	return 0
}

// ledger is a fresh one, with its lines, and as many blanks as the world has.
func (t *torture) ledger(ctx context.Context, lines []jobs.LineID) error {
	if t.Database == "sqlite" {
		t.victim.SQLite = filepath.Join(t.folder, "blanko.db")
	} else {
		name := fmt.Sprintf("torture_%d", t.result.Batches)
		if err := createDatabase(ctx, t.server.URL("postgres"), name); err != nil {
			return err
		}
		t.victim.Postgres = t.server.URL(name)
		if t.Apart {
			t.victim.Postgres = t.wires.url(name)
		}
	}
	st, reg, err := t.openLedger(ctx)
	if err != nil {
		return err
	}
	people := &staff{reg: reg, as: " beginning"}
	for _, profile := range slices.Compact(slices.Clone(t.blanks)) {
		n := 0
		for _, of := range t.blanks {
			if of == profile {
				n += t.size.delivered
			}
		}
		if err := people.receive(ctx, profile, n); err != nil {
			return err
		}
	}
	for i, id := range lines {
		if _, err := people.do(ctx, station.Actor, registry.DefineLine{Line: id, Kind: jobs.Inline}); err != nil {
			return err
		}
		if err := people.load(ctx, id, t.blanks[i], delivery); err != nil {
			return err
		}
	}
	if t.victim.SQLite == "" {
		t.kept = st
		return nil
	}
	return st.Close()
}

func (t *torture) openLedger(ctx context.Context) (*store.Store, *registry.Registry, error) {
	st, err := t.kept, error(nil)
	switch {
	case st != nil:
	case t.victim.SQLite != "":
		st, err = store.Open(ctx, t.victim.SQLite, store.WithClock(func() time.Time { return batchStart.Add(time.Since(t.began)) }), labRoot())
	default:
		st, err = store.OpenPostgres(ctx, store.Postgres{URL: t.victim.Postgres}, labRoot())
	}
	if err != nil {
		return nil, nil, err
	}
	return st, registry.New(st, registry.Config{Office: office}, nil), nil
}

func (a *arena) close() {
	if a.listener != nil {
		_ = a.listener.Close()
	}
	_ = a.server.Close()
	_ = a.world.Close()
}

// station starts one station again and again, until it ends because nothing is left to make.
func (t *torture) station(ctx context.Context, i int) error {
	deaths, intruder := 0, false
	for n := 1; ctx.Err() == nil; n++ {
		doomed := deaths < tortureKills && t.left()
		killed, err := t.life(ctx, i, n, doomed, intruder)
		intruder = killed == takeover
		switch {
		case err != nil:
			return err
		case t.ended():
			return nil
		case killed == "":
			return nil
		case killed == outlived:
			deaths++
			continue
		case intruder: // the other one lives
			deaths++
			continue
		}
		deaths++
		if t.victim.SQLite != "" { // one that stands still may have the file to itself
			t.leaving.Wait()
		}
		if err := t.compare(ctx, "after "+killed, false); err != nil || t.ended() {
			return err
		}
	}
	return ctx.Err()
}

// left reports whether another death is asked for.
func (t *torture) left() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.result.Kills < t.Kills
}

func (t *torture) ended() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dead
}

// life is one process: it is killed at an instant that the dice choose, or it ends by itself, or another one takes its
// line over.
func (t *torture) life(ctx context.Context, i, n int, doomed, intruder bool) (killed string, err error) {
	id := t.line(i)
	v := t.victim
	v.Line, v.Blanks, v.Life, v.Intruder = id, t.blanks[i], fmt.Sprintf("%s life %d", id, n), intruder
	if t.skew {
		if !intruder { // which is on the same machine
			t.skews[i] = time.Duration(t.intn(7200)-3600) * time.Second
			t.arena.happen(wrongClock)
		}
		v.Jumps, v.Skew = true, t.skews[i]
	}
	t.arena.center.Behave(t.misbehave())
	if n > 1 && !intruder {
		if err := t.meanwhile(id); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	within, cancel := context.WithTimeout(ctx, t.longest())
	program := t.wires.program(i, t.Program)
	cmd := exec.CommandContext(within, program[0], program[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // it says what it waits for
	cmd.WaitDelay = lastWordsWithin
	stdin, err := cmd.StdinPipe()
	if err != nil {
		cancel()
		return "", err
	}
	var told tail
	cmd.Stderr, cmd.Stdout = &told, &told
	gone := make(chan string, 1)
	l := &life{name: v.Life, ousted: make(chan bool, 1)}
	l.kill = func(act string) {
		select {
		case gone <- act:
			_ = cmd.Process.Kill()
		default:
		}
	}
	if doomed {
		l.at, l.when = 1+t.intn(tortureActs/(1+2*t.intn(3))), moment(t.intn(int(moments)))
		l.later = time.Duration(t.intn(3000)) * time.Microsecond
	}
	l.due = t.accidents(i, l)
	if t.Apart && i > 0 && !t.wires.wasCut(i) { // at least once
		l.due[1+t.intn(firstCut)] = t.cuts(i)[t.intn(len(cutFor))]
	}
	t.mu.Lock()
	if t.dead {
		t.mu.Unlock()
		cancel()
		return "", nil
	}
	t.arena.seats[id].enter(l)
	if err = cmd.Start(); err == nil {
		t.running[cmd] = true
		t.result.Lives++
	}
	t.mu.Unlock()
	if err != nil {
		cancel()
		return "", err
	}
	if _, err = stdin.Write(text); err != nil {
		l.kill("at birth")
	}
	if doomed && t.intn(8) == 0 { // at any time, whatever it is at
		time.AfterFunc(time.Duration(t.intn(1500))*time.Millisecond, func() { l.kill("at a random time") })
	}
	waited := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		t.mu.Lock()
		delete(t.running, cmd)
		t.mu.Unlock()
		_ = stdin.Close()
		cancel()
		waited <- err
	}()
	select {
	case err = <-waited:
	case withCables := <-l.ousted:
		if withCables {
			t.leave(id, cmd, waited, &told)
			return outlived, nil
		}
		t.leaving.Go(func() { t.leave(id, cmd, waited, &told) })
		return takeover, nil
	}
	dead := t.ended()
	select {
	case killed = <-gone:
		t.mu.Lock()
		t.result.Kills++
		t.result.KilledAt[killed]++
		t.mu.Unlock()
		if t.Told != nil {
			t.Told(*t.result)
		}
		return killed, nil
	default:
	}
	if err == nil || dead || ctx.Err() != nil {
		return "", nil
	}
	if wentOn(err) {
		t.differ(fmt.Sprintf(stillThere, id), told.String())
		return "", nil
	}
	cause := errors.Join(t.compare(ctx, "when the station had ended", true), fmt.Errorf("%w", err))
	t.differ(fmt.Sprintf("station of %s ended by itself: %v", id, cause), told.String())
	return "", nil
}

// longest is how long one life may take. A station that is broken on purpose may stand still for good, and what it did shows.
func (t *torture) longest() time.Duration {
	if t.Broken != "" {
		return lifetime / 5
	}
	return lifetime
}

// accidents of one life, before its last act, where it has one.
func (t *torture) accidents(i int, l *life) map[int]accident {
	due, last := map[int]accident{}, l.at
	if last == 0 {
		if last = tortureActs; t.intn(2) == 0 {
			return due
		}
	}
	list := t.allowed(i, l)
	for range t.intn(perLife + 1) {
		due[1+t.intn(last)] = list[t.intn(len(list))]
	}
	for _, a := range list {
		if a.name == t.often() && l.at > 0 {
			for range oftenPerLife {
				due[1+t.intn(last)] = a
			}
		}
	}
	return due
}

// often is what happens often beside the rest: what was asked for, or what the broken variant needs; empty: nothing.
func (t *torture) often() string {
	if v, err := findBroken(t.Broken); err == nil && t.Often == "" {
		return v.often
	}
	return t.Often
}

// allowed are the accidents that may meet in this batch.
func (t *torture) allowed(i int, l *life) (list []accident) {
	id := t.line(i)
	for _, m := range mischiefsWithout(apart[t.victim.Seed%int64(len(apart))]) {
		list = append(list, accident{m.name, func() error { return m.do(t.arena.room, id) }})
	}
	if t.victim.SQLite != "" {
		list = append(list, accident{fullDisk, func() error { return t.fillDisk(t.arena.seats[id]) }})
	} else {
		list = append(list, accident{cut, func() error { return cutConnections(t.server.URL("postgres"), t.victim.Postgres) }})
	}
	list = append(list, t.cuts(i)...)
	return append(list,
		accident{noReader, t.away(id, errReaderAway)},
		accident{noField, t.away(id, machine.ErrNoCard)},
		accident{withdrawal, t.withdraw},
		accident{takeover, func() error { return t.oust(i, l) }},
	)
}

// What happens besides the mischiefs of a print room.
const (
	withdrawal  = "withdrawal at the center"
	theft       = "card stolen"
	wrongClock  = "clock set wrong"
	wrongCenter = "center misbehaves"
	exchange    = "card exchanged on the desk"
	fullDisk    = "disk full"
	cut         = "database connections cut"
	noReader    = "reader vanishes"
	noField     = "card out of the field"
	takeover    = "line taken over by another program"
)

// Mischiefs are the names of all that may happen during a torture.
func Mischiefs() []string {
	names := []string{withdrawal, theft, wrongClock, wrongCenter, exchange, fullDisk, cut, wireCut, noReader, noField, takeover}
	for _, m := range mischiefs {
		names = append(names, m.name)
	}
	slices.Sort(names)
	return names
}

// withdraw lets the center take back one of its requests.
func (t *torture) withdraw() error {
	var open []string
	for _, l := range t.arena.center.Account() {
		if l.Withdrawn == "" {
			open = append(open, l.ID)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return t.arena.center.Withdraw(open[t.intn(len(open))], center.Reasons[t.intn(len(center.Reasons))])
}

// meanwhile is what may happen while a station is dead.
func (t *torture) meanwhile(id jobs.LineID) error {
	if t.often() == theft {
		return t.steal(id)
	}
	switch t.intn(meanwhileEvery) {
	case 0:
		t.arena.happen(withdrawal)
		return t.withdraw()
	case 1:
		return t.steal(id)
	}
	return nil
}

// meanwhileEvery is how rarely each of what happens meanwhile does.
const meanwhileEvery = 12

// steal takes the card out of the path of a line to where nobody finds it.
func (t *torture) steal(id jobs.LineID) error {
	p := inPath(t.arena.machine(id))
	if err := t.arena.pull(id); err != nil || p == nil || p.Place().At != machine.AtBox {
		return err
	}
	t.arena.happen(theft)
	if err := p.Take(p.Place()); err != nil {
		return err
	}
	return p.Box("thief")
}

// away lets the next commands not reach the chip.
func (t *torture) away(id jobs.LineID, why error) func() error {
	return func() error {
		s := t.arena.seats[id]
		s.mu.Lock()
		defer s.mu.Unlock()
		s.away, s.gone = 1+t.intn(20), why
		return nil
	}
}

// misbehave is how the center behaves during one life.
func (t *torture) misbehave() center.Behavior {
	b := center.Behavior{Reorder: t.intn(2) == 0, Duplicate: t.intn(2) == 0}
	for _, every := range []*int{&b.CutEvery, &b.FailEvery, &b.RepeatEvery, &b.LoseReportsEvery, &b.LoseAnswersEvery} {
		if t.intn(12) == 0 {
			*every = 3
		}
	}
	if b != (center.Behavior{}) {
		t.arena.happen(wrongCenter)
	}
	return b
}

// compare holds world and ledger against each other while every station stands still.
func (t *torture) compare(ctx context.Context, when string, rest bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dead {
		return nil
	}
	for cmd := range t.running {
		_ = cmd.Process.Signal(syscall.SIGSTOP)
	}
	defer func() {
		for cmd := range t.running {
			if t.dead {
				_ = cmd.Process.Kill()
			}
			_ = cmd.Process.Signal(syscall.SIGCONT)
		}
	}()
	st, reg, err := t.openLedger(ctx)
	if err != nil {
		return err
	}
	if st != t.kept {
		defer st.Close() //nolint:errcheck // read only
	}
	b, wrong, err := t.account(ctx, reg, rest)
	for try := 0; passing(err) && try < tries; try++ { // connections that were cut
		b, wrong, err = t.account(ctx, reg, rest)
	}
	if err != nil {
		return err
	}
	t.result.Checks++
	if rest {
		t.count(b)
	}
	if len(wrong) > 0 {
		for _, w := range wrong {
			t.result.Differences = append(t.result.Differences, when+": "+w)
		}
		t.result.Stories = append(t.result.Stories, b.story())
		t.dead = true
	}
	return nil
}

// differ notes a difference that no account shows.
func (t *torture) differ(what, story string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.result.Differences = append(t.result.Differences, what)
	t.result.Stories = append(t.result.Stories, story)
	t.dead = true
	for cmd := range t.running {
		_ = cmd.Process.Kill()
	}
}

// tail keeps the last words of a process.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const (
	lastWords       = 64 << 10
	lastWordsWithin = 10 * time.Second
)

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if n := len(t.text) - lastWords; n > 0 {
		t.text = t.text[n:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.ToValidUTF8(t.text, nil))
}
