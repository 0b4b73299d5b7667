package registry

import "testing"

// Who mistyped a chip on the deny list has it taken off again with a supervisor: the card goes on, and may be denied
// anew.
func TestDenialIsLifted(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		deny := DenyBlank{chip, Because{Reason: "stolen"}}
		lift := AllowBlank{Chip: chip, Because: Because{Reason: "mistyped"}, Second: boss}
		s.refused(keeper, lift, "registry.unknown_id")
		s.do(keeper, deny)
		s.refused(kec, shown(appID(1), chip), BlankDenied.Code)
		alone, mute := lift, lift
		alone.Second, mute.Reason = Actor{}, ""
		s.refuses([]refusal{
			{"without a second person", keeper, alone, "registry.second_person_missing"},
			{"with who is no supervisor", keeper, AllowBlank{Chip: chip, Because: lift.Because, Second: admin}, "registry.not_allowed"},
			{"without a reason", keeper, mute, "registry.bad_operation"},
			{"by an officer of the counter", officer, lift, "registry.not_allowed"},
		})
		if res := s.do(keeper, lift); res.Answer != "stolen" || res.Chip != chip {
			t.Errorf("%+v", res)
		}
		if list, err := s.r.DeniedBlanks(bg, 10); err != nil || len(list) != 0 {
			t.Errorf("denied %+v, %v", list, err)
		}
		s.do(kec, shown(appID(1), chip))
		if res := s.do(keeper, deny); res.Answer != AnswerDone {
			t.Errorf("denied anew: %+v", res)
		}
	})
}
