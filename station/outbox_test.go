package station

import (
	"testing"

	"blanko/emulator/center"
	"blanko/registry"
)

// A report that the center will never take is set aside with its answer; those behind it arrive.
func TestReportRefusedForGood(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{Records: 1}).opened(10)
	b.do(centerActor, registry.RefuseRecord{ID: "no-such-request", Version: 1, Code: "schema"})
	b.pulled()
	b.reported()
	waiting, err := b.Registry.Outbox(b.ctx, 10)
	must(t, err)
	if len(waiting) != 0 {
		t.Errorf("still waiting: %+v", waiting)
	}
	if l := b.center.Account()[0]; len(l.Reports) == 0 {
		t.Error("the report behind it did not arrive")
	}
}
