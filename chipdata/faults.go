package chipdata

import "blanko/fault"

// Steps that many entries share.
var (
	askCenterID = []string{
		"Jangan pakai blangko untuk permohonan ini.",
		"Perbaiki data atau ambil ulang, lalu minta pusat data mengirim ulang rekaman.",
		"Setelah rekaman baru datang, antrekan permohonan kembali.",
	}
	askCenterEN = []string{
		"Do not use a blank for this application.",
		"Correct or capture the data again and ask the data center to send the record again.",
		"Queue the application again when the new record has come.",
	}
	callSupportID = []string{
		"Hentikan jalur produksi ini.",
		"Catat nomor rujukan dan versi profil kartu.",
		"Hubungi pengelola sistem.",
	}
	callSupportEN = []string{
		"Stop this production line.",
		"Note the reference number and the version of the card profile.",
		"Call the system administrator.",
	}
	setAsideID = []string{
		"Pisahkan kartu ini; jangan diserahkan.",
		"Catat nomor rujukan.",
		"Serahkan kartu kepada penyelia untuk diperiksa.",
	}
	setAsideEN = []string{
		"Set this card aside; do not hand it over.",
		"Note the reference number.",
		"Give the card to the supervisor for examination.",
	}
)

var (
	profileUnknown = fault.Entry{
		Code: "chipdata.profile_unknown", Kind: fault.NotFound,
		ID: "Profil kartu tidak dikenal.", EN: "The card profile is not known.",
		StepsID: callSupportID, StepsEN: callSupportEN,
	}
	profileMalformed = fault.Entry{
		Code: "chipdata.profile_malformed", Kind: fault.Invalid,
		ID: "Berkas profil kartu tidak sah.", EN: "The card profile file is not valid.",
		StepsID: callSupportID, StepsEN: callSupportEN,
	}
	textUnprintable = fault.Entry{
		Code: "chipdata.text_unprintable", Kind: fault.Invalid,
		ID:      "Data teks mengandung aksara yang tidak dapat ditulis ke chip.",
		EN:      "A text value holds a character that cannot be written to the chip.",
		StepsID: askCenterID, StepsEN: askCenterEN,
	}
	recordIncomplete = fault.Entry{
		Code: "chipdata.record_incomplete", Kind: fault.Invalid,
		ID:      "Rekaman tidak memuat data yang wajib ada di chip.",
		EN:      "The record lacks data that the chip must hold.",
		StepsID: askCenterID, StepsEN: askCenterEN,
	}
	fingerUnusable = fault.Entry{
		Code: "chipdata.finger_unusable", Kind: fault.Invalid,
		ID:      "Rekaman sidik jari tidak dapat dipakai untuk chip.",
		EN:      "A fingerprint record cannot be used for the chip.",
		StepsID: askCenterID, StepsEN: askCenterEN,
	}
	photoBelowFloor = fault.Entry{
		Code: "chipdata.photo_below_floor", Kind: fault.Invalid,
		ID:      "Pas foto tidak mencapai mutu minimum dalam ruang chip yang tersedia.",
		EN:      "The photo does not reach its quality floor in the space that the chip has.",
		StepsID: askCenterID, StepsEN: askCenterEN,
	}
	signatureBelowFloor = fault.Entry{
		Code: "chipdata.signature_below_floor", Kind: fault.Invalid,
		ID:      "Gambar tanda tangan tidak mencapai mutu minimum dalam ruang chip yang tersedia.",
		EN:      "The signature image does not reach its quality floor in the space that the chip has.",
		StepsID: askCenterID, StepsEN: askCenterEN,
	}
	pictureUnusable = fault.Entry{
		Code: "chipdata.picture_unusable", Kind: fault.Invalid,
		ID:      "Pas foto atau tanda tangan tidak ada, terlalu kecil, atau kosong.",
		EN:      "The photo or signature image is missing, too small or empty.",
		StepsID: askCenterID, StepsEN: askCenterEN,
	}
	codecNotAllowed = fault.Entry{
		Code: "chipdata.codec_not_allowed", Kind: fault.Invalid,
		ID:      "Kodek gambar pada stasiun ini tidak diizinkan oleh profil kartu.",
		EN:      "The picture codec of this station is not allowed by the card profile.",
		StepsID: callSupportID, StepsEN: callSupportEN,
	}
	codecFailed = fault.Entry{
		Code: "chipdata.codec_failed", Kind: fault.Internal,
		ID: "Kodek gambar gagal.", EN: "The picture codec failed.",
		StepsID: callSupportID, StepsEN: callSupportEN,
	}
	doesNotFit = fault.Entry{
		Code: "chipdata.does_not_fit", Kind: fault.Invalid,
		ID: "Isi rekaman tidak muat di chip.", EN: "The content of the record does not fit on the chip.",
		StepsID: askCenterID, StepsEN: askCenterEN,
	}
	chipKeyInvalid = fault.Entry{
		Code: "chipdata.chip_key_invalid", Kind: fault.Device,
		ID: "Kunci publik yang dibuat chip tidak sah.", EN: "The public key that the chip made is not valid.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	signerUnusable = fault.Entry{
		Code: "chipdata.signer_unusable", Kind: fault.Device,
		ID: "Penanda tangan dokumen tidak dapat dipakai.", EN: "The document signer cannot be used.",
		StepsID: callSupportID, StepsEN: callSupportEN,
	}
	fileMalformed = fault.Entry{
		Code: "chipdata.file_malformed", Kind: fault.Invalid,
		ID: "Berkas pada chip tidak sesuai bentuknya.", EN: "A file of the chip does not have its form.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	sodUntrusted = fault.Entry{
		Code: "chipdata.sod_untrusted", Kind: fault.Invalid,
		ID: "Tanda tangan digital kartu tidak dapat dipercaya.", EN: "The card's digital signature cannot be trusted.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
)

// Faults are the entries of this room.
var Faults = []fault.Entry{
	profileUnknown, profileMalformed, textUnprintable, recordIncomplete, fingerUnusable,
	photoBelowFloor, signatureBelowFloor, pictureUnusable, codecNotAllowed, codecFailed, doesNotFit,
	chipKeyInvalid, signerUnusable, fileMalformed, sodUntrusted,
}
