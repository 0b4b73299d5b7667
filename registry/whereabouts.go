package registry

import (
	"blanko/fault"
	"blanko/registry/stock"
)

// Whereabouts is where a card is by the ledger.
type Whereabouts struct {
	Heap stock.Place // of its blank
	Bag  Consignment // that it is in; without an id: in none
	// Place is the service place where it lies, or which its bag left for.
	Place string
}

// Travels reports whether the card is between two places.
func (w Whereabouts) Travels() bool { return w.Bag.State == ConsignmentShipped }

func (a *act) whereabouts(c Card) (w Whereabouts, err error) {
	b, err := stock.OfAttempt(a.tx, c.Attempt.String())
	if err != nil && !fault.Is(err, stock.NoBlank) {
		return w, err
	}
	w.Heap = b.Place
	bag, travels, err := travelsIn(a.tx, c.Chip)
	if err != nil {
		return w, err
	}
	if travels {
		if w.Bag, err = a.consignment(bag); err != nil {
			return w, err
		}
		w.Place = w.Bag.From
		if w.Travels() {
			w.Place = w.Bag.To
		}
		return w, nil
	}
	place, _, err := arrivedAt(a.tx, c.Chip)
	w.Place = orDinas(place)
	return w, err
}
