package audit

import "blanko/fault"

var notACode = fault.Entry{
	Code: "audit.not_a_code", Kind: fault.Internal,
	ID: "Catatan kejadian hanya boleh berisi nomor dan kode.", EN: "An event may hold ids and codes only.",
	StepsID: []string{"Hubungi pengembang dengan nomor rujukan."},
	StepsEN: []string{"Call the developer with the reference number."},
}

// Faults of this room.
var Faults = []fault.Entry{notACode}
