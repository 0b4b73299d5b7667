package desk

import "blanko/fault"

// Entries of this room.
var (
	NotPaired = fault.Entry{
		Code: "desk.not_paired", Kind: fault.Conflict,
		ID: "Meja ini belum dipasangkan dengan stasiun.", EN: "This desk is not paired with a station.",
		StepsID: []string{"Minta petugas keamanan membuka pemasangan di halaman Meja loket.", "Jalankan blanko desk pair dengan kode yang tampil."},
		StepsEN: []string{"Have the security officer open a pairing on the page Desks.", "Run blanko desk pair with the code it shows."},
	}
	FolderUnusable = fault.Entry{
		Code: "desk.folder_unusable", Kind: fault.Invalid,
		ID: "Berkas meja ini tidak dapat dibaca atau ditulis.", EN: "The files of this desk cannot be read or written.",
		StepsID: []string{"Periksa map yang disebut dengan --folder dan haknya.", "Pasangkan ulang meja ini bila berkasnya rusak."},
		StepsEN: []string{"Check the folder named by --folder and its rights.", "Pair the desk again if a file is damaged."},
	}
	AddressWrong = fault.Entry{
		Code: "desk.address_wrong", Kind: fault.Invalid,
		ID: "Alamat ini tidak dapat dipakai.", EN: "This address cannot be used.",
		StepsID: []string{"Stasiun: https://nama:port tanpa apa pun di belakangnya.", "Agen: alamat komputer ini sendiri, seperti 127.0.0.1:7610, yang belum dipakai program lain."},
		StepsEN: []string{"Of the station: https://name:port and nothing behind it.", "Of the agent: one of this computer itself, such as 127.0.0.1:7610, that no other program uses."},
	}
	StationAway = fault.Entry{
		Code: "desk.station_away", Kind: fault.Transient,
		ID: "Stasiun tidak terjangkau.", EN: "The station cannot be reached.",
		StepsID: []string{"Periksa jaringan.", "Coba lagi; percobaan yang sudah sampai di stasiun terhitung."},
		StepsEN: []string{"Check the network.", "Try again; a try that had reached the station counts."},
	}
	StationRefused = fault.Entry{
		Code: "desk.station_refused", Kind: fault.Denied,
		ID: "Stasiun menolak permintaan meja ini.", EN: "The station refuses the request of this desk.",
		StepsID: []string{"Baca sebabnya.", "Pasangkan ulang meja ini bila pemasangannya dicabut."},
		StepsEN: []string{"Read the reason.", "Pair the desk again if its pairing was revoked."},
	}
	originRefused = fault.Entry{
		Code: "desk.origin_refused", Kind: fault.Denied,
		ID: "Halaman ini bukan halaman stasiun.", EN: "This is not a page of the station.",
		StepsID: []string{"Buka konsol stasiun yang dipasangkan dengan meja ini."},
		StepsEN: []string{"Open the console of the station that this desk is paired with."},
	}
	ticketMissing = fault.Entry{
		Code: "desk.ticket_missing", Kind: fault.Denied,
		ID: "Permintaan ini tidak membawa tiket dari stasiun.", EN: "This request has no ticket of the station.",
		StepsID: []string{"Masuk ke konsol stasiun dan buka halaman ini lagi."},
		StepsEN: []string{"Sign in to the console of the station and open the page again."},
	}
	requestWrong = fault.Entry{
		Code: "desk.request_wrong", Kind: fault.Invalid,
		ID: "Permintaan halaman ini tidak dimengerti.", EN: "The request of this page is not understood.",
		StepsID: []string{"Muat ulang halaman.", "Perbarui agen meja bila berulang."},
		StepsEN: []string{"Load the page again.", "Bring the agent up to date if it recurs."},
	}
	busy = fault.Entry{
		Code: "desk.busy", Kind: fault.Conflict,
		ID: "Perangkat meja sedang dipakai.", EN: "The devices of the desk are in use.",
		StepsID: []string{"Tunggu sampai selesai, lalu coba lagi."},
		StepsEN: []string{"Wait until that is done and try again."},
	}
	ReaderMissing = fault.Entry{
		Code: "desk.card_reader_missing", Kind: fault.Device,
		ID: "Pembaca kartu tidak ada.", EN: "The card reader is missing.",
		StepsID: []string{"Pasang pembaca kartu.", "Pembaca dengan dua slot: SAM di slot kedua, kartu pemegang di atasnya."},
		StepsEN: []string{"Plug in a card reader.", "One with two slots: the SAM in the second, the holder's card on top."},
	}
	SAMMissing = fault.Entry{
		Code: "desk.sam_missing", Kind: fault.Device,
		ID: "SAM tidak ada.", EN: "The SAM is missing.",
		StepsID: []string{"Masukkan SAM ke slot kedua."},
		StepsEN: []string{"Put the SAM into the second slot."},
	}
	SAMOver = fault.Entry{
		Code: "desk.sam_over", Kind: fault.Conflict,
		ID: "Izin SAM ini habis, dan stasiun tidak terjangkau untuk memperpanjangnya.", EN: "The leave of this SAM is over, and the station cannot be reached to renew it.",
		StepsID: []string{"Sambungkan meja ini ke stasiun; SAM diperpanjang dengan sendirinya.", "Selama itu tidak ada 1:1 di meja ini: minta pemegang kembali, atau ke meja lain.", "Kartu yang sudah BERHASIL hari ini tetap dapat diserahkan dari halaman stasiun."},
		StepsEN: []string{"Connect this desk to the station; the SAM is renewed by itself.", "Until then no 1:1 is done at this desk: ask the holder to come again, or to another desk.", "A card that was BERHASIL today can still be handed over from a page of the station."},
	}
	ScannerMissing = fault.Entry{
		Code: "desk.scanner_missing", Kind: fault.Device,
		ID: "Pemindai tidak ada.", EN: "The scanner is missing.",
		StepsID: []string{"Pasang pemindai.", "Sebutkan program pembuatnya dengan --finger-program atau --iris-program."},
		StepsEN: []string{"Plug the scanner in.", "Name its maker's program by --finger-program or --iris-program."},
	}
	ScanFailed = fault.Entry{
		Code: "desk.scan_failed", Kind: fault.Device,
		ID: "Pemindai tidak memberi gambar.", EN: "The scanner gives no picture.",
		StepsID: []string{"Bersihkan kaca pemindai.", "Cabut dan pasang lagi pemindai.", "Coba lagi."},
		StepsEN: []string{"Clean the glass of the scanner.", "Unplug the scanner and plug it in again.", "Try again."},
	}
	captureAgain = fault.Entry{
		Code: "desk.capture_again", Kind: fault.Invalid,
		ID: "Jari harus diambil lagi; percobaan ini belum dihitung.", EN: "The finger must be taken again; this try is not counted yet.",
		StepsID: []string{"Ikuti petunjuk di bawah ini, lalu tempelkan jari lagi."},
		StepsEN: []string{"Follow the hints below and lay the finger down again."},
	}
	readAgain = fault.Entry{
		Code: "desk.read_again", Kind: fault.Conflict,
		ID: "Kartu ini belum dibaca, atau pembacaannya sudah lama.", EN: "This card was not read yet, or too long ago.",
		StepsID: []string{"Letakkan kartu pada pembaca dan baca lagi."},
		StepsEN: []string{"Lay the card on the reader and read it again."},
	}
	anchorsMissing = fault.Entry{
		Code: "desk.anchors_missing", Kind: fault.Invalid,
		ID: "Meja ini tidak punya sertifikat untuk memeriksa kartu.", EN: "This desk has no certificates to check a card by.",
		StepsID: []string{"Jalankan agen dengan --csca dan --center-keys."},
		StepsEN: []string{"Run the agent with --csca and --center-keys."},
	}
	fingerNotOnCard = fault.Entry{
		Code: "desk.finger_not_on_card", Kind: fault.Invalid,
		ID: "Jari ini tidak ada pada kartu.", EN: "This finger is not on the card.",
		StepsID: []string{"Pilih jari yang disebut halaman sesudah kartu dibaca."},
		StepsEN: []string{"Choose a finger that the page names after the card was read."},
	}
	unexpected = fault.Entry{
		Code: "desk.unexpected", Kind: fault.Internal,
		ID: "Terjadi kesalahan di dalam agen meja.", EN: "Something went wrong inside the desk agent.",
		StepsID: []string{"Jalankan ulang agen.", "Laporkan bila berulang."},
		StepsEN: []string{"Start the agent again.", "Report it if it recurs."},
	}
)

// Faults of this room.
var Faults = []fault.Entry{
	NotPaired, FolderUnusable, AddressWrong, StationAway, StationRefused, originRefused, ticketMissing, requestWrong, busy, ReaderMissing, SAMMissing, SAMOver, ScannerMissing, ScanFailed,
	captureAgain, readAgain, anchorsMissing, fingerNotOnCard, unexpected,
}
