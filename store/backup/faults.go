package backup

import "blanko/fault"

var (
	badKey = fault.Entry{
		Code: "backup.bad_key", Kind: fault.Invalid,
		ID: "Kunci untuk cadangan tidak dapat dibaca.", EN: "The key for copies cannot be read.",
		StepsID: []string{"Buat pasangan kunci dengan age-keygen; simpan bagian rahasianya di tempat lain, bukan di komputer ini.", "Isi bagian umumnya, yang diawali age1, pada backup.recipients."},
		StepsEN: []string{"Make a pair of keys with age-keygen; keep its secret part elsewhere, not on this computer.", "Put its public part, which begins with age1, into backup.recipients."},
	}
	notReadable = fault.Entry{
		Code: "backup.not_readable", Kind: fault.Invalid,
		ID: "Cadangan tidak dapat dibuka: kunci lain, berkas terpotong atau diubah.", EN: "The copy cannot be opened: another key, or the file was cut or changed.",
		StepsID: []string{"Pakai kunci rahasia yang sesuai.", "Salin berkas sekali lagi dari tempat asalnya.", "Ambil cadangan sebelumnya."},
		StepsEN: []string{"Use the secret key that belongs to it.", "Copy the file again from where it was kept.", "Take the copy before it."},
	}
)

// Faults of this room.
var Faults = []fault.Entry{badKey, notReadable}
