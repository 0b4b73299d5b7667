package station

import "blanko/fault"

// Faults of commands that read the ledger or files made from it.
var (
	NoLedger = fault.Entry{
		Code: "station.no_ledger", Kind: fault.NotFound,
		ID:      "Buku besar dari konfigurasi ini belum ada.",
		EN:      "The ledger of this configuration is not there yet.",
		StepsID: []string{"Periksa baris data pada konfigurasi.", "Jalankan blanko serve sekali: ia membuat buku besar."},
		StepsEN: []string{"Check the line data of the configuration.", "Start blanko serve once: it makes the ledger."},
	}
	FileUnreadable = fault.Entry{
		Code: "station.file_unreadable", Kind: fault.NotFound,
		ID:      "Berkas tidak dapat dibaca.",
		EN:      "The file cannot be read.",
		StepsID: []string{"Periksa nama berkas dan hak bacanya."},
		StepsEN: []string{"Check the file's name and who may read it."},
	}
	CopyUnsound = fault.Entry{
		Code: "station.copy_unsound", Kind: fault.Conflict,
		ID:      "Isi cadangan rusak atau diubah; tidak dipakai.",
		EN:      "The copy is damaged or was changed; it is not used.",
		StepsID: []string{"Ambil cadangan sebelumnya.", "Jalankan blanko audit verify pada buku besar.", "Laporkan kepada petugas keamanan."},
		StepsEN: []string{"Take the copy before it.", "Run blanko audit verify on the ledger.", "Tell the security officer."},
	}
	CopyElsewhere = fault.Entry{
		Code: "station.copy_elsewhere", Kind: fault.Invalid,
		ID:      "Cadangan ini bukan untuk konfigurasi ini.",
		EN:      "This copy is not for this configuration.",
		StepsID: []string{"Periksa kantor pada konfigurasi dan cadangan yang dipilih."},
		StepsEN: []string{"Check the office in the configuration, and which copy was chosen."},
	}
	LedgerThere = fault.Entry{
		Code: "station.ledger_there", Kind: fault.Conflict,
		ID:      "Di tempat itu sudah ada buku besar; tidak ada yang ditimpa.",
		EN:      "There is a ledger in that place; nothing is written over.",
		StepsID: []string{"Hentikan blanko serve.", "Pindahkan berkas lama (dengan -wal dan -shm) ke tempat aman; jangan dihapus.", "Ulangi perintah."},
		StepsEN: []string{"Stop blanko serve.", "Move the old file (with -wal and -shm) to a safe place; do not delete it.", "Repeat the command."},
	}
)
