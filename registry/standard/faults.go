package standard

import "blanko/fault"

// BadStandard is a standard that cannot be used.
var BadStandard = fault.Entry{
	Code: "standard.bad", Kind: fault.Invalid,
	ID: "Standar pelayanan ini tidak dapat dipakai; yang lama tetap berlaku.", EN: "This service standard cannot be used; the old one stays in force.",
	StepsID: []string{"Perbaiki baris yang disebut.", "Ajukan lagi untuk disetujui."},
	StepsEN: []string{"Mend the line that is named.", "Propose it again."},
}

// Unknown is a standard that does not ship.
var Unknown = fault.Entry{
	Code: "standard.unknown", Kind: fault.NotFound,
	ID: "Standar pelayanan ini tidak ada.", EN: "There is no such service standard.",
	StepsID: []string{"Pilih salah satu dari daftar."},
	StepsEN: []string{"Choose one of the list."},
}

// Faults lists the entries of this room.
var Faults = []fault.Entry{BadStandard, Unknown}
