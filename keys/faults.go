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
		StepsID: []string{"Sisihkan kartu ini.", "Periksa apakah blangko berasal dari pemasok dan lot yang terdaftar."},
		StepsEN: []string{"Set this card aside.", "Check whether the blank comes from a registered supplier and lot."},
	}
	// CardCryptogramWrong: the card does not hold the key that was asked for, or is not the card
	// that its KDD names. Its code is part of the contract of applet.KeySource. Never try again on
	// the same card: its failure counter runs.
	CardCryptogramWrong = fault.Entry{
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
	ChannelBroken = fault.Entry{
		Code: "keys.channel_broken", Kind: fault.Transient,
		ID: "Kanal aman dengan kartu terputus: jawaban kartu tidak lolos pemeriksaan.", EN: "The secure channel with the card is broken: its answer failed the check.",
		StepsID: []string{"Biarkan stasiun membuka kanal baru dan membaca ulang keadaan kartu.", "Jika berulang pada kartu lain, periksa pembaca kartu."},
		StepsEN: []string{"Let the station open a new channel and read the card's state again.", "If it recurs with other cards, check the reader."},
	}
	NoChannel = fault.Entry{
		Code: "keys.no_channel", Kind: fault.Conflict,
		ID: "Kanal aman sudah tertutup.", EN: "The secure channel is closed.",
		StepsID: []string{"Biarkan stasiun membuka kanal baru."},
		StepsEN: []string{"Let the station open a new channel."},
	}
	NoKey = fault.Entry{
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
	BadShares = fault.Entry{
		Code: "keys.bad_shares", Kind: fault.Invalid,
		ID: "Komponen kunci tidak dapat dipakai.", EN: "The key shares cannot be used.",
		StepsID: []string{"Periksa setiap angka komponen bersama pemegangnya.", "Pastikan semua komponen berasal dari kunci yang sama."},
		StepsEN: []string{"Check every digit of the share with its holder.", "Make sure that all shares are of the same key."},
	}
	ProtocolWrong = fault.Entry{
		Code: "keys.protocol_wrong", Kind: fault.Invalid,
		ID: "Protokol upacara kunci tidak sah.", EN: "The protocol of a key ceremony is not valid.",
		StepsID: []string{"Pakai berkas asli dari upacara; jangan mengubahnya.", "Jika hilang, ulangi upacara kunci."},
		StepsEN: []string{"Use the original file of the ceremony; do not change it.", "If it is lost, repeat the key ceremony."},
	}
	NotAttested = fault.Entry{
		Code: "keys.not_attested", Kind: fault.Denied,
		ID: "Tidak ada upacara kunci yang membuktikan kunci ini.", EN: "No key ceremony attests this key.",
		StepsID: []string{"Adakan upacara kunci dengan sedikitnya dua orang: blanko keys ceremony.", "Taruh protokolnya di folder keys.protocols."},
		StepsEN: []string{"Hold a key ceremony with at least two persons: blanko keys ceremony.", "Put its protocol into the folder keys.protocols."},
	}
	SoftwareToken = fault.Entry{
		Code: "keys.software_token", Kind: fault.Denied,
		ID: "Token ini hanya perangkat lunak; tidak dipakai untuk kartu penduduk.", EN: "This token is software only; it is not used for cards of residents.",
		StepsID: []string{"Pakai HSM atau kartu pintar.", "Untuk latihan pakai blanko-lab."},
		StepsEN: []string{"Use an HSM or a smart card.", "For training use blanko-lab."},
	}
	KeyExposed = fault.Entry{
		Code: "keys.key_exposed", Kind: fault.Denied,
		ID: "Kunci ini dapat dibaca keluar dari token; tidak dipakai.", EN: "This key can be read out of the token; it is not used.",
		StepsID: []string{"Buat kunci baru dalam upacara kunci.", "Jangan memakai kartu yang ditulis dengan kunci ini."},
		StepsEN: []string{"Make a new key in a key ceremony.", "Do not use cards written under this key."},
	}
	KeyRepeated = fault.Entry{
		Code: "keys.key_repeated", Kind: fault.Denied,
		ID: "Dua kunci induk pada token ini adalah kunci yang sama; tidak dipakai.", EN: "Two master keys on this token are the same key; they are not used.",
		StepsID: []string{"Periksa apakah komponen yang diketik milik kunci ini.", "Buat kunci baru untuk peran ini dalam upacara kunci."},
		StepsEN: []string{"Check that the shares that were typed are of this key.", "Make a new key for this role in a key ceremony."},
	}
	SignerMissing = fault.Entry{
		Code: "keys.signer_missing", Kind: fault.Denied,
		ID: "Kunci penanda tangan dokumen tidak ada pada token, atau sertifikatnya tidak ada.", EN: "The document signer's key is not on the token, or its certificate is missing.",
		StepsID: []string{"Hentikan produksi dan hubungi petugas keamanan.", "Pasang sertifikat yang benar pada keys.signer dan keys.anchors."},
		StepsEN: []string{"Stop production and call the security officer.", "Put the right certificates at keys.signer and keys.anchors."},
	}
	SignerEarly = fault.Entry{
		Code: "keys.signer_early", Kind: fault.Denied,
		ID: "Penanda tangan dokumen belum berlaku.", EN: "The document signer is not yet valid.",
		StepsID: []string{"Periksa jam mesin.", "Tunggu sampai hari berlakunya, atau pasang sertifikat yang berlaku."},
		StepsEN: []string{"Check the clock of the machine.", "Wait until its day, or put a valid certificate in place."},
	}
	SignerLate = fault.Entry{
		Code: "keys.signer_late", Kind: fault.Denied,
		ID: "Masa penanda tangan dokumen sudah habis.", EN: "The document signer's time is over.",
		StepsID: []string{"Terbitkan sertifikat penanda tangan baru: blanko keys dsc renew.", "Perbarui keys.signer pada konfigurasi."},
		StepsEN: []string{"Issue a new signer certificate: blanko keys dsc renew.", "Update keys.signer in the configuration."},
	}
	SignerForeign = fault.Entry{
		Code: "keys.signer_foreign", Kind: fault.Denied,
		ID: "Penanda tangan dokumen milik negara lain.", EN: "The document signer is of another country.",
		StepsID: []string{"Hentikan produksi dan hubungi petugas keamanan.", "Pasang sertifikat yang benar pada keys.signer dan keys.anchors."},
		StepsEN: []string{"Stop production and call the security officer.", "Put the right certificates at keys.signer and keys.anchors."},
	}
	SignerUntrusted = fault.Entry{
		Code: "keys.signer_untrusted", Kind: fault.Denied,
		ID: "Penanda tangan dokumen tidak berada di bawah otoritas yang dikenal.", EN: "The document signer is not under a known authority.",
		StepsID: []string{"Hentikan produksi dan hubungi petugas keamanan.", "Pasang sertifikat yang benar pada keys.signer dan keys.anchors."},
		StepsEN: []string{"Stop production and call the security officer.", "Put the right certificates at keys.signer and keys.anchors."},
	}
	SignerRevoked = fault.Entry{
		Code: "keys.signer_revoked", Kind: fault.Denied,
		ID: "Penanda tangan dokumen sudah dicabut.", EN: "The document signer is revoked.",
		StepsID: []string{"Terbitkan sertifikat penanda tangan baru: blanko keys dsc renew.", "Perbarui keys.signer pada konfigurasi."},
		StepsEN: []string{"Issue a new signer certificate: blanko keys dsc renew.", "Update keys.signer in the configuration."},
	}
	SignerUnverified = fault.Entry{
		Code: "keys.signer_unverified", Kind: fault.Denied,
		ID:      "Tidak diketahui apakah penanda tangan dokumen dicabut: tidak ada daftar pencabutan yang masih berlaku.",
		EN:      "Whether the document signer is revoked is not known: there is no revocation list that still holds.",
		StepsID: []string{"Ambil daftar pencabutan terbaru, atau buat: blanko keys crl.", "Taruh di folder keys.anchors (*.crl); stasiun membacanya dalam semenit."},
		StepsEN: []string{"Fetch the newest revocation list, or make it: blanko keys crl.", "Put it into the folder keys.anchors (*.crl); the station reads it within a minute."},
	}
	CRLWrong = fault.Entry{
		Code: "keys.crl_wrong", Kind: fault.Invalid,
		ID: "Daftar pencabutan tidak sah.", EN: "The revocation list is not valid.",
		StepsID: []string{"Pakai daftar terakhir dari otoritas ini."},
		StepsEN: []string{"Use the newest list of this authority."},
	}
	AuthorityUnfit = fault.Entry{
		Code: "keys.authority_unfit", Kind: fault.Denied,
		ID: "Otoritas penerbit tidak boleh menandatangani pada hari ini.", EN: "The issuing authority may not sign today.",
		StepsID: []string{"Periksa jam mesin.", "Buat otoritas baru: blanko keys csca."},
		StepsEN: []string{"Check the clock of the machine.", "Make a new authority: blanko keys csca."},
	}
)

// Faults lists every entry.
var Faults = []fault.Entry{
	badKey, badAnswer, CardCryptogramWrong, badCommand, ChannelBroken, NoChannel, NoKey, wellKnownKey, CertificateNotMade,
	BadShares, ProtocolWrong, NotAttested, SoftwareToken, KeyExposed, KeyRepeated, SignerMissing, SignerEarly, SignerLate, SignerForeign, SignerUntrusted, SignerRevoked,
	SignerUnverified, CRLWrong, AuthorityUnfit,
}
