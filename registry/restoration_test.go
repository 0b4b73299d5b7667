package registry

import (
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
)

// A ledger that was put back feeds nothing until it was compared with the center and two persons took it;
// what the center knows to be made is held, so that no second card is made.
func TestRestoredLedgerFeedsNothing(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		guard := Actor{ID: "guard-1", Roles: []access.Role{access.SecurityOfficer}}
		s.queued(1)
		s.queued(2)
		s.must(s.r.KeepFeedCursor(bg, "cursor-9"))
		s.refused(guard, AcceptRestoration{Second: boss}, "registry.not_restored")

		copied := s.db.Clock.Now().Add(-time.Hour)
		s.must(s.r.MarkRestored(bg, center, copied, true))
		if cursor, err := s.r.FeedCursor(bg); err != nil || cursor != "" {
			t.Errorf("the feed goes on at %q, %v", cursor, err)
		}
		if _, found, err := s.r.lease(bg, s.session(line1)); err != nil || found {
			t.Errorf("leased before it was accepted: %v %v", found, err)
		}
		s.refused(guard, AcceptRestoration{Second: boss}, "registry.not_reconciled")

		s.db.Clock.Advance(time.Minute)
		day := s.db.Clock.Now().UTC().Format(time.DateOnly)
		behind := []Standing{{ID: appID(1), Version: 1, Word: "CARD_PRINTED"}, {ID: appID(2), Version: 1, Word: "PRINT_READY_RECORD"}}
		s.do(center, ReconcileCenter{Day: day, Center: append(behind, Standing{ID: "req-77", Version: 1, Word: "PRINT_READY_RECORD"})})
		s.refused(guard, AcceptRestoration{Second: boss}, "registry.not_reconciled") // a record was not read again
		s.do(center, ReconcileCenter{Day: day, Center: behind})
		if held := s.app(1).Application.HeldFor(); held != heldByRestoration {
			t.Errorf("the card that the center knows is held by %q", held)
		}
		if held := s.app(2).Application.HeldFor(); held != "" {
			t.Errorf("an application that nothing happened to is held by %q", held)
		}
		if res, rep, open, err := s.r.OpenRestoration(bg); err != nil || !open || !res.Copied.Equal(copied) || len(rep.Differences) == 0 {
			t.Errorf("%v %v %+v %+v", err, open, res, rep)
		}
		s.refused(guard, AcceptRestoration{Second: admin}, "registry.not_allowed")
		s.refused(admin, AcceptRestoration{Second: boss}, "registry.not_allowed")
		s.do(guard, AcceptRestoration{Second: boss})
		o, found, err := s.r.lease(bg, s.session(line1))
		if err != nil || !found || o.Record.ID != string(appID(2)) {
			t.Errorf("leased %q, %v %v", o.Record.ID, found, err)
		}
		if _, found, err := s.r.lease(bg, s.session(line2)); err != nil || found {
			t.Errorf("the held application was leased: %v %v", found, err)
		}
	})
}

// A card that was made after the copy is found when it is presented: its holder's application waits, also one that the
// feed brings again only later, and a card of nobody here is told.
func TestCardsFoundAfterARestoration(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		guard := Actor{ID: "guard-1", Roles: []access.Role{access.SecurityOfficer}}
		told := Told{Mark: MarkGood, Finding: "Kartu asli.", Steps: []string{"Simpan."}}
		present := func(chip ktp.ChipUID, holder int) {
			s.do(kec, ExamineChip{Chip: chip, Cause: "inspect.not_handed_over", Told: told, Holder: record(holder, 1).Person.NIK})
		}
		const first, second, third = ktp.ChipUID("0000FFFF000000000001"), ktp.ChipUID("0000FFFF000000000002"), ktp.ChipUID("0000FFFF000000000003")
		s.queued(1)
		s.queued(3)
		present(first, 1)
		if held := s.app(1).Application.HeldFor(); held != "" {
			t.Errorf("held by %q where nothing was restored", held)
		}
		s.must(s.r.MarkRestored(bg, center, s.db.Clock.Now().Add(-time.Hour), false))
		present(first, 1)
		present(second, 2)
		present(third, 9)
		present(first, 1) // again
		if held := s.app(1).Application.HeldFor(); held != heldByRestoration {
			t.Errorf("the one whose card was found is held by %q", held)
		}
		found, err := s.r.FoundCards(bg)
		s.must(err)
		if len(found) != 3 || found[0].Chip != first || found[0].Application != appID(1) || found[1].Application != "" || found[2].By != kec.ID {
			t.Errorf("%+v", found)
		}
		s.do(center, delivery(record(2, 1)))
		s.do(guard, AcceptRestoration{Second: boss})
		for n, want := range map[int]string{1: heldByRestoration, 2: heldByRestoration, 3: ""} {
			if held := s.app(n).Application.HeldFor(); held != want {
				t.Errorf("application %d is held by %q, want %q", n, held, want)
			}
		}
		if found, err := s.r.FoundCards(bg); err != nil || len(found) != 0 {
			t.Errorf("shown when it is over: %+v %v", found, err)
		}
		s.must(s.r.MarkRestored(bg, center, s.db.Clock.Now(), false))
		present(first, 1)
		if found, err := s.r.FoundCards(bg); err != nil || len(found) != 1 {
			t.Errorf("after another restoration: %+v %v", found, err)
		}
	})
}

// A copy was taken amid a card, the card was handed over, and the disk was lost: recovery makes a doubt of the
// card, two persons declare it lost, and one releases the application. Since the center knows the card, no
// second one is made, whatever the center holds and releases meanwhile.
func TestNoSecondCardFromARestoredLedger(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		guard := Actor{ID: "guard-1", Roles: []access.Role{access.SecurityOfficer}}
		s.queued(1)
		s.queued(2)
		doubtful, working := s.next(line1), s.next(line2)
		s.upTo(doubtful, jobs.Claim)
		s.must(s.settle(doubtful, jobs.Write, unsure("personalize.card_taken")))
		chip := s.upTo(working, jobs.ReadBack)
		s.state(1, InDoubt)
		s.state(2, Producing)

		s.must(s.r.MarkRestored(bg, center, s.db.Clock.Now(), true))
		s.db.Clock.Advance(time.Minute)
		day := s.db.Clock.Now().UTC().Format(time.DateOnly)
		s.do(center, ReconcileCenter{Day: day, Center: []Standing{{ID: appID(1), Version: 1, Word: "CARD_ISSUED"}, {ID: appID(2), Version: 1, Word: "CARD_PRINTED"}}})
		for n := range 2 {
			if held := s.app(n + 1).Application.HeldFor(); held != heldByRestoration {
				t.Errorf("application %d is held by %q", n+1, held)
			}
		}
		s.wants(s.intend(working, jobs.Print, jobs.Evidence{Chip: chip}), RecordHeld.Code)
		s.refused(guard, AcceptRestoration{Second: boss}, restoredInWork.Code)
		s.must(s.settle(working, jobs.Print, deniedBy(RecordHeld.Code)))
		s.must(s.intend(working, jobs.Reject, jobs.Evidence{Chip: chip}))
		s.must(s.settle(working, jobs.Reject, ok()))
		s.refused(guard, AcceptRestoration{Second: boss}, restoredInWork.Code) // the doubt
		s.do(admin, DeclareLost{Attempt: doubtful.Attempt, Because: Because{Reason: "not_found"}, Second: boss})
		s.do(admin, ReleaseApplication{appID(1)})
		s.do(center, HoldRecord{ID: appID(1), Reason: "investigation", Sequence: 7})
		s.do(center, ReleaseRecord{ID: appID(1), Sequence: 8})
		s.do(guard, AcceptRestoration{Second: boss})
		s.state(1, Queued)
		s.state(2, Queued)
		s.idle(line1)
		s.idle(line2)

		// The card was never made after all: the center takes its request back and gives another one, which is made.
		s.do(center, WithdrawRecord{ID: appID(2), Version: 2, Reason: "replaced"})
		s.state(2, Withdrawn)
		again := record(2, 1)
		again.ID = "req-3"
		s.do(center, delivery(again))
		s.do(boss, Approve{appID(3)})
		s.do(admin, Queue{appID(3)})
		if o := s.next(line1); o.Record.ID != again.ID {
			t.Errorf("got %s", o.Record.ID)
		}
	})
}
