package console_test

import (
	"net/url"
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
)

// Each kind of roll has a field of its own at each place, without a number. A roll that is missing is named only when the
// count is settled; the supervisor sees the list of all rolls, the one who counts does not.
func TestRollsAreCounted(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.StockKeeper, access.Supervisor)
	store, chief := sit[access.StockKeeper], sit[access.Supervisor]
	for _, serial := range []string{"r-1", "R-2", "R-3"} {
		o.as(keeper, registry.ReceiveRoll{Serial: serial, Kind: "ribbon", Product: "YMCKO", Panels: 200})
	}
	o.as(keeper, registry.FitRoll{Serial: "R-2", Line: "lini-1", Second: admin})

	store.open("/stok")
	if text := store.says(); !strings.Contains(text, "R-2") || strings.Contains(text, "R-3") || !strings.Contains(text, "Pita dan film di printer") {
		t.Errorf("who counts is shown %s", text)
	}
	chief.open("/stok")
	if text := chief.says(); !strings.Contains(text, "R-3") {
		t.Errorf("the supervisor is shown %s", text)
	}
	store.open("/giliran")
	if text := store.says(); strings.Contains(text, "R-3") || !strings.Contains(text, "gudang · Pita YMCKO") || !strings.Contains(text, "printer · lini-1 · Pita YMCKO") {
		t.Errorf("the page of the count: %s", text)
	}
	const inStore, inPrinter = "ribbon|store|YMCKO", "ribbon|fitted/lini-1|YMCKO"
	counted := func(ribbons string) url.Values {
		return url.Values{"heap|store|LOT-A": {"420"}, "heap|hopper/lini-1|LOT-A": {"80"}, inStore: {ribbons}, inPrinter: {"1"}}
	}
	shift := func() registry.Shift {
		t.Helper()
		list, err := o.reg.ListShifts(t.Context(), "", 1)
		if o.must(err); len(list) == 0 {
			t.Fatal("there is no shift")
		}
		return list[0]
	}
	store.by("/giliran", "/giliran/buka", counted("2"), chief)
	if s := shift(); s.State != "open" {
		t.Fatalf("%+v", s)
	}
	store.by("/giliran", "/giliran/tutup", counted("1"), chief)
	store.by("/giliran", "/giliran/tutup", counted("1"), chief)
	store.open("/giliran")
	if text := store.says(); strings.Contains(text, "R-3") || !strings.Contains(text, "Rol yang lebih tetap menjadi selisih giliran") {
		t.Errorf("the page after two counts: %s", text)
	}
	store.send("/giliran/selisih", url.Values{"reason": {"missing"}}, nil)
	if text := store.says(); strings.Contains(text, "R-3") {
		t.Errorf("who proposes is told %s", text)
	}
	chief.open("/persetujuan")
	wish := chief.links("/persetujuan/")[0]
	chief.open(wish)
	chief.refused(wish+"/setuju", nil, nil, "R-3, r-1")
	chief.open(wish)
	chief.send(wish+"/tolak", url.Values{"reason": {"count_differs"}}, nil)
	store.by("/giliran", "/giliran/selisih", url.Values{"reason": {"missing"}, "missing": {"r-1"}}, chief)
	r, err := o.reg.Roll(t.Context(), "r-1")
	if o.must(err); r.State != registry.RollLost || shift().State != "closed" {
		t.Errorf("%+v, %+v", r, shift())
	}
	store.open("/stok")
	if text := store.says(); !strings.Contains(text, "r-1 Pita hilang") {
		t.Errorf("the lost roll is not shown: %s", text)
	}
}
