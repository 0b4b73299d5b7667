package jobs

import "blanko/fault"

// What orders, attempts and lines refuse.
var (
	Fenced = fault.Entry{
		Code: "jobs.fenced", Kind: fault.Conflict,
		ID: "Pesanan ini sudah diambil alih; hasil yang terlambat ditolak.", EN: "This order was taken over; the late result is refused.",
		StepsID: []string{"Hentikan proses lini yang lama.", "Periksa apakah dua program menjalankan lini yang sama."},
		StepsEN: []string{"Stop the older process of the line.", "Check whether two programs run the same line."},
	}
	TakenOver = fault.Entry{
		Code: "jobs.taken_over", Kind: fault.Conflict,
		ID: "Lini ini diambil alih oleh program lain; program ini tidak menjalankannya lagi.", EN: "Another program took this line over; this one does not run it any more.",
		StepsID: []string{"Periksa komputer mana yang seharusnya menjalankan lini ini, dan hentikan program yang lain.", "Mulai ulang program yang seharusnya menjalankan lini."},
		StepsEN: []string{"Check which computer should run this line, and stop the other program.", "Restart the program that should run the line."},
	}
	NoIntent = fault.Entry{
		Code: "jobs.no_intent", Kind: fault.Conflict,
		ID: "Langkah ini tidak pernah dicatat akan dilakukan.", EN: "It was never recorded that this step was about to happen.",
		StepsID: []string{"Jangan keluarkan kartu dari lini.", "Hubungi pengembang dengan nomor rujukan."},
		StepsEN: []string{"Leave the card in the line.", "Call the developer with the reference number."},
	}
	WrongStep = fault.Entry{
		Code: "jobs.wrong_step", Kind: fault.Conflict,
		ID: "Langkah ini tidak mungkin pada keadaan kartu sekarang.", EN: "This step is not possible in the state of the card.",
		StepsID: []string{"Jangan keluarkan kartu dari lini.", "Mulai ulang lini agar pemulihan membaca keadaan kartu."},
		StepsEN: []string{"Leave the card in the line.", "Restart the line so that recovery reads the state of the card."},
	}
	AttemptOver = fault.Entry{
		Code: "jobs.attempt_over", Kind: fault.Conflict,
		ID: "Percobaan ini sudah selesai; tidak ada yang berubah.", EN: "This attempt has ended; nothing was changed.",
		StepsID: []string{"Buka pesanan dan lihat percobaan terbarunya."},
		StepsEN: []string{"Open the order and look at its newest attempt."},
	}
	attemptUnknown = fault.Entry{
		Code: "jobs.attempt_unknown", Kind: fault.NotFound,
		ID: "Nomor percobaan tidak dikenal di stasiun ini.", EN: "This station does not know the attempt.",
		StepsID: []string{"Periksa nomor percobaan.", "Kartu mungkin dibuat di stasiun lain."},
		StepsEN: []string{"Check the attempt id.", "The card may have been made at another station."},
	}
	lineUnknown = fault.Entry{
		Code: "jobs.line_unknown", Kind: fault.NotFound,
		ID: "Lini produksi ini tidak dikenal.", EN: "This production line is not known.",
		StepsID: []string{"Periksa nama lini pada berkas konfigurasi."},
		StepsEN: []string{"Check the line's name in the configuration file."},
	}
	lineKindUnknown = fault.Entry{
		Code: "jobs.line_kind_unknown", Kind: fault.Invalid,
		ID: "Jenis lini tidak dikenal.", EN: "The kind of line is not known.",
		StepsID: []string{"Pakai salah satu: inline, inline_eye, one_way, desktop."},
		StepsEN: []string{"Use one of: inline, inline_eye, one_way, desktop."},
	}
	leaseOver = fault.Entry{
		Code: CauseLeaseOver, Kind: fault.Transient,
		ID: "Lini lain mengambil pesanan ini karena terlalu lama disiapkan.", EN: "Another line took this order because it was prepared for too long.",
		StepsID: []string{"Tidak perlu tindakan."},
		StepsEN: []string{"Nothing to do."},
	}
	sessionOver = fault.Entry{
		Code: CauseSessionOver, Kind: fault.Transient,
		ID: "Lini dimulai ulang sebelum blangko dipakai.", EN: "The line was restarted before a blank was used.",
		StepsID: []string{"Tidak perlu tindakan; pesanan kembali ke antrean."},
		StepsEN: []string{"Nothing to do; the order is back in the queue."},
	}
)

// Faults of this room.
var Faults = []fault.Entry{Fenced, TakenOver, NoIntent, WrongStep, AttemptOver, attemptUnknown, lineUnknown, lineKindUnknown, leaseOver, sessionOver}
