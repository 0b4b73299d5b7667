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
	TrustUnusable = fault.Entry{
		Code: "inspect.trust_unusable", Kind: fault.Invalid,
		ID: "Sertifikat atau kunci kepercayaan tidak dapat dipakai.", EN: "A certificate or key to be trusted cannot be used.",
		StepsID: []string{"Periksa berkas yang disebut dalam folder sertifikat CSCA atau kunci pusat.", "Ganti dengan berkas dari sumber resmi.", "Ulangi pemeriksaan."},
		StepsEN: []string{"Look at the file that is named in the folder of CSCA certificates or center keys.", "Replace it with the file from the official source.", "Examine the card again."},
	}
	StatusListUnusable = fault.Entry{
		Code: "inspect.status_list_unusable", Kind: fault.Invalid,
		ID: "Daftar status kartu tidak dapat dipakai.", EN: "The status list of cards cannot be used.",
		StepsID: []string{"Ambil daftar status terbaru dari Dinas atau pusat.", "Periksa bahwa kunci penanda tangannya dikenal di sini."},
		StepsEN: []string{"Fetch the latest status list from the office or the center.", "Check that the key that signed it is known here."},
	}
	CardChanged = fault.Entry{
		Code: "inspect.card_changed", Kind: fault.Conflict,
		ID: "Kartu lain diletakkan selama pemeriksaan.", EN: "Another card was laid down during the examination.",
		StepsID: []string{"Letakkan satu kartu saja pada pembaca.", "Ulangi pemeriksaan dari awal."},
		StepsEN: []string{"Lay one card alone on the reader.", "Begin the examination again."},
	}
)

// Faults lists every entry.
var Faults = []fault.Entry{FingerUnreadable, TrustUnusable, StatusListUnusable, CardChanged}
