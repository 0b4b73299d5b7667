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
	questionClosed = fault.Entry{
		Code: "registry.question_closed", Kind: fault.Conflict,
		ID: "Pertanyaan lini ditutup tanpa jawaban.", EN: "The question of the line was closed without an answer.",
		StepsID: []string{"Lihat keadaan kartu pada daftar percobaan."},
		StepsEN: []string{"Look at the state of the card in the list of attempts."},
	}
)
