package registry

import (
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/audit"
)

// What was found on a chip is kept under a number, with the card that it belongs to where the register has one.
func TestExaminationOfAChip(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "dinas")
		told := Told{
			Mark: MarkWarning, Finding: "Kartu asli, belum diserahkan.", Steps: []string{"Simpan lembar ini."},
			Checks: []ExaminationCheck{{What: "autentikasi chip", Mark: MarkGood, Text: "sah"}},
		}
		s.refuses([]refusal{
			{"a state of no chip", kec, ExamineChip{State: ChipBlocked, Cause: "x", Told: told}, "registry.bad_operation"},
			{"another state", kec, ExamineChip{Chip: chip, State: "sleepy", Cause: "x", Told: told}, "registry.bad_operation"},
			{"no finding", kec, ExamineChip{Chip: chip, Cause: "x", Told: Told{Mark: MarkGood, Steps: told.Steps}}, "registry.bad_operation"},
			{"no step", kec, ExamineChip{Chip: chip, Cause: "x", Told: Told{Mark: MarkGood, Finding: "x"}}, "registry.bad_operation"},
			{"no cause", kec, ExamineChip{Chip: chip, Told: told}, "registry.bad_operation"},
			{"another mark", kec, ExamineChip{Chip: chip, Cause: "x", Told: Told{Mark: "fine", Finding: "x", Steps: told.Steps}}, "registry.bad_operation"},
			{"too long", kec, ExamineChip{Chip: chip, Cause: "x", Told: Told{Mark: MarkGood, Finding: strings.Repeat("x", mostTold), Steps: told.Steps}}, "registry.bad_operation"},
			{"by who captures", operator, ExamineChip{Chip: chip, Cause: "x", Told: told}, "registry.not_allowed"},
		})
		first := s.do(kec, ExamineChip{Chip: chip, State: ChipActive, Cause: "inspect.not_handed_over", Told: told}).Answer
		other := s.do(kec, ExamineChip{Chip: "0000FFFF000000000009", Cause: "inspect.copy", Told: told}).Answer
		mute := s.do(kec, ExamineChip{Cause: "inspect.no_answer", Told: told}).Answer
		if first != "PC-2026-000001" || other != "PC-2026-000002" || mute != "PC-2026-000003" {
			t.Errorf("numbered %s, %s, %s", first, other, mute)
		}
		x, err := s.r.Examination(bg, first)
		s.must(err)
		if x.Application != appID(1) || x.Chip != chip || x.By != kec.ID || x.State != ChipActive || x.Told.Checks[0] != told.Checks[0] || x.Told.Finding != told.Finding {
			t.Errorf("%+v", x)
		}
		of, err := s.r.Examinations(bg, chip, "", 10)
		s.must(err)
		all, err := s.r.Examinations(bg, "", first, 10)
		s.must(err)
		if len(of) != 1 || len(all) != 2 || all[0].Application != "" || all[1].Number != mute {
			t.Errorf("%+v\n%+v", of, all)
		}
		if _, err := s.r.Examination(bg, "PC-2026-000009"); fault.CodeOf(err) != "registry.unknown_id" {
			t.Errorf("an unknown number: %v", err)
		}
		events, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: "chip.examined"})
		s.must(err)
		if len(events) != 3 || events[0].Application != string(appID(1)) || events[0].Detail["examination"] != first {
			t.Errorf("%+v", events)
		}
	})
}

// A chip of the deny list is told as such, whatever the desk's own list had; what else was found stays as a check.
func TestExaminationOfADeniedChip(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		const stolen, sound ktp.ChipUID = "0000FFFF000000000009", "0000FFFF00000000000A"
		s.do(keeper, DenyBlank{stolen, Because{Reason: "stolen"}})
		told := Told{Mark: MarkWarning, Finding: "Asli dan berlaku.", Steps: []string{"Kembalikan kartu kepada pemegang."}}
		for chip, want := range map[ktp.ChipUID]struct{ cause, refusal, mark string }{
			stolen: {"denied", "registry.blank_denied", MarkBad},
			sound:  {"genuine", "", MarkWarning},
		} {
			res := s.do(kec, ExamineChip{Chip: chip, State: ChipActive, Cause: "genuine", Told: told})
			x, err := s.r.Examination(bg, res.Answer)
			s.must(err)
			denied := want.refusal != ""
			if x.Cause != want.cause || res.Refusal != want.refusal || x.Told.Mark != want.mark || strings.Contains(x.Told.Finding, "daftar larangan") != denied {
				t.Errorf("%s: %+v, refusal %q", chip, x, res.Refusal)
			}
			if denied != slices.Contains(x.Told.Checks, ExaminationCheck{What: "chip", Mark: MarkWarning, Text: told.Finding}) {
				t.Errorf("%s: checks %+v", chip, x.Told.Checks)
			}
		}
	})
}

// The standings hold every denied chip, also one that never was a card.
func TestStandingsHoldTheDenyList(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "dinas")
		for _, c := range []ktp.ChipUID{chip, "0000FFFF000000000009"} {
			s.do(keeper, DenyBlank{c, Because{Reason: "stolen"}})
		}
		list, denied, number, err := s.r.Standings(bg)
		s.must(err)
		if len(list) != 1 || len(denied) != 2 || denied[0].Chip != chip || denied[1].Reason != "stolen" || number == 0 {
			t.Errorf("%+v, %+v, %d", list, denied, number)
		}
	})
}
