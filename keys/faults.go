package keys

import "blanko/fault"

// Entries of this room.
var (
	badKey = fault.Entry{
		Code: "keys.bad_key", Kind: fault.Invalid,
		ID: "Kunci tidak dapat dipakai: panjang atau isinya salah.", EN: "The key cannot be used: its length or content is wrong.",
		StepsID: []string{"Periksa kunci induk yang dimuat.", "Muat ulang kunci dalam upacara kunci dengan dua orang."},
		StepsEN: []string{"Check the master key that was loaded.", "Load it again in a key ceremony with two persons."},
	}
	badAnswer = fault.Entry{
		Code: "keys.bad_answer", Kind: fault.Device,
		ID: "Jawaban kartu untuk membuka kanal aman tidak sesuai profil.", EN: "The card's answer to opening a secure channel does not fit the profile.",
		StepsID: []string{"Sisihkan kartu ini.", "Periksa apakah blanko berasal dari pemasok dan lot yang terdaftar."},
		StepsEN: []string{"Set this card aside.", "Check whether the blank comes from a registered supplier and lot."},
	}
	// cardCryptogramWrong: the card does not hold the key that was asked for, or is not the card
	// that its KDD names. Its code is part of the contract of applet.KeySource. Never try again on
	// the same card: its failure counter runs.
	cardCryptogramWrong = fault.Entry{
		Code: "keys.card_cryptogram_wrong", Kind: fault.Device,
		ID: "Kartu tidak memegang kunci yang diminta: kriptogram kartu salah.", EN: "The card does not hold the key that was asked for: its cryptogram is wrong.",
		StepsID: []string{"Jangan mencoba lagi pada kartu ini; sisihkan.", "Bandingkan nilai periksa kunci dengan catatan upacara kunci."},
		StepsEN: []string{"Do not try again on this card; set it aside.", "Compare the key check values with the record of the key ceremony."},
	}
	badCommand = fault.Entry{
		Code: "keys.bad_command", Kind: fault.Internal,
		ID: "Perintah untuk kartu tidak terbentuk dengan benar.", EN: "A command for the card is malformed.",
		StepsID: []string{"Catat nomor rujukan dan hubungi dukungan."},
		StepsEN: []string{"Note the reference number and call support."},
	}
	channelBroken = fault.Entry{
		Code: "keys.channel_broken", Kind: fault.Transient,
		ID: "Kanal aman dengan kartu terputus: jawaban kartu tidak lolos pemeriksaan.", EN: "The secure channel with the card is broken: its answer failed the check.",
		StepsID: []string{"Biarkan stasiun membuka kanal baru dan membaca ulang keadaan kartu.", "Jika berulang pada kartu lain, periksa pembaca kartu."},
		StepsEN: []string{"Let the station open a new channel and read the card's state again.", "If it recurs with other cards, check the reader."},
	}
	noChannel = fault.Entry{
		Code: "keys.no_channel", Kind: fault.Conflict,
		ID: "Kanal aman sudah tertutup.", EN: "The secure channel is closed.",
		StepsID: []string{"Biarkan stasiun membuka kanal baru."},
		StepsEN: []string{"Let the station open a new channel."},
	}
	noKey = fault.Entry{
		Code: "keys.no_key", Kind: fault.NotFound,
		ID: "Kunci yang diperlukan tidak ada di sumber kunci ini.", EN: "The key that is needed is not in this key source.",
		StepsID: []string{"Periksa sumber kunci (HSM atau SAM) yang terpasang.", "Bandingkan nilai periksa kunci dengan catatan upacara kunci."},
		StepsEN: []string{"Check the key source (HSM or SAM) that is connected.", "Compare the key check values with the record of the key ceremony."},
	}
	wellKnownKey = fault.Entry{
		Code: "keys.well_known_key", Kind: fault.Denied,
		ID: "Kunci induk ini kunci uji yang diketahui umum; tidak dipakai.", EN: "This master key is a publicly known test key; it is not used.",
		StepsID: []string{"Ganti kunci induk dalam upacara kunci dengan dua orang.", "Jangan memakai kartu yang sudah ditulis dengan kunci ini."},
		StepsEN: []string{"Replace the master key in a key ceremony with two persons.", "Do not use cards already written under it."},
	}
	CertificateNotMade = fault.Entry{
		Code: "keys.certificate_not_made", Kind: fault.Invalid,
		ID: "Sertifikat tidak dapat dibuat dengan kunci dan tanggal ini.", EN: "The certificate cannot be made with this key and date.",
		StepsID: []string{"Periksa kunci (kurva P-256) dan tanggal mulai.", "Ulangi penerbitan sertifikat."},
		StepsEN: []string{"Check the key (curve P-256) and the starting date.", "Issue the certificate again."},
	}
)

// Faults lists every entry.
var Faults = []fault.Entry{
	badKey, badAnswer, cardCryptogramWrong, badCommand, channelBroken, noChannel, noKey, wellKnownKey, CertificateNotMade,
}
