package audit

import "blanko/fault"

var notACode = fault.Entry{
	Code: "audit.not_a_code", Kind: fault.Invalid,
	ID: "Catatan kejadian hanya boleh berisi nomor dan kode.", EN: "An event may hold ids and codes only.",
	StepsID: []string{"Tulis kode singkat dalam huruf biasa, tanpa nama dan tanpa NIK."},
	StepsEN: []string{"Write a short code in plain letters, without a name and without a NIK."},
}

// Faults of this room.
var Faults = []fault.Entry{notACode}
