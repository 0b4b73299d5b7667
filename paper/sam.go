package paper

import (
	"fmt"
	"time"
)

// SAMReceipt goes with a SAM to its service place, or back from it: who gave it, who has it now.
type SAMReceipt struct {
	Heading
	Serial     string // 16 hex digits
	Generation int    // of MK_SAM
	Check      string // check value of MK_SAM, hex
	Seal       string // empty: none
	Place      Place  // where it is used
	Uses, Days int    // of one renewal
	IssuedBy   Officer
	IssuedAt   time.Time
	// Of one that came back; no time: it goes out.
	ReturnedBy Officer // who took it back
	ReturnedAt time.Time
	Reason     string
	Spent      int // uses, as it told
}

func (r SAMReceipt) returned() bool { return !r.ReturnedAt.IsZero() }

// SAMReceiptPage draws the receipt. Error: paper.content_invalid with the field.
func SAMReceiptPage(r SAMReceipt) ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	title, what := "TANDA TERIMA PENYERAHAN SAM", "Tanda terima penyerahan SAM"
	if r.returned() {
		title, what = "TANDA TERIMA PENGEMBALIAN SAM", "Tanda terima pengembalian SAM"
	}
	return compose(r.Heading, what, func(s *sheet) {
		rows := [][2]string{
			{"Dibuat", dateTime(r.At)},
			{"Nomor seri SAM", r.Serial},
			{"Nomor segel", r.Seal},
			{"Kunci MK_SAM", fmt.Sprintf("angkatan %d, nilai periksa %s", r.Generation, r.Check)},
			{"Tempat layanan", r.Place.Name},
			{"", r.Place.Address},
			{"Kuota", fmt.Sprintf("%d kali baca, %d hari", r.Uses, r.Days)},
			{"Diserahkan", dateTime(r.IssuedAt)},
		}
		if r.returned() {
			rows = append(rows, [2]string{"Dikembalikan", dateTime(r.ReturnedAt)}, [2]string{"Sebab", r.Reason}, [2]string{"Terpakai", fmt.Sprintf("%d kali baca", r.Spent)})
		}
		s.openingOf(r.Heading, title, rows...)
		s.note("SAM menyimpan kunci untuk membaca sidik jari pada chip. SAM hanya dipakai di tempat layanan ini dan disimpan terkunci. Kehilangan dilaporkan saat itu juga kepada petugas keamanan.")
		const count = "Kedua pihak mencocokkan nomor seri dan segel sebelum menandatangani."
		if r.returned() {
			s.signatures(count, signer{role: "Yang mengembalikan"}, signs("Yang menerima", r.ReturnedBy), signer{role: "Orang kedua"})
			return
		}
		s.signatures(count, signs("Yang menyerahkan", r.IssuedBy), signer{role: "Orang kedua"}, signer{role: "Yang menerima"})
	})
}

func (r SAMReceipt) check() error {
	if err := first(
		r.Heading.check(), printable("serial", r.Serial, true), printable("check", r.Check, true), printable("seal", r.Seal, false), printable("place", r.Place.Name, true),
		printable("place.address", r.Place.Address, false), r.IssuedBy.check("issuedBy", true), given("issuedAt", r.IssuedAt), printable("reason", r.Reason, r.returned()),
		r.ReturnedBy.check("returnedBy", r.returned()),
	); err != nil {
		return err
	}
	if r.Generation < 1 || r.Uses < 1 || r.Days < 1 || r.Spent < 0 {
		return contentInvalid.At("paper.SAMReceipt", nil).With("uses", "generation, uses and days from 1, spent from 0")
	}
	if r.returned() {
		return inOrder("returnedAt", r.IssuedAt, r.ReturnedAt)
	}
	return nil
}
