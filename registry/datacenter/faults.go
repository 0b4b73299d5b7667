package datacenter

import "blanko/fault"

// What the link raises.
var (
	CenterAway = fault.Entry{
		Code: "datacenter.center_away", Kind: fault.Transient,
		ID:      "Pusat data tidak dapat dihubungi.",
		EN:      "The data center cannot be reached.",
		StepsID: []string{"Periksa jaringan.", "Pencetakan berlanjut dengan data yang sudah ada; stasiun mencoba lagi sendiri."},
		StepsEN: []string{"Check the network.", "Printing goes on with the records that are here; the station tries again by itself."},
	}
	CenterRefused = fault.Entry{
		Code: "datacenter.center_refused", Kind: fault.Denied,
		ID:      "Pusat data menolak permintaan stasiun ini.",
		EN:      "The data center refused this station's request.",
		StepsID: []string{"Periksa sertifikat dan kode Dinas.", "Hubungi petugas data center."},
		StepsEN: []string{"Check the certificate and the code of the Dinas.", "Call the data center officer."},
	}
	CursorLost = fault.Entry{
		Code: "datacenter.cursor_lost", Kind: fault.Conflict,
		ID:      "Penanda bacaan tidak lagi dikenal pusat data; daftar dibaca dari awal.",
		EN:      "The data center no longer knows the reading mark; the list is read from the beginning.",
		StepsID: []string{"Tidak perlu tindakan; data yang sudah ada dikenali dan dilewati."},
		StepsEN: []string{"Nothing to do; records that are here are recognized and skipped."},
	}
	AnswerWrong = fault.Entry{
		Code: "datacenter.answer_wrong", Kind: fault.Transient,
		ID:      "Jawaban pusat data tidak dapat dibaca.",
		EN:      "The data center's answer cannot be read.",
		StepsID: []string{"Stasiun mencoba lagi sendiri.", "Jika berlanjut, hubungi petugas data center."},
		StepsEN: []string{"The station tries again by itself.", "If it goes on, call the data center officer."},
	}
	Insecure = fault.Entry{
		Code: "datacenter.insecure", Kind: fault.Denied,
		ID:      "Alamat pusat data tidak memakai sambungan aman; tidak ada yang dikirim.",
		EN:      "The data center's address uses no secure connection; nothing was sent.",
		StepsID: []string{"Isi alamat https dalam konfigurasi stasiun.", "Hubungi petugas data center bila alamat itu tidak diketahui."},
		StepsEN: []string{"Put an https address into the station's configuration.", "Call the data center officer when it is not known."},
	}
	KeysUntrusted = fault.Entry{
		Code: "datacenter.keys_untrusted", Kind: fault.Denied,
		ID:      "Daftar kunci pusat data tidak ditandatangani oleh jangkar kepercayaan stasiun.",
		EN:      "The data center's key list is not signed by the station's trust anchor.",
		StepsID: []string{"Jangan terima data apa pun.", "Hubungi petugas keamanan."},
		StepsEN: []string{"Take in no record.", "Call the security officer."},
	}
	EnrolmentRefused = fault.Entry{
		Code: "datacenter.enrolment_refused", Kind: fault.Conflict,
		ID:      "Pusat data menolak paket perekaman ini.",
		EN:      "The data center refuses this enrolment package.",
		StepsID: []string{"Lihat keadaan permohonan.", "Rekam ulang penduduk, lalu kirim lagi."},
		StepsEN: []string{"Look at the state of the application.", "Capture the resident again and send it anew."},
	}
	AnchorDiffers = fault.Entry{
		Code: "datacenter.anchor_differs", Kind: fault.Conflict,
		ID:      "Pusat data memegang jangkar catatan kejadian yang lain untuk hari itu.",
		EN:      "The data center holds another anchor of the event log for that day.",
		StepsID: []string{"Panggil petugas keamanan: catatan kejadian mungkin diubah atau cadangan lama dipasang kembali.", "Jalankan blanko audit verify."},
		StepsEN: []string{"Call the security officer: the event log may have been changed, or an old backup put back.", "Run blanko audit verify."},
	}
)

// Faults lists the entries of this room.
var Faults = []fault.Entry{CenterAway, CenterRefused, CursorLost, AnswerWrong, Insecure, KeysUntrusted, EnrolmentRefused, AnchorDiffers}
