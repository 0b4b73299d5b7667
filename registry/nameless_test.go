package registry

import (
	"strings"
	"testing"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/stock"
	"blanko/store"
)

// A blank without a chip's name is on one list, and stays what and where it is while it is there: nothing else takes it
// for a blank that was found, names it or counts it again. The others that wait are listed without it.
func TestListedBlankStaysWhatItIs(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.national()
		hopper, tray, why := stock.On(stock.Hopper, string(line1)), stock.On(stock.Reject, string(line1)), stock.Why{Actor: "line", Reason: reasonCounted}
		within := func(fn func(tx *store.Tx) error) error { return s.store.Write(bg, fn) }
		for range 2 {
			s.must(within(func(tx *store.Tx) error { return stock.Single(tx, lotA, hopper, tray, why) }))
		}
		waiting := func(limit int) []Nameless {
			t.Helper()
			list, err := s.r.NamelessBlanks(bg, 0, limit)
			s.must(err)
			return list
		}
		first, second := waiting(2)[0], waiting(2)[1]
		list := s.do(keeper, OpenDestruction{}).Answer
		s.do(keeper, AddToDestruction{list, first.Item, ""})
		if got := waiting(1); len(got) != 1 || got[0].Item != second.Item {
			t.Errorf("the next one is %+v", got)
		}

		blank := func(item string) (b stock.Blank) {
			t.Helper()
			s.must(within(func(tx *store.Tx) (err error) {
				b, _, err = stock.ByID(tx, NumberOfNameless(item))
				return err
			}))
			return b
		}
		s.must(within(func(tx *store.Tx) error {
			b, found, err := stock.Counted(tx, string(line1))
			if !found || b.ID != NumberOfNameless(second.Item) {
				t.Errorf("counted is %+v", b)
			}
			unread, err2 := stock.UnreadAt(tx, tray)
			if len(unread) != 1 || unread[0].ID != b.ID {
				t.Errorf("unread are %+v", unread)
			}
			if err == nil {
				err = err2
			}
			return err
		}))
		uncount := func() (found bool) {
			t.Helper()
			s.must(within(func(tx *store.Tx) (err error) {
				found, err = stock.Uncount(tx, tray, reasonCounted, hopper, why)
				return err
			}))
			return found
		}
		if !uncount() || uncount() {
			t.Error("not the one that is on no list, or both")
		}
		old := blank(first.Item)
		if err := within(func(tx *store.Tx) error { return stock.Settle(tx, old, hopper, why) }); fault.CodeOf(err) != stock.Listed.Code {
			t.Errorf("a listed blank is counted again: %v", err)
		}

		const chip ktp.ChipUID = "0000FFFF000000000077"
		s.do(keeper, CountIn{list, 1})
		s.must(within(func(tx *store.Tx) error { return stock.NameCounted(tx, old, chip, tray, why) }))
		s.refused(keeper, AddToDestruction{s.do(keeper, OpenDestruction{}).Answer, string(chip), ""}, "registry.wrong_state")
		destroy := DestroyAll{list, 1, []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}, []string{strings.Repeat("a", digestHex)}, boss}
		s.refused(admin, destroy, "registry.item_changed")
		if err := within(func(tx *store.Tx) error {
			return stock.MoveNameless(tx, old.ID, stock.At(stock.Destroyed), why)
		}); fault.CodeOf(err) != stock.NoBlank.Code {
			t.Errorf("a blank with a chip is moved by its number: %v", err)
		}
		s.must(within(func(tx *store.Tx) error { return stock.NameCounted(tx, old, "", stock.At(stock.Lost), why) }))
		s.refused(admin, destroy, "registry.item_changed")
		lost := blank(first.Item)
		s.must(within(func(tx *store.Tx) error { return stock.NameCounted(tx, lost, "", tray, why) }))
		s.do(keeper, ReopenDestruction{list})
		s.do(keeper, CancelDestruction{list})
		if !uncount() {
			t.Error("on no list any more, and not counted again")
		}
	})
}
