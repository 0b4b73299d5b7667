package openjpeg

import "blanko/fault"

var (
	notBuilt = fault.Entry{
		Code: "openjpeg.not_built", Kind: fault.Invalid,
		ID: "Program ini dibangun tanpa JPEG 2000.", EN: "This program was built without JPEG 2000.",
		StepsID: []string{
			"Pasang program yang dibangun dengan OpenJPEG (cgo).",
			"Bila itu tidak mungkin, pakai kodek JPEG dan hanya chip 32 KB ke atas.",
		},
		StepsEN: []string{
			"Install the program that was built with OpenJPEG (cgo).",
			"If that is not possible, use the JPEG codec and chips of 32 KB and more only.",
		},
	}
	outsideLimits = fault.Entry{
		Code: "openjpeg.outside_limits", Kind: fault.Invalid,
		ID: "Gambar JPEG 2000 di luar batas yang diterima.", EN: "The JPEG 2000 picture is outside the limits that are accepted.",
		StepsID: []string{
			"Pisahkan kartu atau berkas asal gambar ini.",
			"Laporkan nomor rujukan kepada pengelola sistem.",
		},
		StepsEN: []string{
			"Set the card or file that the picture came from aside.",
			"Report the reference number to the system administrator.",
		},
	}
	libraryFailed = fault.Entry{
		Code: "openjpeg.library_failed", Kind: fault.Invalid,
		ID: "Gambar JPEG 2000 tidak dapat dibuat atau dibaca.", EN: "The JPEG 2000 picture could not be made or read.",
		StepsID: []string{
			"Ulangi dengan gambar asal yang sama.",
			"Bila terulang, laporkan nomor rujukan kepada pengelola sistem.",
		},
		StepsEN: []string{
			"Try again with the same source picture.",
			"If it happens again, report the reference number to the system administrator.",
		},
	}
)

// Faults are the entries of this room.
var Faults = []fault.Entry{notBuilt, outsideLimits, libraryFailed}
