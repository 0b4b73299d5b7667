package registry

import "blanko/fault"

// What the release of a started station raises.
var (
	// NotReleased: the lines of a started station wait.
	NotReleased = fault.Entry{
		Code: "registry.not_released", Kind: fault.Denied,
		ID:      "Stasiun baru dinyalakan; lini menunggu sampai dilepas.",
		EN:      "The station was started; its lines wait until they are released.",
		StepsID: []string{"Administrator mengusulkan pelepasan dan Atasan menyetujuinya.", "Di dalam shift yang terbuka, tanpa perubahan dan tanpa kartu yang diragukan, satu orang cukup; orang kedua menegaskan sebelum shift ditutup.", "Pada stasiun: blanko start list, lalu blanko start release."},
		StepsEN: []string{"The administrator proposes the release and the supervisor agrees.", "Inside an open shift, with nothing changed and no card in doubt, one person suffices; a second confirms before the shift closes.", "At the station: blanko start list, then blanko start release."},
	}
	startUnknown = fault.Entry{
		Code: "registry.start_unknown", Kind: fault.NotFound,
		ID:      "Penyalaan stasiun ini tidak dikenal.",
		EN:      "This start of a station is not known.",
		StepsID: []string{"Muat ulang daftar penyalaan."},
		StepsEN: []string{"Reload the list of starts."},
	}
	needsTwo = fault.Entry{
		Code: "registry.start_needs_two", Kind: fault.Denied,
		ID:      "Penyalaan ini harus dilepas oleh dua orang.",
		EN:      "This start has to be released by two persons.",
		StepsID: []string{"Lihat sebabnya pada daftar penyalaan.", "Usulkan pelepasan; Atasan menyetujuinya."},
		StepsEN: []string{"See the reason in the list of starts.", "Propose the release; the supervisor agrees."},
	}
	startUnconfirmed = fault.Entry{
		Code: "registry.start_unconfirmed", Kind: fault.Conflict,
		ID:      "Shift belum dapat ditutup: penyalaan yang dilepas satu orang belum ditegaskan orang kedua.",
		EN:      "The shift cannot close yet: a start that one person released was not confirmed by a second.",
		StepsID: []string{"Orang lain dari bagian ini menegaskan penyalaan itu.", "Tutup shift sekali lagi."},
		StepsEN: []string{"Another person of the room confirms that start.", "Close the shift again."},
	}
)
