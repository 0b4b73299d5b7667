package station

import (
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/registry"
	"blanko/registry/access"
)

// A center that forgets reports it has answered for is found out by the daily comparison, once a day.
func TestReconcileWithACenterThatLies(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{Records: 2}).opened(10)
	b.pulled()
	b.reported()
	id := registry.ApplicationID(b.center.Account()[0].ID)
	boss := registry.Actor{ID: "boss-1", Roles: []access.Role{access.Supervisor}}
	admin := registry.Actor{ID: "admin-1", Roles: []access.Role{access.Administrator}}
	_, err := b.Registry.Do(b.ctx, boss, registry.Approve{Application: id}, "1")
	must(t, err)
	_, err = b.Registry.Do(b.ctx, admin, registry.Queue{Application: id}, "2")
	must(t, err)
	b.center.Behave(center.Behavior{LoseReportsEvery: 1})
	b.reported()
	b.center.Behave(center.Behavior{})
	b.clock.now = b.clock.now.Add(24 * time.Hour)
	for range 2 {
		must(t, b.reconcile(b.ctx))
	}
	list, err := b.Registry.Reconciliations(b.ctx, "", 10)
	must(t, err)
	if len(list) != 1 || list[0].Center != 2 || list[0].Station != 2 || len(list[0].Differences) != 1 {
		t.Fatalf("%+v", list)
	}
	if d := list[0].Differences[0]; d.ID != id || d.What != registry.WordDiffers || d.Pending || d.Center.Word != "PRINT_READY_RECORD" || d.Station.Word != "SENT_FOR_CARD_PRINTING" {
		t.Errorf("%+v", d)
	}
}
