package station

import (
	"fmt"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/datacenter"
)

// The head of each day is at the center once; a ledger that is put back to an older day, and went
// another way since, is found by it.
func TestAnchorsReachTheCenter(t *testing.T) {
	t.Parallel()
	all := newCenter(t, center.Config{Records: 3})
	b := all.opened(2)
	turn := func(b *inbox) error {
		if err := b.moor(b.ctx); err != nil {
			return err
		}
		return b.tellAnchors(b.ctx)
	}
	if err := turn(b); err != nil || len(b.center.Anchors()) != 0 {
		t.Fatalf("an empty log was anchored: %v %v", err, b.center.Anchors())
	}
	b.pulled()
	for range 2 {
		if err := turn(b); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := b.Registry.Anchors(b.ctx, false)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v %+v", err, kept)
	}
	slot := testOffice + " " + kept[0].Day
	if got, want := b.center.Anchors()[slot], fmt.Sprintf("%d %x", kept[0].ID, kept[0].Hash); got != want {
		t.Errorf("the center has %q, the ledger %q", got, want)
	}
	b.clock.pass(24 * time.Hour)
	if err := turn(b); err != nil || len(b.center.Anchors()) != 2 {
		t.Errorf("on the next day: %v %v", err, b.center.Anchors())
	}

	other := all.opened(1)
	other.pulled()
	if err := turn(other); fault.CodeOf(err) != datacenter.AnchorDiffers.Code {
		t.Errorf("another log for the same day: %v", err)
	}
	if untold, err := other.Registry.Anchors(other.ctx, true); err != nil || len(untold) != 1 {
		t.Errorf("%v %+v", err, untold)
	}
}

// A ledger that was put back by other means than blanko backup restore is found by the anchors of the center:
// nothing is fed until it is accepted, and the same anchors mark it once. A center that is away stops no line;
// one that holds nothing else than the ledger marks nothing.
func TestAnchorsFindARestoredLedger(t *testing.T) {
	t.Parallel()
	all := newCenter(t, center.Config{Records: 3})
	b := all.opened(2)
	b.pulled()
	if err := b.moor(b.ctx); err != nil {
		t.Fatal(err)
	}
	if err := b.tellAnchors(b.ctx); err != nil {
		t.Fatal(err)
	}
	open := func(b *inbox) bool {
		t.Helper()
		_, _, open, err := b.Registry.OpenRestoration(b.ctx)
		must(t, err)
		return open
	}
	again := func(b *inbox) *Station { return New(b.Parts) }
	if err := again(b).mayTrustLedger(b.ctx); err != nil || open(b) {
		t.Errorf("the ledger that the center knows: %v, marked %v", err, open(b))
	}

	all.clock.pass(time.Minute)
	old := all.opened(1) // as of a snapshot: its events of the day are others
	old.pulled()
	all.center.Behave(center.Behavior{Away: true})
	s := again(old)
	if err := s.mayTrustLedger(old.ctx); err != nil || open(old) {
		t.Errorf("the center is away: %v, marked %v", err, open(old))
	}
	all.center.Behave(center.Behavior{})
	for turn := range 2 {
		if err := s.mayTrustLedger(old.ctx); err != nil || !open(old) {
			t.Errorf("turn %d: %v, marked %v", turn, err, open(old))
		}
		s = again(old)
	}
	events, err := old.Registry.Events(old.ctx, 0, 100, audit.Filter{Code: "ledger."})
	if err != nil || len(events) != 2 || events[0].Code != "ledger.behind" || events[1].Code != "ledger.restored" {
		t.Errorf("%+v, %v", events, err)
	}
	guard := access.Actor{ID: "guard-1", Roles: []access.Role{access.SecurityOfficer}}
	old.clock.pass(time.Minute)
	old.pulled()
	must(t, old.reconcile(old.ctx))
	old.do(guard, registry.AcceptRestoration{Second: access.Actor{ID: "boss-1", Roles: []access.Role{access.Supervisor}}})
	if err := again(old).mayTrustLedger(old.ctx); err != nil || open(old) {
		t.Errorf("after it was accepted: %v, marked %v", err, open(old))
	}
	// Of that day the center keeps the head of before, and from the next one on it takes those of this ledger.
	must(t, old.moor(old.ctx))
	if err := old.tellAnchors(old.ctx); err != nil {
		t.Errorf("the day of the accepted ledger: %v", err)
	}
	old.clock.pass(48 * time.Hour)
	old.pulled()
	must(t, old.moor(old.ctx))
	if err := old.tellAnchors(old.ctx); err != nil || len(old.center.Anchors()) != 2 {
		t.Errorf("a later day: %v, %v", err, old.center.Anchors())
	}
}

// A database that is put back under a station that runs is found as it is at a start: on the day whose head it lacks, and
// when the next one is told.
func TestAnchorsFindALedgerPutBackUnderAStation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		later time.Duration
		told  fault.Code
	}{
		"the same day": {time.Minute, datacenter.AnchorDiffers.Code},
		"the next day": {24 * time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := newCenter(t, center.Config{Records: 3})
			b := all.opened(2)
			b.pulled()
			must(t, b.moor(b.ctx))
			must(t, b.tellAnchors(b.ctx))
			all.clock.pass(time.Minute)
			old := all.opened(1) // as of a snapshot: its events of the day are others
			old.pulled()
			b.Registry = old.Registry
			all.clock.pass(c.later)
			must(t, b.moor(b.ctx))
			if err := b.tellAnchors(b.ctx); fault.CodeOf(err) != c.told {
				t.Errorf("the head was told: %v, want %q", err, c.told)
			}
			if _, _, open, err := b.Registry.OpenRestoration(b.ctx); err != nil || !open {
				t.Errorf("feeding goes on: %v", err)
			}
		})
	}
}
