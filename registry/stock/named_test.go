package stock

import (
	"slices"
	"testing"

	"blanko/fault"
	"blanko/ktp"
	"blanko/store"
	"blanko/store/storetest"
)

// named is a ledger with a hopper of three blanks that a list names by their chips.
func named(t testing.TB, db storetest.DB) *store.Store {
	s := db.Open(t)
	in(t, s, func(tx *store.Tx) error {
		if err := ReceiveChips(tx, "A", "ktp-el", []ktp.ChipUID{"C1", "C2", "C3"}, why); err != nil {
			return err
		}
		return Carry(tx, "A", At(Store), On(Hopper, "l1"), 3, why)
	})
	return s
}

// foreignLot is a lot in the store for cards of the other kind.
func foreignLot(t testing.TB, tx *store.Tx) string {
	if err := Receive(tx, "F", ktp.ProfileForeign, ForCards, 1, why); err != nil {
		t.Fatal(err)
	}
	return "F"
}

// names are the chips that the ledger has at a place.
func names(tx *store.Tx, at Place) (list []ktp.ChipUID) {
	all, err := blanksAt(tx, at)
	if err != nil {
		return nil
	}
	for _, b := range all {
		list = append(list, b.Chip)
	}
	slices.Sort(list)
	return list
}

// A blank that leaves a hopper of named ones unread takes no name with it: its own chip tells which it was, wherever
// it is read.
func TestNamedBlanks(t *testing.T) {
	t.Parallel()
	hopper, tray := On(Hopper, "l1"), On(Reject, "l1")
	for name, c := range map[string]struct {
		act    func(tx *store.Tx) error
		hopper int
		left   []ktp.ChipUID // names in the hopper
		tray   []ktp.ChipUID
		lost   int // in the ledger of what came from nowhere
	}{
		"it strays, and is read": {func(tx *store.Tx) error {
			if explained, err := Stray(tx, "l1", "", tray, why); err != nil || !explained {
				t.Errorf("explained %v, %v", explained, err)
			}
			b, found, err := Counted(tx, "l1")
			if err != nil || !found {
				t.Errorf("counted %v, %v", found, err)
			}
			return NameCounted(tx, b, "C2", tray, why)
		}, 2, []ktp.ChipUID{"C1", "C3"}, []ktp.ChipUID{"C2"}, 0},
		"it strays, and is mute": {func(tx *store.Tx) error {
			_, err := Stray(tx, "l1", "", tray, why)
			return err
		}, 2, []ktp.ChipUID{"C1", "C2", "C3"}, []ktp.ChipUID{""}, 0},
		"it strays, and its chip is read at once": {func(tx *store.Tx) error {
			explained, err := Stray(tx, "l1", "C2", tray, why)
			if !explained {
				t.Error("not explained")
			}
			return err
		}, 2, []ktp.ChipUID{"C1", "C3"}, []ktp.ChipUID{"C2"}, 0},
		"one that no list names": {func(tx *store.Tx) error {
			explained, err := Stray(tx, "l1", "X1", tray, why)
			if explained {
				t.Error("explained")
			}
			return err
		}, 3, []ktp.ChipUID{"C1", "C2", "C3"}, []ktp.ChipUID{"X1"}, 1},
		"one that no list names, fed": {func(tx *store.Tx) error {
			if _, _, err := Feed(tx, "l1", "t1", Path, why); err != nil {
				return err
			}
			if err := Identify(tx, "t1", "X1", why); err != nil {
				return err
			}
			return Move(tx, "t1", tray, why)
		}, 3, []ktp.ChipUID{"C1", "C2", "C3"}, []ktp.ChipUID{"X1"}, 1},
		"a mute one, and then all that are left": {func(tx *store.Tx) error {
			if _, _, err := Feed(tx, "l1", "t1", Path, why); err != nil {
				return err
			}
			if err := Move(tx, "t1", tray, why); err != nil {
				return err
			}
			for attempt, chip := range map[string]ktp.ChipUID{"t2": "C1", "t3": "C3"} {
				if _, explained, err := Feed(tx, "l1", attempt, Path, why); err != nil || !explained {
					t.Errorf("%s: explained %v, %v", attempt, explained, err)
				}
				if err := Identify(tx, attempt, chip, why); err != nil {
					return err
				}
			}
			if err := Alike(tx, foreignLot(t, tx), hopper); err != nil {
				t.Errorf("a name that is left stands in the way: %v", err)
			}
			_, explained, err := Feed(tx, "l1", "t4", Doubt, why)
			if explained {
				t.Error("the name that is left was fed")
			}
			return err
		}, 0, []ktp.ChipUID{"C2"}, []ktp.ChipUID{""}, 1},
		"two in doubt, one stayed": {func(tx *store.Tx) error {
			if n, err := Doubted(tx, "l1", 2, why); err != nil || n != 2 {
				t.Errorf("%d in doubt, %v", n, err)
			}
			open, err := blanksAt(tx, At(Doubt))
			if err != nil || len(open) != 2 {
				t.Fatalf("%+v, %v", open, err)
			}
			if err := Settle(tx, open[0], hopper, why); err != nil {
				return err
			}
			return NameCounted(tx, open[1], "C3", tray, why)
		}, 2, []ktp.ChipUID{"C1", "C2"}, []ktp.ChipUID{"C3"}, 0},
		"unloaded": {func(tx *store.Tx) error {
			if _, err := Stray(tx, "l1", "", tray, why); err != nil {
				return err
			}
			if err := Carry(tx, "A", hopper, At(Store), 3, why); !fault.Is(err, NotEnough) {
				t.Errorf("more than lie there: %v", err)
			}
			return Carry(tx, "A", hopper, At(Store), 2, why)
		}, 0, []ktp.ChipUID{"C3"}, []ktp.ChipUID{""}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, db storetest.DB) {
				in(t, named(t, db), func(tx *store.Tx) error {
					if err := c.act(tx); err != nil {
						return err
					}
					if m := held(tx); m[hopper.String()] != c.hopper {
						t.Errorf("held %v, want %d in the hopper", m, c.hopper)
					}
					if l := names(tx, hopper); !slices.Equal(l, c.left) {
						t.Errorf("named in the hopper: %v, want %v", l, c.left)
					}
					if l := names(tx, tray); !slices.Equal(l, c.tray) {
						t.Errorf("in the tray: %v, want %v", l, c.tray)
					}
					moves, err := Movements(tx, 0, 100)
					lost := 0
					for _, m := range moves {
						if m.From.Kind == Found {
							lost += m.Quantity
						}
					}
					if err != nil || lost != c.lost {
						t.Errorf("%d came from nowhere, want %d, %v", lost, c.lost, err)
					}
					balanced(t, tx)
					return nil
				})
			})
		})
	}
}

// A name that nobody saw leave a hopper that holds none any more is found elsewhere: one came into it from nowhere.
func TestNameOfAnEmptyHopper(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		in(t, named(t, db), func(tx *store.Tx) error {
			if _, err := Doubted(tx, "l1", 3, why); err != nil {
				return err
			}
			if _, known, err := SetAside(tx, "C1", At(Quarantine), why); err != nil || !known {
				t.Errorf("known %v, %v", known, err)
			}
			if m := held(tx); m["hopper/l1"] != 0 || m["doubt"] != 3 || m["quarantine"] != 1 {
				t.Errorf("held %v", m)
			}
			balanced(t, tx)
			return nil
		})
	})
}

// A blank on the deny list is none to make a card of, in the store and in a hopper, whenever it was denied.
func TestDeniedIsNoStock(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		in(t, named(t, db), func(tx *store.Tx) error {
			for _, c := range []ktp.ChipUID{"C2", "D1"} {
				if _, err := Deny(tx, c, Why{"a", "stolen"}); err != nil {
					return err
				}
			}
			if err := ReceiveChips(tx, "A", "ktp-el", []ktp.ChipUID{"D1", "D2"}, why); err != nil {
				return err
			}
			if _, err := DenyLabel(tx, "L-0002", Why{"a", "stolen"}); err != nil {
				return err
			}
			if denied, err := Labelled(tx, "D2", "L-0002"); err != nil || !denied {
				t.Errorf("denied %v, %v", denied, err)
			}
			list, err := DeniedHeld(tx)
			if want := []Holding{{On(Hopper, "l1"), "A", 0, 1}, {At(Store), "A", 0, 2}}; err != nil || !slices.Equal(list, want) {
				t.Errorf("denied %+v, %v", list, err)
			}
			if all, err := DenyList(tx, 10); err != nil || len(all) != 3 || all[0].Place.Kind == "" {
				t.Errorf("%+v, %v", all, err)
			}
			return nil
		})
	})
}
