package console_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
)

// A film is received, fitted and taken out under a seal, by two names each time; while it is in the printer the strip asks
// for the temperature of the day, tells what was read and by whom, and stops the line where it would spoil cards.
func TestFilmAndItsTemperature(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.StockKeeper, access.Supervisor)
	room, store, chief := sit[access.Administrator], sit[access.StockKeeper], sit[access.Supervisor]
	room.open("/cetak")
	if _, _, offered := room.offers("/cetak/suhu", nil); offered {
		t.Error("a line without a film asks for a temperature")
	}
	store.by("/stok", "/stok/rol", url.Values{"serial": {"F-1"}, "roll_kind": {"film"}, "product": {"RTF"}, "panels": {"1000"}}, nil)
	store.by("/stok", "/stok/pasang", url.Values{"serial": {"F-1"}, "line": {"lini-1"}}, chief)
	says := func(wants ...string) {
		t.Helper()
		o.beat()
		room.open("/cetak")
		for _, want := range wants {
			if !strings.Contains(room.says(), want) {
				t.Errorf("the strip does not say %q: %s", want, room.says())
			}
		}
	}
	line := url.Values{"line": {"lini-1"}, "degrees": {"150"}}
	says("belum pernah dicatat", "F-1")
	room.by("/cetak", "/cetak/suhu", line, nil)
	says("150 °C", admin.ID, "registry.transfer_temperature")
	room.refused("/cetak/jalan", url.Values{"line": {"lini-1"}}, nil, "registry.transfer_temperature")
	line.Set("degrees", "165")
	room.by("/cetak", "/cetak/suhu", line, nil)
	room.by("/cetak", "/cetak/jalan", url.Values{"line": {"lini-1"}}, nil)
	says("165 °C")
	if strings.Contains(room.says(), "registry.transfer_temperature") {
		t.Errorf("the strip still stands for the temperature: %s", room.says())
	}

	store.by("/stok", "/stok/lepas", url.Values{"serial": {"F-1"}, "seal": {"S-9"}, "left": {"40"}, "reason": {"not_full"}}, chief)
	r, err := o.reg.Roll(t.Context(), "F-1")
	if o.must(err); r.State != registry.RollRemoved || r.Seal != "S-9" {
		t.Errorf("%+v", r)
	}
	for _, code := range []string{"roll.fitted", "roll.removed"} {
		told, err := o.reg.Events(t.Context(), 0, 1000, audit.Filter{Code: code})
		if err != nil || len(told) != 1 || told[0].Actor != keeper.ID || told[0].Detail["second"] != boss.ID {
			t.Errorf("%s: %+v, %v", code, told, err)
		}
	}
}

// A station that starts again in an open shift is released by one person on the page, and confirmed there by another
// before the shift closes.
func TestRestartIsReleasedAlone(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.StockKeeper, access.Supervisor)
	room, store, chief := sit[access.Administrator], sit[access.StockKeeper], sit[access.Supervisor]
	digest := strings.Repeat("a", 64)
	begins := func() string {
		return o.as(access.Actor{ID: "station", Roles: []access.Role{access.System}}, registry.RecordStart{Station: "stasiun-1", Program: digest, Configuration: digest, Keys: digest}).Answer
	}
	heaps := url.Values{"heap|store|LOT-A": {"420"}, "heap|hopper/lini-1|LOT-A": {"80"}}
	first := begins()
	room.by("/mulai", "/mulai/lepas", url.Values{"start": {first}}, chief)
	store.by("/giliran", "/giliran/buka", heaps, chief)
	o.clock.Advance(time.Minute)
	again := url.Values{"start": {begins()}}
	room.by("/mulai", "/mulai/lepas-sendiri", again, nil)
	room.open("/mulai")
	room.refused("/mulai/kuatkan", again, nil, "registry.same_person")
	store.open("/mulai")
	store.send("/mulai/kuatkan", again, nil)
	store.by("/giliran", "/giliran/tutup", heaps, chief)
	s, err := o.reg.Started(t.Context(), again.Get("start"))
	if o.must(err); s.ReleasedBy != admin.ID || s.Second != keeper.ID {
		t.Errorf("released by %s, confirmed by %s", s.ReleasedBy, s.Second)
	}
}

// Who says on the page of an application that he has an interest in it is not offered it any more by the queue, and is
// refused; the next person gets it.
func TestInterestPassesTheCaseOn(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Supervisor)
	o.employ(boss2)
	chief, other := sit[access.Supervisor], o.comes(boss2)
	for n := 1; n <= 2; n++ {
		o.as(center, delivery(n))
		o.clock.Advance(time.Minute)
	}
	at := "/permohonan/" + string(id(1))
	chief.by(at, at+"/kepentingan", nil, nil)
	chief.open(at)
	chief.refused(at+"/setuju", nil, nil, "registry.same_person")
	for _, next := range []struct {
		who  *clerk
		want registry.ApplicationID
	}{{chief, id(2)}, {other, id(1)}} {
		next.who.open("/permohonan")
		next.who.send("/permohonan/berikut", url.Values{"task": {string(registry.TaskApprove)}}, nil)
		if next.who.at != "/permohonan/"+string(next.want) {
			t.Errorf("handed out: %s, want %s", next.who.at, next.want)
		}
	}
	other.send(at+"/setuju", nil, nil)
	if s := o.state(id(1)); s != registry.Approved {
		t.Errorf("the application is %s", s)
	}
}

// A clock that was set back is told where nothing is fed for it, and set right by two persons on pages; the chain of the
// log is looked at on its page.
func TestClockIsSetOnPages(t *testing.T) {
	t.Parallel()
	_, sit := sits(t, access.Administrator, access.DatacenterOfficer, access.Supervisor, access.Auditor)
	room, data, chief, auditor := sit[access.Administrator], sit[access.DatacenterOfficer], sit[access.Supervisor], sit[access.Auditor]
	by := data
	data.open("/perangkat")
	if _, _, offered := data.offers("/perangkat/jam", nil); !offered {
		by = room
	}
	by.by("/perangkat", "/perangkat/jam", nil, chief)
	auditor.open("/audit?periksa=ya")
	if text := auditor.says(); !strings.Contains(text, "Rantai utuh: ") {
		t.Errorf("the chain: %s", text)
	}
}
