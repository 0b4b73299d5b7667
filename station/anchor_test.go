package station

import (
	"fmt"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/fault"
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
