package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// packed brings cards into one open bag to a kecamatan.
func (o *office) packed(chips ...ktp.ChipUID) (bag string) {
	o.t.Helper()
	o.as(admin, registry.SetPlace{ID: "dinas", Kind: registry.PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true})
	o.as(admin, registry.SetPlace{ID: "61.05.01", Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN SINTANG", Parent: "dinas", Region: "61.05.01", Active: true})
	bag = o.as(admin, registry.OpenConsignment{Kind: registry.ConsignmentOut, To: "61.05.01"}).Answer
	for n, chip := range chips {
		o.made(n+1, chip)
		o.as(admin, registry.Redirect{Application: id(n + 1), Place: "61.05.01", Because: registry.Because{Reason: "wish"}})
		o.as(admin, registry.Pack{Consignment: bag, Chip: chip})
	}
	return bag
}

// A consignment whose card was called back names it, with its chip and where it lies, on its page and on a list of its
// own; the card beside it is not named.
func TestPulledCardsAreNamed(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator)
	room := sit[access.Administrator]
	const gone, beside = ktp.ChipUID("0000A0B0C0D000000001"), ktp.ChipUID("0000A0B0C0D000000002")
	bag := o.packed(gone, beside)
	room.open("/pengiriman")
	if room.links("/pengiriman/tarik") != nil {
		t.Error("before anything was called back, cards are to be pulled")
	}
	o.as(center, registry.WithdrawRecord{ID: id(1), Version: 1, Reason: "died"})
	o.as(admin, registry.SealConsignment{Consignment: bag, Seal: "S-1"})
	for _, at := range []string{"/pengiriman", "/pengiriman/" + bag} {
		room.open(at)
		list := room.links("/pengiriman/tarik")
		if len(list) != 1 {
			t.Fatalf("%s leads to %v", at, list)
		}
		room.open(list[0])
		text := room.says()
		if !strings.Contains(text, "req-1 "+string(gone)+" meninggal dunia "+bag+" di Dinas, di dalam kantong (disegel)") || strings.Contains(text, string(beside)) {
			t.Errorf("%s says %s", list[0], text)
		}
	}
	room.open("/pengiriman/tarik?kiriman=" + url.QueryEscape("K-9"))
	if text := room.says(); strings.Contains(text, "req-1") {
		t.Errorf("of another consignment: %s", text)
	}
}

// The list is printed by its button; on paper stands the list alone.
func TestPullsArePrinted(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	v := o.visit()
	v.signIn(admin)
	v.open("/pengiriman/tarik")
	v.see("body[data-stream=open]")
	ask[any](v, `window.print = () => { window.printed = true }`)
	v.do(chromedp.Click(chromedp.CSS("[data-print]")))
	if !ask[bool](v, `window.printed === true`) {
		t.Error("the button does not print")
	}
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	v.must(err)
	for _, selector := range []string{"[data-print]", ".menu", ".top"} {
		if shown := ask[string](v, `getComputedStyle(document.querySelector(`+quoted(selector)+`)).display`); shown != "none" {
			t.Errorf("%s is printed: %s", selector, shown)
		}
	}
}
