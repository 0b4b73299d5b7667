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
	CopyStale = fault.Entry{
		Code: "station.copy_stale", Kind: fault.Device,
		ID:      "Cadangan buku besar terbaru sudah terlalu lama; bila disk rusak sekarang, pekerjaan sesudahnya hilang.",
		EN:      "The newest copy of the ledger is too old; if the disk failed now, the work since would be lost.",
		StepsID: []string{"Pasang disk cadangan dan periksa backup.folder pada konfigurasi.", "Jalankan blanko backup create dan lihat sebabnya bila gagal."},
		StepsEN: []string{"Attach the disk of the copies and check backup.folder in the configuration.", "Run blanko backup create and read why it fails."},
	}
	FolderAway = fault.Entry{
		Code: "station.copies_away", Kind: fault.Device,
		ID:      "Folder cadangan tidak terbaca; tidak ada cadangan yang dibuat.",
		EN:      "The folder of the copies cannot be read; no copy is made.",
		StepsID: []string{"Pasang disk cadangan dan periksa backup.folder pada konfigurasi."},
		StepsEN: []string{"Attach the disk of the copies and check backup.folder in the configuration."},
	}
	CopyElsewhere = fault.Entry{
		Code: "station.copy_elsewhere", Kind: fault.Invalid,
		ID:      "Cadangan ini bukan untuk konfigurasi ini.",
		EN:      "This copy is not for this configuration.",
		StepsID: []string{"Periksa kantor pada konfigurasi dan cadangan yang dipilih."},
		StepsEN: []string{"Check the office in the configuration, and which copy was chosen."},
	}
	LedgerInClear = fault.Entry{
		Code: "station.ledger_in_clear", Kind: fault.Conflict,
		ID:      "Data pribadi pada buku besar ini tidak tersandi; produksi tidak dimulai.",
		EN:      "Personal data in this ledger stands in clear; production does not start.",
		StepsID: []string{"Buat cadangan: blanko backup create", "Sandikan buku besar: blanko keys data seal", "Hapus cadangan lama yang tidak tersandi setelah stasiun berjalan."},
		StepsEN: []string{"Make a copy: blanko backup create", "Seal the ledger: blanko keys data seal", "Destroy the older copies, which hold it in clear, when the station runs."},
	}
	DataKeysWrong = fault.Entry{
		Code: "station.data_keys", Kind: fault.Invalid,
		ID:      "Kunci akar data pribadi (database.data_keys) tidak ada atau tidak dapat dipakai.",
		EN:      "The root key of personal data (database.data_keys) is not there or cannot be used.",
		StepsID: []string{"Stasiun baru: blanko keys data new BERKAS, lalu isi database.data_keys.", "Stasiun lain pada basis data yang sama: pakai berkas yang sama.", "Berkas hanya boleh dibaca pemiliknya (chmod 600); simpan salinannya terpisah dari cadangan."},
		StepsEN: []string{"A new station: blanko keys data new FILE, then set database.data_keys.", "Another station on the same database: use the same file.", "Only its owner may read the file (chmod 600); keep a copy of it apart from the copies of the ledger."},
	}
	LedgerThere = fault.Entry{
		Code: "station.ledger_there", Kind: fault.Conflict,
		ID:      "Di tempat itu sudah ada buku besar; tidak ada yang ditimpa.",
		EN:      "There is a ledger in that place; nothing is written over.",
		StepsID: []string{"Hentikan blanko serve.", "Pindahkan berkas lama (dengan -wal dan -shm) ke tempat aman; jangan dihapus.", "Ulangi perintah."},
		StepsEN: []string{"Stop blanko serve.", "Move the old file (with -wal and -shm) to a safe place; do not delete it.", "Repeat the command."},
	}
)
