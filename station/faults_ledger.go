package station

import "blanko/fault"

// Faults of commands that read the ledger or files made from it.
var (
	NoLedger = fault.Entry{
		Code: "station.no_ledger", Kind: fault.NotFound,
		ID:      "Buku besar dari konfigurasi ini belum ada.",
		EN:      "The ledger of this configuration is not there yet.",
		StepsID: []string{"Periksa baris data pada konfigurasi.", "Buku besar dibuat oleh blanko serve."},
		StepsEN: []string{"Check the line data of the configuration.", "blanko serve makes the ledger."},
	}
	FileUnreadable = fault.Entry{
		Code: "station.file_unreadable", Kind: fault.NotFound,
		ID:      "Berkas tidak dapat dibaca.",
		EN:      "The file cannot be read.",
		StepsID: []string{"Periksa nama berkas dan hak bacanya."},
		StepsEN: []string{"Check the file's name and who may read it."},
	}
)
