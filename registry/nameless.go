package registry

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/registry/stock"
	"blanko/store"
)

// itemOf names a blank that has no chip on a list.
func itemOf(id int64) string { return stock.NumberPrefix + strconv.FormatInt(id, 10) }

func numberOf(item string) (id int64, numbered bool) {
	digits, numbered := strings.CutPrefix(item, stock.NumberPrefix)
	if !numbered {
		return 0, false
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil && itemOf(id) == item
}

// Nameless is a blank whose chip nobody has read, and that waits for its destruction.
type Nameless struct {
	Item  string // as a list of destruction names it
	Lot   string
	Test  bool // it was used for a test card
	Place stock.Place
	Since time.Time
}

// NumberOfNameless is the number of a blank by its item; 0 where it is none.
func NumberOfNameless(item string) int64 {
	id, _ := numberOf(item)
	return id
}

// NamelessBlanks are those behind a number that are on no list yet, in the order of their numbers.
func (r *Registry) NamelessBlanks(ctx context.Context, after int64, limit int) (list []Nameless, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		tests, err := stock.TestLots(tx)
		if err != nil {
			return err
		}
		found, err := stock.NamelessIn(tx, destroyFrom, after, limit)
		for _, b := range found {
			list = append(list, Nameless{itemOf(b.ID), b.Lot, tests[b.Lot], b.Place, b.Since})
		}
		return err
	})
	return list, err
}

// nameless refuses a number that is of no blank without a chip, or of one that is not where things wait for their
// destruction.
func (a *act) nameless(op string, id int64) error {
	b, found, err := stock.ByID(a.tx, id)
	switch {
	case err != nil:
		return err
	case !found || b.Chip != "":
		return cardUnknown.At(op, nil).With("item", "no blank without a chip of this number")
	case !slices.Contains(destroyFrom, b.Place.Kind):
		return wrongState.At(op, nil).With("item", "it is at %s", b.Place)
	}
	return nil
}
