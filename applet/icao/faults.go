package icao

import "blanko/fault"

// Steps that several entries share.
var (
	typeAgainID = []string{
		"Bandingkan CAN atau baris MRZ yang diketik dengan yang tercetak pada kartu.",
		"Ketik ulang sekali saja; nomor yang salah berulang kali menangguhkan pembacaan.",
		"Jika benar dan tetap ditolak, chip dan muka kartu tidak cocok: tahan kartu dan panggil penyelia.",
	}
	typeAgainEN = []string{
		"Compare the CAN or the lines of the zone that were typed with those printed on the card.",
		"Type them once more only; a wrong number again and again suspends the reading.",
		"If they are right and still refused, chip and face do not belong together: keep the card and call the supervisor.",
	}
	readAgainID = []string{"Letakkan kartu diam di tengah pembaca.", "Baca ulang.", "Jika berulang pada kartu lain, periksa pembaca kartu."}
	readAgainEN = []string{"Lay the card still on the middle of the reader.", "Read it again.", "If it recurs with other cards, check the reader."}
	setAsideID  = []string{"Jangan mengandalkan kartu ini.", "Catat nomor rujukan.", "Serahkan kepada penyelia untuk diperiksa."}
	setAsideEN  = []string{"Do not rely on this card.", "Note the reference number.", "Give it to the supervisor for examination."}
)

// Entries of this room.
var (
	AccessMalformed = fault.Entry{
		Code: "icao.access_malformed", Kind: fault.Invalid,
		ID: "CAN atau isian MRZ tidak lengkap atau salah bentuk.", EN: "The CAN or the fields of the zone are incomplete or malformed.",
		StepsID: []string{"Ketik enam angka CAN, atau NIK, tanggal lahir dan masa berlaku sebagai YYMMDD.", "Untuk kartu seumur hidup, masa berlaku dalam MRZ adalah 991231."},
		StepsEN: []string{"Type the six digits of the CAN, or NIK, birth date and expiry as YYMMDD.", "For a card for life the expiry in the zone is 991231."},
	}
	AccessRefused = fault.Entry{
		Code: "icao.access_refused", Kind: fault.Denied,
		ID: "Chip menolak CAN atau MRZ yang diberikan.", EN: "The chip refuses the CAN or the zone that was given.",
		StepsID: typeAgainID, StepsEN: typeAgainEN,
	}
	AccessSuspended = fault.Entry{
		Code: "icao.access_suspended", Kind: fault.Denied,
		ID: "Pembacaan dengan CAN ditangguhkan karena terlalu sering salah.", EN: "Reading with the CAN is suspended after too many wrong tries.",
		StepsID: []string{"Baca kartu dengan MRZ, jika kartu mengizinkan.", "Jika tidak, serahkan kartu kepada penyelia."},
		StepsEN: []string{"Read the card with the zone, where it allows that.", "Otherwise give the card to the supervisor."},
	}
	ViewClosed = fault.Entry{
		Code: "icao.view_closed", Kind: fault.NotFound,
		ID: "Kartu tidak membuka tampilan ICAO.", EN: "The card does not open its ICAO view.",
		StepsID: []string{"Periksa kartu dengan SAM.", "Tanpa SAM, isi kartu ini tidak dapat diperiksa."},
		StepsEN: []string{"Examine the card with a SAM.", "Without a SAM the content of this card cannot be checked."},
	}
	ChannelDead = fault.Entry{
		Code: "icao.channel_dead", Kind: fault.Transient,
		ID: "Kanal aman dengan chip terputus.", EN: "The secure channel with the chip is dead.",
		StepsID: readAgainID, StepsEN: readAgainEN,
	}
	AnswerMalformed = fault.Entry{
		Code: "icao.answer_malformed", Kind: fault.Device,
		ID: "Jawaban chip tidak sesuai Doc 9303.", EN: "The chip's answer is not what Doc 9303 wants.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	NotSupported = fault.Entry{
		Code: "icao.not_supported", Kind: fault.Invalid,
		ID: "Kartu memakai algoritma yang tidak dikenal pembaca ini.", EN: "The card uses an algorithm that this reader does not know.",
		StepsID: setAsideID, StepsEN: setAsideEN,
	}
	NotAuthentic = fault.Entry{
		Code: "icao.not_authentic", Kind: fault.Device,
		ID: "Chip tidak dapat membuktikan kuncinya sendiri: kemungkinan salinan.", EN: "The chip cannot prove its own key: it may be a copy.",
		StepsID: []string{"Tahan kartu; jangan dikembalikan.", "Catat nomor rujukan dan dari siapa kartu diterima.", "Panggil penyelia."},
		StepsEN: []string{"Keep the card; do not give it back.", "Note the reference number and who brought the card.", "Call the supervisor."},
	}
	randomFailed = fault.Entry{
		Code: "icao.random_failed", Kind: fault.Internal,
		ID: "Sumber bilangan acak gagal.", EN: "The source of random numbers failed.",
		StepsID: []string{"Catat nomor rujukan.", "Hubungi pengelola sistem."}, StepsEN: []string{"Note the reference number.", "Call the system administrator."},
	}
)

// Faults lists every entry.
var Faults = []fault.Entry{
	AccessMalformed, AccessRefused, AccessSuspended, ViewClosed, ChannelDead, AnswerMalformed, NotSupported, NotAuthentic, randomFailed,
}
