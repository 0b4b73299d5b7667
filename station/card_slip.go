package station

import "blanko/applet/inspect"

// What holders do, where several causes ask the same of them.
var (
	cardKept = []string{
		"Kartu ini ditahan petugas untuk diperiksa penyelia.",
		"Simpan lembar ini sebagai tanda terima; nomor di atas adalah rujukannya.",
		"Tanyakan hasilnya kepada kantor ini dengan menyebut nomor itu.",
	}
	cardDamaged = []string{
		"Mintalah petugas membaca kartu sekali lagi.",
		"Jika tetap gagal, ajukan penggantian KTP-el karena rusak dengan membawa kartu dan lembar ini.",
	}
	cardUnsure = []string{
		"Pemeriksaan di loket ini belum lengkap; kartu belum dinyatakan asli.",
		"Untuk kepastian, periksakan kartu di kantor yang memiliki SAM.",
	}
)

// holderSteps is what the slip asks of the holder. What the officer does stands in the explanation of the
// cause, on the screen.
var holderSteps = map[inspect.Cause][]string{
	inspect.NoAnswer: cardDamaged, inspect.CardTaken: cardDamaged, inspect.WornAntenna: cardDamaged,
	inspect.ChipTerminated: cardKept, inspect.ChipBlocked: cardKept, inspect.NotPersonalized: cardKept, inspect.Copy: cardKept,
	inspect.SignatureInvalid: cardKept, inspect.KeyRefused: cardKept, inspect.ContentWrong: cardKept, inspect.RulesBroken: cardKept,
	inspect.Specimen: cardKept, inspect.CardRetired: cardKept,
	inspect.ContentUnread: cardUnsure, inspect.CenterNotChecked: cardUnsure, inspect.SignerUnknown: cardUnsure, inspect.CopyNotExcluded: cardUnsure,
	inspect.WrongCard:       {"Bawalah KTP-el yang akan diperiksa; kartu ini bukan KTP-el profil KTPEL-OP 1."},
	inspect.CardHeld:        {"Kartu tidak dapat dipakai sampai penahanannya dicabut.", "Tanyakan kepada Dinas penerbit dengan membawa lembar ini."},
	inspect.NotHandedOver:   {"Kartu diserahkan setelah sidik jari pemegangnya dicocokkan di loket.", "Simpan lembar ini sampai kartu diterima."},
	inspect.AccessRefused:   {"Petugas membandingkan CAN atau MRZ dengan muka kartu dan membacanya sekali lagi.", "Jika tetap ditolak, kartu ditahan untuk diperiksa penyelia; simpan lembar ini sebagai tanda terima."},
	inspect.HandOverUnknown: {"Tidak ada yang perlu dilakukan; status penyerahan diperiksa dengan daftar status terbaru."},
	inspect.CardGenuine:     {"Tidak ada yang perlu dilakukan; kartu dapat dipakai."},
}
