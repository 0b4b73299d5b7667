package spool

import "blanko/fault"

// Entries of this room.
var (
	NotHere = fault.Entry{
		Code: "spool.not_here", Kind: fault.Invalid,
		ID: "Server cetak bukan di komputer ini.", EN: "The print server is not on this machine.",
		StepsID: []string{"Isi alamat server cetak dengan 127.0.0.1:631 atau jalur soket CUPS.", "Pasang printer pada komputer stasiun; wajah dan NIK tidak boleh lewat jaringan."},
		StepsEN: []string{"Set the print server's address to 127.0.0.1:631 or to the path of the CUPS socket.", "Connect the printer to the station's own computer; a face and a NIK must not travel the network."},
	}
	QueueUnknown = fault.Entry{
		Code: "spool.queue_unknown", Kind: fault.Invalid,
		ID: "Antrean cetak tidak dikenal oleh sistem.", EN: "The system does not know this print queue.",
		StepsID: []string{"Lihat nama antrean dengan perintah \"lpstat -p\".", "Betulkan nama antrean pada konfigurasi lini."},
		StepsEN: []string{"List the queues with \"lpstat -p\".", "Correct the queue's name in the configuration of the line."},
	}
	PolicyWrong = fault.Entry{
		Code: "spool.policy_wrong", Kind: fault.Invalid,
		ID: "Antrean cetak mengulang pekerjaan sendiri; sebuah kartu dapat tercetak dua kali.", EN: "The print queue repeats jobs by itself; a card could be printed twice.",
		StepsID: []string{"Atur antrean dengan perintah \"lpadmin -p NAMA -o printer-error-policy=abort-job\".", "Buka kembali lini."},
		StepsEN: []string{"Set the queue with \"lpadmin -p NAME -o printer-error-policy=abort-job\".", "Open the line again."},
	}
	FormatUnsupported = fault.Entry{
		Code: "spool.format_unsupported", Kind: fault.Invalid,
		ID: "Antrean cetak tidak menerima gambar kartu.", EN: "The print queue does not take a picture of a card.",
		StepsID: []string{"Pasang driver CUPS dari pembuat printer.", "Buat ulang antrean dengan driver itu; antrean mentah (raw) tidak dapat dipakai."},
		StepsEN: []string{"Install the CUPS driver of the printer's maker.", "Create the queue anew with that driver; a raw queue cannot be used."},
	}
	QueueBusy = fault.Entry{
		Code: "spool.queue_busy", Kind: fault.Device,
		ID: "Antrean cetak masih berisi pekerjaan lain.", EN: "The print queue still holds another job.",
		StepsID: []string{"Lihat pekerjaan dengan perintah \"lpstat -o\".", "Hapus pekerjaan yang bukan milik lini ini, lalu tekan Lanjutkan."},
		StepsEN: []string{"List the jobs with \"lpstat -o\".", "Remove the jobs that are not this line's, then press Continue."},
	}
	FilesKept = fault.Entry{
		Code: "spool.files_kept", Kind: fault.Conflict,
		ID: "Sistem cetak menyimpan gambar kartu setelah dicetak dan tidak mau menghapusnya.", EN: "The print system keeps the picture of a card after printing and does not remove it.",
		StepsID: []string{"Tulis \"PreserveJobFiles No\" dalam /etc/cups/cupsd.conf dan mulai ulang CUPS.", "Hapus berkas lama dengan perintah \"cancel -a -x\".", "Buka kembali lini."},
		StepsEN: []string{"Write \"PreserveJobFiles No\" in /etc/cups/cupsd.conf and restart CUPS.", "Remove the old files with \"cancel -a -x\".", "Open the line again."},
	}
	JobUnknown = fault.Entry{
		Code: "spool.job_unknown", Kind: fault.InDoubt,
		ID: "Tidak diketahui apakah kartu tercetak.", EN: "Whether the card was printed is not known.",
		StepsID: []string{"Ambil kartu dari printer dan jangan mencetaknya lagi.", "Letakkan kartu pada pembaca; stasiun mengenali pengerjaannya dari chip.", "Jawab apakah muka kartu baik."},
		StepsEN: []string{"Take the card out of the printer and do not print it again.", "Lay it on the reader; the station knows its attempt from the chip.", "Answer whether its face is good."},
	}
)

// Faults lists every entry.
var Faults = []fault.Entry{NotHere, QueueUnknown, PolicyWrong, FormatUnsupported, QueueBusy, FilesKept, JobUnknown}
