package registry

import (
	"strings"
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
)

// The card that came back is that of the return, also once another one was made, and none that was lost, also once it was
// found.
func TestCardThatCameBack(t *testing.T) {
	t.Parallel()
	lost := func(s *room) ktp.ChipUID {
		chip := s.produced(1, "")
		s.do(officer, DeclareMissing{Chip: chip, Because: gone, Second: boss})
		return chip
	}
	for name, c := range map[string]struct {
		reach func(s *room) ktp.ChipUID
		came  bool
	}{
		"made":     {func(s *room) ktp.ChipUID { return s.produced(1, "") }, false},
		"returned": {func(s *room) ktp.ChipUID { return s.returned(1) }, true},
		"made again": {func(s *room) ktp.ChipUID {
			chip := s.returned(1)
			s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Picture: strings.Repeat("b", 64), Second: boss})
			s.remade()
			s.upTo(s.next(line1), jobs.Eject)
			return chip
		}, true},
		"returned, then missing": {func(s *room) ktp.ChipUID {
			chip := s.returned(1)
			s.do(officer, DeclareMissing{Chip: chip, Because: gone, Second: boss})
			return chip
		}, false},
		"missing": {lost, false},
		"missing, then found": {func(s *room) ktp.ChipUID {
			chip := lost(s)
			s.do(admin, CloseInvestigation{s.looked(InvestigateMissing), OutcomeFound, boss})
			return chip
		}, false},
		"lost with its bag": {func(s *room) ktp.ChipUID {
			s.district()
			chip := s.produced(1, "kec.sepauk")
			bag := s.sent(admin, ConsignmentOut, "kec.sepauk", chip)
			s.do(admin, LoseConsignment{bag, Because{Reason: "flood"}, boss})
			return chip
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				chip := c.reach(s)
				b, came, err := s.r.CameBack(bg, appID(1))
				s.must(err)
				if last, err := s.r.Events(bg, 0, 100, audit.Filter{Application: string(appID(1)), Code: "application.return"}); err != nil || len(last) > 0 && last[0].Chip != chip {
					t.Errorf("the event tells of %q: %v", last[0].Chip, err)
				}
				if came != c.came || came && (b.Chip != chip || b.Cause != "damaged" || b.Actor != officer.ID) {
					t.Errorf("%+v, %t; want %s, %t", b, came, chip, c.came)
				}
			})
		})
	}
}
