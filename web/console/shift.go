package console

import (
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/stock"
)

var shiftActions = []action{
	{Path: "/giliran/buka", Page: "shift", Op: func(f *form) (registry.Operation, error) { return registry.OpenShift{Counts: f.counts()}, nil }},
	{Path: "/giliran/tutup", Page: "shift", Op: func(f *form) (registry.Operation, error) { return registry.CloseShift{Counts: f.counts()}, nil }},
	{Path: "/giliran/selisih", Page: "shift", Op: func(f *form) (registry.Operation, error) {
		op := registry.SettleShift{Because: f.because(), Missing: f.missing()}
		if f.countedAny() { // of an opening
			op.Counts = f.counts()
		}
		return op, nil
	}},
}

// heapFields are the beginnings of the names of fields for the number of one heap, by its kind: place and lot follow, or
// the product of rolls.
var heapFields = map[string]string{registry.CountedBlank: "heap|", "ribbon": "ribbon|", "film": "film|"}

// heapOf is the heap that a field is for; false where it is for none.
func heapOf(field string) (h registry.Heap, is bool) {
	for kind, begin := range heapFields {
		if rest, found := strings.CutPrefix(field, begin); found {
			place, lot, _ := strings.Cut(rest, "|")
			return registry.Heap{Kind: kind, Place: place, Lot: lot}, true
		}
	}
	return h, false
}

// missing are the chips of blanks and the serials of rolls that are missing.
func (f *form) missing() (list []string) {
	for _, item := range f.list("missing") {
		if chip := ktp.ChipUID(upper(item)); chip.Valid() {
			item = string(chip)
		}
		list = append(list, item)
	}
	return list
}

// counts are the heaps as they were counted: one number for each that the page named, and perhaps one
// that the page did not name. A number that is missing is refused; it is no count of nothing.
func (f *form) counts() (list []registry.Counted) {
	for _, name := range slices.Sorted(maps.Keys(f.r.PostForm)) {
		if h, is := heapOf(name); is {
			list = append(list, registry.Counted{Heap: h, Quantity: f.counted(name)})
		}
	}
	if f.text("other_lot") != "" || f.text("other_count") != "" {
		list = append(list, registry.Counted{
			Heap: registry.Heap{Kind: f.needed("other_kind"), Place: f.needed("other_place"), Lot: f.needed("other_lot")}, Quantity: f.counted("other_count"),
		})
	}
	if len(list) == 0 {
		f.refuse("counts", "is needed")
	}
	return list
}

func (f *form) counted(field string) int {
	if !isNumber(f.text(field)) {
		f.refuse("counts", "a number for every heap, 0 where there is nothing")
		return 0
	}
	return numberOf(f.text(field))
}

func (f *form) countedAny() bool {
	for name := range f.r.PostForm {
		if _, is := heapOf(name); (is || name == "other_lot" || name == "other_count") && f.text(name) != "" {
			return true
		}
	}
	return false
}

// counts reports whether who looks counts the heap of a place blind at the turn of a shift, and so is not told
// how many there should be.
func (v *view) counts(at stock.Place) bool { return registry.CountedBlind(v.Actor, at) }

// heapPlace names the place of a heap.
func (v *view) heapPlace(at stock.Place) string {
	if at.Line != "" {
		return v.Say("place", string(at.Kind)) + " · " + at.Line
	}
	return v.Say("place", string(at.Kind))
}

// heapName names a heap: a lot of blanks, or the rolls of a product.
func (v *view) heapName(h registry.Heap) string {
	name := v.heapPlace(stock.PlaceOf(h.Place)) + " · "
	if h.Kind != registry.CountedBlank {
		name += v.T("roll."+h.Kind) + " "
	}
	return name + h.Lot
}

// heapInputs are a number for each heap of the ledger, without its own, and one for a heap that it does not know.
func (v *view) heapInputs() (list []input, err error) {
	heaps, err := v.Registry.Countable(v.ctx())
	if err != nil {
		return nil, err
	}
	lines, err := v.Registry.Lines(v.ctx())
	if err != nil {
		return nil, err
	}
	for _, h := range heaps {
		list = append(list, input{Name: heapFields[h.Kind] + h.Place + "|" + h.Lot, Kind: "number", Label: v.heapName(h), Needed: true})
	}
	store := stock.At(stock.Store)
	places := []option{{store.String(), v.heapPlace(store)}, {stock.At(stock.Testing).String(), v.heapPlace(stock.At(stock.Testing))}}
	for _, l := range lines {
		for _, kind := range []stock.Kind{stock.Hopper, stock.Kind(registry.RollFitted)} {
			p := stock.On(kind, string(l.ID))
			places = append(places, option{p.String(), v.heapPlace(p)})
		}
	}
	kinds := []option{{registry.CountedBlank, v.T("item.blank")}, {"ribbon", v.T("roll.ribbon")}, {"film", v.T("roll.film")}}
	return append(list, input{Name: "other_kind", Kind: "select", Options: kinds}, input{Name: "other_place", Kind: "select", Options: places}, input{Name: "other_lot"}, input{Name: "other_count", Kind: "number"}), nil
}

// shift is renewed as a whole: what the second person agrees to turns it.
func (v *view) shift() (templ.Component, error) { return v.LivePart("giliran"), nil }

// turnOfShift is opened and closed by two people who count. No number of the ledger stands on its page.
func (v *view) turnOfShift() (templ.Component, error) {
	const shown = 10
	shifts, err := v.Registry.ListShifts(v.ctx(), "", shown)
	if err != nil {
		return nil, err
	}
	days := tableView{Title: v.T("stock.shifts"), Empty: v.T("stock.no_shifts"), Heads: []string{v.T("head.state"), v.T("stock.opened"), v.T("stock.closed"), v.T("stock.recounts")}}
	var sheets []printable
	for _, s := range shifts {
		if len(sheets) == 0 && !s.ClosedAt.IsZero() {
			sheets = append(sheets, printable{Kind: registry.PaperShift, Path: "/v1/shifts/" + s.ID + "/papers/sheet", List: true})
		}
		days.Rows = append(days.Rows, []cell{
			{Text: v.Say("shift", s.State)},
			{Text: v.Time(s.OpenedAt) + " · " + s.OpenedBy + ", " + s.OpenedSecond},
			{Text: v.Time(s.ClosedAt) + " · " + orDash(s.ClosedBy)},
			{Text: number(s.Recounts), Class: "number"},
		})
	}
	heaps, err := v.heapInputs()
	if err != nil {
		return nil, err
	}
	settled := []input{{Name: "missing", Kind: "text"}} // and only of an opening what was counted
	for _, h := range heaps {
		h.Needed = false
		settled = append(settled, h)
	}
	turn := v.formOf("open-shift", "/giliran/buka", registry.OpenShift{}, heaps...)
	if len(shifts) > 0 && shifts[0].ClosedAt.IsZero() {
		turn = v.formOf("close-shift", "/giliran/tutup", registry.CloseShift{}, heaps...)
	}
	turn.Shows = true
	return stack(sheet(v, turn), folds(v.T("stock.differs"), v.helpedFold("settle", "/giliran/selisih", registry.SettleShift{}, "stock.differs_help", settled...)),
		table(v, days), papers(v, v.printables(sheets...))), nil
}
