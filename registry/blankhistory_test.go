package registry

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/registry/stock"
)

// One blank's way is told from the supplier to its end, page after page, with who moved it; no other blank's is in it.
func TestHistoryOfABlank(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.produced(2, "")
		s.do(keeper, LoadHopper{Line: line2, Lot: lotA, Quantity: 3, Second: admin}) // another hopper, not this one's way
		chip := s.produced(1, "")
		s.do(keeper, ReceiveBlanks{Lot: lotA, Product: "ktp-el-wni", Quantity: 5}) // came later
		s.do(officer, ReturnCard{appID(1), chip, Because{Reason: "damaged"}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
		s.national()
		list := s.do(keeper, OpenDestruction{}).Answer
		s.do(keeper, AddToDestruction{list, string(chip), ""})
		s.do(keeper, CountIn{list, 1})
		s.do(admin, DestroyAll{list, 1, []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}, []string{strings.Repeat("a", 64)}, boss})
		var way []string
		after := int64(0)
		for {
			page, err := s.r.HistoryOfBlank(bg, chip, after, 2)
			s.must(err)
			if len(page) == 0 {
				break
			}
			for _, m := range page {
				after = m.ID
				way = append(way, fmt.Sprintf("%s > %s by %s", m.From, m.To, m.Why.Actor))
			}
		}
		want := []string{
			"supplier > store by keeper-1", "store > hopper/line-1 by keeper-1", "hopper/line-1 > path/line-1 by line:line-1",
			"path/line-1 > tray/line-1 by line:line-1", "tray/line-1 > returned by officer-1", "returned > destroyed by admin-1",
		}
		if !slices.Equal(way, want) {
			t.Errorf("%s\nwant %s", strings.Join(way, "\n"), strings.Join(want, "\n"))
		}
		lot, err := s.r.HistoryOfLot(bg, lotA, 0, 100)
		s.must(err)
		if !slices.ContainsFunc(lot, func(m stock.Movement) bool { return m.Blank != 0 && m.To == stock.At(stock.Destroyed) }) || lot[0].From != stock.At(stock.Supplier) {
			t.Errorf("%+v", lot)
		}
		if _, err := s.r.HistoryOfBlank(bg, "0000FFFF000000000009", 0, 10); fault.CodeOf(err) != "registry.unknown_id" {
			t.Errorf("a chip that never was: %v", err)
		}
		if _, err := s.r.HistoryOfLot(bg, "NONE", 0, 10); fault.CodeOf(err) != "registry.unknown_id" {
			t.Errorf("a lot that never was: %v", err)
		}
	})
}
