package stock

import "blanko/fault"

var (
	// NotEnough: more was asked for than the ledger holds there.
	NotEnough = fault.Entry{
		Code: "stock.not_enough", Kind: fault.Conflict,
		ID: "Blangko di tempat itu tidak cukup menurut buku besar.", EN: "The ledger does not hold that many blanks there.",
		StepsID: []string{"Hitung ulang blangko.", "Periksa lot dan tempat yang dipilih."},
		StepsEN: []string{"Count the blanks again.", "Check the lot and the place that were chosen."},
	}
	// LotUnknown: no such lot.
	LotUnknown = fault.Entry{
		Code: "stock.lot_unknown", Kind: fault.NotFound,
		ID: "Lot blangko ini tidak dikenal.", EN: "This lot of blanks is not known.",
		StepsID: []string{"Periksa nomor lot pada kotak.", "Catat penerimaan lot terlebih dahulu."},
		StepsEN: []string{"Check the lot number on the box.", "Record the receipt of the lot first."},
	}
	// LotKnown: a lot is received once.
	LotKnown = fault.Entry{
		Code: "stock.lot_received", Kind: fault.Conflict,
		ID: "Lot ini sudah diterima dengan jenis lain.", EN: "This lot was received already, as another product.",
		StepsID: []string{"Periksa nomor lot dan jenis blangko."},
		StepsEN: []string{"Check the lot number and the kind of blank."},
	}
	// OtherPurpose: blanks of the test stock become no resident's card, and others no test card.
	OtherPurpose = fault.Entry{
		Code: "stock.other_purpose", Kind: fault.Conflict,
		ID: "Blangko stok uji tidak dipakai untuk KTP-el penduduk, dan blangko KTP-el tidak dipakai untuk kartu uji.", EN: "A blank of the test stock is not used for a resident's card, and a blank for cards not for a test card.",
		StepsID: []string{"Pilih lot yang lain.", "Kembalikan blangko ke tempatnya."},
		StepsEN: []string{"Choose another lot.", "Put the blanks back where they belong."},
	}
	// OtherCard: blanks of citizens' cards and of foreign residents' never lie in one hopper.
	OtherCard = fault.Entry{
		Code: "stock.other_card", Kind: fault.Conflict,
		ID: "Hopper berisi blangko untuk kartu lain: blangko KTP-el WNI dan KTP-el OA tidak dicampur.", EN: "The hopper holds blanks for other cards: those of citizens and of foreign residents (OA) are not mixed.",
		StepsID: []string{"Keluarkan blangko jenis lain dari hopper dan taruh di gudang.", "Isi hopper dengan satu jenis blangko, atau hitung lagi."},
		StepsEN: []string{"Take the blanks of the other kind out of the hopper and put them into the store.", "Load the hopper with one kind of blank, or count again."},
	}
	// LotInHopper: what a lot is does not change under a line that feeds from it.
	LotInHopper = fault.Entry{
		Code: "stock.lot_in_hopper", Kind: fault.Conflict,
		ID: "Blangko lot ini masih ada di hopper atau di dalam mesin.", EN: "Blanks of this lot still lie in a hopper or in a machine.",
		StepsID: []string{"Tunggu sampai kartu di dalam mesin selesai.", "Kosongkan hopper dan catat blangko kembali ke gudang.", "Koreksi jenis lot sekali lagi."},
		StepsEN: []string{"Wait until the card in the machine is done.", "Empty the hopper and record the blanks back into the store.", "Correct the lot once more."},
	}
	// BadQuantity: a quantity is a whole number above zero.
	BadQuantity = fault.Entry{
		Code: "stock.bad_quantity", Kind: fault.Invalid,
		ID: "Jumlah harus lebih dari nol.", EN: "The quantity must be above zero.",
		StepsID: []string{"Isi jumlah yang dihitung."},
		StepsEN: []string{"Enter the counted quantity."},
	}
	// BadPlace: the house has no such place.
	BadPlace = fault.Entry{
		Code: "stock.bad_place", Kind: fault.Invalid,
		ID: "Tempat itu tidak ada.", EN: "There is no such place.",
		StepsID: []string{"Pilih tempat dari daftar."},
		StepsEN: []string{"Choose a place from the list."},
	}
	// ChipElsewhere: the ledger knows the chip, at a place where it cannot come from.
	ChipElsewhere = fault.Entry{
		Code: "stock.chip_elsewhere", Kind: fault.Conflict,
		ID: "Menurut buku besar chip ini berada di tempat lain.", EN: "The ledger has this chip at another place.",
		StepsID: []string{"Simpan kartu terpisah.", "Lihat riwayat chip ini.", "Laporkan kepada atasan."},
		StepsEN: []string{"Keep the card apart.", "Look at the history of the chip.", "Report it to the supervisor."},
	}
	// NoBlank: the attempt has used no blank.
	NoBlank = fault.Entry{
		Code: "stock.no_blank", Kind: fault.NotFound,
		ID: "Tidak ada blangko yang tercatat untuk ini.", EN: "No blank is on the ledger for this.",
		StepsID: []string{"Periksa riwayat percobaan."},
		StepsEN: []string{"Look at the history of the attempt."},
	}
	// LabelKnown: a label is on one blank, and a blank has one.
	LabelKnown = fault.Entry{
		Code: "stock.label_known", Kind: fault.Conflict,
		ID: "Nomor cetak blangko ini sudah tercatat untuk chip lain, atau chip ini bernomor lain.", EN: "This printed number is on record for another chip, or the chip has another number.",
		StepsID: []string{"Periksa daftar dari pemasok.", "Cari nomor itu pada kolom pencarian."},
		StepsEN: []string{"Check the supplier's list.", "Look for the number in the search field."},
	}
	// Listed: a blank on a list of destruction stays what and where it is.
	Listed = fault.Entry{
		Code: "stock.listed", Kind: fault.Conflict,
		ID: "Blangko ini ada pada daftar pemusnahan yang belum selesai.", EN: "This blank is on a list of destruction that has not ended.",
		StepsID: []string{"Batalkan atau selesaikan daftar pemusnahan itu.", "Ulangi langkah ini."},
		StepsEN: []string{"Cancel that list or end it.", "Repeat this step."},
	}
)

// Faults of this room.
var Faults = []fault.Entry{NotEnough, LotUnknown, LotKnown, OtherPurpose, OtherCard, LotInHopper, BadQuantity, BadPlace, ChipElsewhere, NoBlank, LabelKnown, Listed}
