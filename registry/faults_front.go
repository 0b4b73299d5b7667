package registry

import "blanko/fault"

// What the way to a print-ready record raises.
var (
	unknownID = fault.Entry{
		Code: "registry.unknown_id", Kind: fault.NotFound,
		ID: "Nomor ini tidak ada di stasiun ini.", EN: "This station does not know the number.",
		StepsID: []string{"Periksa nomor itu.", "Muat ulang daftar."},
		StepsEN: []string{"Check the number.", "Reload the list."},
	}
	noList = fault.Entry{
		Code: "registry.no_resident_list", Kind: fault.Conflict,
		ID: "Belum ada daftar penduduk wajib KTP yang dipakai.", EN: "No list of obliged residents is in use yet.",
		StepsID: []string{"Minta petugas data center mengimpor dan memakai daftar."},
		StepsEN: []string{"Ask the data center officer to import a list and put it to use."},
	}
	unmatched = fault.Entry{
		Code: "registry.resident_unmatched", Kind: fault.Conflict,
		ID: "Pemohon tidak ada dalam daftar penduduk wajib KTP.", EN: "The applicant is not in the list of obliged residents.",
		StepsID: []string{"Periksa NIK pada Kartu Keluarga.", "Serahkan kepada orang kedua; data tidak diketik bebas."},
		StepsEN: []string{"Check the NIK on the family card.", "Hand it to a second person; data are never typed freely."},
	}
	requirementMissing = fault.Entry{
		Code: "registry.requirement_missing", Kind: fault.Conflict,
		ID: "Persyaratan belum lengkap.", EN: "The requirements are not complete.",
		StepsID: []string{"Minta pemohon melengkapi persyaratan yang disebut.", "Atau usulkan pengecualian dengan alasan kepada orang kedua."},
		StepsEN: []string{"Ask the applicant for what is named.", "Or propose an exception with a reason to a second person."},
	}
	personBusy = fault.Entry{
		Code: "registry.person_busy", Kind: fault.Conflict,
		ID: "Orang ini masih punya permohonan yang berjalan.", EN: "This person has an application under way.",
		StepsID: []string{"Lihat permohonan yang disebut.", "Selesaikan atau batalkan dahulu."},
		StepsEN: []string{"Look at the application that is named.", "End or cancel it first."},
	}
	hasCard = fault.Entry{
		Code: "registry.has_card", Kind: fault.Conflict,
		ID: "Orang ini sudah punya KTP-el yang berlaku.", EN: "This person has a card in force.",
		StepsID: []string{"Pilih jenis permohonan penggantian."},
		StepsEN: []string{"Choose a type that replaces a card."},
	}
	onlyAtDinas = fault.Entry{
		Code: "registry.only_at_dinas", Kind: fault.Conflict,
		ID: "KTP-el orang asing hanya dilayani di Dinas.", EN: "The card of a foreign resident is issued at the Dinas alone.",
		StepsID: []string{"Arahkan pemohon ke Dinas."},
		StepsEN: []string{"Send the applicant to the Dinas."},
	}
	staticElement = fault.Entry{
		Code: "registry.static_element", Kind: fault.Conflict,
		ID: "NIK, tempat dan tanggal lahir, dan golongan darah tidak dapat diubah.", EN: "NIK, place and date of birth and blood type never change.",
		StepsID: []string{"Hapus perubahan itu.", "Pembetulan hanya melalui pusat data."},
		StepsEN: []string{"Take the change out.", "A correction comes from the data center alone."},
	}
	scanMissing = fault.Entry{
		Code: "registry.scan_missing", Kind: fault.Conflict,
		ID: "Pindaian formulir atau persyaratan belum dilampirkan.", EN: "The scan of the form or of a requirement is not attached.",
		StepsID: []string{"Lampirkan pindaian yang disebut.", "Selesaikan pemeriksaan lagi."},
		StepsEN: []string{"Attach the scan that is named.", "End the check again."},
	}
	oldCardMissing = fault.Entry{
		Code: "registry.old_card_missing", Kind: fault.Conflict,
		ID: "Kartu lama belum diserahkan.", EN: "The card of before was not given up.",
		StepsID: []string{"Terima kartu lama: milik kantor ini dicatat sebagai diserahkan, yang lain sebagai kartu asal lain untuk permohonan ini. Lalu serahkan lagi.", "Jika kartu lama hilang: serahkan dengan pengecualian, beri alasan, dan minta persetujuan atasan."},
		StepsEN: []string{"Take the old card in: one of this office as surrendered, another as a card of others for this application. Then hand over again.", "Where it is lost: hand over as an exception, give the reason, and have a supervisor agree."},
	}
	outOfOrder = fault.Entry{
		Code: "registry.out_of_order", Kind: fault.Conflict,
		ID: "Nomor antrean belum dipanggil oleh Anda.", EN: "The number of the queue was not called by you.",
		StepsID: []string{"Panggil nomor berikutnya.", "Untuk mendahulukan seseorang, panggil nomornya dengan alasan."},
		StepsEN: []string{"Call the next number.", "To let somebody go first, call their number with a reason."},
	}
	captureAgain = fault.Entry{
		Code: "registry.capture_again", Kind: fault.Conflict,
		ID: "Mutu perekaman terlalu rendah.", EN: "The quality of the capture is too low.",
		StepsID: []string{"Bersihkan alat dan jari; untuk foto, atur cahaya dan minta pemohon tidak bergerak.", "Rekam bagian itu lagi.", "Setelah tiga kali diterima dengan peringatan; jari atau iris boleh juga dicatat rusak."},
		StepsEN: []string{"Clean the device and the finger; for a photo, change the light and ask the applicant to hold still.", "Capture the part again.", "After three tries it is taken with a warning; a finger or iris may be noted as damaged instead."},
	}
	captureDiffers = fault.Entry{
		Code: "registry.capture_differs", Kind: fault.Conflict,
		ID: "Sidik jari yang direkam ulang tidak cocok.", EN: "The fingers captured again do not match.",
		StepsID: []string{"Rekam ulang jari yang disebut.", "Jika tetap tidak cocok, ulangi seluruh perekaman."},
		StepsEN: []string{"Capture the finger that is named again.", "If it still does not match, capture everything anew."},
	}
	notVerified = fault.Entry{
		Code: "registry.capture_unverified", Kind: fault.Conflict,
		ID: "Perekaman belum dibuktikan dengan jari yang direkam ulang.", EN: "The capture was not proved by fingers captured again.",
		StepsID: []string{"Rekam ulang jari untuk chip.", "Kirim lagi."},
		StepsEN: []string{"Capture the fingers for the chip again.", "Send it then."},
	}
	confirmationDiffers = fault.Entry{
		Code: "registry.confirmation_differs", Kind: fault.Conflict,
		ID: "Data yang dikonfirmasi penduduk bukan data yang akan dicetak.", EN: "What the resident confirmed is not what will be printed.",
		StepsID: []string{"Tampilkan data lagi kepada penduduk.", "Minta penduduk mengesahkan lagi."},
		StepsEN: []string{"Show the data to the resident again.", "Let the resident confirm them anew."},
	}
	quotaUsed = fault.Entry{
		Code: "registry.quota_used", Kind: fault.Conflict,
		ID: "Kuota hari ini sudah terpakai; blangko sedang terbatas.", EN: "The quota of today is used up; blanks are short.",
		StepsID: []string{"Masukkan lagi ke antrean pada hari kerja berikutnya.", "Bila karena bencana atau sudah lama menunggu, tandai permohonan bersama orang kedua."},
		StepsEN: []string{"Queue it again on the next working day.", "Where a disaster made it necessary, or it has waited since before, mark the application with a second person."},
	}
	noSearch = fault.Entry{
		Code: "registry.not_alone", Kind: fault.Conflict,
		ID: "Stasiun ini tidak mencari keunikan sendiri.", EN: "This station does not search for uniqueness itself.",
		StepsID: []string{"Tunggu hasil dari pusat data."},
		StepsEN: []string{"Wait for the data center's result."},
	}
	notSigned = fault.Entry{
		Code: "registry.record_unsigned", Kind: fault.Denied,
		ID: "Tanda tangan petugas data center atas data ini tidak sah.", EN: "The data center officer's signature over the record is not valid.",
		StepsID: []string{"Tandatangani lagi dengan token yang terdaftar.", "Hubungi petugas keamanan bila berulang."},
		StepsEN: []string{"Sign again with the registered token.", "Call the security officer if it happens again."},
	}
	corrected = fault.Entry{
		Code: causeCorrected, Kind: fault.Conflict,
		ID: "Pusat data membetulkan data setelah penduduk mengesahkannya.", EN: "The data center corrected the data after the resident had confirmed them.",
		StepsID: []string{"Undang penduduk untuk mengesahkan data yang baru."},
		StepsEN: []string{"Ask the resident to confirm the new data."},
	}
)
