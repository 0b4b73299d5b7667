package console

import (
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/stock"

	"github.com/a-h/templ"
)

var stockActions = []action{
	{Path: "/stok/terima", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.ReceiveBlanks{Lot: f.needed("lot"), Product: f.needed("product"), Quantity: f.number("quantity")}, nil
	}},
	{Path: "/stok/isi", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.LoadHopper{Line: jobs.LineID(f.needed("line")), Lot: f.needed("lot"), Quantity: f.number("quantity")}, nil
	}},
	{Path: "/stok/kosongkan", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.UnloadHopper{Line: jobs.LineID(f.needed("line")), Lot: f.needed("lot"), Quantity: f.number("quantity")}, nil
	}},
	{Path: "/stok/rol", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.ReceiveRoll{Serial: f.needed("serial"), Kind: f.needed("roll_kind"), Product: f.needed("product"), Panels: f.number("panels")}, nil
	}},
	{Path: "/stok/pasang", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.FitRoll{Serial: f.needed("serial"), Line: jobs.LineID(f.needed("line"))}, nil
	}},
	{Path: "/stok/lepas", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		left := -1
		if f.text("left") != "" {
			left = f.number("left")
		}
		return registry.RemoveRoll{Serial: f.needed("serial"), Seal: f.needed("seal"), Left: left}, nil
	}},
	{Path: "/giliran/buka", Page: "shift", Op: func(f *form) (registry.Operation, error) { return registry.OpenShift{Counts: f.counts()}, nil }},
	{Path: "/giliran/tutup", Page: "shift", Op: func(f *form) (registry.Operation, error) { return registry.CloseShift{Counts: f.counts()}, nil }},
	{Path: "/stok/larang", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.DenyBlank{Chip: f.chip("chip"), Reason: f.needed("reason")}, nil
	}},
	{Path: "/stok/daftar", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.ImportBlanks{Lot: f.needed("lot"), Product: f.needed("product"), Chips: f.chips("chips")}, nil
	}},
	{Path: "/stok/larang-daftar", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.ImportDenied{Chips: f.chips("chips"), Reason: f.needed("reason")}, nil
	}},
	{Path: "/giliran/selisih", Page: "shift", Op: func(f *form) (registry.Operation, error) {
		op := registry.SettleShift{Reason: f.needed("reason"), Missing: f.chips("missing")}
		if f.text("counts") != "" { // of an opening
			op.Counts = f.counts()
		}
		return op, nil
	}},
}

// chip is the UID of a chip, as a scanner or a hand gives it.
func (f *form) chip(field string) ktp.ChipUID { return ktp.ChipUID(upper(f.needed(field))) }

// counts are heaps of blanks as they were counted, one to a line: place, lot, number.
func (f *form) counts() (list []registry.Counted) {
	for _, l := range f.lines("counts") {
		if len(l) != 3 || !isNumber(l[2]) {
			f.refuse("counts", "one heap to a line: place, lot, number")
			return nil
		}
		list = append(list, registry.Counted{Place: l[0], Lot: l[1], Quantity: numberOf(l[2])})
	}
	if len(list) == 0 {
		f.refuse("counts", "is needed")
	}
	return list
}

// listed is how many rows a plain list shows.
const listed = 100

// stock is the ledger of blanks and rolls, and what is left.
func (v *view) stock() (templ.Component, error) {
	held, wrong, err := v.Registry.Blanks(v.ctx())
	if err != nil {
		return nil, err
	}
	rolls, err := v.Registry.Rolls(v.ctx(), registry.RollFilter{Limit: listed})
	if err != nil {
		return nil, err
	}
	lines, err := v.lineOptions()
	if err != nil {
		return nil, err
	}
	blanks := tableView{Title: v.T("stock.blanks"), Empty: v.T("stock.no_blanks"), Heads: []string{v.T("field.place"), v.T("field.lot"), v.T("field.quantity")}}
	for _, h := range held {
		place := v.Say("place", string(h.Place.Kind))
		if h.Place.Line != "" {
			place += " · " + h.Place.Line
		}
		quantity := cell{Text: number(h.Unread + h.Read), Class: "number"}
		if v.counts(h.Place) {
			quantity = cell{Text: v.T("stock.blind"), Class: "soft"}
		}
		blanks.Rows = append(blanks.Rows, []cell{{Text: place}, {Text: h.Lot, Class: "mono"}, quantity})
	}
	var differs templ.Component
	if len(wrong) > 0 {
		differs = causeNote(v, "registry.stock_unexplained", "bad")
	}
	rolled := tableView{Title: v.T("stock.rolls"), Empty: v.T("stock.no_rolls"), Heads: []string{v.T("field.serial"), v.T("field.roll_kind"), v.T("head.state"), v.T("head.line"), v.T("stock.used"), v.T("stock.left")}}
	for _, r := range rolls {
		rolled.Rows = append(rolled.Rows, []cell{
			{Text: r.Serial, Class: "mono"},
			{Text: v.T("roll." + r.Kind)},
			{Text: v.Say("rollstate", string(r.State))},
			{Text: orDash(string(r.Line))},
			{Text: number(r.Used), Class: "number"},
			{Text: number(r.Left), Class: "number"},
		})
	}
	lot, quantity := input{Name: "lot", Needed: true}, input{Name: "quantity", Kind: "number", Needed: true}
	line := input{Name: "line", Kind: "select", Options: lines, Needed: true}
	serial := input{Name: "serial", Needed: true}
	return stack(
		v.outcome(), differs, table(v, blanks), table(v, rolled),
		columns(append(v.listForms(),
			v.sheetOf("receive", "/stok/terima", registry.ReceiveBlanks{}, lot, input{Name: "product", Value: "ktp-el-wni", Needed: true}, quantity),
			v.sheetOf("load", "/stok/isi", registry.LoadHopper{}, line, lot, quantity),
			v.sheetOf("unload", "/stok/kosongkan", registry.UnloadHopper{}, line, lot, quantity),
			v.sheetOf("roll", "/stok/rol", registry.ReceiveRoll{}, serial, input{Name: "roll_kind", Kind: "select", Options: []option{{"ribbon", v.T("roll.ribbon")}, {"film", v.T("roll.film")}}},
				input{Name: "product", Needed: true}, input{Name: "panels", Kind: "number", Needed: true}),
			v.sheetOf("fit", "/stok/pasang", registry.FitRoll{}, serial, line),
			v.sheetOf("remove", "/stok/lepas", registry.RemoveRoll{}, serial, input{Name: "seal", Needed: true}, input{Name: "left", Kind: "number"}),
			v.sheetOf("list", "/stok/daftar", registry.ImportBlanks{}, lot, input{Name: "product", Value: "ktp-el-wni", Needed: true}, input{Name: "chips", Kind: "text", Label: v.T("stock.chips"), Needed: true}),
			v.sheetOf("deny", "/stok/larang", registry.DenyBlank{}, input{Name: "chip", Needed: true}, input{Name: "reason", Needed: true}),
			v.sheetOf("deny-list", "/stok/larang-daftar", registry.ImportDenied{}, input{Name: "chips", Kind: "text", Label: v.T("stock.chips"), Needed: true}, input{Name: "reason", Needed: true}),
		)...),
	), nil
}

// counts reports whether who looks counts the heap of a place blind at the turn of a shift, and so is not told
// how many there should be.
func (v *view) counts(at stock.Place) bool {
	return (at.Kind == stock.Store || at.Kind == stock.Hopper) && v.Can(registry.CloseShift{})
}

// shift is opened and closed by two people who count. No number of the ledger stands on its page.
func (v *view) shift() (templ.Component, error) {
	const shown = 10
	shifts, err := v.Registry.ListShifts(v.ctx(), shown)
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
	count := input{Name: "counts", Kind: "text", Needed: true}
	return stack(columns(v.sheetOf("open-shift", "/giliran/buka", registry.OpenShift{}, count), v.sheetOf("close-shift", "/giliran/tutup", registry.CloseShift{}, count)),
		folds(v.T("stock.differs"), v.foldOf("settle", "/giliran/selisih", registry.SettleShift{}, input{Name: "reason", Needed: true}, input{Name: "missing", Kind: "text"}, input{Name: "counts", Kind: "text"})), table(v, days), papers(v, v.printables(sheets...))), nil
}

func (v *view) lineOptions() (list []option, err error) {
	lines, err := v.Registry.Lines(v.ctx())
	for _, l := range lines {
		list = append(list, option{string(l.ID), string(l.ID)})
	}
	return list, err
}
