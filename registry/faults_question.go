package registry

import "blanko/fault"

// What a question of a line raises.
var (
	questionUnknown = fault.Entry{
		Code: "registry.question_unknown", Kind: fault.Conflict,
		ID: "Lini tidak menanyakan ini, atau pertanyaannya sudah dijawab.", EN: "No line asks this, or it was answered already.",
		StepsID: []string{"Muat ulang daftar pertanyaan."},
		StepsEN: []string{"Reload the list of questions."},
	}
	faceGone = fault.Entry{
		Code: "registry.face_gone", Kind: fault.NotFound,
		ID: "Muka kartu ini tidak ditampilkan lagi.", EN: "The face of this card is not shown any more.",
		StepsID: []string{"Lihat keadaan kartu pada halaman permohonannya."},
		StepsEN: []string{"Look at the state of the card on the page of its application."},
	}
	// TransferTemperature pauses a line whose printer would spoil cards, and keeps it from going on.
	TransferTemperature = fault.Entry{
		Code: "registry.transfer_temperature", Kind: fault.Conflict,
		ID: "Suhu transfer printer di luar 160 sampai 170 °C: lapisan terkelupas atau kartu melengkung.", EN: "The transfer temperature of the printer is not within 160 to 170 °C: the film peels off or the card warps.",
		StepsID: []string{"Atur suhu pada layar printer menjadi 160 sampai 170 °C, dan tunggu sampai tercapai.", "Catat suhunya lagi, lalu tekan Jalankan."},
		StepsEN: []string{"Set the temperature on the display of the printer to 160 to 170 °C, and wait until it is reached.", "Note the temperature again, then press Run."},
	}
	questionClosed = fault.Entry{
		Code: "registry.question_closed", Kind: fault.Conflict,
		ID: "Pertanyaan lini ditutup tanpa jawaban.", EN: "The question of the line was closed without an answer.",
		StepsID: []string{"Lihat keadaan kartu pada daftar percobaan."},
		StepsEN: []string{"Look at the state of the card in the list of attempts."},
	}
)
