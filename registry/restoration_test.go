package registry

import (
	"testing"
	"time"

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
		if _, found, err := s.r.lease(bg, line1); err != nil || found {
			t.Errorf("leased before it was accepted: %v %v", found, err)
		}
		s.refused(guard, AcceptRestoration{Second: boss}, "registry.not_reconciled")

		s.db.Clock.Advance(time.Minute)
		day := s.db.Clock.Now().UTC().Format(time.DateOnly)
		behind := []Standing{{ID: appID(1), Version: 1, Word: "CARD_PRINTED"}, {ID: appID(2), Version: 1, Word: "PRINT_READY_RECORD"}}
		s.do(center, ReconcileCenter{Day: day, Center: append(behind, Standing{ID: "req-77", Version: 1, Word: "PRINT_READY_RECORD"})})
		s.refused(guard, AcceptRestoration{Second: boss}, "registry.not_reconciled") // a record was not read again
		s.do(center, ReconcileCenter{Day: day, Center: behind})
		if held := s.app(1).Application.Held; held != heldByRestoration {
			t.Errorf("the card that the center knows is held by %q", held)
		}
		if held := s.app(2).Application.Held; held != "" {
			t.Errorf("an application that nothing happened to is held by %q", held)
		}
		if res, rep, open, err := s.r.OpenRestoration(bg); err != nil || !open || !res.Copied.Equal(copied) || len(rep.Differences) == 0 {
			t.Errorf("%v %v %+v %+v", err, open, res, rep)
		}
		s.refused(guard, AcceptRestoration{Second: admin}, "registry.not_allowed")
		s.refused(admin, AcceptRestoration{Second: boss}, "registry.not_allowed")
		s.do(guard, AcceptRestoration{Second: boss})
		o, found, err := s.r.lease(bg, line1)
		if err != nil || !found || o.Record.ID != string(appID(2)) {
			t.Errorf("leased %q, %v %v", o.Record.ID, found, err)
		}
		if _, found, err := s.r.lease(bg, line2); err != nil || found {
			t.Errorf("the held application was leased: %v %v", found, err)
		}
	})
}
