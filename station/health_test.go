package station

import (
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/printer/usb"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/registry/datacenter"
	"blanko/store"
)

// An outage of the link or of a line is told to the data center officer once; a single lost answer is none,
// and what the center refuses is no fault of the link.
func TestHealthIsTold(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "blanko.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	reg := registry.New(st, registry.Config{Office: testOffice}, zap.NewNop())
	s := New(Parts{Office: testOffice, Name: "BLANKO-01", Registry: reg})
	away, refused := datacenter.CenterAway.At("test", nil), datacenter.CenterRefused.At("test", nil)
	link := func(errs ...error) func() {
		return func() {
			for _, err := range errs {
				s.linkWorks(t.Context(), err)
			}
		}
	}
	for n, step := range []struct {
		do                 func()
		device             string
		want               registry.HealthState
		code               string
		incidents, changes int
	}{
		{link(nil), "blanko-01.link.center", registry.HealthWorks, "", 0, 1},
		{link(away, away, refused, nil, away, away), "blanko-01.link.center", registry.HealthWorks, "", 0, 1},
		{link(away, away, away), "blanko-01.link.center", registry.HealthDown, "datacenter.center_away", 1, 2},
		{link(nil, nil), "blanko-01.link.center", registry.HealthWorks, "", 1, 3},
		{func() { s.lineWorks(t.Context(), "LINE-1", "") }, "blanko-01.line.line-1", registry.HealthWorks, "", 1, 4},
		{func() { s.lineWorks(t.Context(), "LINE-1", usb.NotPluggedIn.Code) }, "blanko-01.line.line-1", registry.HealthDown, string(usb.NotPluggedIn.Code), 2, 5},
		{func() { s.lineWorks(t.Context(), "LINE-1", "") }, "blanko-01.line.line-1", registry.HealthWorks, "", 2, 6},
	} {
		step.do()
		list, err := reg.HealthOf(t.Context(), "", 10)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, h := range list {
			if h.Device == step.device {
				found = h.State == step.want && h.Code == step.code && h.Since.After(time.Time{})
			}
		}
		reported, err := reg.ListIncidents(t.Context(), registry.IncidentFilter{State: registry.IncidentReported, Limit: 10})
		if err != nil || !found || len(reported) != step.incidents {
			t.Errorf("step %d: %+v, %d incidents, %v", n, list, len(reported), err)
		}
		events, err := reg.Events(t.Context(), 0, 100, audit.Filter{Code: "health.changed"})
		if err != nil || len(events) != step.changes {
			t.Errorf("step %d: %d changes told, %v", n, len(events), err)
		}
	}
}
