package icao

import (
	"strings"

	"blanko/applet"
	"blanko/chipdata"
)

// Access is what the bearer of a card can tell a reader: the card access number, or the three
// fields of the machine readable zone, or both. Formatting it with fmt shows nothing of it.
type Access struct {
	CAN string // six digits; empty: not known

	DocumentNumber string // the NIK; empty: the zone is not known
	BirthDate      string // YYMMDD
	Expiry         string // YYMMDD; 991231 on a card for life
}

// FromMRZ is the access that a zone gives.
func FromMRZ(m chipdata.MRZ) Access {
	return Access{DocumentNumber: m.DocumentNumber, BirthDate: m.BirthDate, Expiry: m.Expiry}
}

// IsZero reports whether nothing is known.
func (a Access) IsZero() bool { return a == Access{} }

// String never shows a password.
func (a Access) String() string {
	var known []string
	if a.CAN != "" {
		known = append(known, "CAN")
	}
	if a.hasMRZ() {
		known = append(known, "MRZ")
	}
	return "Access(" + strings.Join(known, " ") + ")"
}

// GoString never shows a password.
func (a Access) GoString() string { return a.String() }

func (a Access) hasMRZ() bool { return a.DocumentNumber != "" }

// information is the MRZ information.
func (a Access) information() string {
	return applet.BACInformation(a.DocumentNumber, a.BirthDate, a.Expiry)
}

// Lengths of what a person types.
const (
	canDigits  = 6 // Doc 9303-11, 4.4
	dateDigits = 6 // YYMMDD
	maxNumber  = 22
)

// Check refuses what no card can have: fault code icao.access_malformed names the field, never its
// value.
func (a Access) Check() error {
	const op = "icao.Access.Check"
	if a.IsZero() {
		return AccessMalformed.At(op, nil).With("access", "neither a CAN nor the fields of the zone are given")
	}
	if a.CAN != "" && !digits(a.CAN, canDigits) {
		return AccessMalformed.At(op, nil).With("can", "not %d digits", canDigits)
	}
	if !a.hasMRZ() {
		if a.BirthDate != "" || a.Expiry != "" {
			return AccessMalformed.At(op, nil).With("documentNumber", "missing beside the dates of the zone")
		}
		return nil
	}
	for i := range len(a.DocumentNumber) {
		c := a.DocumentNumber[i]
		if len(a.DocumentNumber) > maxNumber || c != '<' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return AccessMalformed.At(op, nil).With("documentNumber", "not 1 to %d capital letters and digits", maxNumber)
		}
	}
	if !digits(a.BirthDate, dateDigits) {
		return AccessMalformed.At(op, nil).With("birthDate", "not the six digits YYMMDD")
	}
	if !digits(a.Expiry, dateDigits) {
		return AccessMalformed.At(op, nil).With("expiry", "not the six digits YYMMDD")
	}
	return nil
}

func digits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}
