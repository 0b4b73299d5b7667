package console

import (
	"cmp"
	"context"
	"maps"
	"slices"

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
	{Path: "/stok/perbaiki", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.CorrectLot{Lot: f.needed("lot"), Product: f.needed("product")}, nil
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
		return registry.RemoveRoll{Serial: f.needed("serial"), Seal: f.needed("seal"), Left: left, Because: f.because()}, nil
	}},
	{Path: "/stok/uji/terima", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.ReceiveTestBlanks{Lot: f.needed("lot"), Product: f.needed("product"), Quantity: f.number("quantity")}, nil
	}},
	{Path: "/stok/uji/ambil", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.DrawTestBlanks{Lot: f.needed("lot"), Quantity: f.number("quantity"), Because: f.because()}, nil
	}},
	{Path: "/stok/uji/selesai", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.EndTestBlanks{Lot: f.needed("lot"), Used: f.number("test_used"), Unused: f.number("test_unused")}, nil
	}},
	{Path: "/stok/kembali", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.ReadmitBlank{Chip: f.chip("chip")}, nil
	}},
	{Path: "/stok/larang", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.DenyBlank{Chip: f.chip("chip"), Because: f.because()}, nil
	}},
	{Path: "/stok/izinkan", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.AllowBlank{Chip: ktp.ChipUID(upper(f.text("chip"))), Labels: f.labels(), Because: f.because()}, nil
	}},
	{Path: "/stok/daftar", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		return registry.ImportBlanks{Lot: f.needed("lot"), Product: f.needed("product"), Chips: f.chips("chips")}, nil
	}},
	{Path: "/stok/larang-daftar", Page: "stock", Op: func(f *form) (registry.Operation, error) {
		op := registry.ImportDenied{Chips: f.chips("chips"), Because: f.because()}
		if r := f.labels(); r != (stock.LabelRange{}) {
			op.Ranges = append(op.Ranges, r)
		}
		return op, nil
	}},
}

// chip is the UID of a chip, as a scanner or a hand gives it.
func (f *form) chip(field string) ktp.ChipUID { return ktp.ChipUID(upper(f.needed(field))) }

// stockState is the ledger of blanks and rolls, and what is left.
func (v *view) stockState() (templ.Component, error) {
	v.keepPage()
	held, wrong, err := v.Registry.Blanks(v.ctx())
	if err != nil {
		return nil, err
	}
	inUse, err := v.rolls(false)
	if err != nil {
		return nil, err
	}
	takenOut, err := v.rolls(true)
	if err != nil {
		return nil, err
	}
	blanks := tableView{Title: v.T("stock.blanks"), Empty: v.T("stock.no_blanks"), Heads: []string{v.T("field.place"), v.T("field.lot"), v.T("stock.for"), v.T("field.quantity")}}
	tests, err := v.Registry.TestLots(v.ctx())
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		quantity := cell{Text: v.Count(h.Unread + h.Read), Class: "number"}
		if v.counts(h.Place) {
			quantity = cell{Text: v.T("stock.blind"), Class: "soft"}
		}
		blanks.Rows = append(blanks.Rows, []cell{{Text: v.heapPlace(h.Place)}, {Text: h.Lot, Class: "mono", Link: lotPath(h.Lot)}, {Text: v.T(purposeWord(tests[h.Lot]))}, quantity})
	}
	var differs templ.Component
	if len(wrong) > 0 {
		differs = causeNote(v, "registry.stock_unexplained", "bad")
	}
	denied, err := v.denied()
	if err != nil {
		return nil, err
	}
	left, err := v.stockLeft(slices.DeleteFunc(slices.Clone(held), func(h stock.Holding) bool { return tests[h.Lot] }))
	if err != nil {
		return nil, err
	}
	return stack(differs, left, table(v, blanks), table(v, inUse), filled(v, takenOut), denied), nil
}

// stock is the ledger of blanks and rolls, and what moves them.
func (v *view) stock() (templ.Component, error) {
	lines, err := v.lineOptions()
	if err != nil {
		return nil, err
	}
	lot, quantity := input{Name: "lot", Needed: true}, input{Name: "quantity", Kind: "number", Needed: true}
	line := input{Name: "line", Kind: "select", Options: lines, Needed: true}
	serial := input{Name: "serial", Needed: true}
	return stack(
		v.outcome(), v.LivePart("stok"),
		columns(
			v.sheetOf("receive", "/stok/terima", registry.ReceiveBlanks{}, lot, v.productInput(), quantity),
			v.sheetOf("load", "/stok/isi", registry.LoadHopper{}, line, lot, quantity),
			v.sheetOf("unload", "/stok/kosongkan", registry.UnloadHopper{}, line, lot, quantity),
		),
		folds(v.T("card.acts"), append(v.listForms(listFold),
			v.foldOf("correct", "/stok/perbaiki", registry.CorrectLot{}, lot, v.productInput()),
			v.foldOf("roll", "/stok/rol", registry.ReceiveRoll{}, serial, input{Name: "roll_kind", Kind: "select", Options: []option{{"ribbon", v.T("roll.ribbon")}, {"film", v.T("roll.film")}}},
				input{Name: "product", Needed: true}, input{Name: "panels", Kind: "number", Needed: true}),
			v.foldOf("fit", "/stok/pasang", registry.FitRoll{}, serial, line),
			v.foldOf("remove", "/stok/lepas", registry.RemoveRoll{}, serial, input{Name: "seal", Needed: true}, input{Name: "left", Kind: "number"}),
			v.foldOf("list", "/stok/daftar", registry.ImportBlanks{}, lot, v.productInput(), input{Name: "chips", Kind: "text", Label: v.T("stock.chips"), Needed: true}),
			v.foldOf("test-receive", "/stok/uji/terima", registry.ReceiveTestBlanks{}, lot, v.productInput(), quantity),
			v.foldOf("test-draw", "/stok/uji/ambil", registry.DrawTestBlanks{}, lot, quantity),
			v.foldOf("test-end", "/stok/uji/selesai", registry.EndTestBlanks{}, lot, input{Name: "test_used", Kind: "number", Needed: true}, input{Name: "test_unused", Kind: "number", Needed: true}),
			v.foldOf("readmit", "/stok/kembali", registry.ReadmitBlank{}, input{Name: "chip", Needed: true}),
			v.foldOf("deny", "/stok/larang", registry.DenyBlank{}, input{Name: "chip", Needed: true}),
			v.foldOf("allow", "/stok/izinkan", registry.AllowBlank{}, input{Name: "chip"}, input{Name: "label"}, input{Name: "label_to"}),
			v.foldOf("deny-list", "/stok/larang-daftar", registry.ImportDenied{}, input{Name: "chips", Kind: "text", Label: v.T("stock.chips")}, input{Name: "label"}, input{Name: "label_to"}),
		)...),
	), nil
}

// rolls are those in printers and in the store, or those that were taken out. Who counts the store blind is shown none of
// it.
func (v *view) rolls(takenOut bool) (tableView, error) {
	t := tableView{
		Title: v.T("stock.rolls"), Empty: v.T("stock.no_rolls"),
		Heads: []string{v.T("field.serial"), v.T("field.roll_kind"), v.T("head.state"), v.T("head.line"), v.T("stock.used"), v.T("stock.left"), v.T("stock.apart")},
	}
	if takenOut {
		t.Title = v.T("stock.rolls_out")
	}
	in := v.Registry.RollsIn
	if !takenOut && registry.RollsCountedBlind(v.Actor) {
		t.Title, t.Empty = v.T("stock.rolls_fitted"), v.T("stock.no_rolls_fitted")
		in = func(ctx context.Context, l registry.Worklist) ([]registry.RollUse, error) {
			return v.Registry.Rolls(ctx, registry.RollFilter{State: registry.RollFitted, After: l.After, Limit: l.Limit})
		}
	}
	list, err := worklist(v, &t, registry.Worklist{Over: takenOut}, in, func(r registry.RollUse) string { return r.Serial })
	for _, r := range list {
		t.Rows = append(t.Rows, []cell{
			{Text: r.Serial, Class: "mono"},
			{Text: v.T("roll." + r.Kind)},
			{Text: v.Say("rollstate", string(r.State))},
			{Text: orDash(string(r.Line))},
			{Text: v.Count(r.Used), Class: "number"},
			{Text: v.Count(r.Left), Class: "number"},
			{Text: v.apart(r)},
		})
	}
	return t, err
}

// purposeWord says what the blanks of a lot are for.
func purposeWord(test bool) string {
	if test {
		return "stock.for_tests"
	}
	return "stock.for_cards"
}

// labels are what is printed on blanks, from one to another; the one alone where no other is given, or nothing.
func (f *form) labels() stock.LabelRange {
	from := stock.Label(upper(f.text("label")))
	return stock.LabelRange{From: from, To: cmp.Or(stock.Label(upper(f.text("label_to"))), from)}
}

// denied are the newest chips of the deny list, the labels of those blanks on it that are not here yet, and its ranges.
func (v *view) denied() (templ.Component, error) {
	list, err := v.Registry.DeniedBlanks(v.ctx(), listed+1)
	t := tableView{Title: v.T("stock.denied"), Empty: v.T("stock.none_denied"), Heads: []string{v.T("print.chip"), v.T("field.place"), v.T("head.why"), v.T("head.time"), v.T("head.by")}}
	for _, d := range short(&t, list) {
		place := "–"
		if d.Place.Kind != "" {
			place = v.heapPlace(d.Place)
		}
		t.Rows = append(t.Rows, []cell{{Text: string(d.Chip), Class: "mono"}, {Text: place}, {Text: v.causeText(d.Reason)}, {Text: v.Time(d.At)}, {Text: d.Actor}})
	}
	if err != nil {
		return nil, err
	}
	labels, err := v.Registry.DeniedLabels(v.ctx(), "", listed+1)
	if err != nil {
		return nil, err
	}
	elsewhere := tableView{Title: v.T("stock.denied_labels"), Heads: []string{v.T("field.label"), v.T("head.why"), v.T("head.time"), v.T("head.by")}}
	for _, d := range short(&elsewhere, labels) {
		elsewhere.Rows = append(elsewhere.Rows, []cell{{Text: string(d.Label), Class: "mono"}, {Text: v.causeText(d.Reason)}, {Text: v.Time(d.At)}, {Text: d.Actor}})
	}
	ranges, err := v.Registry.DeniedRanges(v.ctx(), "", listed+1)
	if err != nil {
		return nil, err
	}
	series := tableView{Title: v.T("stock.denied_ranges"), Heads: []string{v.T("field.label"), v.T("field.label_to"), v.T("head.why"), v.T("head.time"), v.T("head.by")}}
	for _, d := range short(&series, ranges) {
		series.Rows = append(series.Rows, []cell{{Text: string(d.From), Class: "mono"}, {Text: string(d.To), Class: "mono"}, {Text: v.causeText(d.Reason)}, {Text: v.Time(d.At)}, {Text: d.Actor}})
	}
	return stack(table(v, t), filled(v, elsewhere), filled(v, series)), nil
}

// apart is how far what the printer used of a roll is from what the ledger knows of, and why; a dash where nobody
// told.
func (v *view) apart(r registry.RollUse) string {
	switch {
	case r.Told < 0:
		return "–"
	case r.Cause == "":
		return v.Count(r.Apart())
	}
	return v.Count(r.Apart()) + ", " + v.reason(r.Cause)
}

// stockLeft is for how many days blanks, ribbon and film last at the speed of the last days. Who counts blind is
// not told.
func (v *view) stockLeft(held []stock.Holding) (templ.Component, error) {
	f, err := v.Registry.Forecast(v.ctx(), daysCounted)
	if err != nil {
		return nil, err
	}
	blanks, of, blind := 0, map[string]int{}, false
	for _, h := range held {
		if h.Place.Heap() {
			blanks, blind = blanks+h.Unread+h.Read, blind || v.counts(h.Place)
		}
	}
	if !registry.RollsCountedBlind(v.Actor) {
		rolls, err := v.Registry.RollsLeft(v.ctx())
		if err != nil {
			return nil, err
		}
		for _, r := range rolls {
			of[r.Kind] += r.Cards
		}
	}
	days := func(n int) string {
		switch {
		case !f.Known():
			return v.T("reports.unknown")
		case f.PerDay <= 0:
			return "–"
		}
		return v.T("length.days", int(float64(n)/f.PerDay))
	}
	reserved, err := v.Registry.Reservation(v.ctx())
	if err != nil {
		return nil, err
	}
	list := []fact{{Name: v.T("reports.per_day"), Value: v.perDay(f)}, {Name: v.T("stock.reserved"), Value: v.Count(reserved.Citizens.Cards + reserved.Foreign.Cards)}}
	if !blind {
		list = append(list, fact{Name: v.T("stock.days", v.T("stock.blanks")), Value: days(blanks)})
	}
	for _, kind := range slices.Sorted(maps.Keys(of)) {
		list = append(list, fact{Name: v.T("stock.days", v.T("roll."+kind)), Value: days(of[kind])})
	}
	return stack(facts(list), v.shortOf(reserved)), nil
}

// shortOf says that fewer blanks of a kind are in the house than cards were approved; nothing where there is one for
// each; and that orders wait whose blanks lie in no hopper. Who counts blind is not told how many are missing.
func (v *view) shortOf(r registry.Reservation) templ.Component {
	var notes []templ.Component
	for _, of := range []struct {
		product string
		registry.Reserved
	}{{ktp.ProfileCitizen, r.Citizens}, {ktp.ProfileForeign, r.Foreign}} {
		product := v.T("product." + of.product)
		if of.Unfed {
			notes = append(notes, note(v, v.T("stock.unfed", product)))
		}
		switch {
		case of.Short() == 0:
		case v.counts(stock.At(stock.Store)):
			notes = append(notes, note(v, v.T("stock.short", product)))
		default:
			notes = append(notes, note(v, v.T("stock.short_of", product, v.Count(of.Short()))))
		}
	}
	return stack(notes...)
}

// productInput chooses what the blanks of a lot are for.
func (v *view) productInput() input {
	return chooseOf(v, "product", "product", ktp.ProfileCitizen, ktp.ProfileForeign)
}

func (v *view) lineOptions() (list []option, err error) {
	lines, err := v.Registry.Lines(v.ctx())
	for _, l := range lines {
		list = append(list, option{string(l.ID), string(l.ID)})
	}
	return list, err
}
