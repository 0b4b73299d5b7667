package registry

import (
	"testing"
	"time"
)

// A card that the register knows to be in force stayed with its holder on one officer's word. It is given up, or two
// persons let it go.
func TestCardInForceIsGivenUp(t *testing.T) {
	for _, old := range []OldCard{OldSurrendered, OldNotSurrendered} {
		t.Run(string(old), func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				before := s.produced(1, "")
				s.do(kec, shown(appID(1), before))
				s.do(officer, HandOver{Application: appID(1), Chip: before})
				s.db.Clock.Advance(time.Hour)
				chip := s.madeOf(2, again1(2))
				s.do(kec, shown(appID(2), chip))
				s.refused(officer, HandOver{Application: appID(2), Chip: chip, Old: OldNotSurrendered}, oldCardMissing.Code)
				s.cardIs(before, CardInForce, "")
				places := map[string]int{"returned": 1, "holder": 1}
				if old == OldSurrendered {
					s.do(officer, HandOver{Application: appID(2), Chip: chip, Old: old})
				} else {
					places = map[string]int{"returned": 0, "holder": 2}
					s.do(officer, HandOverAlone{Application: appID(2), Chip: chip, Old: old, Because: Because{Reason: "old_card_lost"}, Second: boss})
				}
				s.cardIs(before, CardRetired, "replaced")
				s.cardIs(chip, CardInForce, "")
				s.blanks(places)
				h, _, err := s.r.HandoverOf(bg, appID(2))
				s.must(err)
				if h.Old != old || (h.Exception == "old_card_lost") != (old == OldNotSurrendered) {
					t.Errorf("%+v", h)
				}
			})
		})
	}
}
