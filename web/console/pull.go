package console

import (
	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/stock"
)

// pulls are the cards that are pulled before they reach their holders, of one consignment or all: a list to print.
func (v *view) pulls() (templ.Component, error) {
	of := v.r.URL.Query().Get("kiriman")
	t, err := v.toPull(of, ktp.ChipUID(v.r.URL.Query().Get("sesudah")))
	if err != nil {
		return nil, err
	}
	t.Title, t.Empty = v.T("page.pulls"), v.T("pulls.none")
	if of != "" {
		t.Title = v.T("pulls.of", of)
	}
	return stack(soft(v.T("pulls.how")), table(v, t), printButton(v)), nil
}

// toPull names the cards, and where each lies.
func (v *view) toPull(of string, after ktp.ChipUID) (tableView, error) {
	t := tableView{Heads: []string{v.T("head.application"), v.T("print.chip"), v.T("head.why"), v.T("head.consignment"), v.T("pulls.lies")}}
	list, err := v.Registry.CardsToPull(v.ctx(), of, after, listed+1)
	for _, c := range list[:min(len(list), listed)] {
		bag := cell{Text: orDash(c.Where.Bag.ID)}
		if c.Where.Bag.ID != "" {
			bag.Link = "/pengiriman/" + escaped(c.Where.Bag.ID)
		}
		t.Rows = append(t.Rows, []cell{v.applicationCell(c.Application), {Text: string(c.Chip), Link: cardPath(c.Chip), Class: "mono"}, {Text: v.causeText(c.Reason)}, bag, {Text: v.lies(c.Where)}})
	}
	if len(list) > listed {
		t.More = pullsPath(of) + "&sesudah=" + escaped(string(list[listed-1].Chip))
	}
	if after != "" {
		t.First = pullsPath(of)
	}
	return t, err
}

func pullsPath(of string) string { return "/pengiriman/tarik?kiriman=" + escaped(of) }

// lies is where a card is, in words.
func (v *view) lies(w registry.Whereabouts) string {
	at := v.placeName(w.Place)
	switch {
	case w.Travels():
		return v.T("pulls.travels", at)
	case w.Bag.ID != "":
		return v.T("pulls.in_bag", at, v.Say("shipment", string(w.Bag.State)))
	case w.Heap.Kind == "" || w.Heap.Kind == stock.Delivered:
		return at
	}
	return at + " · " + v.heapPlace(w.Heap)
}

// pullsNote leads to the cards that have to be pulled; nil: there is none.
func (v *view) pullsNote(of string) (templ.Component, error) {
	t, err := v.toPull(of, "")
	if err != nil || len(t.Rows) == 0 {
		return nil, err
	}
	t.Title, t.Cut, t.More = v.T("page.pulls"), t.More != "", ""
	return stack(pullsTold(v, pullsPath(of)), table(v, t)), nil
}
