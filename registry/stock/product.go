package stock

import (
	"slices"

	"blanko/ktp"
	"blanko/store"
)

// Next is the card profile that the blank is for that a line feeds next, by the ledger; empty of an empty hopper, of
// which nothing is known.
func Next(tx *store.Tx, line string) (profile string, err error) {
	lot, found, err := nextIn(tx, On(Hopper, line))
	if err != nil || !found {
		return "", err
	}
	return ProfileOfLot(tx, lot)
}

// Loadable is the one card profile for which the store has blanks; empty where it has of both, or of none.
func Loadable(tx *store.Tx) (profile string, err error) {
	left, err := BlanksFor(tx, Store)
	switch citizens, foreign := left[ktp.ProfileCitizen] > 0, left[ktp.ProfileForeign] > 0; {
	case citizens && !foreign:
		profile = ktp.ProfileCitizen
	case foreign && !citizens:
		profile = ktp.ProfileForeign
	}
	return profile, err
}

// BlanksFor is how many blanks lie at places of some kinds, by the card profile that they are for. Test stock is for none,
// nor is a blank on the deny list.
func BlanksFor(tx *store.Tx, kinds ...Kind) (n map[string]int, err error) {
	held, err := TalliedHoldings(tx)
	if err != nil {
		return nil, err
	}
	tests, err := TestLots(tx)
	if err != nil {
		return nil, err
	}
	foreign, err := lotsWith(tx, `product = ?`, ktp.ProfileForeign)
	if err != nil {
		return nil, err
	}
	denied, err := DeniedHeld(tx)
	n = map[string]int{}
	for _, h := range held {
		if tests[h.Lot] || !slices.Contains(kinds, h.Place.Kind) {
			continue
		}
		profile := ktp.ProfileCitizen
		if foreign[h.Lot] {
			profile = ktp.ProfileForeign
		}
		n[profile] += h.Unread + h.Read
		if i := slices.IndexFunc(denied, func(d Holding) bool { return d.Place == h.Place && d.Lot == h.Lot }); i >= 0 {
			n[profile] -= min(denied[i].Read, h.Read)
		}
	}
	return n, err
}

// Correct says of which product a lot is, and of which it was: stock.lot_unknown, or stock.lot_in_hopper while blanks of it lie
// in a hopper or in the path of a line.
func Correct(tx *store.Tx, lot, product string) (before string, err error) {
	const op = "stock.Correct"
	before, known, err := productOf(tx, lot)
	switch {
	case err != nil:
		return "", err
	case !known:
		return "", LotUnknown.At(op, nil).With("lot", "was never received")
	}
	held, err := Holdings(tx)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(held, func(h Holding) bool {
		return h.Lot == lot && (h.Place.Kind == Hopper || h.Place.Kind == Path) && h.Unread+h.Read > 0
	}) {
		return "", LotInHopper.At(op, nil).With("lot", "its blanks lie in a hopper or in a machine")
	}
	_, err = tx.Exec(`update lot set product = ? where id = ?`, product, lot)
	return before, err
}

// ProfileOf is the card profile that the blank of an attempt is for; empty of one that came from nowhere.
func ProfileOf(tx *store.Tx, attempt string) (string, error) {
	b, err := OfAttempt(tx, attempt)
	if err != nil {
		return "", err
	}
	return ProfileOfLot(tx, b.Lot)
}

// Alike refuses a lot for one kind of card in a hopper where blanks of the other kind lie: stock.other_card. Every other
// place takes both, and one that came from nowhere lies with either.
func Alike(tx *store.Tx, lot string, at Place) error {
	if at.Kind != Hopper || lot == Unexplained {
		return nil
	}
	profile, err := ProfileOfLot(tx, lot)
	if err != nil {
		return err
	}
	other := `product = ?`
	if profile == ktp.ProfileForeign {
		other = `product <> ?`
	}
	var others int
	if _, err := tx.Get([]any{&others}, `select count(*) from lot where `+other+` and id <> ?
		and coalesce((select quantity from stock_unread where lot = lot.id and place = ?), 0) + (select count(*) from blank where lot = lot.id and place = ?) > 0`,
		ktp.ProfileForeign, Unexplained, at.String(), at.String()); err != nil {
		return err
	}
	if others > 0 {
		return OtherCard.At("stock.Alike", nil).With("lot", "%q is for other cards than the blanks in %s", lot, at)
	}
	return nil
}

// ProfileOfLot is the card profile that the blanks of a lot are for; empty of those that came from nowhere.
func ProfileOfLot(tx *store.Tx, lot string) (string, error) {
	if lot == Unexplained {
		return "", nil
	}
	product, _, err := productOf(tx, lot)
	if product != ktp.ProfileForeign {
		product = ktp.ProfileCitizen
	}
	return product, err
}
