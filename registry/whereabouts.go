package registry

import (
	"blanko/fault"
	"blanko/ktp"
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

// whereabouts are those of the card of an attempt; its chip may not be known.
func (a *act) whereabouts(attempt ktp.AttemptID, chip ktp.ChipUID) (w Whereabouts, err error) {
	b, err := stock.OfAttempt(a.tx, attempt.String())
	if err != nil && !fault.Is(err, stock.NoBlank) {
		return w, err
	}
	w.Heap = b.Place
	bag, travels, err := travelsIn(a.tx, chip)
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
	place, _, err := arrivedAt(a.tx, chip)
	w.Place = orDinas(place)
	return w, err
}
