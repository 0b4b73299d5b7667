package console

import (
	"strconv"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/stock"
)

func blankPath(chip ktp.ChipUID) string { return "/stok/blangko/" + escaped(string(chip)) }

// blankLink leads to the history of a blank whoever may see the stock.
func (v *view) blankLink(chip ktp.ChipUID) string {
	if !v.May(access.SeeStock) {
		return ""
	}
	return blankPath(chip)
}

func lotPath(lot string) string { return "/stok/lot/" + escaped(lot) }

// blankHistory is where one blank has been.
func (v *view) blankHistory() (templ.Component, error) {
	chip := ktp.ChipUID(upper(v.r.PathValue("chip")))
	list, err := v.Registry.HistoryOfBlank(v.ctx(), chip, v.behind(), listed+1)
	if err != nil {
		return nil, err
	}
	label, err := v.Registry.LabelOfBlank(v.ctx(), chip)
	if err != nil {
		return nil, err
	}
	about := []fact{{Name: v.T("print.chip"), Value: string(chip), Class: "mono"}}
	if label != "" {
		about = append(about, fact{Name: v.T("field.label"), Value: string(label), Class: "mono"})
	}
	if len(list) > 0 {
		last := list[len(list)-1]
		about = append(about, fact{Name: v.T("field.lot"), Value: last.Lot, Link: lotPath(last.Lot)})
		if len(list) <= listed { // the newest is among them
			about = append(about, fact{Name: v.T("field.place"), Value: v.heapPlace(last.To)})
		}
	}
	return stack(facts(about), table(v, v.movements(list))), nil
}

// lotHistory is how the blanks of one lot moved.
func (v *view) lotHistory() (templ.Component, error) {
	lot := v.r.PathValue("lot")
	list, err := v.Registry.HistoryOfLot(v.ctx(), lot, v.behind(), listed+1)
	if err != nil {
		return nil, err
	}
	return stack(facts([]fact{{Name: v.T("field.lot"), Value: lot, Class: "mono"}}), table(v, v.movements(list))), nil
}

// movements tell no number: who counts a heap counts it blind.
func (v *view) movements(list []stock.Movement) tableView {
	t := tableView{Title: v.T("stock.history"), Empty: v.T("stock.no_blanks"), Heads: []string{v.T("head.time"), v.T("head.from"), v.T("head.to"), v.T("stock.what"), v.T("head.by")}}
	for _, m := range cut(v, &t, listed, list, "sesudah", func(m stock.Movement) string { return strconv.FormatInt(m.ID, 10) }) {
		what := v.T("stock.one_blank")
		if m.Blank == 0 {
			what = v.T("stock.of_its_lot")
		}
		t.Rows = append(t.Rows, []cell{{Text: v.Time(m.At)}, {Text: v.heapPlace(m.From)}, {Text: v.heapPlace(m.To)}, {Text: what}, {Text: m.Why.Actor}})
	}
	return t
}
