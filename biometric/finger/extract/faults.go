package extract

import "blanko/fault"

// ImageUnusable: a picture whose size or resolution no fingerprint can be read from.
var ImageUnusable = fault.Entry{
	Code: "extract.image_unusable", Kind: fault.Invalid,
	ID: "Gambar sidik jari tidak dapat dibaca.",
	EN: "The fingerprint picture cannot be read.",
	StepsID: []string{
		"Pakai gambar abu-abu 8 bit dari satu jari, sebaiknya 500 dpi.",
		"Periksa resolusi yang dinyatakan pada pemindai.",
		"Ambil ulang sidik jari.",
	},
	StepsEN: []string{
		"Use an 8-bit gray picture of one finger, best at 500 dpi.",
		"Check the resolution that the scanner declares.",
		"Capture the finger again.",
	},
}

// Faults are the entries of this room.
var Faults = []fault.Entry{ImageUnusable}
