package pcsc

import "blanko/fault"

// Entries of this room. Those that say something of the card have the card's own entry beneath
// them (applet.CardRemoved, applet.CardMute, applet.NoApplication); those that say that the way to
// it failed have applet.ReaderAway.
var (
	NotBuilt = fault.Entry{
		Code: "pcsc.not_built", Kind: fault.Internal,
		ID: "Program ini dibangun tanpa dukungan pembaca kartu (PC/SC).", EN: "This program was built without card reader support (PC/SC).",
		StepsID: []string{"Pasang Blanko dari paket resminya.", "Atau bangun dengan cgo dan paket libpcsclite-dev."},
		StepsEN: []string{"Install Blanko from its own package.", "Or build it with cgo and the package libpcsclite-dev."},
	}
	NoService = fault.Entry{
		Code: "pcsc.no_service", Kind: fault.Transient,
		ID: "Layanan pembaca kartu (pcscd) tidak berjalan.", EN: "The card reader service (pcscd) is not running.",
		StepsID: []string{"Jalankan layanan pcscd.socket dengan systemctl.", "Jika belum terpasang, pasang paket pcscd.", "Stasiun menyambung sendiri setelah layanan kembali."},
		StepsEN: []string{"Start the service pcscd.socket with systemctl.", "If it is not installed, install the package pcscd.", "The station reconnects by itself when the service is back."},
	}
	NotAllowed = fault.Entry{
		Code: "pcsc.not_allowed", Kind: fault.Denied,
		ID: "Pengguna ini tidak berhak memakai pembaca kartu.", EN: "This user may not use the card readers.",
		StepsID: []string{"Beri pengguna layanan hak org.debian.pcsc-lite.access_pcsc dan access_card (aturan polkit).", "Mulai ulang stasiun."},
		StepsEN: []string{"Let the service's user do org.debian.pcsc-lite.access_pcsc and access_card (polkit rule).", "Start the station again."},
	}
	BindingWrong = fault.Entry{
		Code: "pcsc.binding_wrong", Kind: fault.Invalid,
		ID: "Pembaca pada konfigurasi tidak disebut dengan jelas.", EN: "The configuration does not say clearly which reader is meant.",
		StepsID: []string{"Lihat nama dan nomor seri: blanko card list", "Tulis nama model dan nomor seri USB pembaca itu pada lini."},
		StepsEN: []string{"See names and serial numbers: blanko card list", "Write the reader's model and USB serial number into the line."},
	}
	NoReader = fault.Entry{
		Code: "pcsc.no_reader", Kind: fault.Transient,
		ID: "Pembaca kartu yang dimaksud tidak terpasang.", EN: "The card reader that is meant is not plugged in.",
		StepsID: []string{"Periksa kabel USB dan lampu pembaca.", "Bandingkan nama dan nomor seri: blanko card list"},
		StepsEN: []string{"Check the USB cable and the reader's light.", "Compare name and serial number: blanko card list"},
	}
	ReaderAmbiguous = fault.Entry{
		Code: "pcsc.reader_ambiguous", Kind: fault.Conflict,
		ID: "Ada beberapa pembaca yang tidak dapat dibedakan; tidak ada yang dipakai.", EN: "Several readers cannot be told apart; none of them is used.",
		StepsID: []string{"Tulis nomor seri USB pembaca pada konfigurasi lini, jika ada.", "Jika tidak ada, kalibrasi: masukkan kartu pada pembaca lini yang disebut.", "Ulangi kalibrasi setiap kali pembaca dicabut atau layanan dimulai ulang."},
		StepsEN: []string{"Write the reader's USB serial number into the line's configuration, if it has one.", "If it has none, calibrate: insert a card into the reader of the line that is named.", "Calibrate again whenever the reader was unplugged or the service was restarted."},
	}
	CalibrationUnclear = fault.Entry{
		Code: "pcsc.calibration_unclear", Kind: fault.Conflict,
		ID: "Kartu masuk pada beberapa pembaca sekaligus; kalibrasi tidak disimpan.", EN: "Cards came to several readers at once; the calibration was not kept.",
		StepsID: []string{"Keluarkan semua kartu.", "Ulangi: masukkan satu kartu saja, pada pembaca lini yang disebut."},
		StepsEN: []string{"Take all cards out.", "Repeat: insert one card only, into the reader of the line that is named."},
	}
	ReaderBusy = fault.Entry{
		Code: "pcsc.reader_busy", Kind: fault.Transient,
		ID: "Pembaca kartu sedang dipakai program lain.", EN: "Another program is using the card reader.",
		StepsID: []string{"Tutup program lain yang memakai pembaca ini.", "Ulangi."},
		StepsEN: []string{"Close the other program that uses this reader.", "Repeat."},
	}
	ReaderGone = fault.Entry{
		Code: "pcsc.reader_gone", Kind: fault.Transient,
		ID: "Pembaca kartu terlepas saat dipakai.", EN: "The card reader was unplugged while it was in use.",
		StepsID: []string{"Biarkan kartu di tempatnya.", "Pasang kembali kabel USB pembaca.", "Stasiun membaca ulang keadaan kartu sebelum tindakan apa pun."},
		StepsEN: []string{"Leave the card where it is.", "Plug the reader's USB cable in again.", "The station reads the card's state again before anything else is done."},
	}
	ReaderStuck = fault.Entry{
		Code: "pcsc.reader_stuck", Kind: fault.InDoubt,
		ID: "Pembaca kartu tidak menyelesaikan perintah; keadaan kartu tidak diketahui.", EN: "The card reader does not finish a command; the card's state is unknown.",
		StepsID: []string{"Cabut pembaca, tunggu lima detik, lalu pasang kembali.", "Jika belum pulih, mulai ulang layanan pcscd.", "Biarkan stasiun membaca ulang keadaan kartu."},
		StepsEN: []string{"Unplug the reader, wait five seconds and plug it in again.", "If it does not recover, restart the service pcscd.", "Let the station read the card's state again."},
	}
	Closed = fault.Entry{
		Code: "pcsc.closed", Kind: fault.Internal,
		ID: "Pembaca kartu sudah dilepas oleh program.", EN: "The program has already given the card reader back.",
		StepsID: []string{"Catat nomor rujukan.", "Hubungi pengelola sistem."},
		StepsEN: []string{"Note the reference number.", "Call the system administrator."},
	}
	NoCard = fault.Entry{
		Code: "pcsc.no_card", Kind: fault.Device,
		ID: "Tidak ada kartu pada pembaca.", EN: "There is no card in the reader.",
		StepsID: []string{"Letakkan kartu pada pembaca: datar, di tengah, satu kartu saja.", "Pembaca dengan celah: balik kartu jika tetap tidak terbaca.", "Jika kartu lain terbaca, chip atau antena kartu ini mungkin rusak."},
		StepsEN: []string{"Put the card on the reader: flat, in the middle, one card only.", "Reader with a slot: turn the card over if it is still not seen.", "If another card is seen, the chip or the antenna of this one may be broken."},
	}
	CardSilent = fault.Entry{
		Code: "pcsc.card_silent", Kind: fault.Device,
		ID: "Ada kartu pada pembaca, tetapi chipnya tidak menjawab.", EN: "There is a card in the reader, but its chip does not answer.",
		StepsID: []string{"Angkat kartu, jauhkan kartu lain dan benda logam, lalu letakkan lagi.", "Coba kartu lain pada pembaca ini: jika juga diam, periksa pembaca.", "Jika hanya kartu ini yang diam, pisahkan: chip rusak."},
		StepsEN: []string{"Lift the card, keep other cards and metal away, and put it back.", "Try another card in this reader: if it is silent too, check the reader.", "If only this card is silent, set it aside: its chip is broken."},
	}
	CardUnknown = fault.Entry{
		Code: "pcsc.card_unknown", Kind: fault.Device,
		ID: "Kartu pada pembaca bukan jenis kartu chip yang dikenal.", EN: "The card in the reader is not a kind of chip card that is known.",
		StepsID: []string{"Periksa kartu: mungkin kartu bank, kartu pegawai atau kartu jenis lain.", "Pisahkan kartu ini; jangan ditulisi."},
		StepsEN: []string{"Look at the card: it may be a bank card, a staff card or of another kind.", "Set it aside; do not write to it."},
	}
)

// Faults lists the entries of this room.
var Faults = []fault.Entry{
	NotBuilt, NoService, NotAllowed, BindingWrong, NoReader, ReaderAmbiguous, CalibrationUnclear, ReaderBusy, ReaderGone, ReaderStuck,
	Closed, NoCard, CardSilent, CardUnknown,
}
