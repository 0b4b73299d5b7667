package registry

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
	"blanko/store/storetest"
)

// on runs a test of the book on every database, and checks afterwards what must always hold.
func on(t *testing.T, test func(t *testing.T, s *room), change ...func(*Config)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := newRoom(t, db, change...)
		test(t, s)
		s.sound()
	})
}

func ok() jobs.Outcome                { return jobs.Outcome{Result: jobs.Done} }
func fails(cause string) jobs.Outcome { return jobs.Outcome{Result: jobs.Failed, Cause: cause} }
func unsure(cause string) jobs.Outcome {
	return jobs.Outcome{Result: jobs.Unknown, Cause: cause, Where: "missing"}
}

func deniedBy(code fault.Code) jobs.Outcome {
	return jobs.Outcome{Result: jobs.Withdrawn, Cause: string(code)}
}

func TestQueueOrder(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		deliver := func(n, priority int) {
			r := record(n, 1)
			r.Priority = priority
			s.do(center, delivery(r))
			s.do(boss, Approve{appID(n)})
		}
		deliver(1, 4)
		s.db.Clock.Advance(time.Minute)
		deliver(2, 4)
		deliver(3, 9)
		deliver(4, 0)
		for _, n := range []int{4, 3, 2, 1} { // queued against the order of their due dates
			s.do(admin, Queue{appID(n)})
			s.db.Clock.Advance(time.Minute)
		}
		for _, want := range []string{"req-3", "req-1", "req-2", "req-4"} {
			if o := s.next(line1); o.Record.ID != want {
				t.Errorf("got %s, want %s", o.Record.ID, want)
			}
		}
		s.idle(line1)
	})
}

// Next waits, and wakes when an order comes; not for a paused line.
func TestNextWaits(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		ctx, stop := context.WithCancel(bg)
		defer stop()
		got := make(chan jobs.Order)
		go func() {
			o, err := s.r.Next(ctx, jobs.Session{Line: line1})
			if err == nil {
				got <- o
			}
			close(got)
		}()
		s.queued(1)
		if o := <-got; o.Record.ID != "req-1" {
			t.Fatalf("got %+v", o)
		}
		if _, err := s.r.Next(bg, jobs.Session{Line: "no-such-line"}); fault.CodeOf(err) != "jobs.line_unknown" {
			t.Errorf("unknown line: %v", err)
		}
		s.do(admin, PauseLine{Line: line1, Because: Because{Reason: "break"}})
		s.queued(2)
		s.idle(line1)
		go func() { stop() }()
		if _, err := s.r.Next(ctx, jobs.Session{Line: line1}); !errors.Is(err, context.Canceled) {
			t.Errorf("ended context: %v", err)
		}
		s.do(admin, ResumeLine{Line: line1})
		if o := s.next(line1); o.Record.ID != "req-2" {
			t.Errorf("got %s", o.Record.ID)
		}
	})
}

// Preparation that fails: the record cannot become a card, or the line only gives back.
func TestPrepareSettled(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		s.must(s.settle(o, jobs.Prepare, fails("personalize.line_stopped")))
		s.attemptIs(o, jobs.Void)
		s.state(1, Queued)

		o2 := s.next(line1)
		if o2.ID != o.ID || o2.Attempt == o.Attempt || o2.Fence <= o.Fence {
			t.Errorf("leased again as %+v after %+v", o2, o)
		}
		s.must(s.settle(o2, jobs.Prepare, jobs.Outcome{Result: jobs.Refused, Cause: "artwork.text_does_not_fit"}))
		s.must(s.settle(o2, jobs.Prepare, jobs.Outcome{Result: jobs.Refused, Cause: "artwork.text_does_not_fit"}))
		s.state(1, OnHold)
		if got := s.app(1).Application.Cause; got != "artwork.text_does_not_fit" {
			t.Errorf("cause %q", got)
		}
		s.idle(line1)
		reports, err := s.r.Outbox(bg, 10)
		s.must(err)
		if last := reports[len(reports)-1]; last.State != OnHold || last.Reason != "artwork.text_does_not_fit" || last.Attempts != 0 {
			t.Errorf("reported %+v", last)
		}
		s.do(admin, ReleaseApplication{appID(1)})
		s.state(1, Queued)
		s.upTo(s.next(line1), jobs.Eject)
		s.state(1, Produced)
		if n := s.held("hopper/line-1"); n != 99 {
			t.Errorf("%d blanks in the hopper", n)
		}
	})
}

func TestFeedFailedUsesNoBlank(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		s.state(1, Producing)
		s.must(s.settle(o, jobs.Feed, fails("printer.no_cards")))
		s.must(s.settle(o, jobs.Feed, fails("printer.no_cards")))
		s.attemptIs(o, jobs.Void)
		s.state(1, Queued)
		if n := s.held("hopper/line-1"); n != 100 {
			t.Errorf("%d blanks in the hopper", n)
		}
		s.upTo(s.next(line2), jobs.Eject)
	})
}

// A failure in front of the activation spoils the blank at the step it happens in; the order is
// made again, from a record pulled anew where what it needs was erased.
func TestSpoiledAtEveryStep(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n, c := range []struct {
			good  jobs.Step // last step that goes well
			fails jobs.Step
			pull  bool
		}{
			{jobs.Feed, jobs.Claim, false},
			{jobs.Claim, jobs.Write, false},
			{jobs.Write, jobs.ReadBack, false},
			{jobs.ReadBack, jobs.Print, true},
			{jobs.Print, jobs.Accept, true},
			{jobs.Accept, jobs.Activate, true},
		} {
			n++
			s.queued(n)
			o := s.next(line1)
			chip := s.upTo(o, c.good)
			if c.fails != jobs.ReadBack {
				s.must(s.intend(o, c.fails, jobs.Evidence{Chip: chip}))
			}
			s.must(s.settle(o, c.fails, fails("printer.jam")))
			// Nothing goes on with a card after a failed step.
			for _, step := range jobs.Stages(jobs.Inline) {
				if err := s.intend(o, step, jobs.Evidence{Chip: chip}); err == nil {
					t.Errorf("%s may follow a failed %s", step, c.fails)
				}
			}
			s.reject(o, chip, "something.else")
			s.attemptIs(o, jobs.Spoiled)
			s.blankAt(o, "reject/line-1")
			if got := s.attempt(o); got.Attempt.Cause != "printer.jam" || got.Card != nil {
				t.Errorf("%s: cause %q, card %v", c.fails, got.Attempt.Cause, got.Card)
			}
			s.state(n, Queued)
			d := s.app(n)
			if d.Order == nil || d.Order.NeedsRecord != c.pull {
				t.Errorf("%s: order %+v, want pull %v", c.fails, d.Order, c.pull)
			}
			if c.pull {
				s.idle(line1)
				wanted, err := s.r.RecordsWanted(bg, 10)
				s.must(err)
				if !slices.Contains(wanted, appID(n)) {
					t.Errorf("%s: not wanted from the center", c.fails)
				}
				if res := s.do(center, RefillRecord(delivery(record(n, 1)))); res.Answer != AnswerRefilled {
					t.Errorf("%s: refill answered %q", c.fails, res.Answer)
				}
			}
			again := s.next(line1)
			if again.ID != o.ID || !complete(again.Record) {
				t.Errorf("%s: made again as %+v", c.fails, again)
			}
			s.upTo(again, jobs.Eject)
			s.state(n, Produced)
		}
		sum, err := s.r.Summary(bg)
		s.must(err)
		if sum.Made != 6 || sum.Matched != 6 || len(sum.Spoiled) != 1 || sum.Spoiled[0] != (CountByCause{"printer.jam", 6}) {
			t.Errorf("summary %+v", sum)
		}
	})
}

// After the activation a card is blocked, then laid aside; it is revoked, never called spoiled.
func TestBlockedAfterActivation(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Activate)
		if c := s.attempt(o).Card; c == nil || c.State != CardMade {
			t.Fatalf("card %+v", c)
		}
		s.must(s.settle(o, jobs.Recheck, fails("personalize.recheck_failed")))
		s.wants(s.intend(o, jobs.Eject, jobs.Evidence{}), "jobs.wrong_step")
		s.wants(s.intend(o, jobs.Reject, jobs.Evidence{}), "jobs.wrong_step")
		s.block(o, chip, "personalize.recheck_failed")
		s.attemptIs(o, jobs.Revoked)
		d := s.attempt(o)
		if d.Card.State != CardRetired || d.Card.Cause != "personalize.recheck_failed" || d.Attempt.Successor {
			t.Errorf("card %+v, attempt %+v", d.Card, d.Attempt)
		}
		s.blankAt(o, "reject/line-1")
		s.state(1, Queued)
		s.idle(line1)
		s.do(center, RefillRecord(delivery(record(1, 1))))
		s.upTo(s.next(line1), jobs.Eject)
		s.state(1, Produced)
		sum, err := s.r.Summary(bg)
		s.must(err)
		if len(sum.Blocked) != 1 || sum.Cards[CardMade] != 1 || sum.Cards[CardRetired] != 1 {
			t.Errorf("summary %+v", sum)
		}
	})
}

func TestFences(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		s.queued(2)
		prepared := s.next(line1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Write)
		_, entries, err := s.r.Unsettled(bg, line1, jobs.Session{})
		s.must(err)
		if len(entries) != 1 || entries[0].Order.Attempt != o.Attempt || entries[0].Order.Fence <= o.Fence || entries[0].State != jobs.Written || entries[0].Chip != chip {
			t.Fatalf("entries %+v", entries)
		}
		if e := entries[0]; e.Step != jobs.Write || e.Phase != jobs.Settled || e.Outcome.Result != jobs.Done || e.Hashes["0101"] != "aa" || e.Printed {
			t.Errorf("entry %+v", e)
		}
		// The older process: everything is refused, and nothing has changed.
		s.wants(s.intend(o, jobs.Print, jobs.Evidence{}), "jobs.fenced")
		s.wants(s.settle(o, jobs.ReadBack, ok()), "jobs.fenced")
		s.wants(s.intend(prepared, jobs.Feed, jobs.Evidence{}), "jobs.fenced")
		s.wants(s.settle(prepared, jobs.Prepare, fails("personalize.line_stopped")), "jobs.fenced")
		s.attemptIs(o, jobs.Written)
		// A repeated settle of what is on disk is no write.
		s.must(s.settle(o, jobs.Write, ok()))
		// The prepared order is back in the queue; the other stays with its line whatever happens.
		s.db.Clock.Advance(48 * time.Hour)
		if got := s.next(line2); got.ID != prepared.ID {
			t.Errorf("line 2 got %s", got.ID)
		}
		s.idle(line2)
		// The new session goes on.
		now := entries[0].Order
		s.must(s.settle(now, jobs.ReadBack, jobs.Outcome{Result: jobs.Done, Match: jobs.EqualByHash}))
		other := now
		other.Line = line2
		s.wants(s.intend(other, jobs.Print, jobs.Evidence{}), "jobs.fenced")
		for _, step := range []jobs.Step{jobs.Print, jobs.Accept, jobs.Activate, jobs.Recheck, jobs.Eject} {
			s.step(now, step, chip)
		}
		s.attemptIs(o, jobs.Out)
		if _, left, err := s.r.Unsettled(bg, line1, jobs.Session{}); err != nil || len(left) != 0 {
			t.Errorf("left %+v, %v", left, err)
		}
	})
}

// A lease that runs out before the first intent may be taken by another line; the first one
// hears that the order is gone and stays healthy.
func TestLeaseRunsOut(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		s.db.Clock.Advance(10*time.Minute - time.Second)
		s.idle(line2)
		s.db.Clock.Advance(2 * time.Second)
		taken := s.next(line2)
		if taken.ID != o.ID || taken.Attempt == o.Attempt {
			t.Fatalf("taken %+v", taken)
		}
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{}), RecordWithdrawn.Code)
		s.must(s.settle(o, jobs.Feed, deniedBy(RecordWithdrawn.Code)))
		s.upTo(taken, jobs.Eject)
		s.state(1, Produced)
	})
}

func TestSteps(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		s.wants(s.intend(o, jobs.Claim, jobs.Evidence{}), "jobs.wrong_step")
		s.wants(s.intend(o, jobs.Prepare, jobs.Evidence{}), "jobs.wrong_step")
		s.wants(s.intend(o, jobs.Reject, jobs.Evidence{}), "jobs.wrong_step")
		s.wants(s.settle(o, jobs.Feed, ok()), "jobs.no_intent")
		s.wants(s.settle(o, jobs.Claim, ok()), "jobs.no_intent")
		s.step(o, jobs.Feed, "")
		s.must(s.settle(o, jobs.Feed, ok())) // again
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{}), "jobs.wrong_step")
		s.wants(s.intend(o, jobs.Print, jobs.Evidence{}), "jobs.wrong_step")
		chip := s.chip()
		s.must(s.intend(o, jobs.Claim, jobs.Evidence{Chip: chip}))
		s.must(s.intend(o, jobs.Claim, jobs.Evidence{Chip: chip})) // recovery does it again
		s.must(s.settle(o, jobs.Claim, ok()))
		s.step(o, jobs.Write, chip)
		s.step(o, jobs.Write, chip) // torn, written anew
		s.wants(s.settle(o, jobs.ReadBack, jobs.Outcome{Result: jobs.Done, Match: jobs.WrongPerson}), "registry.bad_operation")
		s.step(o, jobs.ReadBack, chip)
		s.must(s.intend(o, jobs.Print, jobs.Evidence{Chip: chip}))
		s.wants(s.intend(o, jobs.Print, jobs.Evidence{Chip: chip}), "registry.blank_denied") // nothing proves that it never began
		s.must(s.settle(o, jobs.Print, ok()))
		s.wants(s.intend(o, jobs.Print, jobs.Evidence{Chip: chip}), "jobs.wrong_step")
		s.step(o, jobs.Accept, chip)
		s.must(s.intend(o, jobs.Activate, jobs.Evidence{Chip: chip}))
		s.wants(s.intend(o, jobs.Reject, jobs.Evidence{Chip: chip}), "registry.activation_open")
		s.must(s.settle(o, jobs.Activate, ok()))
		s.step(o, jobs.Recheck, chip)
		s.must(s.intend(o, jobs.Eject, jobs.Evidence{Chip: chip}))
		s.must(s.settle(o, jobs.Recheck, ok())) // looked again
		s.must(s.settle(o, jobs.Eject, ok()))
		s.must(s.settle(o, jobs.Eject, ok()))
		s.wants(s.settle(o, jobs.Eject, unsure("x.y")), "jobs.attempt_over")
		s.wants(s.intend(o, jobs.Eject, jobs.Evidence{}), "jobs.attempt_over")
		bad := o
		bad.Attempt[0] ^= 1
		s.wants(s.intend(bad, jobs.Feed, jobs.Evidence{}), "jobs.attempt_unknown")

		var steps []string
		for _, n := range s.attempt(o).Journal {
			if n.Phase == jobs.Intent {
				steps = append(steps, string(n.Step))
			}
		}
		if want := []string{"feed", "claim", "claim", "write", "write", "print", "accept", "activate", "eject"}; !slices.Equal(steps, want) {
			t.Errorf("intents %v", steps)
		}
	})
}

func TestJournalCannotBeChanged(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		s.upTo(s.next(line1), jobs.Claim)
		for _, q := range []string{`update journal set n = 9`, `delete from journal`, `update stock_movement set quantity = 9`, `delete from stock_movement`} {
			err := s.store.Write(bg, func(tx *store.Tx) error { _, err := tx.Exec(q); return err })
			if !store.IsAppendOnly(err) {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

// A print that failed is never tried again on the same blank, also by a recovery that does not
// remember it; the answer makes the line lay the card aside.
func TestNeverPrintedTwice(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.ReadBack)
		s.must(s.intend(o, jobs.Print, jobs.Evidence{Chip: chip}))
		s.must(s.settle(o, jobs.Print, fails("printer.ribbon_error")))
		_, entries, err := s.r.Unsettled(bg, line1, jobs.Session{})
		s.must(err)
		if len(entries) != 1 || !entries[0].Printed {
			t.Fatalf("entries %+v", entries)
		}
		now := entries[0].Order
		s.wants(s.intend(now, jobs.Print, jobs.Evidence{Chip: chip}), BlankDenied.Code)
		s.must(s.settle(now, jobs.Print, deniedBy(BlankDenied.Code)))
		s.reject(now, chip, string(BlankDenied.Code))
		s.attemptIs(o, jobs.Spoiled)
		if got := s.attempt(o).Attempt.Cause; got != "printer.ribbon_error" {
			t.Errorf("cause %q", got)
		}
	})
}

// The chip is one and the same from its first reading to the end.
func TestChipIsBound(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Write)
		s.wants(s.settle(o, jobs.ReadBack, jobs.Outcome{Result: jobs.Done, Match: jobs.Matched, Chip: "OTHER"}), "registry.chip_differs")
		s.step(o, jobs.ReadBack, chip)
		s.wants(s.intend(o, jobs.Print, jobs.Evidence{Chip: "OTHER"}), "registry.chip_differs")
		s.attemptIs(o, jobs.Compared)
		if b := s.attempt(o).Blank; b.Chip != chip || b.Lot != lotA {
			t.Errorf("blank %+v", b)
		}
		// A chip that was never told is never printed.
		s.queued(2)
		o2 := s.next(line2)
		s.step(o2, jobs.Feed, "")
		s.step(o2, jobs.Claim, "")
		s.step(o2, jobs.Write, "")
		s.step(o2, jobs.ReadBack, "")
		s.wants(s.intend(o2, jobs.Print, jobs.Evidence{}), BlankDenied.Code)
	})
}

// A used card in the hopper: known to the ledger elsewhere, or to nobody.
func TestCardFromElsewhere(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		old := s.upTo(o, jobs.Claim)
		s.must(s.settle(o, jobs.Write, fails("applet.memory_failure")))
		s.reject(o, old, "")
		s.blankAt(o, "reject/line-1")

		// The spoiled card is laid into the hopper again. The claim's intent refuses it.
		again := s.next(line1)
		s.step(again, jobs.Feed, "")
		s.wants(s.intend(again, jobs.Claim, jobs.Evidence{Chip: old}), BlankDenied.Code)
		s.must(s.settle(again, jobs.Claim, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(BlankDenied.Code), Chip: old}))
		s.reject(again, old, string(BlankDenied.Code))
		s.attemptIs(again, jobs.Spoiled)
		s.blankAt(o, "quarantine")
		if b := s.attempt(again).Blank; b != nil {
			t.Errorf("the blank thought to be fed is %+v", b)
		}
		if n := s.held("hopper/line-1"); n != 99 {
			t.Errorf("%d blanks in the hopper", n)
		}
		// A stranger's card, found by the line while it claims.
		third := s.next(line1)
		s.step(third, jobs.Feed, "")
		s.must(s.r.Found(bg, s.session(line1), "STRANGER", ktp.AttemptID{9}, "reject"))
		s.must(s.settle(third, jobs.Claim, fails(causeForeign)))
		s.reject(third, "", causeForeign)
		s.blankAt(third, "quarantine")
		if b := s.attempt(third).Blank; b.Chip != "STRANGER" {
			t.Errorf("blank %+v", b)
		}
		if got := s.attempt(third).Attempt.Chip; got != "" {
			t.Errorf("the attempt took the chip %s", got)
		}
	})
}

func TestFound(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		// In an empty path: unknown, mute, and one that the ledger has.
		s.must(s.r.Found(bg, s.session(line1), "STRANGER", ktp.AttemptID{}, "reject"))
		s.must(s.r.Found(bg, s.session(line1), "", ktp.AttemptID{}, "reject"))
		if n := s.held("reject/line-1"); n != 2 {
			t.Errorf("%d cards in the reject bin", n)
		}
		s.do(admin, ResumeLine{Line: line1}) // which no counter tells of
		s.queued(1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Eject)
		s.must(s.r.Found(bg, s.session(line2), chip, o.Attempt, "reject"))
		s.blankAt(o, "reject/line-2")
		s.wants(s.r.Found(bg, jobs.Session{Line: "nowhere"}, chip, o.Attempt, "reject"), "jobs.line_unknown")
		// The card of a doubt: the doubt stays, its place is known.
		s.queued(2)
		o2 := s.next(line1)
		chip2 := s.upTo(o2, jobs.Write)
		s.must(s.settle(o2, jobs.ReadBack, unsure("personalize.card_missing")))
		s.must(s.r.Found(bg, s.session(line1), chip2, o2.Attempt, "reject"))
		s.attemptIs(o2, jobs.InDoubt)
		if got := s.attempt(o2).Attempt.Place; got != "reject" {
			t.Errorf("place %q", got)
		}
		s.blankAt(o2, "reject/line-1")
		if n := len(s.codes(audit.Filter{Code: "card.found"})); n != 4 {
			t.Errorf("%d findings logged", n)
		}
	})
}

// A blank that the ledger's hopper cannot explain is taken in by name, and the line is paused.
func TestUnexplainedBlank(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 100, Second: boss})
		s.queued(1)
		s.queued(2)
		o := s.next(line1)
		s.upTo(o, jobs.Eject)
		if b := s.attempt(o).Blank; b.Lot != "unexplained" {
			t.Errorf("blank %+v", b)
		}
		if l := s.line(line1); l.Wish != jobs.Paused || l.Reason != causeUnexplained {
			t.Errorf("line %+v", l)
		}
		s.idle(line1)
		s.state(1, Produced)
	})
}

func TestChipFaultsInARowPauseTheLine(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		lose := func(n int, cause string) {
			s.queued(n)
			o := s.next(line1)
			chip := s.upTo(o, jobs.Claim)
			s.must(s.settle(o, jobs.Write, fails(cause)))
			s.reject(o, chip, "")
			s.do(center, WithdrawRecord{ID: appID(n), Version: 1, Reason: "moved"})
		}
		lose(1, "applet.card_mute")
		lose(2, "applet.auth_failed")
		s.queued(3)
		s.upTo(s.next(line1), jobs.Eject) // one that goes well in between
		lose(4, "applet.card_mute")
		lose(5, "pcsc.card_silent")
		if l := s.line(line1); l.Wish != jobs.Running {
			t.Fatalf("paused too early: %+v", l)
		}
		lose(6, "personalize.chip_failed")
		if l := s.line(line1); l.Wish != jobs.Paused || l.Reason != causeChipFaults {
			t.Fatalf("line %+v", l)
		}
		s.queued(7)
		s.idle(line1)
		s.do(admin, ResumeLine{Line: line1})
		if l := s.line(line1); l.ChipFaults != 0 {
			t.Errorf("%d faults counted after resuming", l.ChipFaults)
		}
		s.next(line1)
	})
}

func TestTooManySpoiledHoldTheApplication(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		for i := range 3 {
			s.state(1, Queued)
			o := s.next(line1)
			s.step(o, jobs.Feed, "")
			s.must(s.settle(o, jobs.Claim, fails("printer.jam")))
			s.reject(o, "", "")
			if got := s.app(1).Application.Spoiled; got != i+1 {
				t.Errorf("%d cards lost counted", got)
			}
		}
		s.state(1, OnHold)
		if got := s.app(1).Application.Cause; got != causeTooManySpoiled {
			t.Errorf("cause %q", got)
		}
		s.idle(line1)
		s.do(admin, ReleaseApplication{appID(1)})
		s.upTo(s.next(line1), jobs.Eject)
		if n := len(s.app(1).Attempts); n != 4 {
			t.Errorf("%d attempts", n)
		}
	})
}

func TestWrongPerson(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := range 4 {
			s.queued(n + 1)
		}
		before := s.next(line1)
		chipBefore := s.upTo(before, jobs.Eject)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Write)
		prepared := s.next(line1) // the card after
		elsewhere := s.next(line2)

		s.must(s.settle(o, jobs.ReadBack, jobs.Outcome{Result: jobs.Failed, Cause: "personalize.wrong_person", Match: jobs.WrongPerson, Score: 3}))
		if l := s.line(line1); l.Wish != jobs.Stopped || l.Reason != causeWrongPerson {
			t.Errorf("line %+v", l)
		}
		wrong := func() *WrongFound {
			t.Helper()
			room, err := s.r.PrintRoom(bg, s.db.Clock.Now())
			s.must(err)
			i := slices.IndexFunc(room, func(l LineInRoom) bool { return l.ID == line1 })
			if other := room[1-i]; other.Wrong != nil {
				t.Errorf("%s stands for %+v", other.ID, other.Wrong)
			}
			return room[i].Wrong
		}
		if w := wrong(); w == nil || w.Card.ID != o.Attempt || w.Before == nil || w.Before.ID != before.Attempt || w.Before.Chip != chipBefore || w.Before.Where.Heap.Kind != stock.Quarantine || len(w.After) != 0 {
			t.Errorf("the finding: %+v", w)
		}
		// What was prepared is dropped: the line must prepare it anew.
		s.wants(s.intend(prepared, jobs.Feed, jobs.Evidence{}), RecordWithdrawn.Code)
		s.must(s.settle(prepared, jobs.Feed, deniedBy(RecordWithdrawn.Code)))
		s.state(3, Queued)
		s.idle(line1)
		// The finger data are gone, whatever the check found.
		if r, err := s.r.Record(bg, appID(2)); err != nil || len(r.Fingers[0].Best60) > 0 || len(r.Portrait.Data) == 0 {
			t.Errorf("record after the check: %v, %v", r, err)
		}
		s.reject(o, chip, "personalize.wrong_person")
		s.attemptIs(o, jobs.Spoiled)
		s.blankAt(o, "quarantine")
		s.state(2, OnHold)
		// The card before is held.
		s.blankAt(before, "quarantine")
		s.refused(kec, shown(appID(1), chipBefore), RecordHeld.Code)
		// The other line works on.
		s.upTo(elsewhere, jobs.Eject)
		// Only a supervisor lets the line go on.
		s.refused(admin, ResumeLine{Line: line1}, "registry.not_allowed")
		s.do(boss, ResumeLine{Line: line1})
		if w := wrong(); w != nil {
			t.Errorf("it goes on, and stands for %+v", w)
		}
		if got := s.next(line1); got.ID != prepared.ID {
			t.Errorf("got %s", got.ID)
		}
		s.do(boss, ReleaseQuarantine{Chip: chipBefore, Second: admin})
		s.blankAt(before, "tray/line-1")
		s.do(kec, shown(appID(1), chipBefore))
	})
}

// Where the card after is under way already, it is named too, and the first card of a line has none before it.
func TestCardAfterTheWrongOne(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := range 3 {
			s.queued(n + 1)
		}
		o := s.next(line1)
		s.upTo(o, jobs.Write)
		after := s.next(line1)
		chip := s.upTo(after, jobs.Claim)
		s.must(s.settle(o, jobs.ReadBack, jobs.Outcome{Result: jobs.Failed, Cause: "personalize.wrong_person", Match: jobs.WrongPerson, Score: 3}))
		room, err := s.r.PrintRoom(bg, s.db.Clock.Now())
		s.must(err)
		for _, l := range room {
			if w := l.Wrong; l.ID == line1 && (w == nil || w.Before != nil || w.Card.ID != o.Attempt || len(w.After) != 1 || w.After[0].ID != after.Attempt || w.After[0].Chip != chip || w.After[0].Where.Heap.Kind != stock.Path) {
				t.Errorf("the finding: %+v", w)
			}
		}
	})
}

// A foreign card at a hand-off: ours is gone, and the line stops at the first finding.
func TestWrongPersonInDoubt(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.ReadBack)
		s.must(s.r.Found(bg, s.session(line1), "STRANGER", ktp.AttemptID{7}, "reject"))
		s.must(s.settle(o, jobs.Print, jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.wrong_person", Where: "missing", Match: jobs.WrongPerson, Chip: chip}))
		s.attemptIs(o, jobs.InDoubt)
		s.state(1, InDoubt)
		s.blankAt(o, "doubt")
		if l := s.line(line1); l.Wish != jobs.Stopped {
			t.Errorf("line %+v", l)
		}
	})
}

// A card that was presented and is missing again, by the same words as before, is in doubt again.
func TestMissingAgain(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Recheck)
		missing := jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing", Chip: chip}
		s.must(s.intend(o, jobs.Eject, jobs.Evidence{Chip: chip}))
		s.must(s.settle(o, jobs.Eject, missing))
		s.attemptIs(o, jobs.InDoubt)
		s.must(s.settle(o, jobs.Eject, missing)) // said twice
		s.must(s.settle(o, jobs.Activate, jobs.Outcome{Result: jobs.Done, Chip: chip}))
		s.attemptIs(o, jobs.Activated)
		s.must(s.settle(o, jobs.Eject, missing))
		s.attemptIs(o, jobs.InDoubt)
		s.blankAt(o, "doubt")
	})
}

// The clock behind the event log: nothing is fed until two persons have set it.
func TestClockBehindTheLog(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		s.queued(2)
		o := s.next(line1)
		s.db.Clock.Advance(-time.Hour)
		s.idle(line1)
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{}), RecordHeld.Code)
		s.must(s.settle(o, jobs.Feed, deniedBy(RecordHeld.Code)))
		s.refused(admin, SetClock{Second: admin}, "registry.same_person")
		s.do(admin, SetClock{Second: boss})
		s.upTo(s.next(line1), jobs.Eject)
	})
}

// A record whose signed validity has ended is not made, also by a clock that was set back; it is
// pulled again.
func TestExpiredRecordIsPulledAgain(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		r := record(1, 1)
		r.ValidUntil = storetest.Start.Add(time.Hour)
		s.do(center, delivery(r))
		s.do(boss, Approve{appID(1)})
		s.do(admin, Queue{appID(1)})
		s.db.Clock.Advance(2 * time.Hour)
		s.idle(line1)
		wanted, err := s.r.RecordsWanted(bg, 10)
		s.must(err)
		if !slices.Equal(wanted, []ApplicationID{appID(1)}) {
			t.Errorf("wanted %v", wanted)
		}
		r.ValidUntil = storetest.Start.AddDate(0, 1, 0)
		if res := s.do(center, RefillRecord(delivery(r))); res.Answer != AnswerRefilled {
			t.Errorf("answer %q", res.Answer)
		}
		s.upTo(s.next(line1), jobs.Eject)
	})
}

// Finger data go at the end of the post-write check, the pictures when the face is accepted.
func TestErasure(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		left := func() (fingers, pictures int) {
			s.must(s.store.Read(bg, func(tx *store.Tx) error {
				_, err := tx.Get([]any{&fingers, &pictures}, `select coalesce(sum(case when name like 'finger.%' then 1 else 0 end), 0),
					coalesce(sum(case when name in ('portrait', 'signature') then 1 else 0 end), 0) from record_part where application = ?`, appID(1))
				return err
			}))
			return fingers, pictures
		}
		chip := ktp.ChipUID("")
		want := map[jobs.Step][2]int{
			jobs.Feed: {6, 2}, jobs.Claim: {6, 2}, jobs.Write: {6, 2}, jobs.ReadBack: {0, 2}, jobs.Print: {0, 2},
			jobs.Accept: {0, 0}, jobs.Activate: {0, 0}, jobs.Recheck: {0, 0}, jobs.Eject: {0, 0},
		}
		for _, step := range jobs.Stages(jobs.Inline) {
			if step == jobs.Claim {
				chip = s.chip()
			}
			s.step(o, step, chip)
			if f, p := left(); [2]int{f, p} != want[step] {
				t.Errorf("after %s: %d finger parts, %d pictures", step, f, p)
			}
		}
	})
}

// Everything is on disk when a call returns: a process that dies after any of them loses nothing.
func TestRestartAfterEveryStep(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		chip := ktp.ChipUID("")
		for _, step := range jobs.Stages(jobs.Inline) {
			if step == jobs.Claim {
				chip = s.chip()
			}
			looks := step == jobs.ReadBack || step == jobs.Recheck
			if !looks {
				s.must(s.intend(o, step, jobs.Evidence{Chip: chip, ChipState: "x"}))
				s.restart()
				_, entries, err := s.r.Unsettled(bg, line1, jobs.Session{})
				s.must(err)
				if len(entries) != 1 || entries[0].Step != step || entries[0].Phase != jobs.Intent || entries[0].Evidence.ChipState != "x" || entries[0].Order.Attempt != o.Attempt {
					t.Fatalf("%s: entries %+v", step, entries)
				}
				if entries[0].Printed != (slices.Index(jobs.Stages(jobs.Inline), step) >= slices.Index(jobs.Stages(jobs.Inline), jobs.Print)) {
					t.Errorf("%s: printed %v", step, entries[0].Printed)
				}
				o = entries[0].Order
			}
			out := jobs.Outcome{Result: jobs.Done, Chip: chip}
			if step == jobs.ReadBack {
				out.Match = jobs.EqualByHash
			}
			s.must(s.settle(o, step, out))
			s.restart()
			_, entries, err := s.r.Unsettled(bg, line1, jobs.Session{})
			s.must(err)
			if step == jobs.Eject {
				if len(entries) != 0 {
					t.Fatalf("left %+v", entries)
				}
				continue
			}
			if len(entries) != 1 || entries[0].State != jobs.After(step) || !looks && entries[0].Phase != jobs.Settled {
				t.Fatalf("%s: entries %+v", step, entries)
			}
			if step == jobs.ReadBack && entries[0].Match != jobs.EqualByHash {
				t.Errorf("match %q", entries[0].Match)
			}
			o = entries[0].Order
		}
		s.state(1, Produced)
	})
}

// A blank that was set aside before its chip could be read, and that answers a reader later, is that blank
// and no other one out of the hopper. One whose chip gave no answer at the line answers nowhere.
func TestFoundAfterItWasSetAsideUnread(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n, c := range []struct {
			cause  string
			hopper int // blanks fewer in it when the card is found
		}{
			{"applet.card_removed", 0},
			{"applet.card_mute", 1},
		} {
			s.queued(n + 1)
			o := s.next(line1)
			s.upTo(o, jobs.Feed)
			s.must(s.settle(o, jobs.Claim, fails(c.cause)))
			s.reject(o, "", c.cause)
			before := s.held("hopper/line-1")
			s.must(s.r.Found(bg, s.session(line1), ktp.ChipUID(c.cause), ktp.AttemptID{}, "reject"))
			if took := before - s.held("hopper/line-1"); took != c.hopper {
				t.Errorf("%s: %d blanks out of the hopper, want %d", c.cause, took, c.hopper)
			}
			s.do(center, WithdrawRecord{ID: appID(n + 1), Version: 1, Reason: "moved"})
		}
	})
}
