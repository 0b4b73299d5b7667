package registry

import (
	"context"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/stock"
	"blanko/store"
)

// Reserved tells of one kind of blank whether there are enough for the cards that were approved: each of them has one
// reserved until it gets its own.
type Reserved struct {
	Blanks int  // for cards, in the store and in hoppers
	Cards  int  // that were approved and have no blank yet
	Unfed  bool // orders are ready, and no line's hopper holds blanks for them
}

// Short is how many blanks are missing; 0: there is one for each.
func (r Reserved) Short() int { return max(0, r.Cards-r.Blanks) }

// Reservation is what is reserved of the blanks of citizens' cards, and of those of foreign residents'.
type Reservation struct {
	Citizens Reserved
	Foreign  Reserved
}

// Reservation counts what is reserved now, and what would be if those applications were approved, too.
func (r *Registry) Reservation(ctx context.Context, those ...ApplicationID) (v Reservation, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		left, err := stock.BlanksFor(tx, stock.Store, stock.Hopper)
		if err != nil {
			return err
		}
		v = Reservation{Citizens: Reserved{Blanks: left[ktp.ProfileCitizen]}, Foreign: Reserved{Blanks: left[ktp.ProfileForeign]}}
		if v.Foreign.Cards, err = waitingForBlanks(tx, ktp.ProfileForeign); err != nil {
			return err
		}
		if v.Citizens.Cards, err = waitingForBlanks(tx, ktp.ProfileCitizen); err != nil {
			return err
		}
		if v.Citizens.Unfed, err = r.unfed(tx, ktp.ProfileCitizen); err != nil {
			return err
		}
		if v.Foreign.Unfed, err = r.unfed(tx, ktp.ProfileForeign); err != nil {
			return err
		}
		for _, id := range those {
			profile, err := profileOf(tx, id)
			if err != nil {
				return err
			}
			if profile == ktp.ProfileForeign {
				v.Foreign.Cards++
			} else {
				v.Citizens.Cards++
			}
		}
		return nil
	})
	return v, err
}

// profileFor is the card profile of the orders that a line takes: what its hopper holds blanks for, or what an empty one
// can be loaded with; empty: any.
func profileFor(tx *store.Tx, line jobs.LineID) (string, error) {
	profile, err := stock.Next(tx, string(line))
	if err == nil && profile == "" {
		profile, err = stock.Loadable(tx)
	}
	return profile, err
}

// unfed reports whether orders are ready whose cards no line makes: no hopper holds blanks of their kind, and none that is
// empty, of a line that runs, can be loaded with them.
func (r *Registry) unfed(tx *store.Tx, profile string) (bool, error) {
	lines, err := jobs.Lines(tx)
	if err != nil || len(lines) == 0 {
		return false, err
	}
	for _, l := range lines {
		holds, err := stock.Next(tx, string(l.ID))
		if err != nil || holds == profile {
			return false, err
		}
		if holds != "" || l.Wish != jobs.Running {
			continue
		}
		if load, err := stock.Loadable(tx); err != nil || load == "" || load == profile {
			return false, err
		}
	}
	return jobs.Ready(tx, profile, tx.Now())
}
