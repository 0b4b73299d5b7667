package registry

import (
	"context"
	"slices"
	"strings"
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
	"blanko/store/storetest"
)

// doubtful makes an attempt of resident n that is in doubt at a step.
func (s *room) doubtful(n int, at jobs.Step) (jobs.Order, ktp.ChipUID) {
	s.Helper()
	s.queued(n)
	o := s.next(line1)
	chip := ktp.ChipUID("")
	for _, step := range jobs.Stages(jobs.Inline) {
		if step == jobs.Claim {
			chip = s.chip()
		}
		if step != at {
			s.step(o, step, chip)
			continue
		}
		if step != jobs.ReadBack && step != jobs.Recheck {
			s.must(s.intend(o, step, jobs.Evidence{Chip: chip}))
		}
		s.must(s.settle(o, step, jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing"}))
		break
	}
	s.attemptIs(o, jobs.InDoubt)
	s.state(n, InDoubt)
	s.blankAt(o, "doubt")
	if t := s.attempt(o).Attempt; t.Place != "missing" || !t.Successor {
		s.Errorf("in doubt: %+v", t)
	}
	return o, chip
}

// shown is what the line does with a card in doubt that lies on the reader of the desk, by what its chip says
// (personalize.Present).
func (s *room) shown(id ktp.AttemptID, chip ktp.ChipUID, state string) {
	s.Helper()
	_, entries, err := s.r.Unsettled(bg, line1, jobs.Session{})
	s.must(err)
	i := slices.IndexFunc(entries, func(e jobs.Entry) bool { return e.Order.Attempt == id && e.State == jobs.InDoubt })
	if i < 0 {
		s.Fatalf("no doubt about %s: %+v", id, entries)
	}
	o := entries[i].Order
	switch state {
	case "blank":
		s.must(s.settle(o, jobs.Feed, jobs.Outcome{Result: jobs.Failed, Cause: "personalize.blank_untouched", Chip: chip}))
	case "active":
		s.must(s.settle(o, jobs.Activate, jobs.Outcome{Result: jobs.Done, Chip: chip}))
		s.attemptIs(o, jobs.Activated)
		s.step(o, jobs.Recheck, chip)
		s.step(o, jobs.Eject, chip)
	case "blocked":
		s.must(s.settle(o, jobs.Block, jobs.Outcome{Result: jobs.Done, Chip: chip}))
		s.reject(o, chip, "")
	default:
		s.reject(o, chip, "personalize.recovered")
	}
}

// A doubt at every step: nothing moves by itself, no second card is begun, and the proof decides.
func TestDoubtAtEveryStep(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for i, step := range jobs.Stages(jobs.Inline) {
			n := 10 * (i + 1)
			active := step == jobs.Activate || step == jobs.Recheck || step == jobs.Eject
			claimed := step != jobs.Feed
			made := step == jobs.Recheck || step == jobs.Eject

			o, chip := s.doubtful(n, step)
			s.idle(line1)
			s.db.Clock.Advance(24 * 3600e9)
			s.idle(line2)
			switch {
			case !claimed:
				s.shown(o.Attempt, "FRESH"+ktp.ChipUID(step), "blank")
				s.attemptIs(o, jobs.Void)
				s.state(n, Queued)
				if n := s.held("store"); n != 801 {
					t.Errorf("%d in the store", n)
				}
				s.do(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: admin})
			case made:
				s.wants(s.settle(o, jobs.Reject, ok()), "registry.was_active")
				s.shown(o.Attempt, chip, "blocked")
				s.attemptIs(o, jobs.Revoked)
				s.blankAt(o, "reject/line-1")
				s.state(n, Queued)
			default:
				s.shown(o.Attempt, chip, "written")
				s.attemptIs(o, jobs.Spoiled)
				s.blankAt(o, "reject/line-1")
				s.state(n, Queued)
			}
			s.do(admin, CancelApplication{Application: appID(n), Because: Because{Reason: "applicant"}})

			o, chip = s.doubtful(n+1, step)
			if active {
				s.shown(o.Attempt, chip, "active")
				s.attemptIs(o, jobs.Out)
				s.state(n+1, Produced)
				s.blankAt(o, "tray/line-1")
				if c := s.attempt(o).Card; c == nil || c.State != CardMade {
					t.Errorf("card %+v", c)
				}
			} else {
				s.wants(s.settle(o, jobs.Activate, jobs.Outcome{Result: jobs.Done, Chip: chip}), "registry.proof_missing")
				s.do(admin, DeclareLost{Attempt: o.Attempt, Because: Because{Reason: "not_found"}, Second: boss})
			}

			o, _ = s.doubtful(n+2, step)
			s.refused(admin, DeclareLost{Attempt: o.Attempt, Because: Because{Reason: "not_found"}}, "registry.second_person_missing")
			s.refused(admin, DeclareLost{Attempt: o.Attempt, Second: boss}, "registry.bad_operation")
			s.do(admin, DeclareLost{Attempt: o.Attempt, Because: Because{Reason: "not_found"}, Second: boss})
			s.attemptIs(o, jobs.Lost)
			s.blankAt(o, "lost")
			s.state(n+2, OnHold)
			if d := s.attempt(o); made != (d.Card != nil) || made && d.Card.State != CardRetired {
				t.Errorf("%s: card of a lost attempt %+v", step, d.Card)
			}

			o, _ = s.doubtful(n+3, step)
			s.refused(admin, SurrenderMute{Attempt: o.Attempt, Picture: "no", Second: boss}, "registry.bad_operation")
			s.do(admin, SurrenderMute{Attempt: o.Attempt, Picture: strings.Repeat("ab", 32), Second: boss})
			s.attemptIs(o, jobs.Revoked)
			s.blankAt(o, "spoiled")
			s.state(n+3, Queued)
			s.do(admin, CancelApplication{Application: appID(n + 3), Because: Because{Reason: "applicant"}})
		}
		if n := len(s.codes(audit.Filter{Code: "doubt.declared_lost"})); n != 15 {
			t.Errorf("%d losses logged", n)
		}
	})
}

// A person who has the card says so, and is asked to lay it on the reader; once it lies there the line reads it. Nothing
// is settled on anybody's word.
func TestCardInDoubtIsPresented(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		o, chip := s.doubtful(1, jobs.Eject)
		there := func(want int) {
			t.Helper()
			got, err := s.r.Presented(bg, line1)
			if s.must(err); got[o.Attempt] != want || len(got) != min(want, 1) {
				t.Errorf("on the reader: %v, want question %d", got, want)
			}
		}
		asked := func(n int) {
			t.Helper()
			if list := s.open1(); len(list) != 1 || list[0].Ask != CardToReader || list[0].N != n || list[0].Line != line1 {
				t.Errorf("asked: %+v, want question %d", list, n)
			}
		}
		s.refused(kec, PresentCard{o.Attempt}, notAllowed.Code)
		there(0)
		s.do(admin, PresentCard{o.Attempt})
		s.do(boss, PresentCard{o.Attempt}) // asked already
		asked(1)
		there(0)
		s.attemptIs(o, jobs.InDoubt)
		s.do(admin, DoneHandOff{Attempt: o.Attempt, Question: 1, Cause: "card_missing"})
		there(0)
		s.do(admin, PresentCard{o.Attempt})
		asked(2)
		s.do(admin, DoneHandOff{Attempt: o.Attempt, Question: 2})
		there(2)
		if other, err := s.r.Presented(bg, line2); err != nil || len(other) > 0 {
			t.Errorf("at another line: %v, %v", other, err)
		}
		s.must(s.r.AwaitPresented(bg, line1, nil))
		gone, stop := context.WithCancel(bg)
		stop()
		if err := s.r.AwaitPresented(gone, line1, map[ktp.AttemptID]int{o.Attempt: 2}); err == nil {
			t.Error("a card that was read already is presented")
		}
		s.must(s.r.AskAgain(bg, o.Attempt, "applet.card_removed")) // it was not there
		asked(3)
		if list := s.open1(); list[0].Cause != "applet.card_removed" {
			t.Errorf("asked again, and not why: %+v", list)
		}
		there(0)
		s.do(admin, DoneHandOff{Attempt: o.Attempt, Question: 3})
		s.shown(o.Attempt, chip, "active")
		there(0)
		s.attemptIs(o, jobs.Out)
		s.refused(admin, PresentCard{o.Attempt}, wrongState.Code)
		s.must(s.r.AskAgain(bg, o.Attempt, "applet.card_removed"))
		if list := s.open1(); len(list) > 0 {
			t.Errorf("asked about a doubt that is over: %+v", list)
		}
		if n := len(s.codes(audit.Filter{Code: "doubt.presented"})); n != 3 {
			t.Errorf("%d events", n)
		}
	})
}

// The line itself settles a doubt when the card turns up in front of its reader.
func TestLineResolvesDoubts(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		takeOver := func() jobs.Order {
			t.Helper()
			_, entries, err := s.r.Unsettled(bg, line1, jobs.Session{})
			s.must(err)
			if len(entries) != 1 || entries[0].State != jobs.InDoubt {
				t.Fatalf("entries %+v", entries)
			}
			return entries[0].Order
		}
		// A feed that never was.
		s.doubtful(1, jobs.Feed)
		o := takeOver()
		s.must(s.settle(o, jobs.Feed, jobs.Outcome{Result: jobs.Failed, Cause: "personalize.blank_untouched", Chip: "A1"}))
		s.attemptIs(o, jobs.Void)
		s.do(admin, CancelApplication{Application: appID(1), Because: Because{Reason: "applicant"}})
		// Active after all: rechecked, ejected.
		_, chip := s.doubtful(2, jobs.Eject)
		o = takeOver()
		s.must(s.settle(o, jobs.Activate, jobs.Outcome{Result: jobs.Done, Chip: chip}))
		s.attemptIs(o, jobs.Activated)
		s.state(2, Producing)
		s.step(o, jobs.Recheck, chip)
		s.step(o, jobs.Eject, chip)
		s.state(2, Produced)
		// Not active yet: activated now.
		_, chip = s.doubtful(3, jobs.Activate)
		o = takeOver()
		s.must(s.intend(o, jobs.Activate, jobs.Evidence{Chip: chip}))
		s.must(s.settle(o, jobs.Activate, jobs.Outcome{Result: jobs.Done, Chip: chip}))
		s.step(o, jobs.Recheck, chip)
		s.step(o, jobs.Eject, chip)
		// Never active: laid aside.
		_, chip = s.doubtful(4, jobs.Activate)
		o = takeOver()
		s.reject(o, chip, "personalize.recovered")
		s.attemptIs(o, jobs.Spoiled)
		s.state(4, Queued)
		s.do(admin, CancelApplication{Application: appID(4), Because: Because{Reason: "applicant"}})
		// Blocked in the reject tray.
		_, chip = s.doubtful(5, jobs.Recheck)
		o = takeOver()
		s.must(s.settle(o, jobs.Block, jobs.Outcome{Result: jobs.Done, Chip: chip}))
		s.attemptIs(o, jobs.Blocked)
		s.reject(o, chip, "")
		s.attemptIs(o, jobs.Revoked)
		s.do(admin, CancelApplication{Application: appID(5), Because: Because{Reason: "applicant"}})
		// Still nothing: an unknown outcome again changes nothing.
		_, _ = s.doubtful(6, jobs.Print)
		o = takeOver()
		s.must(s.settle(o, jobs.Print, jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "path"}))
		s.must(s.settle(o, jobs.Eject, jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "path"}))
		s.wants(s.settle(o, jobs.Print, jobs.Outcome{Result: jobs.Done}), "jobs.wrong_step")
		s.wants(s.settle(o, jobs.Activate, jobs.Outcome{Result: jobs.Done}), "registry.proof_missing")
		s.attemptIs(o, jobs.InDoubt)
	})
}

// A block that cannot be proved leaves the card in doubt; it is not called spoiled afterwards.
func TestBlockUnproved(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Activate)
		s.must(s.settle(o, jobs.Recheck, fails("applet.card_mute")))
		s.must(s.intend(o, jobs.Block, jobs.Evidence{Chip: chip}))
		s.must(s.settle(o, jobs.Block, jobs.Outcome{Result: jobs.Unknown, Cause: "applet.card_mute", Where: "reject"}))
		s.attemptIs(o, jobs.InDoubt)
		s.must(s.intend(o, jobs.Reject, jobs.Evidence{}))
		s.wants(s.settle(o, jobs.Reject, ok()), "registry.was_active")
		s.do(admin, SurrenderMute{Attempt: o.Attempt, Picture: strings.Repeat("ab", 32), Second: boss})
		s.attemptIs(o, jobs.Revoked)
		if c := s.attempt(o).Card; c.State != CardRetired || c.Cause != causeMute {
			t.Errorf("card %+v", c)
		}
	})
}

// Lines of the other kinds: what comes before and after the activation differs.
func TestOtherKindsOfLines(t *testing.T) {
	t.Parallel()
	for _, k := range jobs.Kinds {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, db storetest.DB) {
				s := newRoom(t, db)
				s.do(center, DefineLine{Line: line1, Kind: k})
				run := func(n int, last jobs.Step) (jobs.Order, ktp.ChipUID) {
					s.queued(n)
					o := s.next(line1)
					chip := ktp.ChipUID("")
					for _, step := range jobs.Stages(k) {
						if step == jobs.Claim {
							chip = s.chip()
						}
						s.step(o, step, chip)
						if step == last {
							break
						}
					}
					return o, chip
				}
				stages := jobs.Stages(k)
				o, chip := run(1, "")
				s.attemptIs(o, jobs.Finished(k))
				s.blankAt(o, "tray/line-1")
				s.state(1, Produced)
				s.do(kec, shown(appID(1), chip))
				s.do(officer, HandOver{Application: appID(1), Chip: chip})
				for i, step := range stages[1 : len(stages)-1] {
					n := i + 2
					o, chip := run(n, step)
					s.must(s.settle(o, stages[i+2], fails("x.y")))
					if jobs.IsActive(k, jobs.After(step)) {
						s.wants(s.intend(o, jobs.Reject, jobs.Evidence{}), "jobs.wrong_step")
						s.block(o, chip, "x.y")
						s.attemptIs(o, jobs.Revoked)
					} else {
						s.wants(s.intend(o, jobs.Block, jobs.Evidence{}), "jobs.wrong_step")
						s.reject(o, chip, "x.y")
						s.attemptIs(o, jobs.Spoiled)
					}
					s.do(admin, CancelApplication{Application: appID(n), Because: Because{Reason: "applicant"}})
				}
				s.sound()
			})
		})
	}
}

// The database itself refuses a second successor of a person, also one that is in doubt.
func TestOneSuccessorByTheIndex(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		o, _ := s.doubtful(1, jobs.Print)
		s.queued(2)
		other := s.next(line2)
		for _, q := range []string{
			`update attempt set successor = 1, person = (select person from attempt where id = ?) where id = ?`,
			`update attempt set successor = 1, state = 'in doubt', person = (select person from attempt where id = ?) where id = ?`,
		} {
			err := s.store.Write(bg, func(tx *store.Tx) error {
				_, err := tx.Exec(q, o.Attempt.String(), other.Attempt.String())
				return err
			})
			if name, taken := store.Taken(err); !taken || name != "attempt.person" {
				t.Errorf("%s: %v", q, err)
			}
		}
		for _, q := range []string{`update attempt set successor = 0 where id = ?`, `update attempt set state = 'activated', successor = 0 where id = ?`} {
			err := s.store.Write(bg, func(tx *store.Tx) error { _, err := tx.Exec(q, o.Attempt.String()); return err })
			if !store.IsForbidden(err) {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

// Untouched chips are alike: one that the ledger has elsewhere, such as the blank of a lost feed that
// turned up, answers no doubt about another feed.
func TestUntouchedBlankOfAnother(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		s.queued(2)
		first := s.next(line1)
		s.must(s.intend(first, jobs.Feed, jobs.Evidence{}))
		s.must(s.settle(first, jobs.Feed, unsure("printer.card_position")))
		s.do(admin, DeclareLost{Attempt: first.Attempt, Because: Because{Reason: "not_found"}, Second: boss})
		s.must(s.r.Found(bg, s.session(line1), "FIRST", ktp.AttemptID{}, "reject"))
		s.blankAt(first, "reject/line-1")

		before := s.held("store")
		second := s.next(line1)
		s.must(s.intend(second, jobs.Feed, jobs.Evidence{}))
		s.must(s.settle(second, jobs.Feed, unsure("printer.jam")))
		untouched := func(chip ktp.ChipUID) jobs.Outcome {
			return jobs.Outcome{Result: jobs.Failed, Cause: "personalize.blank_untouched", Chip: chip}
		}
		s.wants(s.settle(second, jobs.Feed, untouched("FIRST")), stock.ChipElsewhere.Code)
		s.attemptIs(second, jobs.InDoubt)
		s.blankAt(first, "reject/line-1")
		s.must(s.settle(second, jobs.Feed, untouched("SECOND")))
		s.attemptIs(second, jobs.Void)
		if n := s.held("store"); n != before+1 {
			t.Errorf("%d blanks in the store, before %d", n, before)
		}

		// Back in the store it cannot come out of a hopper into which nothing was loaded since.
		s.queued(3)
		feed := func() jobs.Order {
			o := s.next(line1)
			s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
			s.must(s.settle(o, jobs.Feed, unsure("printer.jam")))
			return o
		}
		third := feed()
		hopper := s.held("hopper/line-1")
		s.wants(s.settle(third, jobs.Feed, untouched("SECOND")), stock.ChipElsewhere.Code)
		s.must(s.settle(third, jobs.Feed, untouched("THIRD")))
		s.attemptIs(third, jobs.Void)
		s.do(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: admin})
		fourth := feed()
		s.must(s.settle(fourth, jobs.Feed, untouched("SECOND")))
		s.attemptIs(fourth, jobs.Void)
		if n := s.held("hopper/line-1"); n != hopper {
			t.Errorf("%d blanks in the hopper, before %d", n, hopper)
		}
	})
}
