package pkcs11

import "blanko/fault"

// Steps that several entries share.
var (
	plugID   = []string{"Pasang token pada tempatnya, atau periksa jaringan ke HSM.", "Tunggu: lini berjalan lagi sendiri.", "Jika token hilang, laporkan segera kepada petugas keamanan."}
	plugEN   = []string{"Put the token in its place, or check the network to the HSM.", "Wait: the lines go on by themselves.", "If the token is lost, report it to the security officer at once."}
	attendID = []string{"Periksa berkas PIN bersama pemegang token.", "Jalankan blanko keys list dan masukkan PIN sendiri; sesudah PIN benar, lini berjalan lagi."}
	attendEN = []string{"Check the PIN file with the holder of the token.", "Run blanko keys list and enter the PIN by hand; after a right PIN the lines go on."}
	callID   = []string{"Lihat log modul token.", "Hubungi petugas data center; jangan mengganti kunci sendiri."}
	callEN   = []string{"Look at the log of the token's module.", "Call the data center officer; do not replace keys by yourself."}
)

// Entries of this room.
var (
	NotBuilt = fault.Entry{
		Code: "pkcs11.not_built", Kind: fault.Conflict,
		ID: "Program ini dibangun tanpa PKCS#11 (tanpa cgo).", EN: "This program was built without PKCS#11 (without cgo).",
		StepsID: []string{"Pasang paket resmi Blanko, atau bangun dengan cgo."}, StepsEN: []string{"Install the official package of Blanko, or build with cgo."},
	}
	ModuleMissing = fault.Entry{
		Code: "pkcs11.module_missing", Kind: fault.Invalid,
		ID: "Modul PKCS#11 token tidak dapat dimuat.", EN: "The token's PKCS#11 module cannot be loaded.",
		StepsID: []string{"Periksa keys.module pada konfigurasi.", "Pasang perangkat lunak token dari pembuatnya."},
		StepsEN: []string{"Check keys.module in the configuration.", "Install the token software of its maker."},
	}
	TokenAway = fault.Entry{
		Code: "pkcs11.token_away", Kind: fault.Transient,
		ID: "Token kunci tidak terpasang atau tidak terjangkau.", EN: "The key token is not plugged in, or out of reach.",
		StepsID: plugID, StepsEN: plugEN,
	}
	SessionLost = fault.Entry{
		Code: "pkcs11.session_lost", Kind: fault.Transient,
		ID: "Sambungan ke token kunci terputus.", EN: "The session with the key token is lost.",
		StepsID: plugID, StepsEN: plugEN,
	}
	TokenSlow = fault.Entry{
		Code: "pkcs11.token_slow", Kind: fault.Transient,
		ID: "Token kunci tidak menjawab pada waktunya.", EN: "The key token does not answer in time.",
		StepsID: plugID, StepsEN: plugEN,
	}
	TokenFailed = fault.Entry{
		Code: "pkcs11.token_failed", Kind: fault.Transient,
		ID: "Token kunci menolak perintah.", EN: "The key token refused a command.",
		StepsID: callID, StepsEN: callEN,
	}
	TokenAmbiguous = fault.Entry{
		Code: "pkcs11.token_ambiguous", Kind: fault.Invalid,
		ID: "Lebih dari satu token bernama sama.", EN: "More than one token has this label.",
		StepsID: []string{"Cabut token yang lain, atau tulis keys.serial pada konfigurasi."},
		StepsEN: []string{"Take the other token out, or write keys.serial in the configuration."},
	}
	TokenStrange = fault.Entry{
		Code: "pkcs11.token_strange", Kind: fault.Denied,
		ID: "Token ini bukan token stasiun: nomor serinya lain. PIN tidak dicoba.", EN: "This is not the station's token: its serial number is another. No PIN was tried.",
		StepsID: []string{"Pasang token stasiun yang benar.", "Laporkan token asing kepada petugas keamanan."},
		StepsEN: []string{"Put in the station's own token.", "Report the strange token to the security officer."},
	}
	PINMissing = fault.Entry{
		Code: "pkcs11.pin_missing", Kind: fault.Invalid,
		ID: "PIN token tidak dapat dibaca.", EN: "The PIN of the token cannot be read.",
		StepsID: []string{
			"Untuk layanan: periksa keys.pin_file pada konfigurasi: berkas milik pengguna layanan, hak 0600 atau lebih ketat, atau kredensial systemd.",
			"Untuk perintah blanko keys: jalankan di terminal dan ketik PIN, atau beri --pin-file.",
		},
		StepsEN: []string{
			"For the service: check keys.pin_file in the configuration: a file of the service's user, rights 0600 or tighter, or a systemd credential.",
			"For a command of blanko keys: run it at a terminal and type the PIN, or give --pin-file.",
		},
	}
	PINWrong = fault.Entry{
		Code: "pkcs11.pin_wrong", Kind: fault.Denied,
		ID: "PIN token salah; tidak dicoba lagi.", EN: "The PIN of the token is wrong; it is not tried again.",
		StepsID: attendID, StepsEN: attendEN,
	}
	PINDoubtful = fault.Entry{
		Code: "pkcs11.pin_doubtful", Kind: fault.Denied,
		ID: "Token melaporkan PIN salah sejak terakhir dipakai; layanan tidak mencoba sendiri.", EN: "The token reports a wrong PIN since it was last used; the service does not try by itself.",
		StepsID: attendID, StepsEN: attendEN,
	}
	PINLocked = fault.Entry{
		Code: "pkcs11.pin_locked", Kind: fault.Denied,
		ID: "PIN token terkunci.", EN: "The PIN of the token is locked.",
		StepsID: []string{"Hubungi petugas keamanan: PIN dibuka dengan PIN petugas token, oleh dua orang.", "Cari tahu siapa yang memasukkan PIN salah, lalu jalankan ulang Blanko."},
		StepsEN: []string{"Call the security officer: the PIN is unlocked with the officer's PIN of the token, by two persons.", "Find out who entered wrong PINs, then start Blanko again."},
	}
	KeyMissing = fault.Entry{
		Code: "pkcs11.key_missing", Kind: fault.NotFound,
		ID: "Kunci yang diperlukan tidak ada pada token.", EN: "The key that is needed is not on the token.",
		StepsID: []string{"Bandingkan blanko keys list dengan protokol upacara kunci.", "Pasang token yang benar."},
		StepsEN: []string{"Compare blanko keys list with the protocol of the key ceremony.", "Put in the right token."},
	}
	KeyAmbiguous = fault.Entry{
		Code: "pkcs11.key_ambiguous", Kind: fault.Conflict,
		ID: "Dua kunci pada token bernama sama.", EN: "Two keys on the token have the same name.",
		StepsID: callID, StepsEN: callEN,
	}
	KeyChanged = fault.Entry{
		Code: "pkcs11.key_changed", Kind: fault.Denied,
		ID: "Kunci pada token bukan lagi kunci yang sama.", EN: "A key on the token is no longer the same key.",
		StepsID: []string{"Hentikan produksi dan hubungi petugas keamanan.", "Bandingkan nilai periksa kunci dengan protokol upacara kunci."},
		StepsEN: []string{"Stop production and call the security officer.", "Compare the key check values with the protocol of the key ceremony."},
	}
	KeyNotMade = fault.Entry{
		Code: "pkcs11.key_not_made", Kind: fault.Conflict,
		ID: "Kunci tidak dapat dibuat pada token.", EN: "The key cannot be made on the token.",
		StepsID: callID, StepsEN: callEN,
	}
)

// Faults lists every entry.
var Faults = []fault.Entry{
	NotBuilt, ModuleMissing, TokenAway, SessionLost, TokenSlow, TokenFailed, TokenAmbiguous, TokenStrange, PINMissing, PINWrong,
	PINDoubtful, PINLocked, KeyMissing, KeyAmbiguous, KeyChanged, KeyNotMade,
}
