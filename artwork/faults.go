package artwork

import "blanko/fault"

// Entries of this room. All stand before the feed: no blank has been used.
var (
	textDoesNotFit = fault.Entry{
		Code: "artwork.text_does_not_fit", Kind: fault.Invalid,
		ID: "Teks tidak muat pada muka kartu dengan ukuran huruf yang masih terbaca.",
		EN: "A text does not fit on the card face at a size that can still be read.",
		StepsID: []string{
			"Buka rincian permohonan dan lihat elemen data yang disebut.",
			"Bandingkan elemen itu dengan kartu keluarga; bila salah tulis, minta pusat data memperbaikinya.",
			"Bila benar, ajukan templat kartu dengan ruang yang lebih lebar kepada pengelola sistem.",
		},
		StepsEN: []string{
			"Open the application and look at the data element that is named.",
			"Compare it with the family card; if it is misspelled, have the data center correct it.",
			"If it is right, ask the system administrator for a card template with more room.",
		},
	}
	valueInvalid = fault.Entry{
		Code: "artwork.value_invalid", Kind: fault.Invalid,
		ID: "Sebuah elemen data kosong atau memuat huruf yang tidak dapat dicetak.",
		EN: "A data element is empty or holds a character that cannot be printed.",
		StepsID: []string{
			"Buka rincian permohonan dan lihat elemen data yang disebut.",
			"Minta pusat data mengirim ulang rekaman dengan elemen itu diperbaiki.",
		},
		StepsEN: []string{
			"Open the application and look at the data element that is named.",
			"Ask the data center to send the record again with that element corrected.",
		},
	}
	portraitMissing = fault.Entry{
		Code: "artwork.portrait_missing", Kind: fault.Invalid,
		ID: "Pas foto tidak ada atau kosong.",
		EN: "The portrait is missing or empty.",
		StepsID: []string{
			"Buka rincian permohonan dan lihat apakah pas foto tampil.",
			"Minta pusat data mengirim ulang rekaman dengan pas foto.",
		},
		StepsEN: []string{
			"Open the application and see whether the portrait shows.",
			"Ask the data center to send the record again with the portrait.",
		},
	}
	resolutionUnsupported = fault.Entry{
		Code: "artwork.resolution_unsupported", Kind: fault.Invalid,
		ID: "Resolusi cetak tidak didukung.",
		EN: "The print resolution is not supported.",
		StepsID: []string{
			"Periksa model printer pada konfigurasi lini.",
			"Pilih resolusi 300 atau 600 dpi.",
		},
		StepsEN: []string{
			"Check the printer model in the configuration of the line.",
			"Choose a resolution of 300 or 600 dpi.",
		},
	}
	templateUnknown = fault.Entry{
		Code: "artwork.template_unknown", Kind: fault.NotFound,
		ID: "Templat kartu tidak dikenal.",
		EN: "The card template is not known.",
		StepsID: []string{
			"Periksa nama templat pada konfigurasi dan pada rekaman.",
			"Perbarui Blanko bila pusat data memakai templat baru.",
		},
		StepsEN: []string{
			"Check the name of the template in the configuration and in the record.",
			"Update Blanko if the data center uses a new template.",
		},
	}
	templateInvalid = fault.Entry{
		Code: "artwork.template_invalid", Kind: fault.Invalid,
		ID: "Berkas templat kartu salah.",
		EN: "The card template file is wrong.",
		StepsID: []string{
			"Baca baris dan alasan yang disebut pada catatan galat.",
			"Perbaiki berkas templat, lalu jalankan pemeriksaan lagi.",
		},
		StepsEN: []string{
			"Read the line and the reason named in the error.",
			"Correct the template file, then run the check again.",
		},
	}
)

// Faults are the entries of this room.
var Faults = []fault.Entry{
	textDoesNotFit, valueInvalid, portraitMissing, resolutionUnsupported, templateUnknown, templateInvalid,
}
