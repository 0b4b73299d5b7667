package stock

import (
	"regexp"
	"time"

	"blanko/ktp"
)

// Label is the number that is printed on a blank, or its barcode. Not every supplier gives one, and none is read by a
// machine of the station: the supplier's list says which chip it belongs to.
type Label string

var labelForm = regexp.MustCompile(`^[A-Z0-9][A-Z0-9.-]{3,31}$`)

// Valid reports whether it is 4 to 32 capitals, digits, dots and dashes, and does not read like the UID of a
// chip.
func (l Label) Valid() bool { return labelForm.MatchString(string(l)) && !ktp.ChipUID(l).Valid() }

// DeniedLabel is a label whose blank may not be used, and which no list has brought here yet.
type DeniedLabel struct {
	Label  Label
	Reason string
	At     time.Time
	Actor  string
}
