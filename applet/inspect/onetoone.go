package inspect

import (
	"blanko/biometric/finger"
	"blanko/chipdata"
	"blanko/ktp"
)

// Results of OneToOne.
const (
	Matched     = "matched_1_1"   // against an independent second impression
	EqualByHash = "equal_by_hash" // there is none: equal by hash, no 1:1
	WrongPerson = "wrong_person"
)

// File ids of the two finger slots (card profile KTPEL-OP 1, section 3.1).
var fingerFiles = [2]uint16{0x0201, 0x0202}

// OneToOne compares the fingers read back from the card with the record's independent second
// impressions, never with another record of the same impression. Where both slots have one, both scores
// decide together (finger.Fuse): a worn finger alone is no wrong person. score is 0 to 100
// (finger.Match); 0 where nothing was compared. A template that cannot be read, a finger
// in another slot than the record has it, or a finger that the record does not have is fault
// code inspect.finger_unreadable.
func OneToOne(readBack map[uint16][]byte, r ktp.Record) (result string, score int, err error) {
	const op = "inspect.OneToOne"
	compared := 0
	for n, slot := range r.Fingers {
		data, there := readBack[fingerFiles[n]]
		if there == slot.Empty() {
			return "", 0, FingerUnreadable.At(op, nil).With("slot", "slot %d: in the record %v, on the card %v", n+1, !slot.Empty(), there)
		}
		if slot.Empty() {
			continue
		}
		file, err := chipdata.ParseFingerFile(data)
		if err != nil {
			return "", 0, FingerUnreadable.At(op, err).With("slot", "slot %d: the file", n+1)
		}
		if file.Finger != slot.Finger {
			return "", 0, FingerUnreadable.At(op, nil).With("slot", "slot %d: %s on the card, %s in the record", n+1, file.Finger, slot.Finger)
		}
		if slot.Second == nil {
			continue
		}
		gallery, err := finger.Parse(file.Record)
		if err != nil {
			return "", 0, FingerUnreadable.At(op, err).With("slot", "slot %d: the template of the card", n+1)
		}
		probe, err := finger.Parse(slot.Second)
		if err != nil {
			return "", 0, FingerUnreadable.At(op, err).With("slot", "slot %d: the second impression", n+1)
		}
		compared++
		if s := finger.Match(probe, gallery); compared == 1 {
			score = s
		} else {
			score = finger.Fuse(score, s)
		}
	}
	switch {
	case compared == 0:
		return EqualByHash, 0, nil
	case score >= finger.Threshold():
		return Matched, score, nil
	}
	return WrongPerson, score, nil
}
