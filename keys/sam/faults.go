package sam

import "blanko/fault"

// Entries of this room. The codes of keys. are those of the room keys: a SAM answers as every key source does.
var (
	NotASAM = fault.Entry{
		Code: "sam.not_a_sam", Kind: fault.Device,
		ID: "Kartu di slot ini bukan SAM.", EN: "The card in this slot is no SAM.",
		StepsID: []string{"Masukkan SAM ke slotnya."},
		StepsEN: []string{"Put the SAM into its slot."},
	}
	UsedUp = fault.Entry{
		Code: "sam.used_up", Kind: fault.Denied,
		ID: "Jatah pemakaian SAM habis; sidik jari tidak dapat dibaca.", EN: "The uses of the SAM are spent; fingerprints cannot be read.",
		StepsID: []string{"Sambungkan ke Dinas dan perbarui SAM."},
		StepsEN: []string{"Connect to the Dinas and renew the SAM."},
	}
	DaysOver = fault.Entry{
		Code: "sam.days_over", Kind: fault.Denied,
		ID: "Masa pakai SAM sudah lewat, atau tanggal komputer mundur.", EN: "The days of the SAM are over, or the date of the computer went back.",
		StepsID: []string{"Periksa tanggal komputer.", "Sambungkan ke Dinas dan perbarui SAM."},
		StepsEN: []string{"Check the date of the computer.", "Connect to the Dinas and renew the SAM."},
	}
	RenewalRefused = fault.Entry{
		Code: "sam.renewal_refused", Kind: fault.Denied,
		ID: "SAM menolak pembaruan: bukan dari Dinasnya, atau bukan untuk permintaan ini.", EN: "The SAM refuses the renewal: it is not of its Dinas, or not for this request.",
		StepsID: []string{"Minta pembaruan baru.", "Jika ditolak lagi, laporkan kepada Dinas."},
		StepsEN: []string{"Ask for a new renewal.", "If it is refused again, report it to the Dinas."},
	}
	grantTooLarge = fault.Entry{
		Code: "sam.grant_too_large", Kind: fault.Invalid,
		ID: "Jumlah atau masa pembaruan SAM di luar batas.", EN: "Uses or days of the SAM's renewal are out of bounds.",
		StepsID: []string{"Kurangi jumlah pemakaian atau masanya."},
		StepsEN: []string{"Let it be used less often, or for fewer days."},
	}
	answerWrong = fault.Entry{
		Code: "sam.answer_wrong", Kind: fault.Device,
		ID: "Jawaban SAM tidak sesuai.", EN: "The answer of the SAM does not fit.",
		StepsID: []string{"Lepas SAM dan masukkan lagi.", "Jika berulang, ganti SAM."},
		StepsEN: []string{"Take the SAM out and put it in again.", "If it recurs, replace the SAM."},
	}
)

// Faults of this room.
var Faults = []fault.Entry{NotASAM, UsedUp, DaysOver, RenewalRefused, grantTooLarge, answerWrong}
