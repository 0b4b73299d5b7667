package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"go.uber.org/zap"

	"blanko/emulator"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/fault"
	"blanko/jobs"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/registry"
	"blanko/station"
)

// shop is one batch on a line of some kind. It is a batch of the crash tests that nobody kills, with
// another kind of line.
type shop struct {
	*crash
	kind    jobs.Kind
	line    *personalize.Line
	carrier *carrier // of a desktop line
	// Instead of the Evolis that every line of the world has.
	other func(ctx context.Context, l *emulator.Line) (printer.Printer, error)
	kept  *kept
	// What happens beside the line, each once: before the intent of a step, and after its done
	// outcome, of the first attempt that comes there.
	before, after map[jobs.Step]func(*shop, jobs.Order)
	eye           func(n int) (bool, error) // verdict on the n-th face; nil: as it is
	looks         int
}

// models with which the kinds are made: the Dualys ejects every card that it has printed.
var models = map[jobs.Kind]string{jobs.Inline: "Primacy 2", jobs.InlineEye: "Primacy 2", jobs.OneWay: "Dualys", jobs.Desktop: "Dualys"}

func newShop(t *testing.T, kind jobs.Kind) *shop {
	t.Helper()
	o, err := theOffice()
	if err != nil {
		t.Fatal(err)
	}
	return o.shop(t, kind)
}

func (o *crashOffice) shop(t *testing.T, kind jobs.Kind) *shop {
	t.Helper()
	r, err := newRoom(o.outfit, roomConfig{
		seed: crashSeed, lines: []jobs.LineID{crashLine}, virtual: true, chip: "8k", model: models[kind],
		ribbon: machine.Ribbon{Type: "ko", Panels: panels, Total: 500, Left: 500, Zone: "A"},
		operator: func(jobs.LineID) emulator.OperatorConfig {
			return emulator.OperatorConfig{Dispose: emulator.DisposeHand}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &crash{t: t, office: o, room: r, random: rand.NewChaCha8([32]byte{1}), path: filepath.Join(crashFolder(t), "blanko.db")}
	if err := os.WriteFile(c.path, o.ledger, 0o600); err != nil {
		t.Fatal(err)
	}
	s := &shop{crash: c, kind: kind, kept: o.kept, before: map[jobs.Step]func(*shop, jobs.Order){}, after: map[jobs.Step]func(*shop, jobs.Order){}}
	blanks := r.stock(crashBlanks)
	if kind == jobs.Desktop {
		s.carrier = r.carrier(crashLine, deskName)
		if err := s.carrier.pile(blanks); err != nil {
			t.Fatal(err)
		}
	} else if err := c.crashMachine().Load(blanks...); err != nil {
		t.Fatal(err)
	}
	c.account = account{blanks: r.blanks, face: o.face, withdrawn: map[string]answered{}}
	c.start()
	t.Cleanup(c.end)
	if _, err := c.people.do(t.Context(), station.Actor, registry.DefineLine{Line: crashLine, Kind: kind}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (c *crash) crashMachine() *machine.Machine { return c.room.world.Line(string(crashLine)).Machine }

// build opens the printer anew and puts the line together.
func (s *shop) build(ctx context.Context) {
	s.t.Helper()
	l := s.room.world.Line(string(crashLine))
	clock := &operated{lineClock: lineClock{l.Clock}, crash: s.crash}
	open := s.other
	if open == nil {
		open = s.evolis
	}
	p, err := open(ctx, l)
	if err != nil {
		s.t.Fatal(err)
	}
	s.line = &personalize.Line{
		Setup:   s.office.outfit.setup(crashLine),
		Devices: personalize.Devices{Printer: p, Reader: &reader{l.Machine.Reader()}, Keys: s.office.outfit.keys, Look: s.look},
		Clock:   clock, Book: beside{s.reg, s}, Log: zap.NewNop(),
	}
	s.line.Path, _ = p.(printer.Path)
	s.line.Kind, s.line.Kept = s.kind, s.kept
	if s.kind == jobs.Inline {
		s.line.Look = camera(l.Machine)
	}
	if s.carrier != nil {
		s.line.Path, s.line.Hands = nil, s.carry
		s.line.Reader = &reader{s.carrier.desk.Reader()}
	}
}

func (s *shop) carry(ctx context.Context, ask personalize.Ask) error {
	err := s.carrier.hands(ctx, ask)
	if errors.Is(err, errStack) {
		s.fail("%v", err)
	}
	return err
}

func (s *shop) evolis(ctx context.Context, l *emulator.Line) (printer.Printer, error) {
	return evolis.Open(ctx, newLink(l.Device), evolis.Config{
		Ribbon: "ko", HoldAfterPrint: s.kind == jobs.Inline || s.kind == jobs.InlineEye, OnlyInside: s.kind != jobs.Desktop, Sleep: lineClock{l.Clock}.Sleep, Timeouts: evolis.Timeouts{Quiet: quiet},
	})
}

// look is a person's eye: at the tray, after eject, or on the card in the hand.
func (s *shop) look(_ context.Context, f personalize.Face) (personalize.Verdict, error) {
	s.looks++
	p := s.room.holding(f.Attempt)
	if p == nil {
		return personalize.Verdict{}, errors.New("no such card")
	}
	at := p.Place()
	inTray := at.At == machine.AtOutput || at.Holder == boxOutput+" "+string(crashLine)
	if s.kind == jobs.Desktop && at.At != machine.AtReader || s.kind != jobs.Desktop && !inTray {
		return personalize.Verdict{}, fmt.Errorf("the card to look at is at %s", at)
	}
	if s.eye != nil {
		if good, err := s.eye(s.looks); !good || err != nil {
			return personalize.Verdict{}, err
		}
	}
	return look(p, f), nil
}

// beside lets things happen beside the line.
type beside struct {
	personalize.Book
	*shop
}

func (b beside) strike(list map[jobs.Step]func(*shop, jobs.Order), o jobs.Order, s jobs.Step) {
	if act := list[s]; act != nil {
		delete(list, s)
		act(b.shop, o)
	}
}

func (b beside) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	b.strike(b.before, o, s)
	return b.Book.Intend(ctx, o, s, e)
}

func (b beside) Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) error {
	err := b.Book.Settle(ctx, o, s, out)
	if err == nil && out.Result == jobs.Done {
		b.strike(b.after, o, s)
	}
	return err
}

// work makes the batch, with the desk in between, until nothing is left to make. A line that a
// finding stopped is reopened by the supervisor.
func (s *shop) work() {
	s.t.Helper()
	ctx := context.Background()
	for range rounds {
		s.run()
		again, err := s.resolve(ctx, s.line, &stopper{})
		if err != nil {
			s.fail("at the desk: %v", err)
		}
		if _, err := s.people.do(ctx, supervisor, registry.ResumeLine{Line: crashLine}); err != nil {
			s.fail("%v", err)
		}
		if !again {
			return
		}
	}
	s.fail("after %d rounds something is left to make", rounds)
}

// run makes what waits, by a fresh process, until nothing does or the line is wished to stand.
func (s *shop) run() {
	s.t.Helper()
	run, stop := context.WithCancel(context.Background())
	defer stop()
	s.build(run)
	drain := make(chan struct{})
	book := s.line.Book
	s.line.Book = unwatched{book, s, drain}
	watched := s.stopOnFinding(run, stop)
	err := s.line.Run(run, drain)
	stop()
	<-watched
	s.line.Book = book
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, errHands) {
		s.fail("the line ended: %v", err)
	}
}

// unwatched is a book that ends its line when nothing is left to make, and leaves it standing when
// it is wished to stand.
type unwatched struct {
	personalize.Book
	*shop
	drain chan struct{}
}

func (b unwatched) Next(ctx context.Context, session jobs.Session) (jobs.Order, error) {
	for {
		changed := b.reg.Changed()
		working, waiting, err := b.left(ctx)
		lines, lerr := b.reg.Lines(ctx)
		switch {
		case err != nil || lerr != nil:
			return jobs.Order{}, errors.Join(err, lerr)
		case waiting && lines[0].Wish == jobs.Running:
			return b.Book.Next(ctx, session)
		case !waiting && !working:
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

// left reports whether a card is in work, and whether one waits. Attempts are read first: one that
// ends meanwhile is seen again as an order that waits. A record that was erased since the center was
// asked is sent again at the next look; until then its card is in work.
func (s *shop) left(ctx context.Context) (working, waiting bool, err error) {
	if err := s.refill(ctx); err != nil {
		return false, false, err
	}
	attempts, err := s.reg.Attempts(ctx, "")
	if err != nil {
		return false, false, err
	}
	working = slices.ContainsFunc(attempts, func(t jobs.Attempt) bool { return !t.Ended && t.State != jobs.InDoubt })
	orders, err := s.reg.Orders(ctx, jobs.Waiting, 100)
	for _, w := range orders {
		working = working || w.NeedsRecord && !w.Held
		waiting = waiting || !w.NeedsRecord && !w.Held
	}
	return working, waiting, err
}

// stopOnFinding ends a run whose line is wished to stand.
func (s *shop) stopOnFinding(run context.Context, stop func()) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			changed := s.reg.Changed()
			lines, err := s.reg.Lines(run)
			attempts, aerr := s.reg.Attempts(run, "")
			busy := slices.ContainsFunc(attempts, func(t jobs.Attempt) bool {
				return !t.Ended && t.State != jobs.InDoubt && t.Fed
			})
			if err = errors.Join(err, aerr); err != nil && run.Err() == nil {
				s.fail("the line cannot be watched: %v", err)
				stop()
				return
			}
			if err == nil && !busy && lines[0].Wish != jobs.Running {
				stop()
				return
			}
			select {
			case <-changed:
			case <-run.Done():
				return
			}
		}
	}()
	return done
}

// ended is how the attempts ended that used a blank.
func (s *shop) ended() map[jobs.State]int {
	s.t.Helper()
	list, err := s.reg.Attempts(context.Background(), "")
	if err != nil {
		s.t.Fatal(err)
	}
	n := map[jobs.State]int{}
	for _, t := range list {
		if t.Fed {
			n[t.State]++
		}
		if !t.Ended {
			s.fail("attempt %s is left %s", t.ID, t.State)
		}
	}
	return n
}

func (s *shop) cause(state jobs.State) fault.Code {
	s.t.Helper()
	list, err := s.reg.Attempts(context.Background(), state)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(list) == 0 {
		return ""
	}
	return fault.Code(list[0].Cause)
}

// plastic is the card that an attempt has in the world.
func (s *shop) plastic(o jobs.Order) *machine.Plastic {
	p := s.room.holding(o.Attempt)
	if p == nil {
		s.fail("no card carries attempt %s", o.Attempt)
	}
	return p
}

// accounted checks the promises and where every blank is.
func (s *shop) accounted() {
	s.t.Helper()
	ctx := context.Background()
	wrong, err := s.account.atRest(ctx)
	// Such a printer lays the card into its tray at the end of the print, under that intent.
	s.wrong("at the end", append(wrong, s.room.world.Census().Wrong...), err)
}

// Acts beside the line.
func withdrawIt(s *shop, o jobs.Order) {
	op := registry.WithdrawRecord{ID: registry.ApplicationID(o.Record.ID), Version: o.Record.Version, Reason: "died"}
	if _, err := s.people.do(context.Background(), centerActor, op); err != nil {
		s.fail("%v", err)
	}
}

func breakChip(kind chip.Kind) func(*shop, jobs.Order) {
	return func(s *shop, o jobs.Order) {
		if err := s.plastic(o).Chip.Inject(chip.Fault{Kind: kind}); err != nil {
			s.fail("%v", err)
		}
	}
}

// pullIt takes the card out of the path, behind the back of the sensors that were just read.
func pullIt(s *shop, _ jobs.Order) {
	m := s.crashMachine()
	m.OpenCover()
	if _, err := m.PullCard(); err != nil {
		s.fail("%v", err)
	}
	m.CloseCover()
}

// strangerNow lets the recheck find that the card is not genuine: the anchors are not there.
func strangerNow(s *shop, _ jobs.Order) {
	anchors := s.line.Signing.Anchors
	s.line.Signing.Anchors = nil
	s.before[jobs.Block] = func(s *shop, _ jobs.Order) { s.line.Signing.Anchors = anchors }
}

func jamInPanel(card int) []emulator.Fault {
	return []emulator.Fault{{Line: string(crashLine), Card: card, Kind: "jam", Step: "panel", Panel: 2}}
}

type when = map[jobs.Step]func(*shop, jobs.Order)

// kindCase is one batch of two cards.
type kindCase struct {
	name          string
	faults        []emulator.Fault
	before, after when
	eye           func(n int) (bool, error)
	hands         map[personalize.Ask]deed // instead of the right act, once
	want          map[jobs.State]int
	cause         fault.Code // of the first attempt that did not become a card; empty: whatever it is
	apps          map[registry.State]int
}

func refuse(n int) func(int) (bool, error) { return func(i int) (bool, error) { return i != n, nil } }

func blind(n int) func(int) (bool, error) {
	return func(i int) (bool, error) {
		if i == n {
			return false, errors.New("the lamp is broken")
		}
		return true, nil
	}
}

func (k kindCase) run(t *testing.T, kind jobs.Kind) {
	t.Run(k.name, func(t *testing.T) {
		t.Parallel()
		k.on(t, newShop(t, kind))
	})
}

// on makes the batch in a shop.
func (k kindCase) on(t *testing.T, s *shop) {
	maps.Copy(s.before, k.before)
	maps.Copy(s.after, k.after)
	s.eye = k.eye
	if s.carrier != nil {
		s.carrier.wrong = maps.Clone(k.hands)
	}
	if err := s.room.world.Plan(k.faults...); err != nil {
		t.Fatal(err)
	}
	s.work()
	s.accounted()
	if got := s.ended(); !maps.Equal(got, k.want) {
		s.fail("ended %v, want %v", got, k.want)
	}
	for _, state := range []jobs.State{jobs.Spoiled, jobs.Revoked, jobs.Lost} {
		if k.want[state] > 0 {
			if got := s.cause(state); k.cause != "" && got != k.cause {
				s.fail("cause %q, want %q", got, k.cause)
			}
			break
		}
	}
	sum, err := s.reg.Summary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	apps := k.apps
	if apps == nil {
		apps = map[registry.State]int{registry.Produced: crashCards}
	}
	for state, n := range apps {
		if sum.Applications[state] != n {
			s.fail("applications %v, want %v", sum.Applications, apps)
		}
	}
	for n := range s.before {
		s.fail("nobody came to %s", n)
	}
	for n := range s.after {
		s.fail("nobody came behind %s", n)
	}
	if n := s.room.world.Pending(); n[string(crashLine)] != 0 {
		s.fail("faults left: %v", n)
	}
}

var gone = map[registry.State]int{registry.Produced: 1, registry.Withdrawn: 1}

// A line without a camera: a person looks at the card in the tray, after eject.
func TestInlineEye(t *testing.T) {
	t.Parallel()
	for _, k := range []kindCase{
		{name: "clean", want: map[jobs.State]int{jobs.Accepted: 2}},
		{name: "face refused", eye: refuse(1), want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: personalize.FaceRefused.Code},
		{name: "last face refused", eye: refuse(2), want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: personalize.FaceRefused.Code},
		{name: "face not seen", eye: blind(1), want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: personalize.FaceUnseen.Code},
		{name: "jam in a panel", faults: jamInPanel(1), want: map[jobs.State]int{jobs.Accepted: 2, jobs.Spoiled: 1}, cause: "printer.jam"},
		{name: "recheck failed", after: when{jobs.Activate: strangerNow}, want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: personalize.RecheckFailed.Code},
		{name: "dead before activation", after: when{jobs.Print: breakChip(chip.Die)}, want: map[jobs.State]int{jobs.Accepted: 2, jobs.Spoiled: 1}, cause: "applet.card_mute"},
		{name: "dead after activation", after: when{jobs.Activate: breakChip(chip.Die)}, want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: "registry.surrendered_unreadable"},
		{name: "pulled before print", before: when{jobs.Print: pullIt}, want: map[jobs.State]int{jobs.Accepted: 2, jobs.Spoiled: 1}, cause: "printer.card_position"},
		{name: "withdrawn before activation", before: when{jobs.Activate: withdrawIt}, want: map[jobs.State]int{jobs.Accepted: 1, jobs.Spoiled: 1}, cause: "registry.withdrawn", apps: gone},
		{name: "withdrawn after activation", after: when{jobs.Activate: withdrawIt}, want: map[jobs.State]int{jobs.Accepted: 1, jobs.Revoked: 1}, cause: "registry.withdrawn", apps: gone},
		{name: "withdrawn after eject", after: when{jobs.Eject: withdrawIt}, want: map[jobs.State]int{jobs.Accepted: 2}, apps: map[registry.State]int{registry.Produced: 1, registry.Recalled: 1}},
	} {
		k.run(t, jobs.InlineEye)
	}
}

// A printer that lays every printed card into its tray: the chip is activated before.
func TestOneWay(t *testing.T) {
	t.Parallel()
	for _, k := range []kindCase{
		{name: "clean", want: map[jobs.State]int{jobs.Accepted: 2}},
		{name: "face refused", eye: refuse(1), want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: personalize.FaceRefused.Code},
		{name: "jam in a panel", faults: jamInPanel(1), want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: "printer.jam"},
		{
			name: "ribbon torn", faults: []emulator.Fault{{Line: string(crashLine), Card: 1, Kind: "ribbon_torn", Step: "panel", Panel: 2}},
			want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: "printer.ribbon_out",
		},
		{name: "recheck failed", after: when{jobs.Activate: strangerNow}, want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: personalize.RecheckFailed.Code},
		{name: "dead before activation", after: when{jobs.ReadBack: breakChip(chip.Die)}, want: map[jobs.State]int{jobs.Accepted: 2, jobs.Spoiled: 1}, cause: "applet.card_mute"},
		{name: "dead after activation", after: when{jobs.Activate: breakChip(chip.Die)}, want: map[jobs.State]int{jobs.Accepted: 2, jobs.Revoked: 1}, cause: "registry.surrendered_unreadable"},
		{name: "withdrawn before activation", before: when{jobs.Activate: withdrawIt}, want: map[jobs.State]int{jobs.Accepted: 1, jobs.Spoiled: 1}, cause: "registry.withdrawn", apps: gone},
		{name: "withdrawn before print", before: when{jobs.Print: withdrawIt}, want: map[jobs.State]int{jobs.Accepted: 1, jobs.Revoked: 1}, cause: "registry.withdrawn", apps: gone},
		{name: "withdrawn after print", after: when{jobs.Print: withdrawIt}, want: map[jobs.State]int{jobs.Accepted: 1, jobs.Revoked: 1}, cause: "registry.withdrawn", apps: gone},
	} {
		k.run(t, jobs.OneWay)
	}
}

// A reader and a printer that stand apart: a person carries the card, and sometimes another one.
func TestDesktop(t *testing.T) {
	t.Parallel()
	type hands = map[personalize.Ask]deed
	for _, k := range []kindCase{
		{name: "clean", want: map[jobs.State]int{jobs.Out: 2}},
		{name: "face refused", eye: refuse(1), want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: personalize.FaceRefused.Code},
		{name: "jam in a panel", faults: jamInPanel(1), want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: "printer.jam"},
		{name: "card not put into the printer", hands: hands{personalize.AskPrinter: func(*carrier, context.Context) error { return nil }}, want: map[jobs.State]int{jobs.Out: 2}},
		{name: "card laid late", hands: hands{personalize.AskReader: func(*carrier, context.Context) error { return nil }}, want: map[jobs.State]int{jobs.Out: 2}},
		{name: "blank laid late", hands: hands{personalize.AskBlank: func(c *carrier, _ context.Context) error { c.late = true; return nil }}, want: map[jobs.State]int{jobs.Out: 2}},
		{name: "no blank", hands: hands{personalize.AskBlank: func(*carrier, context.Context) error { return errHands }}, want: map[jobs.State]int{jobs.Out: 2}},
		{
			name: "card not brought back", hands: hands{personalize.AskReader: (*carrier).mislay},
			want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: personalize.CardTaken.Code,
		},
		{
			name: "blank brought back", hands: hands{personalize.AskReader: func(c *carrier, ctx context.Context) error { return errors.Join(c.mislay(ctx), c.blank(ctx)) }},
			want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: personalize.WrongPerson.Code,
		},
		{name: "used card laid as blank", after: when{jobs.Eject: func(s *shop, _ jobs.Order) {
			s.carrier.wrong = hands{personalize.AskBlank: (*carrier).layMade}
		}}, want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: personalize.ForeignCard.Code},
		{name: "made card brought back", after: when{jobs.Eject: func(s *shop, _ jobs.Order) {
			s.carrier.wrong = hands{personalize.AskReader: (*carrier).swap}
		}}, want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: personalize.WrongPerson.Code},
		{name: "made card laid at recheck", after: when{jobs.Eject: func(s *shop, _ jobs.Order) {
			s.after[jobs.Activate] = func(s *shop, o jobs.Order) {
				breakChip(chip.Mute)(s, o)
				s.carrier.wrong = hands{personalize.AskReader: (*carrier).swap}
			}
		}}, want: map[jobs.State]int{jobs.Out: 2, jobs.Revoked: 1}, cause: personalize.WrongPerson.Code},
		{name: "recheck failed", after: when{jobs.Activate: strangerNow}, want: map[jobs.State]int{jobs.Out: 2, jobs.Revoked: 1}, cause: personalize.RecheckFailed.Code},
		{name: "dead at first", faults: []emulator.Fault{{Line: deskName, Card: 1, Kind: emulator.KindNoChip}}, want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: "applet.card_mute"},
		{name: "dead before activation", after: when{jobs.Print: breakChip(chip.Die)}, want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: "applet.card_mute"},
		{name: "dead after activation", after: when{jobs.Activate: breakChip(chip.Die)}, want: map[jobs.State]int{jobs.Out: 2, jobs.Revoked: 1}, cause: "registry.surrendered_unreadable"},
		{name: "withdrawn before activation", before: when{jobs.Activate: withdrawIt}, want: map[jobs.State]int{jobs.Out: 1, jobs.Spoiled: 1}, cause: "registry.withdrawn", apps: gone},
		{name: "withdrawn after activation", after: when{jobs.Activate: withdrawIt}, want: map[jobs.State]int{jobs.Out: 1, jobs.Revoked: 1}, cause: "registry.withdrawn", apps: gone},
		{name: "card lost after activation", after: when{jobs.Activate: func(s *shop, _ jobs.Order) {
			if err := s.carrier.mislay(context.Background()); err != nil {
				s.fail("%v", err)
			}
			s.carrier.wrong = hands{personalize.AskReject: func(*carrier, context.Context) error { return errHands }}
		}}, want: map[jobs.State]int{jobs.Out: 2, jobs.Revoked: 1}, cause: "applet.card_removed"},
	} {
		k.run(t, jobs.Desktop)
	}
}

// A process that ends while a person looks at a face goes on with the look: nothing is moved, and no card
// is lost. At a desk the card is laid on the reader again, and its chip is read first.
func TestLookAfterRestart(t *testing.T) {
	t.Parallel()
	for _, kind := range []jobs.Kind{jobs.InlineEye, jobs.OneWay, jobs.Desktop} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := newShop(t, kind)
			s.build(t.Context())
			run, die := context.WithCancel(t.Context())
			var once sync.Once
			s.eye = func(int) (bool, error) {
				once.Do(die)
				return true, nil
			}
			if err := s.line.Run(run, nil); !errors.Is(err, context.Canceled) {
				t.Fatalf("the line ended: %v", err)
			}
			if s.carrier != nil {
				s.carrier.desk.Lift()
			}
			s.restart()
			s.work()
			s.accounted()
			if got := s.ended(); got[jobs.Finished(kind)] != crashCards || len(got) != 1 {
				s.fail("ended %v", got)
			}
			d, err := s.reg.Summary(t.Context())
			if err != nil || d.Applications[registry.Produced] != crashCards {
				s.fail("%v, %v", d.Applications, err)
			}
		})
	}
}

// deafAt is a book that does not get the outcome of a step, once.
type deafAt struct {
	personalize.Book
	step jobs.Step
	once sync.Once
}

func (b *deafAt) Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) (err error) {
	if s == b.step {
		b.once.Do(func() { err = errTorn })
	}
	if err != nil {
		return err
	}
	return b.Book.Settle(ctx, o, s, out)
}

// A card whose eject was not written down any more lies in the tray: who is to look at its face there is
// asked, and nothing is in doubt. Where nobody sees it the doubt stays.
func TestEjectWithoutAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		eye  func(int) (bool, error)
		want map[jobs.State]int
	}{
		"seen":     {nil, map[jobs.State]int{jobs.Accepted: 2}},
		"not seen": {refuse(1), map[jobs.State]int{jobs.Accepted: 2}}, // presented, then looked at again
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, jobs.InlineEye)
			s.eye = c.eye
			s.build(t.Context())
			s.line.Book = &deafAt{Book: s.line.Book, step: jobs.Eject}
			if err := s.line.Run(t.Context(), nil); !errors.Is(err, errTorn) {
				t.Fatalf("the line ended: %v", err)
			}
			s.restart()
			s.run()
			doubts, err := s.reg.Attempts(t.Context(), jobs.InDoubt)
			if err != nil || (len(doubts) > 0) != (c.eye != nil) {
				t.Errorf("%d doubts, %v", len(doubts), err)
			}
			s.work()
			s.accounted()
			if got := s.ended(); !maps.Equal(got, c.want) {
				s.fail("ended %v", got)
			}
		})
	}
}

// A line is refused that its printer cannot be.
func TestLineThatCannotBe(t *testing.T) {
	t.Parallel()
	s := newShop(t, jobs.OneWay)
	s.build(t.Context())
	for name, bend := range map[string]func(*personalize.Line){
		"a printed card that should come back": func(l *personalize.Line) { l.Kind = jobs.Inline },
		"an eye, and no way back":              func(l *personalize.Line) { l.Kind = jobs.InlineEye },
		"a path that is not there":             func(l *personalize.Line) { l.Path = nil },
		"hands that are not there":             func(l *personalize.Line) { l.Kind = jobs.Desktop },
	} {
		l := *s.line
		bend(&l)
		if err := l.Run(t.Context(), nil); fault.CodeOf(err) != personalize.LineMisbuilt.Code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f := s.crashMachine().State().Fed; f != 0 {
		t.Errorf("%d cards fed", f)
	}
}
