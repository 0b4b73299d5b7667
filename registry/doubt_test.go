package registry

import (
	"strings"
	"testing"

	"blanko/fault"
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
			if !claimed {
				s.do(admin, PresentCard{Attempt: o.Attempt, Chip: "FRESH" + ktp.ChipUID(step), ChipState: "blank"})
				s.attemptIs(o, jobs.Void)
				s.state(n, Queued)
				if n := s.held("store"); n != 801 {
					t.Errorf("%d in the store", n)
				}
				s.do(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: admin})
				s.do(admin, CancelApplication{Application: appID(n), Because: Because{Reason: "applicant"}})
			} else if step != jobs.Claim {
				s.refused(admin, PresentCard{Attempt: o.Attempt, Chip: chip, ChipState: "blank"}, "registry.proof_missing")
			}
			if claimed {
				never := PresentCard{Attempt: o.Attempt, Chip: chip, ChipState: "written", Holds: o.Attempt}
				if made {
					s.refused(admin, never, "registry.was_active")
					s.do(admin, PresentCard{Attempt: o.Attempt, Chip: chip, ChipState: "blocked", Holds: o.Attempt})
					s.attemptIs(o, jobs.Revoked)
				} else {
					s.do(admin, never)
					s.attemptIs(o, jobs.Spoiled)
				}
				s.blankAt(o, "spoiled")
				s.state(n, Queued)
				s.do(admin, CancelApplication{Application: appID(n), Because: Because{Reason: "applicant"}})
			}

			o, chip = s.doubtful(n+1, step)
			present := PresentCard{Attempt: o.Attempt, Chip: chip, ChipState: "active", Holds: o.Attempt, Genuine: true}
			if active {
				present.FaceGood = true
				s.do(admin, present)
				s.attemptIs(o, jobs.Out)
				s.state(n+1, Produced)
				s.blankAt(o, "tray/line-1")
				if c := s.attempt(o).Card; c == nil || c.State != CardMade {
					t.Errorf("card %+v", c)
				}
			} else {
				present.Chip = "X"
				if chip != "" {
					present.Chip = chip
				}
				s.refused(admin, present, "registry.proof_missing")
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

// A card that was out of sight is not finished by its chip alone, although its face had been accepted before: it waits
// to be finished or blocked by its line.
func TestPresentedCardIsLookedAtAnew(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		o, chip := s.doubtful(1, jobs.Eject)
		s.do(admin, PresentCard{Attempt: o.Attempt, Chip: chip, ChipState: "active", Holds: o.Attempt, Genuine: true})
		s.attemptIs(o, jobs.Activated)
		s.state(1, Producing)
	})
}

// What a card proves is taken from the chip's own words.
func TestProofs(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		o, chip := s.doubtful(1, jobs.Eject)
		for name, p := range map[string]PresentCard{
			"nothing":         {Attempt: o.Attempt, Chip: chip},
			"terminated":      {Attempt: o.Attempt, Chip: chip, ChipState: "terminated", Holds: o.Attempt},
			"no chip":         {Attempt: o.Attempt, ChipState: "active", Holds: o.Attempt},
			"another attempt": {Attempt: o.Attempt, Chip: chip, ChipState: "active", Holds: ktp.AttemptID{1}},
			"no attempt":      {Attempt: o.Attempt, Chip: chip, ChipState: "active"},
			"another chip":    {Attempt: o.Attempt, Chip: "OTHER", ChipState: "active", Holds: o.Attempt},
			"blank with id":   {Attempt: o.Attempt, Chip: chip, ChipState: "blank", Holds: o.Attempt},
			"blank":           {Attempt: o.Attempt, Chip: chip, ChipState: "blank"},
		} {
			if _, err := s.r.Do(bg, admin, p, s.key()); fault.CodeOf(err) != "registry.proof_missing" {
				t.Errorf("%s: %v", name, err)
			}
		}
		s.refused(kec, PresentCard{Attempt: o.Attempt, Chip: chip, ChipState: "active", Holds: o.Attempt}, "registry.not_allowed")
		// Active and not shown genuine: it waits, to be blocked or read again; the line's older
		// lease is fenced.
		s.do(admin, PresentCard{Attempt: o.Attempt, Chip: chip, ChipState: "active", Holds: o.Attempt})
		s.attemptIs(o, jobs.Activated)
		s.state(1, Producing)
		s.wants(s.intend(o, jobs.Block, jobs.Evidence{}), "jobs.fenced")
		s.refused(admin, PresentCard{Attempt: o.Attempt, Chip: chip, ChipState: "active", Holds: o.Attempt, Genuine: true}, "registry.wrong_state")
		_, entries, err := s.r.Unsettled(bg, line1)
		s.must(err)
		if len(entries) != 1 || entries[0].State != jobs.Activated {
			t.Fatalf("entries %+v", entries)
		}
		s.block(entries[0].Order, chip, "personalize.recovered")
		s.attemptIs(o, jobs.Revoked)
	})
}

// The line itself settles a doubt when the card turns up in front of its reader.
func TestLineResolvesDoubts(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		takeOver := func() jobs.Order {
			t.Helper()
			_, entries, err := s.r.Unsettled(bg, line1)
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
		s.refused(admin, PresentCard{Attempt: third.Attempt, Chip: "SECOND", ChipState: "blank"}, stock.ChipElsewhere.Code)
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
