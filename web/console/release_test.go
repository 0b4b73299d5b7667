package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"blanko/registry"
	"blanko/registry/access"
)

// The lines of a station that was started wait on the page until two persons have released them.
func TestReleaseAfterAStart(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin, boss)
	o.room(0)
	digest := strings.Repeat("a", 64)
	start := o.as(access.Actor{ID: "station", Roles: []access.Role{access.System}}, registry.RecordStart{Station: "stasiun-1", Program: digest, Configuration: digest, Keys: digest}).Answer
	v := o.visit()
	v.signIn(admin)
	v.open("/mulai")
	if text := v.read("#part-mulai"); !strings.Contains(text, "menunggu pelepasan") || !strings.Contains(text, "pertama kali") {
		t.Errorf("the page says %s", text)
	}
	v.click("#two-" + start)
	if !strings.Contains(v.read("#done"), "Lepaskan lini") {
		t.Errorf("the page says %s", v.read("main"))
	}
	list, err := o.reg.Proposals(t.Context(), registry.ProposalFilter{Limit: 5})
	o.must(err)
	if len(list) != 1 {
		t.Fatalf("%d proposals", len(list))
	}
	o.as(boss, registry.Decide{Proposal: list[0].ID, Agree: true})
	v.see("body[data-stream=open]")
	v.until("#part-mulai", "dilepas")
	s, err := o.reg.Started(t.Context(), start)
	if o.must(err); s.ReleasedBy != admin.ID || s.Second != boss.ID {
		t.Errorf("released by %s and %s", s.ReleasedBy, s.Second)
	}
}

// Who counts blind is not told how many there should be; who may not count is.
func TestBlindCount(t *testing.T) {
	t.Parallel()
	o := newOffice(t, keeper, boss)
	o.room(0)
	v := o.visit()
	v.signIn(keeper)
	v.open("/stok")
	if text := v.read("main"); strings.Contains(text, "420") || !strings.Contains(text, "dihitung buta") {
		t.Errorf("the keeper is told %s", text)
	}
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	o.must(err)
	if boxes := ask[[]string](v, `[...document.querySelectorAll('main section, main details')].filter(e => e.offsetHeight > 0 && (!e.innerText.trim() || e.matches('.sheet, .fold'))).map(e => e.id || e.className)`); len(boxes) > 0 || !strings.Contains(v.read("main"), "LOT-A") {
		t.Errorf("printed are the boxes %v, and %s", boxes, v.read("main"))
	}
	_, err = chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	o.must(err)
	v.open("/akun")
	v.click(".who form[action='/keluar'] button")
	v.signIn(boss)
	v.open("/stok")
	if text := v.read("main"); !strings.Contains(text, "420") {
		t.Errorf("the supervisor is told %s", text)
	}
	tries, err := o.reg.SignInsOf(t.Context(), keeper.ID, 1)
	if o.must(err); len(tries) != 1 || tries[0].Outcome != access.SignInEnded {
		t.Errorf("the end of the sign-in is not noted: %+v", tries)
	}
}

// Each heap is counted in a field of its own, named as the stock names it. A number that is missing, or is none,
// is refused and never a miscount; a count of every heap opens the shift and one that differs asks for another.
func TestHeapsAreCounted(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.StockKeeper, access.Supervisor)
	store, chief := sit[access.StockKeeper], sit[access.Supervisor]
	store.open("/giliran")
	if text := store.says(); strings.Contains(text, "420") || !strings.Contains(text, "hopper · lini-1 · LOT-A") || !strings.Contains(text, "gudang · LOT-A") {
		t.Errorf("the page of the count: %s", text)
	}
	const inStore, inHopper = "heap|store|LOT-A", "heap|hopper/lini-1|LOT-A"
	for _, bad := range []string{"", "banyak", "-1", "4 2"} {
		store.refused("/giliran/buka", url.Values{inStore: {bad}, inHopper: {"80"}}, nil, "web.bad_parameter")
	}
	if n, err := o.reg.Proposals(t.Context(), registry.ProposalFilter{Limit: 5}); err != nil || len(n) != 0 {
		t.Fatalf("%d proposals, %v", len(n), err)
	}
	if !strings.Contains(store.page, `value="80"`) {
		t.Error("what was counted is not kept")
	}
	count := func(path, in string, more url.Values) {
		t.Helper()
		give := url.Values{inStore: {in}, inHopper: {"80"}}
		for name, v := range more {
			give[name] = v
		}
		store.by("/giliran", path, give, chief)
	}
	shift := func() registry.Shift {
		t.Helper()
		list, err := o.reg.ListShifts(t.Context(), "", 1)
		o.must(err)
		if len(list) == 0 {
			return registry.Shift{}
		}
		return list[0]
	}
	count("/giliran/buka", "419", nil)
	if s := shift(); s.ID != "" {
		t.Fatalf("a count that differs opens %+v", s)
	}
	count("/giliran/buka", "420", nil)
	if s := shift(); s.State != "open" {
		t.Fatalf("the shift: %+v", s)
	}
	count("/giliran/tutup", "420", url.Values{"other_lot": {"LOT-B"}, "other_count": {"3"}})
	if s := shift(); s.State != "open" || s.Recounts != 1 {
		t.Fatalf("with a heap that the ledger does not know: %+v", s)
	}
	count("/giliran/tutup", "420", nil)
	if s := shift(); s.State != "closed" {
		t.Fatalf("the shift: %+v", s)
	}
}

// A form that is refused keeps what was typed; the other forms of the page keep to themselves.
func TestOnlyTheRefusedFormIsFilled(t *testing.T) {
	t.Parallel()
	_, sit := sits(t, access.StockKeeper)
	store := sit[access.StockKeeper]
	store.open("/stok")
	store.refused("/stok/terima", url.Values{"lot": {"LOT-QQ"}, "quantity": {"lima"}}, nil, "web.bad_parameter")
	if n := strings.Count(store.page, `value="LOT-QQ"`); n != 1 {
		t.Errorf("%d fields say LOT-QQ", n)
	}
}
