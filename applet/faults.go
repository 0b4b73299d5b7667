package applet

import "blanko/fault"

// Steps that several entries share.
var (
	setAsideID = []string{
		"Pisahkan kartu ini ke baki tolak; jangan diserahkan.",
		"Catat nomor rujukan pada kartu.",
		"Serahkan kepada penyelia.",
	}
	setAsideEN = []string{
		"Set this card aside in the reject tray; do not hand it over.",
		"Note the reference number with the card.",
		"Give it to the supervisor.",
	}
	probeAgainID = []string{
		"Biarkan stasiun membaca ulang keadaan kartu.",
		"Jika berulang pada kartu lain, bersihkan atau periksa pembaca kartu.",
	}
	probeAgainEN = []string{
		"Let the station read the card's state again.",
		"If it recurs with other cards, clean or check the reader.",
	}
	supervisorID = []string{
		"Hentikan pekerjaan pada kartu ini; jangan mencoba lagi.",
		"Pisahkan kartu dan catat nomor rujukan.",
		"Panggil penyelia; bandingkan nilai periksa kunci dengan catatan upacara kunci.",
	}
	supervisorEN = []string{
		"Stop working on this card; do not try again.",
		"Set it aside and note the reference number.",
		"Call the supervisor; compare the key check values with the record of the key ceremony.",
	}
	supportID = []string{"Catat nomor rujukan.", "Hubungi pengelola sistem."}
	supportEN = []string{"Note the reference number.", "Call the system administrator."}
)

// Entries of this room. CardRemoved, CardReset, CardMute, LengthRefused and ReaderAway are raised by transports.
var (
	CardRemoved = fault.Entry{
		Code: "applet.card_removed", Kind: fault.InDoubt,
		ID: "Kartu terlepas dari pembaca saat dikerjakan.", EN: "The card left the reader while it was worked on.",
		StepsID: []string{"Letakkan kembali kartu yang sama pada pembaca.", "Biarkan stasiun membaca ulang keadaannya sebelum tindakan apa pun."},
		StepsEN: []string{"Put the same card back on the reader.", "Let the station read its state before anything else is done."},
	}
	CardReset = fault.Entry{
		Code: "applet.card_reset", Kind: fault.InDoubt,
		ID: "Kartu disetel ulang oleh pembaca atau program lain saat dikerjakan.", EN: "The card was reset by the reader or another program while it was worked on.",
		StepsID: []string{"Biarkan stasiun membaca ulang keadaan kartu.", "Jika berulang, tutup program lain yang memakai pembaca kartu."},
		StepsEN: []string{"Let the station read the card's state again.", "If it recurs, close other programs that use the card reader."},
	}
	CardMute = fault.Entry{
		Code: "applet.card_mute", Kind: fault.InDoubt,
		ID: "Chip kartu tidak menjawab; keadaannya tidak diketahui.", EN: "The chip does not answer; its state is unknown.",
		StepsID: []string{"Biarkan stasiun membaca ulang keadaan kartu.", "Jika tetap bisu, pisahkan kartu dan panggil penyelia.", "Jika berulang pada kartu lain, periksa pembaca kartu."},
		StepsEN: []string{"Let the station read the card's state again.", "If it stays mute, set the card aside and call the supervisor.", "If it recurs with other cards, check the reader."},
	}
	LengthRefused = fault.Entry{
		Code: "applet.length_refused", Kind: fault.Device,
		ID: "Pembaca menolak perintah sepanjang ini.", EN: "The reader refuses a command of this length.",
		StepsID: []string{"Biarkan stasiun mencoba lagi dengan potongan yang lebih pendek.", "Jika berulang, ganti pembaca kartu dengan jenis yang didukung."},
		StepsEN: []string{"Let the station try again with shorter pieces.", "If it recurs, replace the reader by a supported type."},
	}
	ReaderAway = fault.Entry{
		Code: "applet.reader_away", Kind: fault.InDoubt,
		ID: "Pembaca kartu atau layanannya hilang saat kartu dikerjakan.", EN: "The card reader or its service went away while the card was worked on.",
		StepsID: []string{"Biarkan kartu di tempatnya.", "Pasang kembali pembaca, atau jalankan layanan pcscd.", "Stasiun membaca ulang keadaan kartu sebelum tindakan apa pun."},
		StepsEN: []string{"Leave the card where it is.", "Plug the reader in again, or start the service pcscd.", "The station reads the card's state again before anything else is done."},
	}
	NotProbed = fault.Entry{
		Code: "applet.not_probed", Kind: fault.Conflict,
		ID: "Keadaan kartu belum dibaca ulang.", EN: "The card's state has not been read again yet.",
		StepsID: probeAgainID, StepsEN: probeAgainEN,
	}
	ChannelDead = fault.Entry{
		Code: "applet.channel_dead", Kind: fault.Transient,
		ID: "Kanal aman dengan kartu terputus.", EN: "The secure channel with the card is dead.",
		StepsID: probeAgainID, StepsEN: probeAgainEN,
	}
	AuthFailed = fault.Entry{
		Code: "applet.auth_failed", Kind: fault.Device,
		ID: "Kartu dan stasiun tidak saling mengenal: kriptogram kunci salah.", EN: "Card and station do not know each other: the key cryptogram is wrong.",
		StepsID: supervisorID, StepsEN: supervisorEN,
	}
	keyBlocked = fault.Entry{
		Code: "applet.key_blocked", Kind: fault.Device,
		ID: "Kunci pada kartu terkunci karena terlalu banyak percobaan gagal.", EN: "The key on the card is blocked after too many failed tries.",
		StepsID: supervisorID, StepsEN: supervisorEN,
	}
	keySetAbsent = fault.Entry{
		Code: "applet.key_set_absent", Kind: fault.Device,
		ID: "Kartu tidak memuat kunci yang diperlukan.", EN: "The card does not hold the key that is needed.",
		StepsID: supervisorID, StepsEN: supervisorEN,
	}
	KeySourceFailed = fault.Entry{
		Code: "applet.key_source_failed", Kind: fault.Transient,
		ID: "Sumber kunci (HSM atau SAM) gagal.", EN: "The key source (HSM or SAM) failed.",
		StepsID: []string{"Periksa apakah HSM atau SAM terpasang dan masuk.", "Ulangi setelah sumber kunci siap."},
		StepsEN: []string{"Check that the HSM or SAM is connected and signed in.", "Repeat when the key source is ready."},
	}
	KeyCheckDiffers = fault.Entry{
		Code: "applet.key_check_differs", Kind: fault.Device,
		ID: "Nilai periksa kunci dari kartu berbeda dari kunci yang dikirim.", EN: "The card's key check values differ from the keys that were sent.",
		StepsID: supervisorID, StepsEN: supervisorEN,
	}
	NoApplication = fault.Entry{
		Code: "applet.no_application", Kind: fault.Device,
		ID: "Kartu ini tidak memuat aplikasi KTP-el.", EN: "This card does not hold the KTP-el application.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	notProfile = fault.Entry{
		Code: "applet.not_profile", Kind: fault.Device,
		ID: "Jawaban kartu tidak sesuai profil kartu.", EN: "The card's answer does not fit the card profile.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	ForeignAttempt = fault.Entry{
		Code: "applet.foreign_attempt", Kind: fault.Conflict,
		ID: "Chip kartu ini milik pengerjaan lain.", EN: "This chip belongs to another attempt.",
		StepsID: []string{"Jangan menulis apa pun pada kartu ini.", "Pisahkan kartu ini dan catat nomor rujukan.", "Panggil penyelia untuk mencari pemilik pengerjaan itu."},
		StepsEN: []string{"Write nothing to this card.", "Set it aside and note the reference number.", "Call the supervisor to find the attempt that it belongs to."},
	}
	WrongState = fault.Entry{
		Code: "applet.wrong_state", Kind: fault.Conflict,
		ID: "Keadaan chip tidak mengizinkan tindakan ini.", EN: "The chip's state does not allow this act.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	MemoryFailure = fault.Entry{
		Code: "applet.memory_failure", Kind: fault.Device,
		ID: "Memori chip rusak.", EN: "The chip's memory is defective.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	NoSpace = fault.Entry{
		Code: "applet.no_space", Kind: fault.Device,
		ID: "Memori chip tidak cukup untuk isi kartu.", EN: "The chip has too little memory for the card's content.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	ReadbackMismatch = fault.Entry{
		Code: "applet.readback_mismatch", Kind: fault.Device,
		ID: "Isi chip yang dibaca ulang berbeda dari yang direncanakan.", EN: "What was read back from the chip differs from what was planned.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	UnexpectedStatus = fault.Entry{
		Code: "applet.unexpected_status", Kind: fault.Device,
		ID: "Kartu menolak perintah.", EN: "The card refused a command.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	Misuse = fault.Entry{
		Code: "applet.misuse", Kind: fault.Internal,
		ID: "Langkah pengerjaan chip dipanggil di luar urutan.", EN: "A step of the chip work was called out of order.",
		StepsID: supportID, StepsEN: supportEN,
	}
)

// Faults lists every entry.
var Faults = []fault.Entry{
	CardRemoved, CardReset, CardMute, LengthRefused, ReaderAway, NotProbed, ChannelDead, AuthFailed, keyBlocked, keySetAbsent,
	KeySourceFailed, KeyCheckDiffers, NoApplication, notProfile, ForeignAttempt, WrongState,
	MemoryFailure, NoSpace, ReadbackMismatch, UnexpectedStatus, Misuse,
}
