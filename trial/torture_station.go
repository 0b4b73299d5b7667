package trial

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"go.uber.org/zap"

	"blanko/emulator/center"

	"blanko/fault"
	"blanko/jobs"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/registry"
	"blanko/registry/datacenter"
	"blanko/station"
	"blanko/store"
)

// victim is what a station process of a torture is told when it starts, on its standard input, which ends
// with the process that started it.
type victim struct {
	Socket   string // of the world
	Line     jobs.LineID
	Blanks   string // profile of the cards that those of the line are for
	Seed     int64
	Life     string // of all lives, so that no two sessions of the staff share a key
	Intruder bool   // another program has the line, and its claim is lost
	SQLite   string // path of the ledger; empty: Postgres
	Postgres string
	Began    time.Time     // real time at which the day of the world began
	Skew     time.Duration // of this machine's clock
	Jumps    bool          // it was another one before
	Center   victimCenter
	Broken   string      // name of a broken variant; empty: the product
	Soak     int         // cards of a soak; 0: a torture
	Beside   jobs.LineID // the other line of a soak
}

// victimCenter is how the station reaches the center.
type victimCenter struct {
	URL                  string
	CA, Certificate, Key []byte
	Anchor               []byte // SubjectPublicKeyInfo
	Keys                 []center.Key
}

// exitLeft is the status of a station whose world has gone.
const exitLeft = 3

// TortureStation is the station process of a torture or of a soak. It works until nothing is left to make.
func TortureStation(ctx context.Context, in io.Reader, errs io.Writer) error {
	d := json.NewDecoder(in)
	var v victim
	if err := d.Decode(&v); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, in)
		os.Exit(exitLeft)
	}()
	cfg := zap.NewProductionConfig()
	cfg.Level = zap.NewAtomicLevelAt(zap.WarnLevel)
	cfg.OutputPaths = []string{"stderr"}
	log, err := cfg.Build()
	if err != nil {
		return err
	}
	p := &post{victim: v, far: reach(v.Socket, v.Life), log: log}
	for try := 0; ; try++ {
		if err := p.open(ctx); err == nil {
			break
		} else if p.close(); !passing(err) || try == tries {
			return err
		}
	}
	defer p.close()
	p.far.disk.use()
	if p.Soak > 0 {
		return p.soak(ctx)
	}
	return p.work(ctx)
}

// tries are how often a station is started whose database goes away meanwhile.
const tries = 20

// post is one station process at its place in the world.
type post struct {
	victim
	far   far
	log   *zap.Logger
	store *store.Store
	reg   *registry.Registry
	staff *staff
	parts station.Parts
	line  *personalize.Line
	lost  func(context.Context, jobs.Attempt) error // of a broken variant
	watch *watched
	back  bool // of a broken variant: it takes its line back
	ends  []func()
}

func (p *post) close() {
	for i := len(p.ends) - 1; i >= 0; i-- {
		p.ends[i]()
	}
	p.ends = nil
}

func (p *post) now() time.Time { return batchStart.Add(time.Since(p.Began) + p.Skew) }

func (p *post) open(ctx context.Context) (err error) {
	if p.SQLite != "" {
		p.store, err = store.Open(ctx, p.SQLite, store.WithClock(p.now), labRoot())
	} else {
		p.store, err = store.OpenPostgres(ctx, store.Postgres{URL: p.Postgres}, labRoot())
	}
	if err != nil {
		return err
	}
	p.ends = append(p.ends, func() { _ = p.store.Close() })
	if !p.Intruder {
		release, err := p.store.Claim(ctx, office+" "+string(p.Line), func(why error) { p.log.Error("the ledger is not this program's any more", zap.Error(why)) })
		if err != nil {
			return err
		}
		p.ends = append(p.ends, release)
	}
	p.reg = registry.New(p.store, registry.Config{Office: office, MaxSpoiled: tortureSpoiled, MaxChipFaults: tortureSpoiled}, p.log)
	p.staff = &staff{reg: p.reg, as: p.Life}
	for i, k := range p.Center.Keys {
		public, err := publicKey(k.SPKI)
		if err != nil {
			return err
		}
		p.Center.Keys[i].Public = public
	}
	outfit, err := newOutfit(p.Seed, "8k", p.Center.Keys)
	if err != nil {
		return err
	}
	if p.line, err = p.build(ctx, outfit); err != nil {
		return err
	}
	return p.wire(ctx)
}

// publicKey is that of a SubjectPublicKeyInfo.
func publicKey(spki []byte) (*ecdsa.PublicKey, error) {
	k, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, err
	}
	public, ok := k.(*ecdsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("a key of the center is a %T", k)
	}
	return public, nil
}

// tortureSpoiled is how many cards one record may cost: those of every life of a batch.
const tortureSpoiled = 1000

func (p *post) wire(ctx context.Context) error {
	pair, err := tls.X509KeyPair(p.Center.Certificate, p.Center.Key)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(p.Center.CA) {
		return errors.New("the center's authority is no certificate")
	}
	public, err := publicKey(p.Center.Anchor)
	if err != nil {
		return err
	}
	anchor, err := datacenter.Anchor(public)
	if err != nil {
		return err
	}
	p.parts = station.Parts{
		Office: office, Registry: p.reg, Anchor: anchor, Log: p.log, Now: p.now, Wait: time.Second, Lines: []*personalize.Line{p.line},
		Center: datacenter.New(datacenter.Config{URL: p.Center.URL, Office: office, TLS: &tls.Config{
			MinVersion: tls.VersionTLS13, RootCAs: pool, Certificates: []tls.Certificate{pair}, Time: p.now,
		}}),
	}
	return station.New(p.parts).Define(ctx)
}

// build opens the printer and puts the line together.
func (p *post) build(ctx context.Context, o *outfit) (*personalize.Line, error) {
	clock := farClock{p.far, string(p.Line)}
	open := func() (*evolis.Printer, error) {
		return evolis.Open(ctx, newLink(farPrinter{p.far, string(p.Line)}), evolis.Config{
			Ribbon: strings.ToLower(panels), HoldAfterPrint: true, OnlyInside: true, Sleep: clock.Sleep, Timeouts: evolis.Timeouts{Quiet: time.Millisecond},
		})
	}
	unit, err := open()
	for printer.ClassOf(err) == printer.ClassComm { // nobody answers: a person looks
		if err := clock.Sleep(ctx, time.Second); err != nil {
			return nil, err
		}
		unit, err = open()
	}
	if err != nil {
		return nil, err
	}
	field, err := p.far.reader(ctx, string(p.Line), false)
	if err != nil {
		return nil, err
	}
	if p.watch == nil {
		p.watch = &watched{disobeyed: disobeyed}
	}
	p.watch.Book, p.watch.lines = p.reg, p.reg.Lines
	line := &personalize.Line{
		Setup: o.setup(p.Line), Devices: personalize.Devices{Printer: unit, Path: unit, Reader: &reader{field}, Keys: o.source(), Look: p.far.look(string(p.Line))},
		Book: p.watch, Clock: clock, Log: p.log, CleanNow: func(context.Context) bool { return true },
	}
	line.Kept = &kept{}
	if p.Soak > 0 { // which would take more memory with every card
		line.Kept = unkept{}
	}
	if p.Broken == "" {
		return line, nil
	}
	b, err := findBroken(p.Broken)
	if err != nil {
		return nil, err
	}
	b.make(p, line, unit)
	return line, nil
}

// turns bounds how often a station goes from the line to the desk and back.
const turns = 60

// work goes from the line to the desk and back until nothing is left to make.
func (p *post) work(ctx context.Context) error {
	for range turns {
		if err := p.round(ctx); errors.Is(err, errOusted) {
			if p.back {
				p.close()
				if err := p.open(ctx); err != nil {
					return err
				}
				continue
			}
			return nil
		} else if err != nil {
			return err
		}
		again, err := p.resolve(ctx)
		if passing(err) {
			if err := p.pause(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil || !again {
			return err
		}
	}
	return fmt.Errorf("after %d turns something is left to make", turns)
}

// pause waits a moment of real time, and hears how the world is.
func (p *post) pause(ctx context.Context) error {
	wait := time.NewTimer(stroll)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
	}
	_, err := p.far.do(ctx, call{Act: "time", Line: string(p.Line)})
	return err
}

// round runs the station until its line has nothing to do, or a card waits for the desk.
func (p *post) round(ctx context.Context) error {
	run, stop := context.WithCancel(ctx)
	defer stop()
	drain, ended := make(chan struct{}), make(chan struct{})
	go func() {
		station.New(p.parts).Run(run, drain)
		close(ended)
	}()
	look, even := time.NewTicker(stroll), time.NewTicker(glance)
	defer look.Stop()
	defer even.Stop()
	for {
		changed := p.reg.Changed()
		if err := p.tend(ctx); err != nil {
			return err
		}
		idle, err := p.idle(ctx)
		if err != nil && !passing(err) {
			return err
		}
		if idle {
			close(drain)
			<-ended
			return nil
		}
		select { // something has changed, and then not at once: to look costs more than to make a step
		case <-ended: // it was not asked to
			return errOusted
		case <-ctx.Done():
		case <-changed:
		case <-even.C:
		}
		select {
		case <-ctx.Done():
			<-ended
			return ctx.Err()
		case <-look.C:
		}
	}
}

// stroll is how rarely the people of the office look at the line.
const stroll = 200 * time.Millisecond

// passing reports whether an error is that of a disk or a database for a while.
func passing(err error) bool {
	return strings.HasPrefix(string(fault.CodeOf(err)), "store.")
}

// tend is what the people of the office do while the station runs.
func (p *post) tend(ctx context.Context) error {
	for _, do := range []func(context.Context) error{p.setClock, p.approve, p.reopen, p.release, p.deliver} {
		if err := do(ctx); err != nil && !passing(err) {
			return err
		}
	}
	return nil
}

// setClock: two persons take the clock as it is.
func (p *post) setClock(ctx context.Context) error {
	if p.SQLite == "" || !p.Jumps {
		return nil
	}
	_, err := p.reg.Do(ctx, supervisor, registry.SetClock{Second: printRoom}, "clock:"+p.Life)
	return err
}

// approve lets what is ready go into production, and what was approved by people who were interrupted.
func (p *post) approve(ctx context.Context) error {
	for _, step := range []struct {
		in registry.State
		by registry.Actor
		do func(registry.ApplicationID) registry.Operation
	}{
		{registry.PrintReady, supervisor, func(id registry.ApplicationID) registry.Operation { return registry.Approve{Application: id} }},
		{registry.Approved, printRoom, func(id registry.ApplicationID) registry.Operation { return registry.Queue{Application: id} }},
	} {
		const page = 200
		list, err := p.reg.ListApplications(ctx, step.in, "", page)
		if err != nil {
			return err
		}
		for _, app := range list {
			// In conflict: another station's people were quicker.
			if _, err := p.staff.do(ctx, step.by, step.do(app.ID)); err != nil && fault.KindOf(err) != fault.Conflict {
				return err
			}
		}
	}
	return nil
}

// reopen resumes the line, which chip faults have paused or a wrong person has stopped: the supervisor looked.
func (p *post) reopen(ctx context.Context) error {
	lines, err := p.reg.Lines(ctx)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.ID == p.Line && l.Wish != jobs.Running {
			if _, err := p.staff.do(ctx, supervisor, registry.ResumeLine{Line: l.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// release lets held applications go on.
func (p *post) release(ctx context.Context) error {
	held, err := p.reg.ListApplications(ctx, registry.OnHold, "", 100)
	if err != nil {
		return err
	}
	for _, app := range held {
		_, err := p.staff.do(ctx, printRoom, registry.ReleaseApplication{Application: app.ID})
		if err != nil && fault.KindOf(err) != fault.Conflict {
			return err
		}
	}
	return nil
}

// deliver counts blanks out to the hopper: in the ledger first, then by hand.
func (p *post) deliver(ctx context.Context) error {
	r, err := p.far.do(ctx, call{Act: "wants", Line: string(p.Line)})
	if err != nil || r.Number == 0 {
		return err
	}
	op := registry.LoadHopper{Line: p.Line, Lot: lots[p.Blanks], Quantity: delivery, Second: keeperB}
	if _, err := p.reg.Do(ctx, keeperA, op, fmt.Sprintf("delivery:%s:%d", p.Line, r.Number)); err != nil {
		return err
	}
	_, err = p.far.do(ctx, call{Act: "fill", Line: string(p.Line), Number: r.Number})
	return err
}

// idle reports whether every record has arrived and this line has nothing to do.
func (p *post) idle(ctx context.Context) (bool, error) {
	waiting, working, err := p.queue(ctx)
	if err != nil || waiting+working > 0 {
		return false, err
	}
	r, err := p.far.do(ctx, call{Act: "expected", Line: string(p.Line)})
	if err != nil {
		return false, err
	}
	for _, id := range r.Names {
		if _, err := p.reg.Application(ctx, registry.ApplicationID(id)); err != nil {
			if fault.KindOf(err) == fault.NotFound {
				err = nil
			}
			return false, err
		}
	}
	s, err := p.reg.Summary(ctx)
	return s.Reports == 0, err
}

// queue counts what this line has before it: orders that it may take, and attempts that go on.
func (p *post) queue(ctx context.Context) (waiting, working int, err error) {
	s, err := p.reg.Summary(ctx)
	if err != nil {
		return 0, 0, err
	}
	waiting = s.Applications[registry.PrintReady] + s.Applications[registry.Approved] + s.Applications[registry.Queued]
	attempts, err := p.reg.Attempts(ctx, "")
	for _, t := range attempts {
		if t.Line == p.Line && !t.Ended && t.State != jobs.InDoubt {
			working++
		}
	}
	return waiting, working, err
}
