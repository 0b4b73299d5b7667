package station

import "blanko/fault"

// What the station raises while it is put together.
var (
	ConfigUnreadable = fault.Entry{
		Code: "station.config_unreadable", Kind: fault.NotFound,
		ID:      "Berkas konfigurasi tidak dapat dibaca.",
		EN:      "The configuration file cannot be read.",
		StepsID: []string{"Periksa nama berkas dan hak bacanya.", "Buat yang baru dengan: blanko serve --print-config > blanko.yaml"},
		StepsEN: []string{"Check the file's name and who may read it.", "Make a new one with: blanko serve --print-config > blanko.yaml"},
	}
	ConfigWrong = fault.Entry{
		Code: "station.config_wrong", Kind: fault.Invalid,
		ID:      "Berkas konfigurasi berisi kesalahan.",
		EN:      "The configuration file has a mistake.",
		StepsID: []string{"Perbaiki baris yang disebutkan.", "Bandingkan dengan: blanko serve --print-config"},
		StepsEN: []string{"Mend the line that is named.", "Compare with: blanko serve --print-config"},
	}
	CableMissing = fault.Entry{
		Code: "station.cable_missing", Kind: fault.Device,
		ID:      "Lini ini belum dapat dipakai: sambungan perangkatnya tidak tersedia pada versi ini.",
		EN:      "This line cannot be used yet: the cable of its device is not part of this version.",
		StepsID: []string{"Biarkan lini ini; lini lain tetap berjalan.", "Perbarui Blanko setelah sambungan ini tersedia."},
		StepsEN: []string{"Leave this line; the others go on.", "Update Blanko when the cable is there."},
	}
	KeysMissing = fault.Entry{
		Code: "station.keys_missing", Kind: fault.Denied,
		ID:      "Lini ini belum dapat dipakai: kunci personalisasi tidak tersedia.",
		EN:      "This line cannot be used yet: the personalization keys are not there.",
		StepsID: []string{"Sambungkan token kunci dan isi bagian keys pada konfigurasi.", "Stasiun tidak pernah membaca kunci dari berkas."},
		StepsEN: []string{"Connect the key token and fill in the keys part of the configuration.", "A station never reads keys from a file."},
	}
	PrinterUnknown = fault.Entry{
		Code: "station.printer_unknown", Kind: fault.Invalid,
		ID:      "Bahasa pencetak ini tidak dikenal.",
		EN:      "This printer language is not known.",
		StepsID: []string{"Pakai salah satu yang didukung: evolis."},
		StepsEN: []string{"Use one that is supported: evolis."},
	}
	CenterMisbuilt = fault.Entry{
		Code: "station.center_misbuilt", Kind: fault.Invalid,
		ID:      "Hubungan ke pusat data belum dikonfigurasi dengan benar.",
		EN:      "The link to the data center is not configured rightly.",
		StepsID: []string{"Periksa bagian center pada konfigurasi dan berkas sertifikatnya."},
		StepsEN: []string{"Check the center part of the configuration and its certificate files."},
	}
)

// Faults lists the entries of this room.
var Faults = []fault.Entry{ConfigUnreadable, ConfigWrong, CableMissing, KeysMissing, PrinterUnknown, CenterMisbuilt}
