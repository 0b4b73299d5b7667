package registry

import "blanko/fault"

// What the register of SAMs raises.
var (
	// MasterRetired: cards would be made under a master key that a lost SAM holds.
	MasterRetired = fault.Entry{
		Code: "registry.master_retired", Kind: fault.Denied,
		ID: "Generasi kunci induk ini sudah diakhiri; tidak ada kartu yang dibuat dengannya lagi.",
		EN: "This generation of a master key is retired; no card is made under it any more.",
		StepsID: []string{
			"Jika SAM ditemukan kembali dan dua orang yakin tidak pernah di tangan orang lain, catat penemuannya berdua; produksi berjalan lagi.",
			"Jika tidak, buat generasi berikutnya dalam upacara kunci: blanko keys rotate MK_SAM.", "Nyalakan ulang stasiun; dua orang melepasnya.", "Lihat kartu yang terdampak: /v1/sams/NOMOR/cards.",
		},
		StepsEN: []string{
			"If the SAM was found and two persons are sure that nobody else had it, the two of them write down that it was found; production goes on.",
			"If not, make the next generation in a key ceremony: blanko keys rotate MK_SAM.", "Start the station again; two persons release it.", "See the cards that are affected: /v1/sams/SERIAL/cards.",
		},
	}
	samUnknown = fault.Entry{
		Code: "registry.sam_unknown", Kind: fault.NotFound,
		ID:      "SAM ini tidak ada dalam buku SAM.",
		EN:      "This SAM is not in the register of SAMs.",
		StepsID: []string{"Bandingkan nomor serinya.", "Jangan memakainya; serahkan kepada petugas keamanan."},
		StepsEN: []string{"Compare its serial number.", "Do not use it; give it to the security officer."},
	}
	samKeyUnknown = fault.Entry{
		Code: "registry.sam_key_unknown", Kind: fault.Invalid,
		ID:      "Generasi dan nilai periksa kunci SAM ini bukan milik stasiun ini.",
		EN:      "Generation and check value of this SAM's key are none of this station's.",
		StepsID: []string{"Bandingkan dengan yang disebut SAM, dan dengan blanko keys list.", "Jika SAM memang memegang kunci lain, jangan keluarkan; serahkan kepada petugas keamanan."},
		StepsEN: []string{"Compare them with what the SAM tells, and with blanko keys list.", "If the SAM really holds another key, do not issue it; give it to the security officer."},
	}
	samLost = fault.Entry{
		Code: "registry.sam_lost", Kind: fault.Denied,
		ID:      "SAM ini dilaporkan hilang; tidak diperbarui lagi.",
		EN:      "This SAM was reported lost; it is not renewed any more.",
		StepsID: []string{"Jangan memakainya.", "Simpan dan hubungi petugas keamanan segera."},
		StepsEN: []string{"Do not use it.", "Keep it and call the security officer at once."},
	}
	samTakenBack = fault.Entry{
		Code: "registry.sam_taken_back", Kind: fault.Denied,
		ID:      "SAM ini sudah ditarik; tidak diperbarui lagi.",
		EN:      "This SAM was taken back; it is not renewed any more.",
		StepsID: []string{"Serahkan kepada petugas keamanan dan minta SAM lain."},
		StepsEN: []string{"Give it to the security officer and ask for another one."},
	}
	// SAMUnsigned: nothing at this station signs renewals.
	SAMUnsigned = fault.Entry{
		Code: "registry.sam_unsigned", Kind: fault.Denied,
		ID:      "Stasiun ini tidak memegang token yang menandatangani pembaruan SAM.",
		EN:      "This station holds no token that signs the renewal of a SAM.",
		StepsID: []string{"Isi bagian keys pada konfigurasi stasiun.", "Atau pasangkan meja ini dengan stasiun yang memegang token."},
		StepsEN: []string{"Fill in the keys part of the station's configuration.", "Or pair this desk with a station that holds the token."},
	}
	samRenewedOften = fault.Entry{
		Code: "registry.sam_renewed_often", Kind: fault.Denied,
		ID:      "SAM ini sudah diperbarui terlalu sering dalam 24 jam.",
		EN:      "This SAM was renewed too often within 24 hours.",
		StepsID: []string{"Pakai sisanya dahulu; pembaruan berikut mungkin besok.", "Jika tempat ini memang membaca sebanyak itu, minta SAM dengan kuota lebih besar.", "Jika tidak, laporkan kepada petugas keamanan: SAM mungkin disalahgunakan."},
		StepsEN: []string{"Use what is left first; the next renewal is possible tomorrow.", "If this place really reads that much, ask for a SAM with more uses.", "If not, report it to the security officer: the SAM may be misused."},
	}
	samTellsWrong = fault.Entry{
		Code: "registry.sam_tells_wrong", Kind: fault.Denied,
		ID:      "Keterangan SAM ini tidak cocok dengan buku SAM.",
		EN:      "What this SAM tells does not fit the register of SAMs.",
		StepsID: []string{"Jangan memakainya.", "Laporkan kepada petugas keamanan."},
		StepsEN: []string{"Do not use it.", "Report it to the security officer."},
	}
)
