package paper

import (
	"fmt"
	"time"

	"blanko/ktp"
)

// UniquenessResult is what the 1:N search found.
type UniquenessResult string

const (
	Unique        UniquenessResult = "unique"
	Duplicate     UniquenessResult = "duplicate"
	Adjudicate    UniquenessResult = "adjudicate"
	EnrollFailure UniquenessResult = "enroll_failure"
	SearchFailure UniquenessResult = "search_failure"
)

// uniquenessWords say each result with its national status word, what it means and what comes next.
var uniquenessWords = map[UniquenessResult]struct {
	word  string
	mark  Mark
	text  string
	steps []string
}{
	Unique: {"PRINT_READY_RECORD", Good, "Tunggal: data siap dipersonalisasi.", []string{
		"Data diteruskan kepada Administrator Dinas untuk persetujuan dan pencetakan.",
	}},
	Duplicate: {"DUPLICATE_RECORD", Bad, "Ganda: orang ini telah direkam lebih dari satu kali.", []string{
		"Kartu tidak dicetak sebelum salah satu rekaman dihapus atau dipindahkan oleh pusat data.",
		"Pemohon diberi tahu di loket; waktu tunggu tetap dihitung.",
	}},
	Adjudicate: {"ADJUDICATE_RECORD", Warning, "Mirip dengan orang lain: diputuskan oleh petugas pusat data.", []string{
		"Tunggu keputusan. Tidak ada kartu yang dicetak sementara itu.",
	}},
	EnrollFailure: {"ENROLL_FAILURE_AT_CENTRAL", Bad, "Rekaman tidak lengkap atau tidak terbaca di pusat data.", []string{
		"Panggil pemohon untuk perekaman ulang.",
		"Periksa mutu foto, sidik jari dan iris sebelum dikirim sekali lagi.",
	}},
	SearchFailure: {"SEARCH_FAILURE_AT_CENTRAL", Warning, "Pencarian di pusat data gagal.", []string{
		"Kirim permintaan pencarian sekali lagi; pemohon tidak perlu datang.",
	}},
}

// Uniqueness is the notice of the 1:N search (pemadanan ketunggalan), which the data center officer
// has read.
type Uniqueness struct {
	Heading
	Application string
	NIK         ktp.NIK
	Name        string
	Encounter   int // which capture was searched, from 1
	Result      UniquenessResult
	Reason      string    // in words; empty: none was told
	Source      string    // who searched: pusat data, or this station
	FoundAt     time.Time // of the result
	ReadAt      time.Time
	Reader      Officer // data center officer
}

// UniquenessNotice draws the notice. Error: paper.content_invalid with the field.
func UniquenessNotice(u Uniqueness) ([]byte, error) {
	if err := u.check(); err != nil {
		return nil, err
	}
	w := uniquenessWords[u.Result]
	return compose(u.Heading, "Pemberitahuan hasil pemadanan ketunggalan", func(s *sheet) {
		s.openingOf(u.Heading, "HASIL PEMADANAN KETUNGGALAN (1:N)",
			[2]string{"Permohonan", u.Application}, [2]string{"NIK", maskNIK(u.NIK)}, [2]string{"Nama", u.Name},
			[2]string{"Perekaman ke", fmt.Sprint(u.Encounter)}, [2]string{"Dipadankan oleh", u.Source},
			[2]string{"Hasil diterima", dateTime(u.FoundAt)}, [2]string{"Dibaca", dateTime(u.ReadAt)},
		)
		s.verdict(w.mark, w.text)
		s.rows([][2]string{{"Status nasional", w.word}, {"Alasan", u.Reason}}, textWidth)
		s.y += 3
		s.section("Langkah berikutnya")
		s.numbered(w.steps)
		s.signatures("", signs("Petugas Data Center", u.Reader), signer{role: "Diterima, Administrator Dinas"})
	})
}

func (u Uniqueness) check() error {
	if uniquenessWords[u.Result].text == "" {
		return contentInvalid.At("paper.Uniqueness", nil).With("result", "no result of a search")
	}
	if u.Encounter < 1 {
		return contentInvalid.At("paper.Uniqueness", nil).With("encounter", "captures are counted from 1")
	}
	return first(
		u.Heading.check(), printable("application", u.Application, true), isNIK("nik", u.NIK), printable("name", u.Name, true),
		printable("reason", u.Reason, false), printable("source", u.Source, true), given("foundAt", u.FoundAt), given("readAt", u.ReadAt),
		inOrder("readAt", u.FoundAt, u.ReadAt), u.Reader.check("reader", true),
	)
}
