package registry

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
	"blanko/store/storetest"
)

func TestKeysMakeOperationsIdempotent(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		d := delivery(record(1, 1))
		first, err := s.r.Do(bg, center, d, "k1")
		s.must(err)
		again, err := s.r.Do(bg, center, d, "k1")
		s.must(err)
		if !again.Replayed || first.Replayed || again.State != first.State || !slices.Equal(again.Events, first.Events) {
			t.Errorf("first %+v, again %+v", first, again)
		}
		s.restart()
		if again, err = s.r.Do(bg, center, d, "k1"); err != nil || !again.Replayed {
			t.Errorf("after a restart %+v, %v", again, err)
		}
		for name, other := range map[string]struct {
			a  Actor
			op Operation
		}{
			"another operation": {center, delivery(record(2, 1))},
			"another kind":      {center, HoldRecord{ID: appID(1), Reason: "x"}},
			"another actor":     {Actor{ID: "center-2", Roles: center.Roles}, d},
		} {
			if _, err := s.r.Do(bg, other.a, other.op, "k1"); fault.CodeOf(err) != "registry.key_reused" {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, key := range []string{"", strings.Repeat("k", longestKey+1)} {
			if _, err := s.r.Do(bg, center, d, key); fault.CodeOf(err) != "registry.key_missing" {
				t.Errorf("key of %d letters: %v", len(key), err)
			}
		}
		// A key whose operation failed is free.
		if _, err := s.r.Do(bg, admin, Queue{appID(1)}, "k2"); fault.CodeOf(err) != "registry.wrong_state" {
			t.Errorf("queued unapproved: %v", err)
		}
		s.do(boss, Approve{appID(1)})
		if _, err := s.r.Do(bg, admin, Queue{appID(1)}, "k2"); err != nil {
			t.Error(err)
		}
	})
}

func TestDryRunChangesNothing(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		before := len(s.codes(audit.Filter{}))
		res, events, err := s.r.DryRun(bg, center, delivery(record(1, 1)))
		s.must(err)
		if res.State != PrintReady || res.Answer != AnswerNew || len(events) != 2 || events[1].Code != "application.deliver" {
			t.Errorf("dry run %+v, %+v", res, events)
		}
		if _, _, err := s.r.DryRun(bg, boss, Approve{appID(1)}); fault.CodeOf(err) != "registry.application_unknown" {
			t.Errorf("the dry run left something behind: %v", err)
		}
		if after := len(s.codes(audit.Filter{})); after != before {
			t.Errorf("%d events before, %d after", before, after)
		}
	})
}

// What one may not do is refused, changes nothing, and stands in the log.
func TestWhoMay(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		nobody := Actor{ID: "nobody"}
		for _, c := range []struct {
			a    Actor
			op   Operation
			code fault.Code
		}{
			{nobody, Approve{appID(1)}, "registry.not_allowed"},
			{Actor{Roles: boss.Roles}, Approve{appID(1)}, "registry.not_allowed"},
			{center, Approve{appID(1)}, "registry.not_allowed"},
			{admin, Approve{appID(1)}, "registry.not_allowed"},
			{officer, delivery(record(2, 1)), "registry.not_allowed"},
			{admin, LoadHopper{Line: line1, Lot: lotA, Quantity: 1}, "registry.second_person_missing"},
			{admin, LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: admin}, "registry.same_person"},
			{admin, LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: officer}, "registry.not_allowed"},
			{admin, LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: Actor{ID: "machine", Roles: []access.Role{access.System, access.StockKeeper}}}, "registry.not_allowed"},
		} {
			s.refused(c.a, c.op, c.code)
		}
		if n := len(s.codes(audit.Filter{Code: "operation.denied"})); n != 8 { // the one without a name is not logged
			t.Errorf("%d denials logged", n)
		}
		s.state(1, PrintReady)
	})
}

// One person with every role does not get a card made: approving and queueing take two.
func TestSeparationOfDuties(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		all := Actor{ID: "all"}
		for _, r := range access.Roles {
			all.Roles = append(all.Roles, r.Role)
		}
		if _, err := s.r.Do(bg, all, delivery(record(1, 1)), "a"); err != nil {
			t.Fatal(err)
		}
		s.refused(all, Approve{appID(1)}, "registry.same_person")
		s.do(boss, Approve{appID(1)})
		s.do(center, delivery(record(2, 1)))
		s.do(all, Approve{appID(2)})
		s.refused(all, Queue{appID(2)}, "registry.same_person")
		s.refused(all, LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: all}, "registry.same_person")

		s.do(all, Queue{appID(1)})
		chip := s.upTo(s.next(line1), jobs.Eject)
		s.do(all, shown(appID(1), chip))
		s.refused(all, HandOver{Application: appID(1), Chip: chip}, "registry.same_person")
		s.do(officer, HandOver{Application: appID(1), Chip: chip})
	})
}

func TestReceiveRecord(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		answer := func(op ReceiveRecord, answer, refusal string) {
			t.Helper()
			res := s.do(center, op)
			if res.Answer != answer || res.Refusal != refusal {
				t.Errorf("%s version %d: answer %q, refusal %q; want %q, %q", op.Record.ID, op.Record.Version, res.Answer, res.Refusal, answer, refusal)
			}
		}
		answer(delivery(record(1, 5)), AnswerNew, "")
		answer(delivery(record(1, 5)), AnswerUnchanged, "")
		answer(delivery(record(1, 4)), AnswerRefused, "version_lower")
		differs := delivery(record(1, 5))
		differs.Canonical[0] ^= 1
		answer(differs, AnswerRefused, "replayed")
		twice := delivery(record(2, 1))
		twice.MessageID = "req-1/5"
		answer(twice, AnswerRefused, "replayed")
		elsewhere := delivery(record(3, 1))
		elsewhere.Record.Office = "61.71"
		answer(elsewhere, AnswerRefused, "office_other")
		// The same person under another request.
		same := delivery(record(4, 1))
		same.Record.Person.NIK = record(1, 1).Person.NIK
		answer(same, AnswerRefused, "person_has_successor")
		s.state(1, PrintReady)
		if _, err := s.r.Application(bg, appID(4)); fault.CodeOf(err) != "registry.application_unknown" {
			t.Errorf("refused, but there: %v", err)
		}
		// Each refusal is reported once, however often it comes.
		answer(delivery(record(1, 4)), AnswerRefused, "version_lower")
		var refusals []string
		reports, err := s.r.Outbox(bg, 100)
		s.must(err)
		for _, r := range reports {
			if r.State == StateRefused {
				refusals = append(refusals, r.Reason)
			}
		}
		if want := []string{"version_lower", "replayed", "replayed", "office_other", "person_has_successor"}; !slices.Equal(refusals, want) {
			t.Errorf("reported %v", refusals)
		}
		sum, err := s.r.Summary(bg)
		s.must(err)
		if sum.Refused != 5 {
			t.Errorf("%d refused", sum.Refused)
		}
	})
}

func TestRefuseRecord(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for range 2 {
			if res := s.do(center, RefuseRecord{ID: "req-9", Version: 1, Code: "signature_wrong", Field: "/integrity/0"}); res.Refusal != "signature_wrong" {
				t.Errorf("%+v", res)
			}
		}
		reports, err := s.r.Outbox(bg, 100)
		s.must(err)
		if len(reports) != 1 || reports[0].Record != "req-9" || reports[0].Reason != "signature_wrong" || reports[0].Word != "" {
			t.Errorf("reports %+v", reports)
		}
		s.refused(center, RefuseRecord{ID: "req-9"}, "registry.bad_operation")
		// It may come again, mended.
		if res := s.do(center, delivery(record(9, 1))); res.Answer != AnswerNew {
			t.Errorf("%+v", res)
		}
	})
}

func TestUnsignedRecords(t *testing.T) {
	t.Parallel()
	for _, production := range []bool{true, false} {
		s := newRoom(t, storetest.SQLite(t), func(c *Config) { c.Production = production })
		r := record(1, 1)
		r.Identity = ktp.IdentitySignature{}
		res := s.do(center, delivery(r))
		if production {
			if res.Refusal != "signature_missing" {
				t.Errorf("in production: %+v", res)
			}
			continue
		}
		s.do(boss, Approve{appID(1)})
		s.do(admin, Queue{appID(1)})
		chip := s.upTo(s.next(line1), jobs.Eject)
		s.refused(kec, shown(appID(1), chip), "registry.specimen")
		s.sound()
	}
}

// A higher version supersedes as long as no blank is used, and is approved anew.
func TestSupersede(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		newer := func(n, version int) Result { return s.do(center, delivery(record(n, version))) }
		s.do(center, delivery(record(1, 1)))
		s.do(boss, Approve{appID(1)})
		if res := newer(1, 2); res.Answer != AnswerSuperseded || res.State != PrintReady {
			t.Errorf("approved: %+v", res)
		}
		s.refused(admin, Queue{appID(1)}, "registry.wrong_state")
		s.do(boss, Approve{appID(1)})
		s.do(admin, Queue{appID(1)})
		if res := newer(1, 3); res.State != PrintReady {
			t.Errorf("queued: %+v", res)
		}
		s.idle(line1)
		s.do(boss, Approve{appID(1)})
		s.do(admin, Queue{appID(1)})
		prepared := s.next(line1)
		if res := newer(1, 4); res.State != PrintReady {
			t.Errorf("prepared by a line: %+v", res)
		}
		s.wants(s.intend(prepared, jobs.Feed, jobs.Evidence{}), RecordWithdrawn.Code)
		s.must(s.settle(prepared, jobs.Feed, deniedBy(RecordWithdrawn.Code)))
		s.do(boss, Approve{appID(1)})
		s.do(admin, Queue{appID(1)})
		o := s.next(line1)
		if o.Record.Version != 4 {
			t.Errorf("version %d", o.Record.Version)
		}
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		if res := newer(1, 5); res.Refusal != "person_has_successor" {
			t.Errorf("a blank may be used: %+v", res)
		}
		s.must(s.settle(o, jobs.Feed, ok()))
		// On hold because the record cannot become a card: the correction is the way out.
		s.queued(2)
		held := s.next(line1)
		s.must(s.settle(held, jobs.Prepare, jobs.Outcome{Result: jobs.Refused, Cause: "artwork.text_does_not_fit"}))
		if res := newer(2, 2); res.Answer != AnswerSuperseded {
			t.Errorf("on hold: %+v", res)
		}
		s.do(boss, Approve{appID(2)})
		s.do(admin, Queue{appID(2)})
		if o := s.next(line2); o.Record.Version != 2 {
			t.Errorf("version %d", o.Record.Version)
		}
	})
}

func TestCancel(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		s.refused(admin, CancelApplication{Application: appID(1)}, "registry.bad_operation")
		s.do(admin, CancelApplication{Application: appID(1), Because: Because{Reason: "applicant"}})
		s.state(1, Cancelled)
		s.queued(2)
		prepared := s.next(line1)
		s.do(admin, CancelApplication{Application: appID(2), Because: Because{Reason: "applicant"}})
		s.wants(s.intend(prepared, jobs.Feed, jobs.Evidence{}), RecordWithdrawn.Code)
		s.queued(3)
		o := s.next(line1)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		s.refused(admin, CancelApplication{Application: appID(3), Because: Because{Reason: "applicant"}}, "registry.wrong_state")
		for _, n := range []int{1, 2} {
			r, err := s.r.Record(bg, appID(n))
			s.must(err)
			if len(r.Portrait.Data)+len(r.Fingers[0].Best60) > 0 {
				t.Errorf("%d: pictures or fingers are left", n)
			}
		}
		// The person is free for another request.
		r := record(4, 1)
		r.Person.NIK = record(1, 1).Person.NIK
		if res := s.do(center, delivery(r)); res.Answer != AnswerNew {
			t.Errorf("%+v", res)
		}
	})
}

func TestHoldAndRelease(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.refused(center, HoldRecord{ID: appID(1), Reason: "fraud"}, "registry.application_unknown")
		s.queued(1)
		if res := s.do(center, HoldRecord{ID: appID(1), Reason: "fraud"}); res.Answer != AnswerDone || res.State != Queued {
			t.Errorf("%+v", res)
		}
		if res := s.do(center, HoldRecord{ID: appID(1), Reason: "fraud"}); res.Answer != AnswerUnchanged {
			t.Errorf("%+v", res)
		}
		s.idle(line1)
		s.do(center, ReleaseRecord{ID: appID(1)})
		o := s.next(line1)
		// Held while a line has prepared it: the feed is denied, the order waits.
		s.do(center, HoldRecord{ID: appID(1), Reason: "fraud"})
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{}), RecordHeld.Code)
		s.must(s.settle(o, jobs.Feed, deniedBy(RecordHeld.Code)))
		s.state(1, Queued)
		s.idle(line1)
		s.do(center, ReleaseRecord{ID: appID(1)})
		// Held after the write: the card is lost, the order waits.
		o = s.next(line1)
		chip := s.upTo(o, jobs.ReadBack)
		s.do(center, HoldRecord{ID: appID(1), Reason: "fraud"})
		s.wants(s.intend(o, jobs.Print, jobs.Evidence{Chip: chip}), RecordHeld.Code)
		s.must(s.settle(o, jobs.Print, deniedBy(RecordHeld.Code)))
		s.reject(o, chip, string(RecordHeld.Code))
		s.state(1, Queued)
		s.do(center, RefillRecord(delivery(record(1, 1))))
		s.idle(line1)
		s.do(center, ReleaseRecord{ID: appID(1)})
		// Held after the activation: the card is finished, and stopped at the hand-over.
		o = s.next(line1)
		chip = s.upTo(o, jobs.Activate)
		s.do(center, HoldRecord{ID: appID(1), Reason: "fraud"})
		for _, step := range []jobs.Step{jobs.Recheck, jobs.Eject} {
			s.step(o, step, chip)
		}
		s.state(1, Produced)
		s.refused(kec, shown(appID(1), chip), RecordHeld.Code)
		s.do(center, ReleaseRecord{ID: appID(1)})
		s.do(kec, shown(appID(1), chip))
	})
}

func TestDeniedBlank(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.refused(keeper, DenyBlank{Chip: "X"}, "registry.bad_operation")
		for _, want := range []string{AnswerDone, AnswerUnchanged} {
			if res := s.do(keeper, DenyBlank{Chip: "STOLEN", Because: Because{Reason: "stolen"}}); res.Answer != want {
				t.Errorf("%+v", res)
			}
		}
		s.queued(1)
		o := s.next(line1)
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{Chip: "STOLEN"}), BlankDenied.Code) // laid on the desk reader
		s.step(o, jobs.Feed, "")
		s.wants(s.intend(o, jobs.Claim, jobs.Evidence{Chip: "STOLEN"}), BlankDenied.Code)
		s.must(s.settle(o, jobs.Claim, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(BlankDenied.Code), Chip: "STOLEN"}))
		s.reject(o, "STOLEN", string(BlankDenied.Code))
		s.attemptIs(o, jobs.Spoiled)
		s.blankAt(o, "quarantine")
		// Denied in the middle of the making.
		o = s.next(line1)
		chip := s.upTo(o, jobs.ReadBack)
		s.do(boss, DenyBlank{Chip: chip, Because: Because{Reason: "recalled_lot"}})
		s.wants(s.intend(o, jobs.Print, jobs.Evidence{Chip: chip}), BlankDenied.Code)
		s.must(s.settle(o, jobs.Print, deniedBy(BlankDenied.Code)))
		s.reject(o, chip, "")
		s.blankAt(o, "quarantine")
	})
}

func TestWithdrawalInEveryState(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		withdraw := func(n int, answer string, want State) {
			t.Helper()
			res := s.do(center, WithdrawRecord{ID: appID(n), Version: 1, Reason: "died"})
			if res.Answer != answer || res.State != want {
				t.Errorf("%d: answer %q in state %s, want %q in %s", n, res.Answer, res.State, answer, want)
			}
			// It is kept for good: whatever comes later is refused, a second one changes nothing.
			if got := s.do(center, WithdrawRecord{ID: appID(n), Version: 1, Reason: "moved"}); got.State != want {
				t.Errorf("%d: withdrawn again, %s", n, got.State)
			}
			if got := s.do(center, delivery(record(n, 9))); got.Refusal != "replayed" {
				t.Errorf("%d: a withdrawn request came again: %+v", n, got)
			}
		}
		// Never seen.
		res := s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "died"})
		if got := s.do(center, delivery(record(1, 1))); res.Answer != AnswerDone || got.Refusal != "replayed" {
			t.Errorf("%+v, then %+v", res, got)
		}
		// In the queue, and prepared by a line.
		s.do(center, delivery(record(2, 1)))
		withdraw(2, AnswerDone, Withdrawn)
		s.queued(3)
		withdraw(3, AnswerDone, Withdrawn)
		s.idle(line1)
		s.queued(4)
		o := s.next(line1)
		withdraw(4, AnswerDone, Withdrawn)
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{}), RecordWithdrawn.Code)
		s.must(s.settle(o, jobs.Feed, deniedBy(RecordWithdrawn.Code)))
		s.attemptIs(o, jobs.Void)
		// Fed: stopped at the next of the intents that look, and spoiled.
		s.queued(5)
		o = s.next(line1)
		chip := s.upTo(o, jobs.ReadBack)
		withdraw(5, AnswerDone, Producing)
		s.wants(s.intend(o, jobs.Print, jobs.Evidence{Chip: chip}), RecordWithdrawn.Code)
		s.must(s.settle(o, jobs.Print, deniedBy(RecordWithdrawn.Code)))
		s.reject(o, chip, string(RecordWithdrawn.Code))
		s.attemptIs(o, jobs.Spoiled)
		s.state(5, Withdrawn)
		s.idle(line1)
		// Before the activation's own intent.
		s.queued(6)
		o = s.next(line1)
		chip = s.upTo(o, jobs.Accept)
		withdraw(6, AnswerDone, Producing)
		s.wants(s.intend(o, jobs.Activate, jobs.Evidence{Chip: chip}), RecordWithdrawn.Code)
		s.must(s.settle(o, jobs.Activate, deniedBy(RecordWithdrawn.Code)))
		s.reject(o, chip, "")
		s.state(6, Withdrawn)
		// Active: blocked before it is ejected.
		s.queued(7)
		o = s.next(line1)
		chip = s.upTo(o, jobs.Activate)
		withdraw(7, AnswerRecall, Producing)
		s.step(o, jobs.Recheck, chip)
		s.wants(s.intend(o, jobs.Eject, jobs.Evidence{Chip: chip}), RecordWithdrawn.Code)
		s.must(s.settle(o, jobs.Eject, deniedBy(RecordWithdrawn.Code)))
		s.block(o, chip, string(RecordWithdrawn.Code))
		s.attemptIs(o, jobs.Revoked)
		s.state(7, Withdrawn)
		// While it is being ejected: made, and recalled at once.
		s.queued(8)
		o = s.next(line1)
		chip = s.upTo(o, jobs.Recheck)
		s.must(s.intend(o, jobs.Eject, jobs.Evidence{Chip: chip}))
		withdraw(8, AnswerRecall, Producing)
		s.must(s.settle(o, jobs.Eject, ok()))
		s.state(8, Recalled)
		// Produced: recalled until the card is retired.
		s.queued(9)
		o = s.next(line1)
		chip = s.upTo(o, jobs.Eject)
		withdraw(9, AnswerRecall, Recalled)
		s.refused(kec, shown(appID(9), chip), "registry.wrong_state")
		s.refused(admin, RetireCard{Chip: chip, Because: Because{Reason: "died"}}, "registry.second_person_missing")
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss})
		s.state(9, Withdrawn)
		s.blankAt(o, "returned")
		// In doubt: the recall waits for the doubt.
		s.queued(10)
		o = s.next(line1)
		chip = s.upTo(o, jobs.Write)
		s.must(s.settle(o, jobs.ReadBack, unsure("personalize.card_missing")))
		withdraw(10, AnswerRecall, InDoubt)
		s.shown(o.Attempt, chip, "claimed")
		s.state(10, Withdrawn)
		// On hold.
		s.queued(11)
		o = s.next(line1)
		s.must(s.settle(o, jobs.Prepare, jobs.Outcome{Result: jobs.Refused, Cause: "x.y"}))
		withdraw(11, AnswerDone, Withdrawn)
		// In force: the card of one who died ends; see TestChangesAfterTheHandOver for the others.
		s.queued(12)
		chip = s.upTo(s.next(line1), jobs.Eject)
		s.do(kec, shown(appID(12), chip))
		s.do(officer, HandOver{Application: appID(12), Chip: chip})
		withdraw(12, AnswerDone, HandedOver)
		// Over.
		s.do(center, delivery(record(13, 1)))
		s.do(admin, CancelApplication{Application: appID(13), Because: Because{Reason: "applicant"}})
		withdraw(13, AnswerUnchanged, Cancelled)
		// While the feed is under way and nothing was fed.
		s.queued(14)
		o = s.next(line1)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		withdraw(14, AnswerDone, Producing)
		s.must(s.settle(o, jobs.Feed, fails("printer.no_cards")))
		s.state(14, Withdrawn)
		s.idle(line1)
		// The tombstone cannot be lifted.
		err := s.store.Write(bg, func(tx *store.Tx) error { _, err := tx.Exec(`delete from tombstone`); return err })
		if !store.IsAppendOnly(err) {
			t.Errorf("tombstones: %v", err)
		}
		s.refused(center, WithdrawRecord{ID: appID(20)}, "registry.bad_operation")
	})
}

func TestRefill(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.refused(center, RefillRecord(delivery(record(1, 1))), "registry.application_unknown")
		s.queued(1)
		answer := func(op RefillRecord, answer, refusal string) {
			t.Helper()
			if res := s.do(center, op); res.Answer != answer || res.Refusal != refusal {
				t.Errorf("answer %q, refusal %q; want %q, %q", res.Answer, res.Refusal, answer, refusal)
			}
		}
		answer(RefillRecord(delivery(record(1, 1))), AnswerUnchanged, "")
		o := s.next(line1)
		chip := s.upTo(o, jobs.ReadBack)
		answer(RefillRecord(delivery(record(1, 1))), AnswerUnchanged, "")
		s.must(s.settle(o, jobs.Print, fails("printer.jam")))
		s.reject(o, chip, "")
		answer(RefillRecord(delivery(record(1, 0))), AnswerRefused, "version_lower")
		differs := delivery(record(1, 1))
		differs.Canonical = sha256.Sum256([]byte("something else"))
		answer(RefillRecord(differs), AnswerRefused, "replayed")
		s.idle(line1)
		answer(RefillRecord(delivery(record(1, 1))), AnswerRefilled, "")
		again := s.next(line1)
		if string(again.Record.Fingers[0].Best60) != string(record(1, 1).Fingers[0].Best60) {
			t.Error("the fingers are not back")
		}
		chip = s.upTo(again, jobs.ReadBack)
		s.must(s.settle(again, jobs.Print, fails("printer.jam")))
		s.reject(again, chip, "")
		// Corrected meanwhile: a new version has to be approved.
		answer(RefillRecord(delivery(record(1, 2))), AnswerSuperseded, "")
		s.state(1, PrintReady)
	})
}

func TestHandOverRetiresThePredecessor(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		make := func(n int, nik ktp.NIK) (jobs.Order, ktp.ChipUID) {
			r := record(n, 1)
			r.Person.NIK = nik
			s.do(center, delivery(r))
			s.do(boss, Approve{appID(n)})
			s.do(admin, Queue{appID(n)})
			o := s.next(line1)
			return o, s.upTo(o, jobs.Eject)
		}
		person := record(1, 1).Person.NIK
		old, oldChip := make(1, person)
		s.refused(officer, HandOver{Application: appID(1), Chip: oldChip}, "registry.wrong_state")
		s.do(kec, shown(appID(1), oldChip))
		s.refused(officer, HandOver{Application: appID(1), Chip: "OTHER"}, "registry.card_unknown")
		s.do(officer, HandOver{Application: appID(1), Chip: oldChip})

		young, youngChip := make(2, person)
		if c := s.attempt(old).Card; c.State != CardInForce {
			t.Errorf("before the hand-over the old card is %s", c.State)
		}
		s.do(kec, shown(appID(2), youngChip))
		s.refused(officer, HandOver{Application: appID(2), Chip: youngChip}, badOperation.Code) // where is the old one?
		s.do(officer, HandOver{Application: appID(2), Chip: youngChip, Old: OldSurrendered})
		if c := s.attempt(old).Card; c.State != CardRetired || c.Cause != "replaced" {
			t.Errorf("the old card is %s (%s)", c.State, c.Cause)
		}
		if c := s.attempt(young).Card; c.State != CardInForce {
			t.Errorf("the new card is %s", c.State)
		}
		// The indexes themselves hold it, whatever the program does.
		err := s.store.Write(bg, func(tx *store.Tx) error {
			_, err := tx.Exec(`update card set state = 'in force' where chip = ?`, oldChip)
			return err
		})
		if name, taken := store.Taken(err); !taken || name != "card.person" {
			t.Errorf("two cards in force: %v", err)
		}
	})
}

func TestReturnedCardIsMadeAgain(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Eject)
		s.refused(admin, Remake{Application: appID(1), Because: Because{Reason: "misprint"}, Second: boss}, "registry.wrong_state")
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "misprint"}, Second: boss})
		s.state(1, Returned)
		boss2 := Actor{ID: "boss-2", Roles: boss.Roles}
		s.refused(admin, Remake{Application: appID(1), Because: Because{Reason: "misprint"}, Second: boss}, "registry.same_person")
		s.do(admin, Remake{Application: appID(1), Because: Because{Reason: "misprint"}, Second: boss2})
		s.idle(line1)
		s.do(center, RefillRecord(delivery(record(1, 1))))
		s.upTo(s.next(line1), jobs.Eject)
		s.state(1, Produced)
		s.refused(admin, RetireCard{Chip: chip, Because: Because{Reason: "misprint"}, Second: boss}, "registry.wrong_state")
		s.refused(admin, RetireCard{Chip: "NONE", Because: Because{Reason: "misprint"}, Second: boss}, "registry.card_unknown")
	})
}

func TestOutboxIsReadUntilDelivered(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		s.queued(2)
		first, err := s.r.Outbox(bg, 2)
		s.must(err)
		again, err := s.r.Outbox(bg, 2)
		s.must(err)
		if len(first) != 2 || !slices.Equal(first, again) || first[0].Key == first[1].Key || !strings.HasPrefix(first[0].Key, "61.05-") {
			t.Fatalf("%+v, then %+v", first, again)
		}
		s.must(s.r.Undelivered(bg, first[0].Key, "503"))
		again, err = s.r.Outbox(bg, 2)
		s.must(err)
		if again[0].Tries != 1 || again[0].Answer != "503" {
			t.Errorf("%+v", again[0])
		}
		s.must(s.r.Delivered(bg, first[0].Key, first[1].Key))
		s.must(s.r.Delivered(bg, first[0].Key))
		s.restart()
		rest, err := s.r.Outbox(bg, 100)
		s.must(err)
		var states []State
		for _, r := range rest {
			states = append(states, r.State)
		}
		if !slices.Equal(states, []State{Queued, PrintReady, Approved, Queued}) || rest[1].Record != appID(2) {
			t.Errorf("rest %+v", rest)
		}
	})
}

func TestStockOperations(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.refused(keeper, ReceiveBlanks{Lot: "B", Product: "ktp-el-oa", Quantity: 0}, "stock.bad_quantity")
		s.refused(keeper, ReceiveBlanks{Lot: stock.Unexplained, Product: "ktp-el-oa", Quantity: 1}, "registry.bad_operation")
		s.refused(keeper, ReceiveBlanks{Lot: lotA, Product: "ktp-el-oa", Quantity: 1}, "stock.lot_received")
		s.refused(keeper, LoadHopper{Line: line1, Lot: "NONE", Quantity: 1, Second: admin}, "stock.lot_unknown")
		s.refused(keeper, LoadHopper{Line: "none", Lot: lotA, Quantity: 1, Second: admin}, "jobs.line_unknown")
		s.refused(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 801, Second: admin}, "stock.not_enough")
		s.refused(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 101, Second: admin}, "stock.not_enough")
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 100, Second: admin})
		if n := s.held("store"); n != 900 {
			t.Errorf("%d in the store", n)
		}
	})
}

func TestLines(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		if res := s.do(center, DefineLine{Line: line1, Kind: jobs.Inline}); res.Answer != AnswerUnchanged {
			t.Errorf("%+v", res)
		}
		if res := s.do(center, DefineLine{Line: line1, Kind: jobs.InlineEye}); res.Answer != AnswerDone {
			t.Errorf("%+v", res)
		}
		s.refused(center, DefineLine{Line: "x", Kind: "sideways"}, "jobs.line_kind_unknown")
		s.refused(center, DefineLine{Line: "", Kind: jobs.Inline}, "registry.bad_operation")
		s.refused(admin, PauseLine{Line: "none"}, "jobs.line_unknown")
		s.refused(admin, ResumeLine{Line: "none"}, "jobs.line_unknown")
		s.refused(admin, NoteTemperature{Line: "none", Degrees: 165}, "jobs.line_unknown")
		s.do(admin, PauseLine{Line: line1, Because: Because{Reason: "break"}})
		if res := s.do(boss, PauseLine{Line: line1, Because: Because{Reason: "maintenance"}}); res.Answer != AnswerUnchanged || s.line(line1).Reason != "break" {
			t.Errorf("%+v", res)
		}
		s.must(s.r.Observe(bg, line1, "", "waiting", "printer.no_cards"))
		if l := s.line(line1); l.Kind != jobs.InlineEye || l.By != admin.ID || l.Observed.State != "waiting" || !l.Observed.At.Equal(storetest.Start) {
			t.Errorf("%+v", l)
		}
		s.wants(s.r.Observe(bg, "none", "", "x", ""), "jobs.line_unknown")
		// An order that waits behind a paused line is not lost: its feed is denied and it goes back.
		s.do(admin, ResumeLine{Line: line1})
		s.queued(1)
		o := s.next(line1)
		s.do(admin, PauseLine{Line: line1, Because: Because{Reason: "break"}})
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{}), RecordHeld.Code)
		s.must(s.settle(o, jobs.Feed, deniedBy(RecordHeld.Code)))
		s.upTo(s.next(line2), jobs.Eject)
	})
}

// Errors tell what is wrong, never about whom.
func TestErrorsHoldNoPersonalData(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		r := record(1, 1)
		nik := r.Person.NIK.Digits()
		s.queued(1)
		var texts []string
		for _, op := range []Operation{Approve{appID(1)}, Queue{ApplicationID(nik)}, HoldRecord{ID: ApplicationID(nik), Reason: "x"}} {
			_, err := s.r.Do(bg, boss, op, s.key())
			if err == nil {
				t.Errorf("%s succeeded", op.Name())
				continue
			}
			texts = append(texts, err.Error())
		}
		events, err := s.r.Events(bg, 0, 1000, audit.Filter{})
		s.must(err)
		for _, e := range events {
			for _, v := range e.Detail {
				texts = append(texts, v)
			}
		}
		for _, text := range texts {
			if strings.Contains(text, nik) || strings.Contains(text, "PENDUDUK") {
				t.Errorf("personal data in %q", text)
			}
		}
	})
}

func TestQueries(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := range 3 {
			s.queued(n + 1)
		}
		o := s.next(line1)
		s.upTo(o, jobs.Eject)
		orders, err := s.r.Orders(bg, "", 10)
		s.must(err)
		if len(orders) != 3 {
			t.Errorf("%d orders", len(orders))
		}
		orders, err = s.r.Orders(bg, jobs.Waiting, 1)
		s.must(err)
		if len(orders) != 1 || orders[0].Application != "req-2" && orders[0].Application != "req-3" {
			t.Errorf("orders %+v", orders)
		}
		list, err := s.r.Attempts(bg, jobs.Out)
		s.must(err)
		if len(list) != 1 || list[0].ID != o.Attempt {
			t.Errorf("attempts %+v", list)
		}
		apps, err := s.r.ListApplications(bg, "", appID(1), 10)
		s.must(err)
		if len(apps) != 2 || apps[0].ID != appID(2) {
			t.Errorf("applications %+v", apps)
		}
		if apps, err = s.r.ListApplications(bg, Produced, "", 10); err != nil || len(apps) != 1 {
			t.Errorf("produced %+v, %v", apps, err)
		}
		sum, err := s.r.Summary(bg)
		s.must(err)
		if sum.Applications[Queued] != 2 || sum.Attempts[jobs.Out] != 1 || sum.Cards[CardMade] != 1 || sum.Reports != 11 || sum.Made != 1 || sum.EqualByHash != 0 {
			t.Errorf("summary %+v", sum)
		}
		if _, err := s.r.Attempt(bg, ktp.AttemptID{1}); fault.CodeOf(err) != "jobs.attempt_unknown" {
			t.Errorf("unknown attempt: %v", err)
		}
		if _, err := s.r.Record(bg, "none"); fault.CodeOf(err) != "registry.application_unknown" {
			t.Errorf("unknown record: %v", err)
		}
	})
}

// unknownOperation has no row.
type unknownOperation struct{}

func (unknownOperation) Name() Name     { return "no.such" }
func (unknownOperation) run(*act) error { return errors.New("ran") }

func TestOperationWithoutRow(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.refused(admin, unknownOperation{}, "registry.bad_operation")
	})
}
