package registry

import (
	"slices"
	"time"

	"blanko/ktp"
)

// ChipState is what a chip told of itself when it was examined.
type ChipState string

const (
	ChipUnread     ChipState = "" // it did not answer, or nobody asked
	ChipBlank      ChipState = "blank"
	ChipClaimed    ChipState = "claimed"
	ChipWritten    ChipState = "written"
	ChipActive     ChipState = "active"
	ChipBlocked    ChipState = "blocked"
	ChipTerminated ChipState = "terminated"
	ChipForeign    ChipState = "foreign" // it answers, and holds no card application of the profile
)

// ChipStates are those of a chip that answers.
var ChipStates = []ChipState{ChipBlank, ChipClaimed, ChipWritten, ChipActive, ChipBlocked, ChipTerminated, ChipForeign}

// worthless are the states of a chip that no reader honors.
var worthless = []ChipState{ChipBlocked, ChipTerminated}

// proofPicture is the field of the picture that stands in for a chip that does not answer.
const proofPicture = "picture"

// worthlessNow is how a card is proved worthless (card profile, section 7.2): by its chip, as it was examined last,
// no longer ago than the service standard lets it be, and since the card was made; or, where the chip does not
// answer, or answers with nothing, by a picture of its face. A chip that answered as one that readers take is not made
// mute by a picture, nor by who examines it anew and acts. What a chip says of itself without a key is not
// authenticated: two persons retire a card, and see it.
func (a *act) worthlessNow(op string, c Card, picture string) (state ChipState, err error) {
	x, fresh, err := a.examinedNow(c.Chip, c.MadeAt)
	if err != nil {
		return "", err
	}
	switch {
	case fresh && slices.Contains(worthless, x.State):
		return x.State, nil
	case fresh && x.State == ChipActive:
		return "", chipStillWorks.At(op, nil).With("chip", "examined as %s (%s)", x.State, x.Number)
	}
	if fresh && x.State == ChipUnread && x.By == a.actor.ID {
		read, counts, err := a.readNow(c.Chip, c.MadeAt)
		switch {
		case err != nil:
			return "", err
		case counts && read.State == ChipActive:
			return "", samePerson.At(op, nil).With("chip", "examined as %s (%s); who found it mute since (%s) is not who acts", read.State, read.Number, x.Number)
		}
	}
	if picture != "" {
		return ChipUnread, a.pictured(op, proofPicture, picture, "card/"+string(c.Chip))
	}
	if mute, err := hasPictureOf(a.tx, "card/"+string(c.Chip), "attempt/"+c.Attempt.String()); err != nil || mute {
		return ChipUnread, err // its retirement had one
	}
	s, err := a.standard()
	if err == nil {
		err = chipNotExamined.At(op, nil).With("chip", "no examination of this chip within %s that read its state", s.ExaminedFor())
	}
	return "", err
}

// examinedNow is the last examination of a chip; fresh where it counts still, and is of no time before since.
func (a *act) examinedNow(chip ktp.ChipUID, since time.Time) (x Examination, fresh bool, err error) {
	return a.lastNow(chip, since, `where chip = ? and chip <> '' order by number desc limit 1`)
}

// readNow is examinedNow of an examination that read the chip.
func (a *act) readNow(chip ktp.ChipUID, since time.Time) (x Examination, fresh bool, err error) {
	return a.lastNow(chip, since, `where chip = ? and chip <> '' and state <> '' order by number desc limit 1`)
}

func (a *act) lastNow(chip ktp.ChipUID, since time.Time, where string) (x Examination, fresh bool, err error) {
	s, err := a.standard()
	if err != nil {
		return x, false, err
	}
	list, err := examinations(a.tx, where, chip)
	if err != nil || len(list) == 0 {
		return x, false, err
	}
	x = list[0]
	return x, a.now().Before(x.At.Add(s.ExaminedFor())) && !x.At.Before(since), nil
}

// notExaminer refuses who examined a chip as the second person of what follows: the second looks at it anew.
func (a *act) notExaminer(op string, chip ktp.ChipUID, since time.Time, second Actor) error {
	x, fresh, err := a.examinedNow(chip, since)
	if err == nil && fresh && second.ID != "" && x.By == second.ID {
		err = samePerson.At(op, nil).With("second", "who examined the chip (%s) is not the second person", x.Number)
	}
	return err
}
