package ktp

// Finger is a position code of ISO/IEC 19794-2: 1 to 5 right thumb to little, 6 to 10 left.
type Finger uint8

const (
	RightThumb Finger = iota + 1
	RightIndex
	RightMiddle
	RightRing
	RightLittle
	LeftThumb
	LeftIndex
	LeftMiddle
	LeftRing
	LeftLittle
)

// fingers holds OSIA's name and the CBEFF subtype (ISO/IEC 7816-11) of each position code.
var fingers = [...]struct {
	osia  string
	cbeff byte
}{
	{"UNKNOWN", 0x00},
	{"RIGHT_THUMB", 0x05},
	{"RIGHT_INDEX", 0x09},
	{"RIGHT_MIDDLE", 0x0D},
	{"RIGHT_RING", 0x11},
	{"RIGHT_LITTLE", 0x15},
	{"LEFT_THUMB", 0x06},
	{"LEFT_INDEX", 0x0A},
	{"LEFT_MIDDLE", 0x0E},
	{"LEFT_RING", 0x12},
	{"LEFT_LITTLE", 0x16},
}

// Valid reports whether f is one of the ten fingers.
func (f Finger) Valid() bool { return f >= RightThumb && f <= LeftLittle }

// String is OSIA's name, such as RIGHT_INDEX.
func (f Finger) String() string {
	if !f.Valid() {
		return fingers[0].osia
	}
	return fingers[f].osia
}

// CBEFF is the biometric subtype byte of ISO/IEC 7816-11.
func (f Finger) CBEFF() byte {
	if !f.Valid() {
		return 0
	}
	return fingers[f].cbeff
}

// ParseFinger reads OSIA's name.
func ParseFinger(s string) (Finger, bool) {
	for i := RightThumb; i <= LeftLittle; i++ {
		if fingers[i].osia == s {
			return i, true
		}
	}
	return 0, false
}

// MissingReason says why a finger is not on the card; the byte of DG13 A2 81.
type MissingReason uint8

const (
	FingerMissing      MissingReason = 1 // amputated
	FingerUncapturable MissingReason = 2 // injury or bandage, for now
	FingerBelowQuality MissingReason = 3 // captured, but below the floor after the allowed attempts
	FingerOther        MissingReason = 4
)
