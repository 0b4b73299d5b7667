package paper

import (
	"fmt"
	"time"

	"blanko/ktp"
)

// OldCard is what became of the holder's card of before.
type OldCard string

const (
	OldNone           OldCard = "none"
	OldSurrendered    OldCard = "surrendered"
	OldNotSurrendered OldCard = "not_surrendered"
)

var oldWords = map[OldCard]string{
	OldNone: "tidak ada", OldSurrendered: "diserahkan dan dipotong di hadapan pemegang", OldNotSurrendered: "TIDAK diserahkan",
}

// Match is the verification of the holder's live finger against the chip (1:1). Zero: none was done.
type Match struct {
	At       time.Time
	Finger   string // telunjuk kanan
	Attempts int
	Operator Officer
}

// Handover is the receipt of a card by its holder, or by a proxy.
type Handover struct {
	Heading
	Application  string
	Type         ktp.ApplicationType
	NIK          ktp.NIK
	Name         string
	Chip         ktp.ChipUID
	Place        string // where
	HandedOverAt time.Time
	Match        Match // zero: to a proxy, or by a supervisor's exception
	Old          OldCard
	OldChip      ktp.ChipUID // empty: none, or of nobody we know
	Exception    string      // reason in words; empty: as the rule says
	Proxy        HandoverProxy
	Officer      Officer
	Second       Officer // the supervisor of an exception
}

// HandoverProxy is who takes a card for somebody. Zero: the holder came.
type HandoverProxy struct {
	NIK    ktp.NIK
	Name   string
	Letter string // number of the letter of authority
}

// HandoverReceipt draws the receipt. Error: paper.content_invalid with the field.
func HandoverReceipt(h Handover) ([]byte, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	return compose(h.Heading, "Tanda terima penyerahan KTP-el", func(s *sheet) {
		rows := [][2]string{
			{"Permohonan", h.Application},
			{"Jenis", applicationWords[h.Type]},
			{"NIK", maskNIK(h.NIK)},
			{"Nama pemegang", h.Name},
			{"UID chip", uidTail(h.Chip)},
			{"Diserahkan", dateTime(h.HandedOverAt)},
			{"Tempat", h.Place},
		}
		s.openingOf(h.Heading, "TANDA TERIMA PENYERAHAN KTP-el", rows...)
		h.verification(s)
		s.section("Kartu lama")
		old := oldWords[h.Old]
		if h.OldChip != "" {
			old += ", UID chip " + uidTail(h.OldChip)
		}
		s.rows([][2]string{{"Keadaan", old}}, textWidth)
		s.y += 3
		if h.Exception != "" {
			s.section("Pengecualian oleh atasan")
			s.rows([][2]string{{"Alasan", h.Exception}, {"Disetujui", h.Second.Name}}, textWidth)
			s.y += 3
		}
		s.prose("", inkBlack, "Kartu berlaku sejak diserahkan; kartu sebelumnya, bila ada, tidak berlaku lagi. Penyerahan tidak dipungut biaya.")
		receiver := signer{role: "Pemegang", name: h.Name, plain: true}
		if h.Proxy.Name != "" {
			receiver = signer{role: "Penerima kuasa", name: h.Proxy.Name, plain: true}
		}
		list := []signer{receiver, signs("Petugas Pelayanan", h.Officer)}
		if h.Exception != "" {
			list = append(list, signs("Atasan", h.Second))
		}
		s.signatures("", list...)
	})
}

func (h Handover) verification(s *sheet) {
	switch {
	case h.Proxy.Name != "":
		s.verdict(Warning, "Diserahkan kepada penerima kuasa. Kartu ditandai BELUM DICOCOKKAN sampai pemegang mencocokkan sidik jarinya di loket mana pun.")
		s.rows([][2]string{{"Penerima kuasa", h.Proxy.Name}, {"NIK penerima", maskNIK(h.Proxy.NIK)}, {"Surat kuasa", h.Proxy.Letter}}, textWidth)
		s.y += 3
	case h.Match.At.IsZero():
		s.verdict(Warning, "Tanpa verifikasi sidik jari 1:1, dengan persetujuan atasan.")
	default:
		s.verdict(Good, "BERHASIL: sidik jari pemegang sesuai dengan chip kartu.")
		s.rows([][2]string{
			{"Dicocokkan", dateTime(h.Match.At)}, {"Jari", h.Match.Finger}, {"Percobaan", fmt.Sprint(h.Match.Attempts)}, {"Petugas", h.Match.Operator.Name},
		}, textWidth)
		s.y += 3
	}
}

func (h Handover) check() error {
	const op = "paper.Handover"
	if err := first(
		h.Heading.check(), printable("application", h.Application, true), knownType("type", h.Type), isNIK("nik", h.NIK), printable("name", h.Name, true),
		printable("chip", string(h.Chip), true), printable("place", h.Place, true), given("handedOverAt", h.HandedOverAt),
		printable("oldChip", string(h.OldChip), false), printable("exception", h.Exception, false),
		printable("proxy.name", h.Proxy.Name, false), h.Officer.check("officer", true),
	); err != nil {
		return err
	}
	if oldWords[h.Old] == "" {
		return contentInvalid.At(op, nil).With("old", "none, surrendered or not_surrendered")
	}
	if h.Proxy.Name != "" {
		if err := first(isNIK("proxy.nik", h.Proxy.NIK), printable("proxy.letter", h.Proxy.Letter, true)); err != nil {
			return err
		}
	}
	// No BERHASIL, no hand-over: unless a second person agreed.
	if h.Match.At.IsZero() || h.Proxy.Name != "" {
		if h.Exception == "" {
			return contentInvalid.At(op, nil).With("exception", "without a match of the holder a reason is needed")
		}
	} else if err := first(printable("match.finger", h.Match.Finger, true), h.Match.Operator.check("match.operator", true), inOrder("handedOverAt", h.Match.At, h.HandedOverAt)); err != nil {
		return err
	}
	if h.Exception != "" {
		return first(h.Second.check("second", true), different("second", h.Officer, h.Second))
	}
	return nil
}
