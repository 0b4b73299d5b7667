package registry

import (
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/stock"
)

// A range of printed numbers is refused by everything that asks the deny list: the load of a hopper, the claim of a line,
// the return into the store, the hand-over; the blanks of a list that comes later are denied as they come. What is let go
// goes on.
func TestDeniedRange(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chips := []ktp.ChipUID{"0000CAFE000000000001", "0000CAFE000000000002", "0000CAFE000000000003", "0000CAFE000000000004"}
		list := func(lot string, label stock.Label, chip ktp.ChipUID) ImportBlanks {
			return ImportBlanks{Lot: lot, Product: ktp.ProfileCitizen, Chips: []ktp.ChipUID{chip}, Labels: []stock.Label{label}}
		}
		s.do(keeper, list("LOT-1", "KE-000010", chips[0]))
		s.do(keeper, list("LOT-2", "KE-000020", chips[1]))
		deny := func(from, to stock.Label) ImportDenied {
			return ImportDenied{Ranges: []stock.LabelRange{{From: from, To: to}}, Because: Because{Reason: "stolen"}}
		}
		let := func(from, to stock.Label) AllowBlank {
			return AllowBlank{Labels: stock.LabelRange{From: from, To: to}, Because: Because{Reason: "found"}, Second: boss}
		}
		s.refuses([]refusal{
			{"backwards", keeper, deny("KE-000019", "KE-000010"), badOperation.Code},
			{"too long", keeper, deny("KE-000000", "KE-100000"), badOperation.Code},
			{"let go before", keeper, let("KE-000010", "KE-000019"), unknownID.Code},
			{"a chip and labels", keeper, AllowBlank{Chip: chips[0], Labels: stock.LabelRange{From: "KE-000010", To: "KE-000010"}, Because: Because{Reason: "found"}, Second: boss}, badOperation.Code},
			{"neither", keeper, AllowBlank{Because: Because{Reason: "found"}, Second: boss}, badOperation.Code},
		})
		if res := s.do(keeper, deny("KE-000010", "KE-000019")); res.Answer != "10" {
			t.Errorf("%s were added", res.Answer)
		}
		s.do(keeper, list("LOT-3", "KE-000011", chips[2])) // in it
		s.do(keeper, list("LOT-4", "KE-000009", chips[3])) // beside it
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 100, Second: admin})
		load := func(lot string) LoadHopper { return LoadHopper{Line: line1, Lot: lot, Quantity: 1, Second: admin} }
		s.refused(keeper, load("LOT-1"), stock.NotEnough.Code)
		s.refused(keeper, load("LOT-3"), stock.NotEnough.Code)
		s.do(keeper, load("LOT-4"))

		s.queued(1)
		o := s.next(line1)
		s.step(o, jobs.Feed, "")
		s.wants(s.intend(o, jobs.Claim, jobs.Evidence{Chip: chips[2]}), BlankDenied.Code) // it lay in the hopper all the same
		s.must(s.settle(o, jobs.Claim, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(BlankDenied.Code), Chip: chips[2]}))
		s.reject(o, chips[2], string(BlankDenied.Code))
		s.examined(chips[2], ChipBlank)
		back := ReadmitBlank{Chip: chips[2], Second: admin}
		s.refused(keeper, back, BlankDenied.Code)

		s.refused(keeper, let("KE-000011", "KE-000020"), unknownID.Code) // not all of it is denied
		if res := s.do(keeper, let("KE-000011", "KE-000011")); res.Answer != "stolen" {
			t.Errorf("%+v", res)
		}
		s.do(keeper, back)
		ranges, err := s.r.DeniedRanges(bg, "", 10)
		s.must(err)
		if len(ranges) != 2 || ranges[0].To != "KE-000010" || ranges[1].From != "KE-000012" {
			t.Errorf("left: %+v", ranges)
		}
		s.do(keeper, let("KE-000012", "KE-000019"))
		s.do(keeper, AllowBlank{Chip: chips[0], Because: Because{Reason: "found"}, Second: boss})
		if ranges, err = s.r.DeniedRanges(bg, "", 10); err != nil || len(ranges) != 0 {
			t.Errorf("left: %+v, %v", ranges, err)
		}
		s.do(keeper, load("LOT-1"))
	})
}

// A label of which a piece has sixteen digits is denied and let go as any other.
func TestDeniedLabelLikeNIK(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		const label stock.Label = "AB-6105014107900001"
		s.do(keeper, ImportDenied{Labels: []stock.Label{label}, Because: Because{Reason: "stolen"}})
		let := AllowBlank{Labels: stock.LabelRange{From: label, To: label}, Because: Because{Reason: "found"}, Second: boss}
		if res := s.do(keeper, let); res.Answer != "stolen" {
			t.Errorf("%+v", res)
		}
		s.refused(keeper, let, unknownID.Code)
	})
}

// What was proposed about a range is void once the range is another one.
func TestRangeChangedMeanwhile(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(boss, keeper)
		whole := stock.LabelRange{From: "KE-000010", To: "KE-000019"}
		s.do(keeper, ImportDenied{Ranges: []stock.LabelRange{whole}, Because: Because{Reason: "stolen"}})
		res, err := s.r.Propose(bg, keeper, AllowBlank{Labels: stock.LabelRange{From: "KE-000010", To: "KE-000015"}, Because: Because{Reason: "found"}}, s.key())
		s.must(err)
		s.do(keeper, AllowBlank{Labels: stock.LabelRange{From: "KE-000019", To: "KE-000019"}, Because: Because{Reason: "mistyped"}, Second: boss})
		s.refused(boss, Decide{Proposal: res.Answer, Agree: true}, proposalOutdated.Code)
	})
}
