package registry

import (
	"testing"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/stock"
)

// A blank that came out of the hopper unasked goes back into the store when its chip was examined and is blank; one
// that was worked on, is denied, is not blank, or came from nowhere does not.
func TestBlankGoesBackIntoTheStore(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		stray := func(from string) ktp.ChipUID {
			chip := s.chip()
			s.must(s.r.Found(bg, s.session(line1), chip, ktp.AttemptID{}, string(stock.Reject)))
			if b, known, err := s.blank(chip); err != nil || !known || (from == "") != (b.Lot == stock.Unexplained) {
				t.Fatalf("%+v, %v, %v", b, known, err)
			}
			return chip
		}
		for name, c := range map[string]struct {
			spoil func(chip ktp.ChipUID)
			want  fault.Code
		}{
			"blank":   {func(chip ktp.ChipUID) { s.examined(chip, ChipBlank) }, ""},
			"unread":  {func(ktp.ChipUID) {}, chipNotExamined.Code},
			"written": {func(chip ktp.ChipUID) { s.examined(chip, ChipWritten) }, blankNotClean.Code},
			"a denied": {func(chip ktp.ChipUID) {
				s.examined(chip, ChipBlank)
				s.do(keeper, DenyBlank{Chip: chip, Because: Because{Reason: "stolen"}})
			}, BlankDenied.Code},
		} {
			chip, before := stray("hopper"), s.held("store")
			c.spoil(chip)
			o := ReadmitBlank{Chip: chip, Second: admin}
			if c.want != "" {
				s.refused(keeper, o, c.want)
				continue
			}
			s.do(keeper, o)
			if s.held("store") != before+1 {
				t.Errorf("%s: %d in the store, before %d", name, s.held("store"), before)
			}
		}
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: s.held("hopper/line-1"), Second: admin})
		nowhere := stray("")
		s.examined(nowhere, ChipBlank)
		s.refused(keeper, ReadmitBlank{Chip: nowhere, Second: admin}, blankNotClean.Code)
		s.refused(keeper, ReadmitBlank{Chip: "0000FFFF000000000009", Second: admin}, unknownID.Code)
		_, differences, err := s.r.Blanks(bg)
		s.must(err)
		if len(differences) > 0 {
			t.Errorf("%+v", differences)
		}
	})
}
