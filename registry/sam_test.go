package registry

import (
	"context"
	"slices"
	"testing"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/registry/access"
	"blanko/registry/audit"
)

const samSerial, samCheck = "0102030405060708", "abcdef"

// atDesk is a desk at a place.
func atDesk(place string) Actor {
	return Actor{ID: "desk:loket-1", Roles: []access.Role{access.DeskAgent}, Place: place}
}

// used is what the SAM tells of its whole life.
func used(o RenewSAM, ever int) RenewSAM {
	o.Used = ever
	return o
}

func issuedSAM(place string) IssueSAM {
	return IssueSAM{Serial: samSerial, Generation: 1, Check: samCheck, Place: place, Seal: "S-1", Uses: 40, Days: 7, Second: boss}
}

// A SAM is renewed at its place alone, as much as the register lets it, and what it tells must fit what it was
// given; the register says how much and how long it was used.
func TestSAMRegister(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		for _, wrong := range []func(*IssueSAM){
			func(o *IssueSAM) { o.Serial = "01" },
			func(o *IssueSAM) { o.Check = "abc" },
			func(o *IssueSAM) { o.Generation = 0 },
			func(o *IssueSAM) { o.Uses = 10_001 },
			func(o *IssueSAM) { o.Days = 32 },
			func(o *IssueSAM) { o.Seal = string(make([]byte, 65)) },
		} {
			o := issuedSAM("kec.sepauk")
			wrong(&o)
			s.refused(guard, o, "registry.bad_operation")
		}
		s.refused(guard, issuedSAM("nowhere"), "registry.place_unknown")
		s.refused(boss, issuedSAM("kec.sepauk"), "registry.not_allowed")
		alone := issuedSAM("kec.sepauk")
		alone.Second = guard
		s.refused(guard, alone, "registry.same_person")
		renew := func(nonce string, left int) RenewSAM {
			return RenewSAM{Serial: samSerial, Nonce: nonce, Check: samCheck, Left: left}
		}
		s.r.cfg.ReadingMasters = func(context.Context) (map[int]string, error) { return map[int]string{1: samCheck, 2: "0a0b0c"}, nil }
		for _, wrong := range []func(*IssueSAM){func(o *IssueSAM) { o.Check = "abcdee" }, func(o *IssueSAM) { o.Generation = 2 }, func(o *IssueSAM) { o.Generation = 3 }} {
			o := issuedSAM("kec.sepauk")
			wrong(&o)
			s.refused(guard, o, samKeyUnknown.Code)
			if _, err := s.r.Propose(bg, guard, o, s.key()); fault.CodeOf(err) != samKeyUnknown.Code {
				t.Errorf("proposed: %v", err)
			}
		}
		s.refused(atDesk("kec.sepauk"), renew("a", 0), "registry.sam_unknown")
		s.do(guard, issuedSAM("kec.sepauk"))
		s.refused(guard, issuedSAM("kec.sepauk"), "registry.wrong_state")

		s.refused(guard, renew("a", 0), "registry.not_allowed")
		s.refused(atDesk(""), renew("a", 0), "registry.not_allowed")
		s.refused(atDesk("kec.sepauk"), renew("a", 1), "registry.sam_tells_wrong") // nobody gave it one
		other := renew("a", 0)
		other.Check = "abcdee"
		s.refused(atDesk("kec.sepauk"), other, "registry.sam_tells_wrong")
		first := s.do(atDesk("kec.sepauk"), renew("a", 0)).Answer
		n, err := s.r.SAMRenewal(bg, first)
		s.must(err)
		today := s.db.Clock.Now().UTC().Truncate(24 * time.Hour)
		if n.Uses != 40 || n.Spent != 0 || !n.Until.Equal(today.AddDate(0, 0, 7)) || n.Desk != "desk:loket-1" {
			t.Errorf("%+v", n)
		}
		s.db.Clock.Advance(48 * time.Hour)
		s.refused(atDesk("kec.sepauk"), renew("b", 41), "registry.sam_tells_wrong")
		for _, wrong := range []RenewSAM{used(renew("b", 12), 29), used(renew("b", 0), 1<<31), used(renew("b", 40), 1)} { // more than it was given
			s.refused(atDesk("kec.sepauk"), wrong, "registry.sam_tells_wrong")
		}
		told, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: "operation.denied"})
		s.must(err)
		if e := told[len(told)-1]; e.Detail["sam"] != "01020304-05060708" || e.Detail["used"] != "1" || e.Detail["left"] != "40" {
			t.Errorf("%+v", e)
		}
		backward := renew("b", 12)
		s.do(atDesk("kec.sepauk"), used(renew("b", 12), 28))
		s.refused(atDesk("kec.sepauk"), backward, "registry.sam_tells_wrong") // 0 uses ever, it had 28
		list, err := s.r.SAMs(bg)
		s.must(err)
		if len(list) != 1 || list[0].Spent != 28 || list[0].Renewals != 2 || list[0].DaysUsed != 3 || list[0].Granted != 40 || list[0].State != SAMIssued {
			t.Errorf("%+v", list)
		}
		renewals, err := s.r.SAMRenewals(bg, samSerial)
		s.must(err)
		if len(renewals) != 2 || renewals[0].Spent != 28 || renewals[1].ID != first {
			t.Errorf("%+v", renewals)
		}
		// One that was granted and never shown to the SAM counts no use twice; the fifth within a day is refused.
		s.do(atDesk("kec.sepauk"), used(renew("c", 12), 28))
		s.do(atDesk("kec.sepauk"), used(renew("d", 2), 38))
		s.do(atDesk("kec.sepauk"), used(renew("e", 40), 38))
		s.refused(atDesk("kec.sepauk"), used(renew("f", 40), 38), samRenewedOften.Code)
		if list, err = s.r.SAMs(bg); err != nil || list[0].Spent != 38 || list[0].Renewals != 5 {
			t.Errorf("%+v, %v", list, err)
		}
		s.db.Clock.Advance(renewalDay)
		s.do(atDesk("kec.sepauk"), used(renew("f", 30), 48))
		s.do(guard, TakeBackSAM{Serial: samSerial, Because: Because{Reason: "broken"}, Second: boss})
		s.refused(atDesk("kec.sepauk"), renew("g", 0), "registry.sam_taken_back")
		s.do(guard, LoseSAM{Serial: samSerial, Because: Because{Reason: "stolen"}}) // out of the safe
		s.refused(guard, LoseSAM{Serial: samSerial, Because: Because{Reason: "stolen"}}, "registry.wrong_state")
		s.wants(s.r.MastersInUse(bg, map[string]string{"MK_SAM": samCheck}), MasterRetired.Code)
		s.refused(atDesk("kec.sepauk"), renew("g", 0), "registry.sam_lost")
	})
}

// A lost SAM ends its generation of the master: no card is made under it any more, the cards that it can read
// are those that the ledger has under it, and they leave the list when they are destroyed.
func TestLostSAM(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		old, fresh := map[string]string{"MK_P": "000001", "MK_SAM": samCheck}, map[string]string{"MK_P": "000001", "MK_SAM": "010203"}
		made := func(n int, masters map[string]string) string {
			t.Helper()
			s.queued(n)
			o := s.next(line1)
			chip := s.chip()
			s.must(s.intend(o, jobs.Feed, jobs.Evidence{Keys: masters}))
			s.must(s.settle(o, jobs.Feed, jobs.Outcome{Result: jobs.Done}))
			s.must(s.intend(o, jobs.Claim, jobs.Evidence{Chip: chip, Keys: masters}))
			s.must(s.settle(o, jobs.Claim, jobs.Outcome{Result: jobs.Done, Chip: chip}))
			for _, step := range []jobs.Step{jobs.Write, jobs.ReadBack, jobs.Print, jobs.Accept, jobs.Activate, jobs.Recheck, jobs.Eject} {
				s.step(o, step, chip)
			}
			return string(chip)
		}
		a, b, c := made(1, old), made(2, old), made(3, fresh)
		unrecorded := string(s.produced(4, ""))
		s.do(guard, issuedSAM(""))
		affected := func() (recorded, maybe []string) {
			t.Helper()
			list, err := s.r.CardsOfSAM(bg, samSerial)
			s.must(err)
			for _, c := range list {
				if c.Recorded {
					recorded = append(recorded, string(c.Chip))
				} else {
					maybe = append(maybe, string(c.Chip))
				}
			}
			return recorded, maybe
		}
		s.refused(guard, LoseSAM{Serial: samSerial}, "registry.bad_operation")
		s.refused(guard, LoseSAM{Serial: "FF02030405060708", Because: Because{Reason: "stolen"}}, "registry.sam_unknown")
		s.do(guard, LoseSAM{Serial: samSerial, Because: Because{Reason: "stolen"}})
		want := []string{a, b}
		slices.Sort(want)
		if recorded, maybe := affected(); !slices.Equal(recorded, want) || !slices.Equal(maybe, []string{unrecorded}) {
			t.Errorf("affected are %v and perhaps %v; want %v and %v; under the next generation is %s", recorded, maybe, want, unrecorded, c)
		}
		events := s.codes(audit.Filter{Code: "sam.lost"})
		if len(events) != 1 {
			t.Errorf("%d events", len(events))
		}

		s.refused(atDesk(""), RenewSAM{Serial: samSerial, Nonce: "a", Check: samCheck}, "registry.sam_lost")
		s.refused(guard, IssueSAM{Serial: "1112131415161718", Generation: 1, Check: samCheck, Uses: 1, Days: 1, Second: boss}, MasterRetired.Code)
		s.queued(5)
		o := s.next(line1)
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{Keys: old}), MasterRetired.Code)
		s.attemptIs(o, jobs.Open)
		s.wants(s.r.MastersInUse(bg, old), MasterRetired.Code)
		s.must(s.r.MastersInUse(bg, fresh))

		// One person stopped it; two go on, when the last lost SAM of the generation is there again.
		alone := FindSAM{Serial: samSerial, Because: Because{Reason: "found"}, Second: guard}
		s.refused(guard, alone, "registry.same_person")
		s.refused(boss, FindSAM{Serial: samSerial, Because: Because{Reason: "found"}, Second: guard}, "registry.not_allowed")
		s.wants(s.r.MastersInUse(bg, old), MasterRetired.Code)
		s.do(guard, FindSAM{Serial: samSerial, Because: Because{Reason: "found"}, Second: boss})
		s.refused(guard, FindSAM{Serial: samSerial, Because: Because{Reason: "found"}, Second: boss}, "registry.wrong_state")
		s.must(s.r.MastersInUse(bg, old))
		s.refused(atDesk(""), RenewSAM{Serial: samSerial, Nonce: "a", Check: samCheck}, "registry.sam_taken_back")
		for _, n := range []string{"2112131415161718", "2112131415161719"} {
			s.do(guard, IssueSAM{Serial: n, Generation: 1, Check: samCheck, Uses: 1, Days: 1, Second: boss})
		}
		for _, n := range []string{"2112131415161718", "2112131415161719"} {
			s.do(guard, LoseSAM{Serial: n, Because: Because{Reason: "stolen"}})
		}
		s.do(guard, FindSAM{Serial: "2112131415161718", Because: Because{Reason: "found"}, Second: boss})
		s.wants(s.r.MastersInUse(bg, old), MasterRetired.Code)
		s.do(guard, FindSAM{Serial: "2112131415161719", Because: Because{Reason: "found"}, Second: boss})
		s.must(s.r.MastersInUse(bg, old))
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{Keys: fresh}))
	})
}
