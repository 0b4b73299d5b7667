package console

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/stock"
)

var shiftActions = []action{
	{Path: "/giliran/buka", Page: "shift", Op: func(f *form) (registry.Operation, error) { return registry.OpenShift{Counts: f.counts()}, nil }},
	{Path: "/giliran/tutup", Page: "shift", Op: func(f *form) (registry.Operation, error) { return registry.CloseShift{Counts: f.counts()}, nil }},
	{Path: "/giliran/selisih", Page: "shift", Op: func(f *form) (registry.Operation, error) {
		op := registry.SettleShift{Because: f.because(), Missing: f.chips("missing")}
		if f.countedAny() { // of an opening
			op.Counts = f.counts()
		}
		return op, nil
	}},
}

// heapField is the beginning of the name of a field for the number of one heap: place and lot follow.
const heapField = "heap|"

// counts are the heaps of blanks as they were counted: one number for each that the page named, and perhaps one
// that the page did not name. A number that is missing is refused; it is no count of nothing.
func (f *form) counts() (list []registry.Counted) {
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range f.r.PostForm {
			if strings.HasPrefix(name, heapField) && !yield(name) {
				return
			}
		}
	})
	for _, name := range names {
		place, lot, _ := strings.Cut(strings.TrimPrefix(name, heapField), "|")
		list = append(list, registry.Counted{Place: place, Lot: lot, Quantity: f.counted(name)})
	}
	if f.text("other_lot") != "" || f.text("other_count") != "" {
		list = append(list, registry.Counted{Place: f.needed("other_place"), Lot: f.needed("other_lot"), Quantity: f.counted("other_count")})
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
		if (strings.HasPrefix(name, heapField) || name == "other_lot" || name == "other_count") && f.text(name) != "" {
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

// heapInputs are a number for each heap of the ledger, without its own, and one for a heap that it does not know.
func (v *view) heapInputs() (list []input, err error) {
	sum, err := v.Registry.Summary(v.ctx())
	if err != nil {
		return nil, err
	}
	lines, err := v.Registry.Lines(v.ctx())
	if err != nil {
		return nil, err
	}
	for _, h := range sum.Blanks {
		if h.Place.Heap() {
			list = append(list, input{Name: heapField + h.Place.String() + "|" + h.Lot, Kind: "number", Label: v.heapPlace(h.Place) + " · " + h.Lot, Needed: true})
		}
	}
	store := stock.At(stock.Store)
	places := []option{{store.String(), v.heapPlace(store)}, {stock.At(stock.Testing).String(), v.heapPlace(stock.At(stock.Testing))}}
	for _, l := range lines {
		p := stock.Place{Kind: stock.Hopper, Line: string(l.ID)}
		places = append(places, option{p.String(), v.heapPlace(p)})
	}
	return append(list, input{Name: "other_place", Kind: "select", Options: places}, input{Name: "other_lot"}, input{Name: "other_count", Kind: "number"}), nil
}

// shift is opened and closed by two people who count. No number of the ledger stands on its page.
func (v *view) shift() (templ.Component, error) {
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
	var turn templ.Component // there is one to be closed, or one to be opened
	if len(shifts) > 0 && shifts[0].ClosedAt.IsZero() {
		turn = v.sheetOf("close-shift", "/giliran/tutup", registry.CloseShift{}, heaps...)
	} else {
		turn = v.sheetOf("open-shift", "/giliran/buka", registry.OpenShift{}, heaps...)
	}
	return stack(turn, folds(v.T("stock.differs"), v.foldOf("settle", "/giliran/selisih", registry.SettleShift{}, settled...)),
		table(v, days), papers(v, v.printables(sheets...))), nil
}
