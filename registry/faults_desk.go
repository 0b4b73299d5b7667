package registry

import "blanko/fault"

// What desks raise.
var (
	pairingOver = fault.Entry{
		Code: "registry.pairing_over", Kind: fault.NotFound,
		ID: "Kode pemasangan ini tidak dikenal, sudah dipakai, atau sudah habis masanya.", EN: "This pairing code is unknown, was used, or has run out.",
		StepsID: []string{"Periksa kode di layar konsol.", "Minta kode baru kepada petugas keamanan."},
		StepsEN: []string{"Check the code against the screen of the console.", "Ask the security officer for a new one."},
	}
	chipUnproved = fault.Entry{
		Code: "registry.chip_unproved", Kind: fault.Denied,
		ID: "Kartu ini tidak terbukti ada di pembaca: jawaban chip bukan dari kuncinya sendiri.", EN: "This card is not proved to lie on the reader: the answer is not by the key of its chip.",
		StepsID: []string{"Letakkan kartu pada pembaca dan biarkan di sana sampai selesai.", "Baca kartu lagi dan coba sekali lagi.", "Jika berulang, kembalikan kartu ke Dinas untuk diperiksa."},
		StepsEN: []string{"Lay the card on the reader and leave it there until all is done.", "Read the card again and try once more.", "If it recurs, send the card back to the Dinas to be examined."},
	}
	chipCounterBack = fault.Entry{
		Code: "registry.chip_counter_back", Kind: fault.Denied,
		ID: "Penghitung kunci chip ini tidak lebih tinggi daripada yang tercatat: mungkin ada dua chip yang mengaku sebagai kartu ini.", EN: "The key counter of this chip is not beyond the one on record: two chips may say that they are this card.",
		StepsID: []string{"Jangan serahkan kartu: kartu kini ditahan sampai dua orang memutuskan.", "Kembalikan ke Dinas untuk diperiksa.", "Laporkan kepada petugas keamanan."},
		StepsEN: []string{"Do not hand the card over: it is held now until two persons decide.", "Send it back to the Dinas to be examined.", "Report it to the security officer."},
	}
	challengeOver = fault.Entry{
		Code: "registry.challenge_over", Kind: fault.Conflict,
		ID: "Tantangan stasiun untuk kartu ini tidak dikenal, sudah dipakai, atau sudah habis masanya.", EN: "The station's challenge for this card is unknown, was used, or has run out.",
		StepsID: []string{"Coba lagi: setiap percobaan meminta tantangan baru.", "Biarkan kartu pada pembaca sampai selesai."},
		StepsEN: []string{"Try again: every try asks for a new challenge.", "Leave the card on the reader until all is done."},
	}
	cardNotShown = fault.Entry{
		Code: "registry.card_not_shown", Kind: fault.Conflict,
		ID: "Belum terbukti bahwa kartu ini ada di depan Anda sekarang.", EN: "Nothing shows yet that this card lies before you now.",
		StepsID: []string{"Letakkan kartu pada pembaca dan baca.", "Tekan Tunjukkan kartu, lalu ulangi langkah ini.", "Jika chip tidak menjawab, kembalikan kartu ke Dinas: kartu bisu tidak diserahkan."},
		StepsEN: []string{"Put the card on the reader and read it.", "Press Show the card, then repeat this step.", "If its chip does not answer, return the card to the Dinas: a mute card is not handed over."},
	}
	readingKeyAway = fault.Entry{
		Code: "registry.reading_key_away", Kind: fault.Transient,
		ID: "Kunci baca kartu tidak terjangkau di stasiun ini; kehadiran kartu tidak dapat diperiksa.", EN: "The key that reads cards is out of reach of this station; whether the card is there cannot be checked.",
		StepsID: []string{"Periksa token kunci stasiun, lalu coba lagi.", "Tanpa kunci itu tidak ada kartu yang dipadankan atau diserahkan."},
		StepsEN: []string{"Check the station's token with the keys and try again.", "Without it no card is matched or handed over."},
	}
	ticketOver = fault.Entry{
		Code: "registry.ticket_over", Kind: fault.Denied,
		ID: "Permintaan dari halaman ini sudah kedaluwarsa atau tidak dikenal.", EN: "The request of this page has run out or is unknown.",
		StepsID: []string{"Muat ulang halaman, lalu coba lagi."},
		StepsEN: []string{"Load the page again and try once more."},
	}
)
