package inspect

import (
	"strconv"

	"blanko/biometric/finger"
	"blanko/chipdata"
)

// FingerFiles are EF.FPR and EF.FPL as read from a chip (card profile KTPEL-OP 1, section 3.1): personal
// data. Nil: not read, or not there.
type FingerFiles [2][]byte

// FingerFileIDs are the file ids of FingerFiles, as four hex digits.
var FingerFileIDs = [2]string{"0201", "0202"}

// String shows nothing of them.
func (FingerFiles) String() string { return "FingerFiles" }

// GoString shows nothing of them.
func (FingerFiles) GoString() string { return "FingerFiles" }

// Holder compares living fingers, one or two records of one view each, with the same fingers on the chip.
// Two decide together (finger.Fuse). score is 0 to 100 (finger.Match). A file that cannot be read, a finger
// that the files do not hold, or a living finger that is the record on the chip itself is fault code
// inspect.finger_unreadable.
func Holder(onChip FingerFiles, live ...*finger.Template) (score int, err error) {
	const op = "inspect.Holder"
	for n, probe := range live {
		f := probe.Views[0].Position
		there := false
		for slot, data := range onChip {
			if len(data) == 0 {
				continue
			}
			field := "onChip." + FingerFileIDs[slot]
			file, err := chipdata.ParseFingerFile(data)
			if err != nil {
				return 0, FingerUnreadable.At(op, err).With(field, "the file")
			}
			if file.Finger != f {
				continue
			}
			gallery, err := finger.Parse(file.Record)
			if err != nil {
				return 0, FingerUnreadable.At(op, err).With(field, "the template of the card")
			}
			if probe.Copies(gallery) {
				return 0, FingerUnreadable.At(op, nil).With("live."+strconv.Itoa(n), "it is the record of the chip, not a living finger")
			}
			there = true
			if s := finger.Match(probe, gallery); n == 0 {
				score = s
			} else {
				score = finger.Fuse(score, s)
			}
			break
		}
		if !there {
			return 0, FingerUnreadable.At(op, nil).With("live."+strconv.Itoa(n)+".finger", "%s is not among the files read from the chip", f)
		}
	}
	return score, nil
}
