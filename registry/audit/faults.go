package audit

import "blanko/fault"

var notACode = fault.Entry{
	Code: "audit.not_a_code", Kind: fault.Invalid,
	ID: "Catatan kejadian hanya boleh berisi nomor dan kode.", EN: "An event may hold ids and codes only.",
	StepsID: []string{"Tulis kode singkat dalam huruf biasa, tanpa nama dan tanpa NIK."},
	StepsEN: []string{"Write a short code in plain letters, without a name and without a NIK."},
}

var notAnExport = fault.Entry{
	Code: "audit.not_an_export", Kind: fault.Invalid,
	ID: "Berkas ini bukan salinan catatan kejadian yang utuh.", EN: "This file is no whole export of an event log.",
	StepsID: []string{"Ambil berkas yang dibuat dengan blanko audit export.", "Bila berkas terpotong saat disalin, salin sekali lagi.", "Bila tidak, laporkan kepada petugas keamanan: berkas mungkin diubah."},
	StepsEN: []string{"Take the file that blanko audit export has made.", "If it was cut while being copied, copy it again.", "If not, tell the security officer: the file may have been changed."},
}

// Faults of this room.
var Faults = []fault.Entry{notACode, notAnExport}
