package station

import (
	"context"
	"testing"
	"time"

	"blanko/internal/rig"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store/storetest"
)

// A station that runs erases by itself what is due: here, a proposal that nobody decided.
func TestStationErasesWhatIsDue(t *testing.T) {
	t.Parallel()
	db := storetest.Any(t)
	st := db.Open(t)
	reg := registry.New(st, registry.Config{Office: testOffice}, nil)
	officer := access.Actor{ID: "keamanan", Roles: []access.Role{access.SecurityOfficer}}
	wish := registry.SetPerson{ID: "petugas", FullName: "NAMA", Roles: []access.Role{access.Supervisor}, Active: true}
	if _, err := reg.Propose(t.Context(), officer, wish, "p"); err != nil {
		t.Fatal(err)
	}
	db.Clock.Advance(100 * 24 * time.Hour)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		New(Parts{Office: testOffice, Registry: reg}).Run(ctx, nil)
		close(ended)
	}()
	defer func() { stop(); rig.Receive(t, "the end of the station", ended) }()
	for tired := time.After(roomPatience); ; {
		changed := st.Changed()
		events, err := reg.Events(t.Context(), 0, 100, audit.Filter{Code: "retention.erased"})
		if err != nil {
			t.Fatal(err)
		}
		if len(events) > 0 {
			return
		}
		select {
		case <-changed:
		case <-tired:
			t.Fatal("what is due was never erased")
		case <-ended:
			t.Fatal("the station ended before it erased what is due")
		}
	}
}
