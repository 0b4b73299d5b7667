package registry

import (
	"context"
	"sync"
	"testing"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
	"blanko/store/storetest"
)

// makeCard takes a leased order through all stages.
func makeCard(r *Registry, o jobs.Order, chip ktp.ChipUID) error {
	if err := r.Intend(bg, o, jobs.Feed, jobs.Evidence{}); err != nil {
		return err
	}
	return finishFed(r, o, chip)
}

// finishFed is makeCard after the intent of the feed.
func finishFed(r *Registry, o jobs.Order, chip ktp.ChipUID) error {
	for _, step := range jobs.Stages(jobs.Inline) {
		if !looks(step) && step != jobs.Feed {
			if err := r.Intend(bg, o, step, jobs.Evidence{Chip: chip}); err != nil {
				return err
			}
		}
		out := jobs.Outcome{Result: jobs.Done, Chip: chip}
		if step == jobs.Feed {
			out.Chip = ""
		}
		if err := r.Settle(bg, o, step, out); err != nil {
			return err
		}
	}
	return nil
}

// Stations on one database share one queue: the office is at the first, the lines stand at two
// others. No order goes to two lines, the lines hear of new orders without looking by themselves,
// and the event log of all is one chain.
func TestStationsShareOneQueue(t *testing.T) {
	t.Parallel()
	const orders, perStation = 14, 2
	db := storetest.PostgreSQLOnce(t)
	s := newRoom(t, db, func(c *Config) { c.Poll, c.Rand = time.Hour, nil })
	ctx, stop := context.WithCancel(bg)
	defer stop()
	made := make(chan string, orders)
	var all sync.WaitGroup
	for n, ids := range [][perStation]jobs.LineID{{line1, "line-3"}, {line2, "line-4"}} {
		r := New(db.Open(t), s.cfg, nil)
		for i, id := range ids {
			if i > 0 {
				s.do(center, DefineLine{Line: id, Kind: jobs.Inline})
				s.do(keeper, LoadHopper{Line: id, Lot: lotA, Quantity: 50, Second: admin})
			}
			all.Go(func() {
				for card := 0; ; card++ {
					o, err := r.Next(ctx, jobs.Session{Line: id})
					if err != nil {
						if ctx.Err() == nil {
							t.Errorf("station %d: next: %v", n, err)
						}
						return
					}
					if err := makeCard(r, o, ktp.ChipUID(string(id)+string(rune('A'+card)))); err != nil {
						t.Errorf("station %d: %v", n, err)
						return
					}
					made <- o.Record.ID
				}
			})
		}
	}
	for n := range orders {
		s.queued(n + 1)
	}
	seen := map[string]bool{}
	for range orders {
		id := <-made
		if seen[id] {
			t.Errorf("%s was made twice", id)
		}
		seen[id] = true
	}
	stop()
	all.Wait()
	if n := len(s.codes(audit.Filter{Code: "application.finish"})); n != orders {
		t.Errorf("%d cards in the log", n)
	}
	s.sound()
}

// A lease that has run out is taken by a line of another station at the very moment when its old
// holder begins: one of them has the order, never both.
func TestStaleHolderAgainstItsSuccessor(t *testing.T) {
	t.Parallel()
	db := storetest.PostgreSQLOnce(t)
	s := newRoom(t, db, func(c *Config) { c.Poll, c.Rand = time.Hour, nil })
	other := New(db.Open(t), s.cfg, nil)
	kept, lost := 0, 0
	for n := range 8 {
		s.queued(n + 1)
		o := s.next(line1)
		db.Clock.Advance(time.Hour)
		var intended error
		var taken jobs.Order
		var found bool
		var both sync.WaitGroup
		both.Go(func() { intended = s.r.Intend(bg, o, jobs.Feed, jobs.Evidence{}) })
		both.Go(func() {
			if err := other.store.Write(bg, func(tx *store.Tx) error { // what lease does, without looking first
				line, now, _, err := other.mayLease(tx, line2)
				if err != nil {
					return err
				}
				var w jobs.Wanted
				if w, _, found, err = jobs.Lease(tx, line, "", ktp.AttemptID{0: 0xFF, 1: byte(n)}, time.Minute, now); err != nil || !found {
					return err
				}
				taken, err = leaseOf(tx, w)
				return err
			}); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		holder, mine, r := line1, o, s.r
		switch {
		case intended == nil && !found:
			kept++
		case intended != nil && found:
			lost++
			if code := fault.CodeOf(intended); code != "registry.withdrawn" { // the order is gone, the line is healthy
				t.Errorf("refused with %v", intended)
			}
			s.wants(s.settle(o, jobs.Feed, ok()), "jobs.attempt_over")
			holder, mine, r = line2, taken, other
			s.must(r.Intend(bg, mine, jobs.Feed, jobs.Evidence{}))
		default:
			t.Fatalf("order %d: the old holder %v, the new one %v", n, intended, found)
		}
		if l := s.attempt(mine).Attempt.Line; l != holder {
			t.Errorf("the attempt stands at %s", l)
		}
		s.must(finishFed(r, mine, s.chip()))
	}
	t.Logf("%d kept, %d taken over", kept, lost)
	s.sound()
}

// Whatever answer of the database is lost, whether the work was saved or not, the line recovers by
// what the database holds: every act happens once, and the card is made once.
func TestLostAnswersOfTheDatabase(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	office := storetest.PostgresAt(url)
	s := newRoom(t, office, func(c *Config) { c.Poll, c.Rand = time.Hour, nil })
	w := storetest.NewWire(t, url)
	line := New(storetest.PostgresAt(w.URL).Open(t), s.cfg, nil)
	type call struct {
		what string // lease, intend or settle
		step jobs.Step
	}
	calls := []call{{"lease", ""}}
	for _, step := range []jobs.Step{jobs.Feed, jobs.Activate, jobs.Eject} {
		calls = append(calls, call{"intend", step}, call{"settle", step})
	}
	n := 0
	for _, lost := range calls {
		for _, saved := range []bool{false, true} {
			n++
			s.queued(n)
			chip := s.chip()
			acts := map[jobs.Step]int{}
			// try does one call, the first time on a wire that loses its commit; then it recovers.
			disturbed := false
			try := func(what string, step jobs.Step, do func() error) error {
				hit := lost == (call{what, step}) && !disturbed
				if hit {
					disturbed = true
					w.LoseCommit(saved)
				}
				err := do()
				if !hit {
					return err
				}
				if code := fault.CodeOf(err); code != "store.outcome_unknown" {
					t.Errorf("%v, saved %v: %v", lost, saved, err)
				}
				w.Mend()
				return err
			}
			var o jobs.Order
			lease := func() error {
				var err error
				var found bool
				if o, found, err = line.lease(bg, s.session(line1)); err == nil && !found {
					t.Fatalf("%v, saved %v: no order", lost, saved)
				}
				return err
			}
			recovered := func() bool { // whether the line still has the order
				_, entries, err := line.Unsettled(bg, line1, jobs.Session{})
				s.must(err)
				if len(entries) > 1 {
					t.Fatalf("%v, saved %v: %d entries", lost, saved, len(entries))
				}
				if len(entries) == 1 {
					o = entries[0].Order
				}
				return len(entries) == 1
			}
			if try("lease", "", lease) != nil {
				if recovered() {
					t.Errorf("saved %v: a lease without an intent came back to its line", saved)
				}
				s.must(lease())
			}
			for _, step := range jobs.Stages(jobs.Inline) {
				if !looks(step) {
					intend := func() error { return line.Intend(bg, o, step, jobs.Evidence{Chip: bound(step, chip)}) }
					if try("intend", step, intend) != nil {
						if !recovered() {
							if step != jobs.Feed || saved {
								t.Errorf("%v, saved %v: the attempt is gone", lost, saved)
							}
							s.must(lease())
						}
						s.must(intend())
					}
				}
				acts[step]++
				settle := func() error {
					return line.Settle(bg, o, step, jobs.Outcome{Result: jobs.Done, Chip: bound(step, chip)})
				}
				if try("settle", step, settle) != nil {
					if !recovered() {
						if step != jobs.Eject || !saved {
							t.Errorf("%v, saved %v: the attempt is gone", lost, saved)
						}
						continue
					}
					s.must(settle())
				}
			}
			for step, times := range acts {
				if times != 1 {
					t.Errorf("%v, saved %v: %s was done %d times", lost, saved, step, times)
				}
			}
			s.state(n, Produced)
			s.attemptIs(o, jobs.Out)
			if c := s.attempt(o).Card; c == nil || c.Chip != chip {
				t.Errorf("%v, saved %v: card %+v", lost, saved, c)
			}
		}
	}
	if got := len(s.codes(audit.Filter{Code: "application.finish"})); got != n {
		t.Errorf("%d cards in the log, %d made", got, n)
	}
	s.sound()
}

// bound is the chip as a step knows it: nobody has read it at the feed.
func bound(step jobs.Step, chip ktp.ChipUID) ktp.ChipUID {
	if step == jobs.Feed {
		return ""
	}
	return chip
}

// While the database is out of reach, a line gets no order and no leave to act; nothing of what it
// asked is on disk afterwards, and it goes on where it was.
func TestDatabaseOutOfReach(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	s := newRoom(t, storetest.PostgresAt(url), func(c *Config) { c.Poll, c.Rand = time.Hour, nil })
	w := storetest.NewWire(t, url)
	line := New(storetest.PostgresAt(w.URL).Open(t), s.cfg, nil)
	s.queued(1)
	o := s.next(line1)
	chip := s.upTo(o, jobs.ReadBack)
	before := s.attempt(o)
	w.Cut()
	s.wants(line.Intend(bg, o, jobs.Print, jobs.Evidence{Chip: chip}), "store.unreachable")
	s.wants(line.Settle(bg, o, jobs.Print, ok()), "store.unreachable")
	_, err := line.Next(bg, jobs.Session{Line: line2})
	s.wants(err, "store.unreachable")
	_, _, err = line.Unsettled(bg, line1, jobs.Session{})
	s.wants(err, "store.unreachable")
	if after := s.attempt(o); len(after.Journal) != len(before.Journal) || after.Attempt.State != before.Attempt.State {
		t.Errorf("before %+v, after %+v", before, after)
	}
	w.Mend()
	_, entries, err := line.Unsettled(bg, line1, jobs.Session{})
	s.must(err)
	if len(entries) != 1 || entries[0].State != jobs.Compared || entries[0].Printed {
		t.Fatalf("entries %+v", entries)
	}
	o = entries[0].Order
	// A slow database holds the act back: no leave until the intent is on its disk.
	w.Hold()
	leave := make(chan error)
	go func() { leave <- line.Intend(bg, o, jobs.Print, jobs.Evidence{Chip: chip}) }()
	for w.Waiting() == 0 {
		select {
		case err := <-leave:
			t.Fatalf("leave before the database has heard of it: %v", err)
		default:
		}
	}
	if s.attempt(o).Attempt.State != jobs.Compared || len(s.attempt(o).Journal) != len(before.Journal) {
		t.Error("an intent is on disk before it was sent")
	}
	w.Release()
	s.must(<-leave)
	s.must(line.Settle(bg, o, jobs.Print, ok()))
	for _, step := range []jobs.Step{jobs.Accept, jobs.Activate, jobs.Recheck, jobs.Eject} {
		s.step(o, step, chip)
	}
	s.attemptIs(o, jobs.Out)
	s.sound()
}

// A line does not move to another station with a card in work: what another printer counts and feels
// would be taken for what happened to that card.
func TestLineOfAnotherStation(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s := newRoom(t, db)
		here, there := DefineLine{Line: line1, Kind: jobs.Inline, Station: "here"}, DefineLine{Line: line1, Kind: jobs.Inline, Station: "there"}
		s.do(center, here)
		s.queued(1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Write)
		s.refused(center, there, "registry.line_elsewhere")
		if res := s.do(center, here); res.Answer != AnswerUnchanged {
			t.Errorf("its own station: %s", res.Answer)
		}
		s.must(s.settle(o, jobs.ReadBack, jobs.Outcome{Result: jobs.Done, Match: jobs.EqualByHash, Chip: chip}))
		for _, step := range []jobs.Step{jobs.Print, jobs.Accept, jobs.Activate, jobs.Recheck, jobs.Eject} {
			s.step(o, step, chip)
		}
		if res := s.do(center, there); res.Answer != AnswerDone || s.line(line1).Station != "there" {
			t.Errorf("idle: %s, %+v", res.Answer, s.line(line1))
		}
		s.sound()
	})
}

// Two stations run one line on one database. Whoever took it over last has it: the other gets no order,
// writes down no card and feeds nothing, whatever it held. The same where the line was moved.
func TestOustedStationGetsNoOrder(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		other := New(s.db.Open(t), s.cfg, nil)
		stations := [2]*Registry{s.r, other}
		n := 0
		for _, when := range []string{"idle", "leased", "fed"} {
			for turn := range 2 {
				n++
				old, heir := stations[turn], stations[1-turn]
				before, _, err := old.Unsettled(bg, line1, jobs.Session{})
				s.must(err)
				s.queued(n)
				var o jobs.Order
				if when != "idle" {
					var found bool
					if o, found, err = old.lease(bg, before); err != nil || !found {
						t.Fatalf("%s: %v", when, err)
					}
				}
				if when == "fed" {
					s.must(old.Intend(bg, o, jobs.Feed, jobs.Evidence{}))
				}
				now, list, err := heir.Unsettled(bg, line1, jobs.Session{})
				s.must(err)
				if (len(list) == 1) != (when == "fed") {
					t.Errorf("%s: %d entries", when, len(list))
				}
				_, err = old.Next(bg, before)
				s.wants(err, jobs.TakenOver.Code)
				s.wants(old.Found(bg, before, "STRANGER", ktp.AttemptID{}, "reject"), jobs.TakenOver.Code)
				if when != "idle" {
					s.wants(old.Intend(bg, o, jobs.Feed, jobs.Evidence{}), jobs.Fenced.Code)
				}
				if when == "fed" {
					o = list[0].Order
				} else {
					if o, err = heir.Next(bg, now); err != nil {
						t.Fatal(err)
					}
					s.must(heir.Intend(bg, o, jobs.Feed, jobs.Evidence{}))
				}
				s.must(finishFed(heir, o, ktp.ChipUID(o.Attempt.String())))
				s.state(n, Produced)
			}
		}
		session, _, err := s.r.Unsettled(bg, line1, jobs.Session{})
		s.must(err)
		s.queued(n + 1)
		s.do(center, DefineLine{Line: line1, Kind: jobs.Inline, Station: "another"})
		_, err = s.r.Next(bg, session)
		s.wants(err, jobs.TakenOver.Code)
	})
}
