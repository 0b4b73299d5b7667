package personalize

import "blanko/fault"

// What a line raises by itself.
var (
	LineMisbuilt = fault.Entry{
		Code: "personalize.line_misbuilt", Kind: fault.Invalid,
		ID:      "Konfigurasi lini tidak lengkap.",
		EN:      "The configuration of the line is incomplete.",
		StepsID: []string{"Periksa bagian lini pada berkas konfigurasi.", "Perbaiki, lalu mulai lagi."},
		StepsEN: []string{"Check the line's part of the configuration file.", "Mend it, then start again."},
	}
	LineStopped = fault.Entry{
		Code: "personalize.line_stopped", Kind: fault.Transient,
		ID:      "Lini berhenti sebelum kartu ini dikerjakan.",
		EN:      "The line stopped before this card was worked on.",
		StepsID: []string{"Jalankan lini kembali; urutan antrean tetap."},
		StepsEN: []string{"Start the line again; the queue keeps its order."},
	}
	PreparationFailed = fault.Entry{
		Code: "personalize.preparation_failed", Kind: fault.Internal,
		ID:      "Isi kartu tidak dapat disiapkan.",
		EN:      "The content of the card could not be prepared.",
		StepsID: []string{"Catat nomor rujukan.", "Laporkan kepada administrator; blangko tidak terpakai."},
		StepsEN: []string{"Note the reference number.", "Report it to the administrator; no blank was used."},
	}
	IdentityUnproved = fault.Entry{
		Code: "personalize.identity_unproved", Kind: fault.Invalid,
		ID:      "Tanda tangan pusat data tidak membuktikan orang dalam data ini.",
		EN:      "The data center's signature does not prove the person of this record.",
		StepsID: []string{"Jangan cetak data ini; blangko tidak terpakai.", "Perbarui daftar kunci pusat data, lalu minta pusat data mengirim ulang data ini.", "Jika berulang, laporkan kepada petugas keamanan: basis data mungkin diubah."},
		StepsEN: []string{"Do not print this record; no blank was used.", "Bring the list of the center's keys up to date, then ask the center to send the record again.", "If it recurs, tell the security officer: the database may have been changed."},
	}
	PictureUnreadable = fault.Entry{
		Code: "personalize.picture_unreadable", Kind: fault.Invalid,
		ID:      "Foto atau tanda tangan dalam data tidak dapat dibaca.",
		EN:      "The photo or signature image of the record cannot be read.",
		StepsID: []string{"Minta pusat data mengirim ulang data ini.", "Blangko tidak terpakai."},
		StepsEN: []string{"Ask the data center to send the record again.", "No blank was used."},
	}
	ProfileUnknown = fault.Entry{
		Code: "personalize.profile_unknown", Kind: fault.Invalid,
		ID:      "Jenis kartu dalam data tidak dikenal stasiun ini.",
		EN:      "This station does not know the kind of card the record asks for.",
		StepsID: []string{"Periksa templat kartu yang terpasang.", "Laporkan kepada administrator."},
		StepsEN: []string{"Check which card templates are installed.", "Report it to the administrator."},
	}
	ChipFailed = fault.Entry{
		Code: "personalize.chip_failed", Kind: fault.Device,
		ID:      "Chip tidak menjawab sebagaimana mestinya.",
		EN:      "The chip did not answer as it should.",
		StepsID: []string{"Kartu dipindahkan ke baki tolak.", "Jika berulang, periksa pembaca dan lot blangko."},
		StepsEN: []string{"The card goes to the reject tray.", "If it happens again, check the encoder and the lot of blanks."},
	}
	ForeignCard = fault.Entry{
		Code: "personalize.foreign_card", Kind: fault.Device,
		ID:      "Kartu di dalam mesin bukan blangko kosong dari stok.",
		EN:      "The card in the machine is not an empty blank of the stock.",
		StepsID: []string{"Ambil kartu dari baki tolak.", "Tempelkan pada pembaca meja untuk melihat milik siapa.", "Laporkan kepada atasan."},
		StepsEN: []string{"Take the card from the reject tray.", "Lay it on the desk reader to see whose it is.", "Report it to the supervisor."},
	}
	WrongPerson = fault.Entry{
		Code: "personalize.wrong_person", Kind: fault.InDoubt,
		ID:      "Kartu dan orang tidak cocok. Lini dihentikan.",
		EN:      "Card and person do not belong together. The line is stopped.",
		StepsID: []string{"Jangan serahkan kartu apa pun dari lini ini.", "Pisahkan kartu sebelum dan sesudahnya.", "Panggil atasan; lini dibuka kembali oleh dua orang."},
		StepsEN: []string{"Hand out no card of this line.", "Set the card before and the card after it apart.", "Call the supervisor; two persons release the line."},
	}
	CardTaken = fault.Entry{
		Code: "personalize.card_missing", Kind: fault.InDoubt,
		ID:      "Kartu tidak lagi berada di dalam mesin.",
		EN:      "The card is no longer inside the machine.",
		StepsID: []string{"Cari kartu di baki, di mesin dan di meja.", "Tempelkan kartu pada pembaca meja.", "Jika tidak ditemukan, dua orang menyatakannya hilang."},
		StepsEN: []string{"Look for the card in the trays, in the machine and on the desk.", "Lay the card on the desk reader.", "If it is not found, two persons declare it lost."},
	}
	PrintFailed = fault.Entry{
		Code: "personalize.print_failed", Kind: fault.Device,
		ID:      "Pencetakan gagal; kartu ini tidak dicetak ulang.",
		EN:      "Printing failed; this card is never printed again.",
		StepsID: []string{"Kartu dipindahkan ke baki tolak.", "Kartu pengganti dibuat dari blangko baru."},
		StepsEN: []string{"The card goes to the reject tray.", "Its successor is made on a new blank."},
	}
	PrintInterrupted = fault.Entry{
		Code: "personalize.print_interrupted", Kind: fault.Device,
		ID:      "Pencetakan terputus dan tidak dapat dibuktikan selesai.",
		EN:      "Printing was interrupted and cannot be proved complete.",
		StepsID: []string{"Kartu dipindahkan ke baki tolak dan tidak dicetak ulang.", "Kartu pengganti dibuat dari blangko baru."},
		StepsEN: []string{"The card goes to the reject tray and is not printed again.", "Its successor is made on a new blank."},
	}
	FaceUnseen = fault.Entry{
		Code: "personalize.face_unseen", Kind: fault.Device,
		ID:      "Muka kartu tidak dapat diperiksa.",
		EN:      "The face of the card could not be looked at.",
		StepsID: []string{"Periksa kamera lini.", setAsideID},
		StepsEN: []string{"Check the line's camera.", setAsideEN},
	}
	FaceRefused = fault.Entry{
		Code: "personalize.face_refused", Kind: fault.Device,
		ID:      "Hasil cetak tidak sesuai dengan yang diharapkan.",
		EN:      "The printed face is not what was expected.",
		StepsID: []string{"Periksa pita dan kebersihan kepala cetak.", setAsideID},
		StepsEN: []string{"Check the ribbon and the print head.", setAsideEN},
	}
	RecheckFailed = fault.Entry{
		Code: "personalize.recheck_failed", Kind: fault.Device,
		ID:      "Kartu aktif tidak lolos pemeriksaan ulang; chip diblokir.",
		EN:      "The active card failed the recheck; its chip is blocked.",
		StepsID: []string{"Simpan kartu dari baki tolak secara terpisah.", "Laporkan kepada atasan."},
		StepsEN: []string{"Keep the card from the reject tray apart.", "Report it to the supervisor."},
	}
	TornWrite = fault.Entry{
		Code: "personalize.torn_write", Kind: fault.Device,
		ID:      "Penulisan chip terputus.",
		EN:      "Writing the chip was interrupted.",
		StepsID: []string{"Kartu dipindahkan ke baki tolak."},
		StepsEN: []string{"The card goes to the reject tray."},
	}
	RecoveredCard = fault.Entry{
		Code: "personalize.recovered", Kind: fault.Device,
		ID:      "Kartu ditemukan kembali setelah gangguan.",
		EN:      "The card was met again after an interruption.",
		StepsID: []string{"Tidak perlu tindakan; buku besar mengikuti apa yang dikatakan chip."},
		StepsEN: []string{"Nothing to do; the ledger follows what the chip says."},
	}
	NotFed = fault.Entry{
		Code: "personalize.not_fed", Kind: fault.Transient,
		ID:      "Tidak ada blangko yang keluar dari wadah.",
		EN:      "No blank left the hopper.",
		StepsID: []string{"Tidak perlu tindakan; pesanan kembali ke antrean."},
		StepsEN: []string{"Nothing to do; the order is back in the queue."},
	}
	BlankUntouched = fault.Entry{
		Code: "personalize.blank_untouched", Kind: fault.Transient,
		ID:      "Blangko ini belum tersentuh; kembalikan ke stok.",
		EN:      "This blank is untouched; put it back into stock.",
		StepsID: []string{"Letakkan blangko kembali ke wadah stok."},
		StepsEN: []string{"Put the blank back with the stock."},
	}
	LineUnrecovered = fault.Entry{
		Code: "personalize.line_unrecovered", Kind: fault.Conflict,
		ID:      "Lini ini belum memeriksa kartu yang mungkin masih di dalamnya.",
		EN:      "This line has not asked the card yet that may still be inside.",
		StepsID: []string{"Tunggu sampai lini selesai memeriksa; kartu di meja dibaca sesudahnya."},
		StepsEN: []string{"Wait until the line has asked it; the card on the desk is read after it."},
	}
	CardAnswersNothing = fault.Entry{
		Code: "personalize.card_answers_nothing", Kind: fault.Conflict,
		ID:      "Kartu ini tidak menjawab keraguan mana pun.",
		EN:      "This card answers none of the open doubts.",
		StepsID: []string{"Periksa apakah kartu berasal dari lini ini.", "Simpan terpisah dan laporkan kepada atasan."},
		StepsEN: []string{"Check whether the card is from this line.", "Keep it apart and report it to the supervisor."},
	}
)

// Faults lists the entries of this room.
var Faults = []fault.Entry{
	LineMisbuilt, LineStopped, PreparationFailed, IdentityUnproved, PictureUnreadable, ProfileUnknown, ChipFailed, ForeignCard,
	WrongPerson, CardTaken, PrintFailed, PrintInterrupted, FaceUnseen, FaceRefused, FaceBlurred, FaceRibbon, FaceColor, FaceShifted, FaceScratched, FaceDamaged, FaceEmpty, RecheckFailed, TornWrite,
	RecoveredCard, NotFed, BlankUntouched, LineUnrecovered, CardAnswersNothing,
}
