package stock

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"blanko/fault"
	"blanko/ktp"
	"blanko/store"
	"blanko/store/storetest"
)

var why = Why{Actor: "keeper-1", Reason: "test"}

func in(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func held(tx *store.Tx) map[string]int {
	list, err := Holdings(tx)
	if err != nil {
		return nil
	}
	m := map[string]int{}
	for _, h := range list {
		m[h.Place.String()] += h.Unread + h.Read
	}
	return m
}

// blanksAt lists the blanks at a place that have a row of their own.
func blanksAt(tx *store.Tx, p Place) ([]Blank, error) {
	return blanks(tx, `where place = ? order by id`, p.String())
}

func balanced(t testing.TB, tx *store.Tx) {
	t.Helper()
	wrong, err := Reconcile(tx)
	if err != nil || len(wrong) > 0 {
		t.Errorf("movements do not add up: %+v, %v", wrong, err)
	}
}

// stocked is a ledger with a hopper of ten blanks of each of two lots, the older one in front.
func stocked(t testing.TB, db storetest.DB) *store.Store {
	s := db.Open(t)
	for _, lot := range []string{"A", "B"} {
		in(t, s, func(tx *store.Tx) error {
			if err := Receive(tx, lot, "ktp-el", ForCards, 20, why); err != nil {
				return err
			}
			return Shift(tx, lot, At(Store), On(Hopper, "l1"), 10, why)
		})
		db.Clock.Advance(1e9)
	}
	return s
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		p := At(k.Kind)
		if k.OfALine {
			p = On(k.Kind, "l1")
		}
		if !p.valid() || parsePlace(p.String()) != p {
			t.Errorf("%v is not a place", p)
		}
		wrong := On(k.Kind, "l1")
		if k.OfALine {
			wrong = At(k.Kind)
		}
		if wrong.valid() {
			t.Errorf("%v is a place", wrong)
		}
	}
	if At(Supplier).valid() || At(Found).valid() || At("attic").valid() {
		t.Error("a place outside the house is one inside")
	}
}

func TestCountedBlanks(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s := stocked(t, db)
		in(t, s, func(tx *store.Tx) error {
			for name, c := range map[string]struct {
				err  error
				want fault.Code
			}{
				"nothing":      {Receive(tx, "C", "ktp-el", ForCards, 0, why), "stock.bad_quantity"},
				"another kind": {Receive(tx, "A", "ktp-el-oa", ForCards, 1, why), "stock.lot_received"},
				"too many":     {Shift(tx, "A", At(Store), On(Hopper, "l1"), 11, why), "stock.not_enough"},
				"none there":   {Shift(tx, "A", At(Returned), At(Store), 1, why), "stock.not_enough"},
				"unknown lot":  {Shift(tx, "X", At(Store), On(Hopper, "l1"), 1, why), "stock.lot_unknown"},
				"from outside": {Shift(tx, "A", At(Supplier), At(Store), 1, why), "stock.bad_place"},
				"no such":      {Shift(tx, "A", At(Store), At("attic"), 1, why), "stock.bad_place"},
				"negative":     {Shift(tx, "A", At(Store), On(Hopper, "l1"), -1, why), "stock.bad_quantity"},
			} {
				if fault.CodeOf(c.err) != c.want {
					t.Errorf("%s: %v, want %s", name, c.err, c.want)
				}
			}
			if m := held(tx); m["store"] != 20 || m["hopper/l1"] != 20 {
				t.Errorf("held %v", m)
			}
			balanced(t, tx)
			return Receive(tx, "A", "ktp-el", ForCards, 5, why) // the rest of the delivery
		})
	})
}

// The database refuses a negative count by itself.
func TestNeverNegative(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := stocked(t, db)
		err := s.Write(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Exec(`update stock_unread set quantity = quantity - 11 where place = 'store' and lot = 'A'`)
			return err
		})
		if !store.IsForbidden(err) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestFeedTakesTheOldestLot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := stocked(t, db)
		in(t, s, func(tx *store.Tx) error {
			for i := range 22 {
				b, explained, err := Feed(tx, "l1", fmt.Sprintf("t%d", i), Path, why)
				if err != nil {
					return err
				}
				lot := "A"
				switch {
				case i >= 20:
					lot = Unexplained
				case i >= 10:
					lot = "B"
				}
				if b.Lot != lot || explained != (i < 20) || b.Place != On(Path, "l1") {
					t.Errorf("feed %d: %+v, explained %v", i, b, explained)
				}
			}
			balanced(t, tx)
			if m := held(tx); m["hopper/l1"] != 0 || m["path/l1"] != 22 {
				t.Errorf("held %v", m)
			}
			return nil
		})
	})
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := stocked(t, db)
		in(t, s, func(tx *store.Tx) error {
			feed := func(attempt string) {
				t.Helper()
				if _, _, err := Feed(tx, "l1", attempt, Path, why); err != nil {
					t.Fatal(err)
				}
			}
			is := func(attempt string, chip ktp.ChipUID, lot, place string) {
				t.Helper()
				b, err := OfAttempt(tx, attempt)
				if err != nil || b.Chip != chip || b.Lot != lot || b.Place.String() != place {
					t.Errorf("%s: %+v, %v", attempt, b, err)
				}
			}
			if err := Identify(tx, "none", "C1", why); !fault.Is(err, NoBlank) {
				t.Errorf("no blank: %v", err)
			}
			feed("t1")
			for range 2 {
				if err := Identify(tx, "t1", "C1", why); err != nil {
					return err
				}
			}
			is("t1", "C1", "A", "path/l1")
			// The same chip elsewhere: refused, nothing changes.
			feed("t2")
			if err := Identify(tx, "t2", "C1", why); !fault.Is(err, ChipElsewhere) {
				t.Errorf("chip elsewhere: %v", err)
			}
			is("t2", "", "A", "path/l1")
			// A blank that was read, given back, and comes again: it takes the place of the counted one.
			if err := Return(tx, "t1", At(Store), why); err != nil {
				return err
			}
			before := held(tx)
			if err := Identify(tx, "t2", "C1", why); err != nil {
				return err
			}
			is("t2", "C1", "A", "path/l1")
			if after := held(tx); after["store"] != before["store"] || after["path/l1"] != before["path/l1"] {
				t.Errorf("before %v, after %v", before, after)
			}
			if err := Return(tx, "t2", On(Tray, "l1"), why); !fault.Is(err, BadPlace) {
				t.Errorf("returned into a tray: %v", err)
			}
			balanced(t, tx)
			return nil
		})
	})
}

// Only read blanks are left in the hopper: one of them is fed, and its chip tells which.
func TestFeedOfReadBlanks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		in(t, s, func(tx *store.Tx) error {
			if err := Receive(tx, "A", "ktp-el", ForCards, 2, why); err != nil {
				return err
			}
			if err := Shift(tx, "A", At(Store), On(Hopper, "l1"), 2, why); err != nil {
				return err
			}
			for i, chip := range []ktp.ChipUID{"C1", "C2"} {
				id := fmt.Sprintf("t%d", i)
				if _, _, err := Feed(tx, "l1", id, Path, why); err != nil {
					return err
				}
				if err := Identify(tx, id, chip, why); err != nil {
					return err
				}
			}
			for i := range 2 {
				if err := Return(tx, fmt.Sprintf("t%d", i), On(Hopper, "l1"), why); err != nil {
					return err
				}
			}
			b, explained, err := Feed(tx, "l1", "t9", Path, why)
			if err != nil || !explained || b.Chip != "" || b.Lot != "A" {
				t.Errorf("fed %+v, %v, %v", b, explained, err)
			}
			if m := held(tx); m["hopper/l1"] != 1 {
				t.Errorf("held %v", m)
			}
			if err := Identify(tx, "t9", "C2", why); err != nil {
				return err
			}
			if b, _ := OfAttempt(tx, "t9"); b.Chip != "C2" {
				t.Errorf("now %+v", b)
			}
			if b, _, _ := ByChip(tx, "C1"); b.Place != On(Hopper, "l1") || b.Attempt != "" {
				t.Errorf("the other is %+v", b)
			}
			// A chip that nobody knows: it came from nowhere, the other stays in the hopper.
			if _, _, err := Feed(tx, "l1", "t10", Path, why); err != nil {
				return err
			}
			if err := Identify(tx, "t10", "NEW", why); err != nil {
				return err
			}
			if b, _ := OfAttempt(tx, "t10"); b.Lot != Unexplained {
				t.Errorf("new is %+v", b)
			}
			if b, _, _ := ByChip(tx, "C1"); b.Place != On(Hopper, "l1") {
				t.Errorf("the other is %+v", b)
			}
			balanced(t, tx)
			return nil
		})
	})
}

func TestMoveAndSetAside(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := stocked(t, db)
		in(t, s, func(tx *store.Tx) error {
			if _, _, err := Feed(tx, "l1", "t1", Doubt, why); err != nil {
				return err
			}
			if err := Move(tx, "t1", At("attic"), why); !fault.Is(err, BadPlace) {
				t.Errorf("attic: %v", err)
			}
			if err := Move(tx, "none", At(Spoiled), why); !fault.Is(err, NoBlank) {
				t.Errorf("none: %v", err)
			}
			for range 2 {
				if err := Move(tx, "t1", At(Spoiled), why); err != nil {
					return err
				}
			}
			if err := Identify(tx, "t1", "C1", why); err != nil {
				return err
			}
			if b, known, err := SetAside(tx, "C1", On(Reject, "l1"), why); err != nil || !known || b.Attempt != "t1" {
				t.Errorf("%+v, %v, %v", b, known, err)
			}
			for _, chip := range []ktp.ChipUID{"NEW", "", ""} {
				if b, known, err := SetAside(tx, chip, On(Reject, "l1"), why); err != nil || known || b.Lot != Unexplained {
					t.Errorf("%+v, %v, %v", b, known, err)
				}
			}
			if _, _, err := SetAside(tx, "NEW", At(Supplier), why); !fault.Is(err, BadPlace) {
				t.Errorf("outside: %v", err)
			}
			list, err := blanksAt(tx, On(Reject, "l1"))
			if err != nil || len(list) != 4 {
				t.Errorf("%d in the reject bin, %v", len(list), err)
			}
			moves, err := Movements(tx, 0, 100)
			if err != nil {
				return err
			}
			var way []string
			for _, m := range moves {
				if m.Attempt == "t1" {
					way = append(way, m.To.String())
				}
			}
			if !slices.Equal(way, []string{"doubt", "spoiled", "reject/l1"}) {
				t.Errorf("the way of the blank: %v", way)
			}
			balanced(t, tx)
			return nil
		})
	})
}

func TestDenyList(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		in(t, s, func(tx *store.Tx) error {
			for i, reason := range []string{"stolen", "other"} {
				if added, err := Deny(tx, "C1", Why{"a", reason}); err != nil || added != (i == 0) {
					t.Errorf("%s: %v, %v", reason, added, err)
				}
			}
			if reason, denied, err := Denied(tx, "C1"); err != nil || !denied || reason != "stolen" {
				t.Errorf("%q, %v, %v", reason, denied, err)
			}
			if _, denied, err := Denied(tx, "C2"); err != nil || denied {
				t.Errorf("C2: %v, %v", denied, err)
			}
			return nil
		})
	})
}

// A count changed behind the program is named.
func TestReconcileFindsADifference(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := stocked(t, db)
		in(t, s, func(tx *store.Tx) error {
			if _, err := tx.Exec(`update stock_unread set quantity = 7 where place = 'store' and lot = 'B'`); err != nil {
				return err
			}
			wrong, err := Reconcile(tx)
			if err != nil || len(wrong) != 1 || wrong[0] != (Difference{At(Store), "B", 10, 7}) {
				t.Errorf("%+v, %v", wrong, err)
			}
			return nil
		})
	})
}

// Whatever is moved, in whatever order: what came in is somewhere, and the movements tell where.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	s := db.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		undo := errors.New("undo")
		err := s.Write(context.Background(), func(tx *store.Tx) error {
			attempts := []string{}
			pick := func(list []string) string { return rapid.SampledFrom(list).Draw(rt, "of") }
			lot := func() string { return pick([]string{"A", "B"}) }
			chip := func() ktp.ChipUID { return ktp.ChipUID(pick([]string{"", "C1", "C2", "C3"})) }
			inside := []Place{At(Store), On(Hopper, "l1"), On(Hopper, "l2")}
			for i := range rapid.IntRange(1, 60).Draw(rt, "acts") {
				var err error
				switch rapid.IntRange(0, 11).Draw(rt, "act") {
				case 0:
					n := rapid.IntRange(1, 4).Draw(rt, "n")
					err = Receive(tx, lot(), "ktp-el", ForCards, n, why)
				case 1:
					from, to := rapid.SampledFrom(inside).Draw(rt, "from"), rapid.SampledFrom(inside).Draw(rt, "to")
					if from != to {
						err = Shift(tx, lot(), from, to, rapid.IntRange(1, 3).Draw(rt, "n"), why)
					}
				case 2:
					id := fmt.Sprintf("t%d", i)
					if _, _, err = Feed(tx, pick([]string{"l1", "l2"}), id, rapid.SampledFrom([]Kind{Path, Doubt}).Draw(rt, "to"), why); err == nil {
						attempts = append(attempts, id)
					}
				case 3:
					if len(attempts) > 0 {
						if c := chip(); c != "" {
							err = Identify(tx, pick(attempts), c, why)
						}
					}
				case 4:
					if len(attempts) > 0 {
						err = Move(tx, pick(attempts), rapid.SampledFrom([]Place{At(Spoiled), At(Doubt), On(Tray, "l1"), At(Holder)}).Draw(rt, "to"), why)
					}
				case 5:
					if len(attempts) > 0 {
						err = Return(tx, pick(attempts), rapid.SampledFrom(inside).Draw(rt, "to"), why)
					}
				case 6:
					_, _, err = SetAside(tx, chip(), At(Quarantine), why)
				case 7:
					if c := chip(); c != "" {
						err = ReceiveChips(tx, lot(), "ktp-el", []ktp.ChipUID{c}, why)
					}
				case 8:
					from, to := rapid.SampledFrom(inside).Draw(rt, "from"), rapid.SampledFrom(inside).Draw(rt, "to")
					if from != to {
						err = Carry(tx, lot(), from, to, rapid.IntRange(1, 3).Draw(rt, "n"), why)
					}
				case 9:
					_, err = Stray(tx, pick([]string{"l1", "l2"}), chip(), On(Reject, "l1"), why)
				case 10:
					b, found, counted := Counted(tx, "l1")
					if err = counted; found {
						err = NameCounted(tx, b, chip(), On(Reject, "l1"), why)
					}
				case 11:
					_, err = Doubted(tx, pick([]string{"l1", "l2"}), 2, why)
				}
				if k := fault.KindOf(err); err != nil && k != fault.Conflict && k != fault.NotFound {
					rt.Fatalf("%v", err)
				}
			}
			sum := 0
			for _, n := range held(tx) {
				sum += n
			}
			for _, p := range inside {
				for _, lot := range []string{"A", "B"} {
					if n, err := heldOf(tx, lot, p); err != nil || n < 0 {
						rt.Fatalf("%d of %s at %s, %v", n, lot, p, err)
					}
				}
			}
			wrong, err := Reconcile(tx)
			if err != nil || len(wrong) > 0 {
				rt.Fatalf("movements do not add up: %+v, %v", wrong, err)
			}
			cameIn := 0
			moves, err := Movements(tx, 0, 10000)
			if err != nil {
				return err
			}
			for _, m := range moves {
				if m.From.outside() {
					cameIn += m.Quantity
				}
			}
			if sum != cameIn {
				rt.Fatalf("%d came in, %d are somewhere", cameIn, sum)
			}
			return undo
		})
		if !errors.Is(err, undo) {
			rt.Fatalf("%v", err)
		}
	})
}
