package console

import (
	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/stock"
)

// pulls are the cards that are pulled before they reach their holders, of one consignment or all: a list to print.
func (v *view) pulls() (templ.Component, error) {
	const word = "sesudah"
	of := v.after("kiriman")
	list, err := v.Registry.CardsToPull(v.ctx(), of, ktp.ChipUID(v.after(word)), listed+1)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("page.pulls"), Empty: v.T("pulls.none")}
	if of != "" {
		t.Title = v.T("pulls.of", of)
	}
	v.toPull(&t, cut(v, &t, listed, list, word, func(c registry.CardToPull) string { return string(c.Chip) }))
	return stack(soft(v.T("pulls.how")), table(v, t), printButton(v)), nil
}

// toPull names the cards, and where each lies.
func (v *view) toPull(t *tableView, list []registry.CardToPull) {
	t.Heads = []string{v.T("head.application"), v.T("print.chip"), v.T("head.why"), v.T("head.consignment"), v.T("pulls.lies")}
	for _, c := range list {
		bag := cell{Text: orDash(c.Where.Bag.ID)}
		if c.Where.Bag.ID != "" {
			bag.Link = "/pengiriman/" + escaped(c.Where.Bag.ID)
		}
		t.Rows = append(t.Rows, []cell{v.applicationCell(c.Application), {Text: string(c.Chip), Link: cardPath(c.Chip), Class: "mono"}, {Text: v.causeText(c.Reason)}, bag, {Text: v.lies(c.Where)}})
	}
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
	list, err := v.Registry.CardsToPull(v.ctx(), of, "", listed+1)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	t := tableView{Title: v.T("page.pulls")}
	v.toPull(&t, short(&t, list))
	return stack(pullsTold(v, pullsPath(of)), table(v, t)), nil
}
