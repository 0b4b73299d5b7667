package registry

import (
	"testing"

	"blanko/ktp"
	"blanko/registry/standard"
)

// Where the service standard has cards destroyed here, none goes round the count and the witnesses in a bag to the
// Directorate General. Where it sends them there, each is retired first.
func TestDirectorateIsByTheStandard(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		s.national()
		s.refused(admin, OpenConsignment{ConsignmentDirectorate, "ditjen"}, "registry.wrong_state")
		s.do(admin, UseStandard{Content: standard.File("sintang"), Second: boss})

		returned, recalled := s.produced(1, ""), s.produced(2, "")
		s.do(officer, ReturnCard{appID(1), returned, Because{Reason: "damaged"}})
		s.do(center, WithdrawRecord{ID: appID(2), Version: 1, Reason: "withdrawn"})
		bag := s.do(admin, OpenConsignment{ConsignmentDirectorate, "ditjen"}).Answer
		for n, chip := range map[int]ktp.ChipUID{1: returned, 2: recalled} {
			s.refused(admin, Pack{bag, chip}, "registry.wrong_state") // its chip is active
			s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
			s.do(admin, Pack{bag, chip})
			s.state(n, map[int]State{1: Returned, 2: Withdrawn}[n])
		}
		s.do(admin, SealConsignment{bag, "SEGEL-1"})
		s.do(admin, ShipConsignment{bag})
	})
}
