package paper

import "blanko/fault"

var (
	// contentInvalid: a field that the paper needs is empty, or holds what cannot be printed.
	contentInvalid = fault.Entry{
		Code: "paper.content_invalid", Kind: fault.Invalid,
		ID: "Isi dokumen kosong atau memuat huruf yang tidak dapat dicetak.",
		EN: "A part of the paper is empty or holds a character that cannot be printed.",
		StepsID: []string{
			"Lihat bagian yang disebut dan lengkapi atau perbaiki isinya.",
			"Buat dokumen sekali lagi.",
		},
		StepsEN: []string{
			"Look at the part that is named and complete or correct it.",
			"Make the paper once more.",
		},
	}
	// renderFailed: the PDF could not be made; a defect of ours.
	renderFailed = fault.Entry{
		Code: "paper.render_failed", Kind: fault.Internal,
		ID: "Dokumen tidak dapat dibuat.",
		EN: "The paper could not be made.",
		StepsID: []string{
			"Coba sekali lagi.",
			"Bila tetap gagal, sampaikan nomor rujukan kepada pengelola sistem.",
		},
		StepsEN: []string{
			"Try once more.",
			"If it fails again, give the reference number to the system administrator.",
		},
	}
)

// Faults are the entries of this room.
var Faults = []fault.Entry{contentInvalid, renderFailed}
