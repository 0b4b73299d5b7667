package inspect

import "blanko/fault"

// Entries of this room.
var (
	FingerUnreadable = fault.Entry{
		Code: "inspect.finger_unreadable", Kind: fault.Invalid,
		ID: "Rekaman sidik jari tidak dapat dibandingkan.", EN: "A fingerprint record cannot be compared.",
		StepsID: []string{"Pisahkan kartu ini; jangan diserahkan.", "Catat nomor rujukan.", "Serahkan kepada penyelia untuk diperiksa."},
		StepsEN: []string{"Set this card aside; do not hand it over.", "Note the reference number.", "Give it to the supervisor for examination."},
	}
)

// Faults lists every entry.
var Faults = []fault.Entry{FingerUnreadable}
