package registry

import (
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/ktp"
)

// worthlessOps are the operations that a chip has to be proved worthless for, each with a card it may be done to.
var worthlessOps = map[string]func(s *room, n int) (chip ktp.ChipUID, a Actor, op func(picture string) Operation){
	"retire": func(s *room, n int) (ktp.ChipUID, Actor, func(string) Operation) {
		chip := s.produced(n, "")
		return chip, admin, func(picture string) Operation {
			return RetireCard{Chip: chip, Because: Because{Reason: "misprint"}, Picture: picture, Second: boss}
		}
	},
	"put up for destruction": func(s *room, n int) (ktp.ChipUID, Actor, func(string) Operation) {
		chip := s.forced(n)
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "damaged"}, AtHand: true, Second: boss})
		list := s.do(keeper, OpenDestruction{}).Answer
		return chip, keeper, func(picture string) Operation {
			return AddToDestruction{Destruction: list, Item: string(chip), Picture: picture}
		}
	},
}

// A chip is what was read from it: in each state, every operation that ends a card does it or refuses it, whatever
// picture is beside it.
func TestChipIsWhatWasRead(t *testing.T) {
	const none = "none"
	want := map[ChipState][2]fault.Code{ // without a picture, with one; empty: done
		none: {chipNotExamined.Code, ""}, ChipUnread: {chipNotExamined.Code, ""},
		ChipBlocked: {}, ChipTerminated: {}, ChipActive: {chipStillWorks.Code, chipStillWorks.Code},
	}
	for _, state := range ChipStates { // it answers with nothing that a reader takes: as good as mute
		if _, listed := want[state]; !listed {
			want[state] = [2]fault.Code{chipNotExamined.Code, ""}
		}
	}
	on(t, func(t *testing.T, s *room) {
		n := 0
		for name, prepare := range worthlessOps {
			for state, codes := range want {
				for i, code := range codes {
					n++
					chip, who, op := prepare(s, n)
					if state != none {
						s.examined(chip, state)
					}
					picture := ""
					if i == 1 {
						picture = s.pictureBy(who, strings.Repeat("a", digestHex))
					}
					if _, err := s.r.Do(bg, who, op(picture), s.key()); fault.CodeOf(err) != code {
						t.Errorf("%s, chip %q, picture %v: %v, want %q", name, state, i == 1, err, code)
					}
				}
			}
		}
	})
}

// No other chip's examination counts, none from before the chip was blocked, none that is old, none from before the
// card was made, and no picture of somebody else.
func TestExaminationsThatDoNotCount(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for name, prepare := range worthlessOps {
			n := 10 * len(name)
			ready := func() (ktp.ChipUID, func(string) error) {
				n++
				chip, who, op := prepare(s, n)
				return chip, func(picture string) error {
					_, err := s.r.Do(bg, who, op(picture), s.key())
					return err
				}
			}
			refused := func(why string, err error, code fault.Code) {
				t.Helper()
				if fault.CodeOf(err) != code {
					t.Errorf("%s, %s: %v, want %s", name, why, err, code)
				}
			}
			chip, do := ready()
			s.examined("0000FFFF000000000009", ChipTerminated)
			refused("another chip", do(""), chipNotExamined.Code)
			s.examined(chip, ChipActive) // before its block
			refused("before the block", do(""), chipStillWorks.Code)
			s.examined(chip, ChipBlocked)
			s.examined(chip, ChipActive) // two persons activated it again
			refused("active again", do(""), chipStillWorks.Code)
			s.examined(chip, ChipBlocked)
			s.db.Clock.Advance(8 * time.Hour)
			refused("too long ago", do(""), chipNotExamined.Code)
			refused("another's picture", do(s.pictureBy(kec, strings.Repeat("c", digestHex))), pictureMissing.Code)
			refused("no picture", do(strings.Repeat("c", digestHex)), pictureMissing.Code)
			s.examined(chip, ChipBlocked)
			s.must(do(""))
		}
	})
}

// A mute card that two persons retired by its picture needs no second one to be destroyed, and what the list says of
// its chip is what was read, not what somebody says.
func TestMuteCardIsDestroyed(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		mute, read := s.produced(1, ""), s.produced(2, "")
		s.do(admin, RetireCard{Chip: mute, Because: Because{Reason: "damaged"}, Picture: strings.Repeat("b", digestHex), Second: boss})
		s.do(admin, RetireCard{Chip: read, Because: Because{Reason: "damaged"}, Second: boss})
		list := s.do(keeper, OpenDestruction{}).Answer
		for _, chip := range []ktp.ChipUID{mute, read} {
			_, err := s.r.Do(bg, keeper, AddToDestruction{Destruction: list, Item: string(chip)}, s.key())
			s.must(err)
		}
		_, items, err := s.r.Destruction(bg, list)
		s.must(err)
		for _, i := range items {
			if want := map[string]ChipState{string(mute): ChipUnread, string(read): ChipBlocked}[i.Item]; i.ChipState != want {
				t.Errorf("%s is %q, want %q", i.Item, i.ChipState, want)
			}
		}
	})
}

// A card whose chip does not answer is examined under the name that who brought it gives: it counts for that card, also
// where its chip still answered a moment before, and a picture stands in for it.
func TestMuteCardIsExaminedByName(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		told := Told{Mark: MarkBad, Finding: "Chip tidak menjawab.", Steps: []string{"Serahkan kepada petugas."}}
		s.refused(kec, ExamineChip{Named: "0000FFFF000000000009", Cause: "card_mute", Told: told}, "registry.card_unknown")
		s.examined(chip, ChipActive)
		picture := s.pictureBy(admin, strings.Repeat("a", digestHex))
		retire := func(second Actor) fault.Code {
			_, err := s.r.Do(bg, admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Picture: picture, Second: second}, s.key())
			return fault.CodeOf(err)
		}
		if code := retire(boss); code != chipStillWorks.Code {
			t.Errorf("it answers: %s", code)
		}
		s.do(boss, ExamineChip{Named: chip, Cause: "card_mute", Told: told})
		list, err := s.r.Examinations(bg, chip, "", 10)
		s.must(err)
		named := len(list)
		if x := list[named-1]; x.Chip != chip || x.State != ChipUnread || x.Application != appID(1) {
			t.Errorf("%+v", x)
		}
		if code := retire(boss); code != "registry.same_person" {
			t.Errorf("by who examined it: %q", code)
		}
		s.do(admin, ExamineChip{Named: chip, Cause: "card_mute", Told: told})
		if code := retire(boss2); code != "registry.same_person" {
			t.Errorf("a card that answers is made mute and retired by one: %q", code)
		}
		s.do(boss, ExamineChip{Named: chip, Cause: "card_mute", Told: told})
		if code := retire(boss2); code != "" {
			t.Errorf("by another: %s", code)
		}
		// What was read is not renamed.
		s.do(kec, ExamineChip{Chip: "0000FFFF000000000009", Named: chip, State: ChipTerminated, Cause: "card_retired", Told: told})
		if again, err := s.r.Examinations(bg, chip, "", 10); err != nil || len(again) != named+2 {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

// Who examined a chip as blocked is not the second person of its card's end.
func TestExaminerIsNotTheSecond(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.do(boss, ExamineChip{Chip: chip, State: ChipBlocked, Cause: "chip_blocked", Told: Told{Mark: MarkBad, Finding: "Chip diblokir.", Steps: []string{"Simpan."}}})
		op := RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss}
		_, err := s.r.Do(bg, admin, op, s.key())
		if fault.CodeOf(err) != "registry.same_person" {
			t.Errorf("%v", err)
		}
		op.Second = boss2
		_, err = s.r.Do(bg, admin, op, s.key())
		s.must(err)
	})
}
