package registry

import (
	"testing"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/stock"
)

// What is printed on the blanks of a list finds their chips; it is on one blank alone, and all or none of a list is
// taken.
func TestLabels(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		one, two, three := ktp.ChipUID("0000CAFE000000000001"), ktp.ChipUID("0000CAFE000000000002"), ktp.ChipUID("0000CAFE000000000003")
		list := func(lot string, chips []ktp.ChipUID, labels ...stock.Label) ImportBlanks {
			return ImportBlanks{Lot: lot, Product: "ktp-el-wni", Chips: chips, Labels: labels}
		}
		plain := s.do(keeper, list("LOT-0", []ktp.ChipUID{"0000CAFE00000000000A"})).Answer
		s.do(keeper, list("LOT-1", []ktp.ChipUID{one, two}, "KE-000001", ""))
		s.refuses([]refusal{
			{"on another blank", keeper, list("LOT-2", []ktp.ChipUID{three}, "KE-000001"), stock.LabelKnown.Code},
			{"twice in one list", keeper, list("LOT-2", []ktp.ChipUID{three, "0000CAFE000000000004"}, "KE-9999", "KE-9999"), stock.LabelKnown.Code},
			{"too short", keeper, list("LOT-2", []ktp.ChipUID{three}, "KE1"), badOperation.Code},
			{"small letters", keeper, list("LOT-2", []ktp.ChipUID{three}, "ke-000002"), badOperation.Code},
			{"the UID of a chip", keeper, list("LOT-2", []ktp.ChipUID{three}, stock.Label(one)), badOperation.Code},
			{"fewer than chips", keeper, list("LOT-2", []ktp.ChipUID{three, "0000CAFE000000000004"}, "KE-000002"), badOperation.Code},
		})
		if known, err := s.r.KnownBlanks(bg, []ktp.ChipUID{three}); err != nil || len(known) > 0 {
			t.Errorf("a refused list left %v, %v", known, err)
		}
		if chip, err := s.r.BlankLabelled(bg, "KE-000001"); err != nil || chip != one {
			t.Errorf("%s, %v", chip, err)
		}
		if _, err := s.r.BlankLabelled(bg, "KE-000009"); !fault.Is(err, unknownID) {
			t.Error(err)
		}
		for chip, want := range map[ktp.ChipUID]stock.Label{one: "KE-000001", two: ""} {
			if l, err := s.r.LabelOfBlank(bg, chip); err != nil || l != want {
				t.Errorf("%s: %q, %v", chip, l, err)
			}
		}
		if res := s.do(keeper, ImportDenied{Labels: []stock.Label{"KE-000001", "KE-000007", "KE-000008"}, Because: Because{Reason: "stolen"}}); res.Answer != "3" {
			t.Errorf("%s labels were added", res.Answer)
		}
		s.do(keeper, ImportDenied{Labels: []stock.Label{"KE-000007"}, Because: Because{Reason: "missing"}}) // keeps its first reason
		s.do(keeper, list("LOT-3", []ktp.ChipUID{three, "0000CAFE000000000004"}, "KE-000007", "KE-000006"))
		denied, err := s.r.Denied(bg, "stolen", "", 10)
		s.must(err)
		if len(denied) != 2 || denied[0].Chip != one || denied[1].Chip != three || denied[1].Actor != keeper.ID {
			t.Errorf("denied: %+v", denied)
		}
		elsewhere, err := s.r.DeniedLabels(bg, "", 10)
		s.must(err)
		if len(elsewhere) != 1 || elsewhere[0].Label != "KE-000008" || elsewhere[0].Reason != "stolen" {
			t.Errorf("denied, and not here: %+v", elsewhere)
		}
		s.refuses([]refusal{
			{"nothing denied", keeper, ImportDenied{Because: Because{Reason: "stolen"}}, badOperation.Code},
			{"no label", keeper, ImportDenied{Labels: []stock.Label{""}, Because: Because{Reason: "stolen"}}, badOperation.Code},
			{"small letters denied", keeper, ImportDenied{Labels: []stock.Label{"ke-000001"}, Because: Because{Reason: "stolen"}}, badOperation.Code},
		})
		if again, err := rootOf("", []ktp.ChipUID{"0000CAFE00000000000A"}, nil); err != nil || again != plain {
			t.Errorf("the root of a list without labels is %s, was %s", again, plain)
		}
		if other, err := rootOf("", []ktp.ChipUID{"0000CAFE00000000000A"}, []stock.Label{"KE-000003"}); err != nil || other == plain {
			t.Errorf("a label is not in the root: %v", err)
		}
	})
}
