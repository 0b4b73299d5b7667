package registry

import (
	"slices"
	"testing"

	"blanko/ktp"
)

// What was called back, is held or denied is named with where it lies; what goes back or came back is pulled already,
// and nothing else is named.
func TestCardsToPull(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		gone, beside := s.produced(1, "kec.sepauk"), s.produced(2, "kec.sepauk")
		bag := s.sent(admin, ConsignmentOut, "kec.sepauk", gone, beside)
		held, back := s.delivered(3), s.delivered(4)
		denied, packed := s.produced(5, ""), s.produced(6, "kec.sepauk")
		open := s.do(admin, OpenConsignment{ConsignmentOut, "kec.sepauk"}).Answer
		s.do(admin, Pack{open, packed})
		for _, n := range []int{1, 4, 6} {
			s.do(center, WithdrawRecord{ID: appID(n), Version: 1, Reason: "died"})
		}
		s.do(boss, HoldCard{held, Because{Reason: "police"}})
		s.do(keeper, DenyBlank{denied, Because{Reason: "stolen"}})
		type lies struct {
			reason, bag, place string
			travels            bool
		}
		want := map[ktp.ChipUID]lies{
			gone: {"died", bag, "kec.sepauk", true}, packed: {"died", open, Dinas, false},
			held: {"police", "", "kec.sepauk", false}, denied: {"stolen", "", Dinas, false}, back: {"died", "", "kec.sepauk", false},
		}
		named := func(consignment string) map[ktp.ChipUID]lies {
			t.Helper()
			got := map[ktp.ChipUID]lies{}
			for after := ktp.ChipUID(""); ; {
				list, err := s.r.CardsToPull(bg, consignment, after, 2)
				s.must(err)
				for _, c := range list {
					got[c.Chip], after = lies{c.Reason, c.Where.Bag.ID, c.Where.Place, c.Where.Travels()}, c.Chip
				}
				if len(list) < 2 {
					return got
				}
			}
		}
		same := func(got map[ktp.ChipUID]lies, chips ...ktp.ChipUID) {
			t.Helper()
			for chip, is := range got {
				if is != want[chip] || !slices.Contains(chips, chip) {
					t.Errorf("%s: %+v, want %+v", chip, is, want[chip])
				}
			}
			if len(got) != len(chips) {
				t.Errorf("named %v, want %v", got, chips)
			}
		}
		same(named(""), gone, packed, held, denied, back)
		same(named(bag), gone)
		same(named(open), packed)
		home := s.do(sepauk, OpenConsignment{ConsignmentBack, Dinas}).Answer
		s.do(sepauk, Pack{home, back})
		same(named(home))
		s.do(sepauk, SealConsignment{home, "SEGEL-2"})
		s.do(sepauk, ShipConsignment{home})
		s.do(admin, ReceiveConsignment{home, "SEGEL-2", []ktp.ChipUID{back}})
		same(named(""), gone, packed, held, denied)
	})
}
