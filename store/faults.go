package store

import (
	"errors"

	"blanko/fault"
)

var (
	cannotOpen = fault.Entry{
		Code: "store.cannot_open", Kind: fault.Internal,
		ID: "Basis data tidak dapat dibuka.", EN: "The database cannot be opened.",
		StepsID: []string{"Periksa apakah disk terpasang dan folder data ada.", "Periksa hak akses berkas basis data.", "Jalankan blanko doctor."},
		StepsEN: []string{"Check that the disk is mounted and the data folder exists.", "Check the permissions of the database file.", "Run blanko doctor."},
	}
	notALedger = fault.Entry{
		Code: "store.not_a_ledger", Kind: fault.Conflict,
		ID: "Berkas ini bukan buku besar Blanko; isinya tidak diubah.", EN: "This file is no ledger of Blanko; it was left as it is.",
		StepsID: []string{"Periksa apakah disk data terpasang dan baris data pada konfigurasi menunjuk berkas yang benar.", "Jika buku besar rusak atau hilang, pulihkan cadangan terakhir.", "Untuk memulai buku besar baru, pindahkan berkas ini ke tempat lain."},
		StepsEN: []string{"Check that the data disk is mounted and that the line data of the configuration names the right file.", "If the ledger is damaged or gone, restore the last backup.", "To begin a new ledger, move this file elsewhere."},
	}
	leftOver = fault.Entry{
		Code: "store.left_over", Kind: fault.Conflict,
		ID: "Di tempat buku besar masih ada berkas sisa buku besar lain; tidak ada yang diubah.", EN: "What is left of another ledger lies in the place of this one; nothing was changed.",
		StepsID: []string{"Hentikan blanko serve.", "Jika berkas buku besar asal berkas itu masih ada, kembalikan ke tempatnya: kejadian terakhirnya ada di dalam berkas sisa itu.", "Jika tidak, pindahkan berkas sisa (-wal, -journal, -shm) ke tempat aman; jangan dihapus.", "Ulangi perintah."},
		StepsEN: []string{"Stop blanko serve.", "If the file of the ledger that it is of is still there, put that one back: its last events are in what is left.", "Else move what is left (-wal, -journal, -shm) to a safe place; do not delete it.", "Repeat the command."},
	}
	newerDatabase = fault.Entry{
		Code: "store.newer_database", Kind: fault.Conflict,
		ID: "Basis data dibuat oleh program yang lebih baru.", EN: "The database was made by a newer program.",
		StepsID: []string{"Pasang versi program yang sama atau lebih baru.", "Jangan mengubah basis data dengan tangan."},
		StepsEN: []string{"Install the same version of the program or a newer one.", "Do not change the database by hand."},
	}
	stationsServe = fault.Entry{
		Code: "store.stations_serve", Kind: fault.Conflict,
		ID: "Tabel akan diubah sehingga program versi lama tidak dapat memakainya, dan masih ada stasiun yang bekerja.", EN: "The tables are about to change so that older programs cannot use them, and stations still serve.",
		StepsID: []string{"Hentikan blanko serve di semua stasiun.", "Pasang versi baru di semua stasiun.", "Jalankan satu stasiun, lalu yang lain."},
		StepsEN: []string{"Stop blanko serve on all stations.", "Install the new version on all of them.", "Start one station, then the others."},
	}
	migrationFailed = fault.Entry{
		Code: "store.migration_failed", Kind: fault.Internal,
		ID: "Tabel basis data tidak dapat diperbarui.", EN: "The tables of the database could not be brought up to date.",
		StepsID: []string{"Jangan mulai produksi.", "Pulihkan cadangan terakhir di komputer lain dan coba lagi di sana.", "Hubungi pengembang dengan nomor rujukan."},
		StepsEN: []string{"Do not start production.", "Restore the last backup on another computer and try again there.", "Call the developer with the reference number."},
	}
	newLedgerFailed = fault.Entry{
		Code: "store.new_ledger_failed", Kind: fault.Internal,
		ID: "Buku besar baru tidak selesai dibuat; belum ada apa pun di dalamnya.", EN: "The new ledger was not finished; nothing is in it yet.",
		StepsID: []string{"Mulai sekali lagi: pembuatan dilanjutkan.", "Jika gagal lagi, periksa disk dan hak tulis, hapus berkas basis data yang masih kosong itu (beserta -wal dan -shm; pada PostgreSQL: kosongkan basis datanya), lalu mulai dari awal.", "Hanya bila mesin ini pernah memproduksi kartu: jangan hapus apa pun, pulihkan cadangannya."},
		StepsEN: []string{"Start once more: it goes on where it was.", "If it fails again, look at the disk and the right to write, delete this empty file of the database (with its -wal and -shm; on PostgreSQL empty the database), and start from the beginning.", "Only if this machine has made cards before: delete nothing, and restore its backup."},
	}
	damaged = fault.Entry{
		Code: "store.damaged", Kind: fault.Internal,
		ID: "Berkas basis data rusak.", EN: "The database file is damaged.",
		StepsID: []string{"Hentikan produksi.", "Simpan berkas yang rusak untuk pemeriksaan.", "Pulihkan cadangan terakhir."},
		StepsEN: []string{"Stop production.", "Keep the damaged file for examination.", "Restore the last backup."},
	}
	diskFull = fault.Entry{
		Code: "store.disk_full", Kind: fault.Transient,
		ID: "Disk penuh; tidak ada yang berubah.", EN: "The disk is full; nothing was changed.",
		StepsID: []string{"Kosongkan ruang pada disk basis data.", "Ulangi pekerjaan."},
		StepsEN: []string{"Free space on the disk of the database.", "Repeat the work."},
	}
	busy = fault.Entry{
		Code: "store.busy", Kind: fault.Transient,
		ID: "Basis data sedang dipakai program lain; tidak ada yang berubah.", EN: "Another program holds the database; nothing was changed.",
		StepsID: []string{"Tunggu sebentar lalu ulangi.", "Tutup program lain yang membuka basis data."},
		StepsEN: []string{"Wait a moment and repeat.", "Close other programs that have the database open."},
	}
	interrupted = fault.Entry{
		Code: "store.interrupted", Kind: fault.Transient,
		ID: "Pekerjaan basis data dihentikan; tidak ada yang berubah.", EN: "The work on the database was interrupted; nothing was changed.",
		StepsID: []string{"Ulangi pekerjaan."},
		StepsEN: []string{"Repeat the work."},
	}
	taken = fault.Entry{
		Code: "store.taken", Kind: fault.Conflict,
		ID: "Nilai yang harus tunggal sudah ada; tidak ada yang berubah.", EN: "A value that must be unique exists already; nothing was changed.",
		StepsID: []string{"Buka data yang sudah ada dan periksa."},
		StepsEN: []string{"Open the existing entry and check it."},
	}
	forbiddenValue = fault.Entry{
		Code: "store.forbidden_value", Kind: fault.Conflict,
		ID: "Basis data menolak nilai yang tidak mungkin; tidak ada yang berubah.", EN: "The database refused an impossible value; nothing was changed.",
		StepsID: []string{"Periksa jumlah dan tempat lalu ulangi."},
		StepsEN: []string{"Check quantity and place and repeat."},
	}
	appendOnly = fault.Entry{
		Code: "store.append_only", Kind: fault.Conflict,
		ID: "Catatan ini hanya boleh ditambah, tidak diubah atau dihapus.", EN: "This record may only be added to, never changed or removed.",
		StepsID: []string{"Catat koreksi sebagai kejadian baru."},
		StepsEN: []string{"Record the correction as a new event."},
	}
	conflict = fault.Entry{
		Code: "store.conflict", Kind: fault.Transient,
		ID: "Stasiun lain mengubah data yang sama pada saat itu; tidak ada yang berubah.", EN: "Other stations changed the same at that moment; nothing was changed.",
		StepsID: []string{"Ulangi pekerjaan."},
		StepsEN: []string{"Repeat the work."},
	}
	unreachable = fault.Entry{
		Code: "store.unreachable", Kind: fault.Transient,
		ID: "Basis data tidak terjangkau; tidak ada yang berubah.", EN: "The database is out of reach; nothing was changed.",
		StepsID: []string{"Periksa jaringan ke server basis data.", "Periksa apakah server basis data berjalan.", "Lini melanjutkan sendiri bila basis data kembali."},
		StepsEN: []string{"Check the network to the database server.", "Check that the database server runs.", "The lines go on by themselves when it is back."},
	}
	outcomeUnknown = fault.Entry{
		Code: "store.outcome_unknown", Kind: fault.InDoubt,
		ID: "Hubungan ke basis data putus saat menyimpan; hasilnya belum diketahui.", EN: "The connection to the database was lost while saving; whether it was saved is not known.",
		StepsID: []string{"Ulangi pekerjaan yang sama; yang sudah tersimpan tidak tersimpan dua kali.", "Periksa jaringan ke server basis data."},
		StepsEN: []string{"Repeat the same work; what was saved is not saved twice.", "Check the network to the database server."},
	}
	claimed = fault.Entry{
		Code: "store.claimed", Kind: fault.Conflict,
		ID: "Program lain sudah melayani sebagai stasiun ini pada basis data yang sama.", EN: "Another program serves as this station already, on the same database.",
		StepsID: []string{"Hentikan program yang lain.", "Pada server basis data: beri setiap stasiun nama sendiri pada baris station di konfigurasi. Satu berkas hanya melayani satu stasiun."},
		StepsEN: []string{"Stop the other program.", "On a database server, give every station a name of its own in the line station of the configuration. A file serves one station."},
	}
	badAddress = fault.Entry{
		Code: "store.bad_address", Kind: fault.Invalid,
		ID: "Alamat atau berkas sandi basis data salah.", EN: "The address of the database or its password file is wrong.",
		StepsID: []string{"Perbaiki bagian database pada konfigurasi.", "Bandingkan dengan: blanko serve --print-config"},
		StepsEN: []string{"Mend the database part of the configuration.", "Compare with: blanko serve --print-config"},
	}
	wrongServer = fault.Entry{
		Code: "store.wrong_server", Kind: fault.Conflict,
		ID: "Server basis data tidak diatur sebagaimana mestinya.", EN: "The database server is not set up as it must be.",
		StepsID: []string{"Baca bagian basis data pada dokumentasi konfigurasi.", "Perbaiki pengaturan yang disebut, lalu jalankan blanko doctor."},
		StepsEN: []string{"Read the section on the database in the documentation of the configuration.", "Correct the setting that is named, then run blanko doctor."},
	}
	notEmpty = fault.Entry{
		Code: "store.not_empty", Kind: fault.Conflict,
		ID: "Basis data tujuan tidak kosong; tidak ada yang diubah.", EN: "The database that is to be filled is not empty; nothing was changed.",
		StepsID: []string{"Buat basis data baru yang kosong di server (lihat dokumentasi basis data) dan isi namanya pada database.postgres.", "Simpan basis data lama; jangan dihapus.", "Ulangi perintah."},
		StepsEN: []string{"Make a new, empty database on the server (see the documentation of the database) and name it in database.postgres.", "Keep the old database; do not delete it.", "Repeat the command."},
	}
	dataKeyMissing = fault.Entry{
		Code: "store.data_key_missing", Kind: fault.Conflict,
		ID: "Kunci data buku besar tidak dapat dibuka di sini; tidak ada yang berubah.", EN: "The data key of the ledger cannot be opened here; nothing was changed.",
		StepsID: []string{"Periksa database.data_keys pada konfigurasi: berkas kunci akar yang sama untuk semua stasiun.", "Pasang kembali berkas kunci akar dari tempat penyimpanannya.", "Jalankan blanko keys data status."},
		StepsEN: []string{"Check database.data_keys of the configuration: the same file of root keys for all stations.", "Put the file of root keys back from where its copy is kept.", "Run blanko keys data status."},
	}
	valueDamaged = fault.Entry{
		Code: "store.value_damaged", Kind: fault.Conflict,
		ID: "Data pribadi yang tersandi diubah, dipindahkan, atau rusak.", EN: "Sealed personal data was changed, moved or damaged.",
		StepsID: []string{"Hentikan pekerjaan dengan data ini dan hubungi petugas keamanan.", "Jalankan blanko audit verify dan blanko doctor.", "Pulihkan cadangan terakhir bila perlu."},
		StepsEN: []string{"Stop working with this data and call the security officer.", "Run blanko audit verify and blanko doctor.", "Restore the last backup if need be."},
	}
	rootWrong = fault.Entry{
		Code: "store.root_key_wrong", Kind: fault.Invalid,
		ID: "Kunci akar buku besar salah.", EN: "A root key of the ledger is wrong.",
		StepsID: []string{"Buat kunci dengan: blanko keys data new", "Satu kunci Base64 sebaris, yang terbaru di atas."},
		StepsEN: []string{"Make a key with: blanko keys data new", "One key in Base64 a line, the newest first."},
	}
	rootUnknown = fault.Entry{
		Code: "store.root_key_unknown", Kind: fault.Conflict,
		ID: "Buku besar juga dibuka dengan kunci akar yang tidak ada di sini; tidak ada yang berubah.", EN: "The ledger is opened by a root key, too, that is not here; nothing was changed.",
		StepsID: []string{"Samakan berkas kunci akar semua stasiun.", "Bila kunci itu tidak dipakai lagi: blanko keys data forget"},
		StepsEN: []string{"Give all stations the same file of root keys.", "When that key is used no more: blanko keys data forget"},
	}
	noText = fault.Entry{
		Code: "store.no_text", Kind: fault.Invalid,
		ID: "Isian memuat tanda yang tidak dapat disimpan (nol atau bukan UTF-8); tidak ada yang berubah.", EN: "What was given has a character in it that cannot be kept (zero, or not UTF-8); nothing was changed.",
		StepsID: []string{"Ketik ulang isian itu."},
		StepsEN: []string{"Type it again."},
	}
	failed = fault.Entry{
		Code: "store.failed", Kind: fault.Internal,
		ID: "Basis data menolak perintah; tidak ada yang berubah.", EN: "The database refused a statement; nothing was changed.",
		StepsID: []string{"Hubungi pengembang dengan nomor rujukan."},
		StepsEN: []string{"Call the developer with the reference number."},
	}
)

// Faults of this room.
var Faults = []fault.Entry{cannotOpen, notALedger, leftOver, newerDatabase, stationsServe, migrationFailed, newLedgerFailed, damaged, diskFull, busy, interrupted, taken, forbiddenValue, appendOnly, conflict, unreachable, outcomeUnknown, claimed, badAddress, wrongServer, notEmpty, dataKeyMissing, valueDamaged, rootWrong, rootUnknown, noText, failed}

// Taken reports whether a unique index refused a write, and which: "table.column", several
// columns joined by ", ".
func Taken(err error) (name string, ok bool) {
	var e *fault.Error
	for errors.As(err, &e) {
		if e.Code == taken.Code {
			return e.Field, true
		}
		err = e.Err
	}
	return "", false
}

// IsClaimed reports whether another process has the name, or the file, that was to be claimed.
func IsClaimed(err error) bool { return fault.Is(err, claimed) }

// IsForbidden reports whether a check of the database refused a value, such as a negative quantity.
func IsForbidden(err error) bool { return fault.Is(err, forbiddenValue) }

// IsAppendOnly reports whether a trigger refused a change of a row that is kept for good.
func IsAppendOnly(err error) bool { return fault.Is(err, appendOnly) }
