package finger

import "blanko/fault"

var recordMalformed = fault.Entry{
	Code: "finger.record_malformed", Kind: fault.Invalid,
	ID: "Rekaman sidik jari tidak sesuai ISO/IEC 19794-2.",
	EN: "The fingerprint record does not follow ISO/IEC 19794-2.",
	StepsID: []string{
		"Jangan pakai blangko untuk permohonan ini.",
		"Minta rekaman dikirim ulang dari pusat data.",
		"Bila terulang, laporkan nomor rujukan kepada pengelola sistem.",
	},
	StepsEN: []string{
		"Do not use a blank for this application.",
		"Ask the data center to send the record again.",
		"If it happens again, report the reference number to the system administrator.",
	},
}

// WrongFinger: a record holds another finger than it was given for.
var WrongFinger = fault.Entry{
	Code: "finger.wrong_finger", Kind: fault.Invalid,
	ID: "Rekaman sidik jari berisi jari lain.",
	EN: "The fingerprint record holds another finger.",
	StepsID: []string{
		"Periksa jari mana yang diambil.",
		"Ambil ulang jari yang diminta.",
	},
	StepsEN: []string{
		"Check which finger was captured.",
		"Capture the finger that is wanted again.",
	},
}

// Faults are the entries of this room.
var Faults = []fault.Entry{recordMalformed, WrongFinger}
