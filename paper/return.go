package paper

import (
	"fmt"

	"blanko/ktp"
)

// Return is the note that goes with cards whose data does not fit or that are damaged, step by step
// back to the Dinas and on to the Directorate General (service standard, role 5).
type Return struct {
	Heading
	From, To Place
	Policy   ReturnPolicy
	Seal     string // empty: carried by hand
	Sender   Officer
	Carrier  string
	Cards    []ReturnedCard
}

// ReturnPolicy is what becomes of faulty cards.
type ReturnPolicy string

const (
	ReturnToCenter ReturnPolicy = "RETURN_TO_CENTER"
	DestroyLocally ReturnPolicy = "DESTROY_LOCALLY"
)

var policyWords = map[ReturnPolicy]string{
	ReturnToCenter: "dikembalikan ke Direktorat Jenderal Kependudukan dan Pencatatan Sipil untuk dimusnahkan",
	DestroyLocally: "dimusnahkan di kabupaten/kota dengan berita acara",
}

// ReturnedCard is one card of the note. A card of unknown origin has neither application nor number.
type ReturnedCard struct {
	Application string
	NIK         ktp.NIK
	Name        string
	Chip        ktp.ChipUID // empty: does not answer
	Cause       string      // in words: gagal encode, rusak, gagal cetak, perubahan elemen data
	Cut         bool        // the upper right corner is cut off
}

// ReturnNote draws the note. Error: paper.content_invalid with the field.
func ReturnNote(r Return) ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	return compose(r.Heading, "Surat pengembalian KTP-el", func(s *sheet) {
		s.openingOf(r.Heading, "SURAT PENGEMBALIAN KTP-el",
			[2]string{"Dibuat", dateTime(r.At)}, [2]string{"Dari", r.From.Name}, [2]string{"", r.From.Address},
			[2]string{"Kepada", r.To.Name}, [2]string{"", r.To.Address}, [2]string{"Nomor segel", r.Seal},
			[2]string{"Jumlah kartu", count(len(r.Cards), "kartu")}, [2]string{"Tujuan", policyWords[r.Policy]},
		)
		var rows []row
		sums := newTally()
		for i, c := range r.Cards {
			nik, cut, chip := "-", "tidak", "tidak terbaca"
			if c.NIK != "" {
				nik = maskNIK(c.NIK)
			}
			if c.Cut {
				cut = "ya"
			}
			if c.Chip != "" {
				chip = uidTail(c.Chip)
			}
			sums.add(c.Cause)
			rows = append(rows, row{cells: []string{fmt.Sprint(i + 1), c.Application, nik, c.Name, chip, c.Cause, cut}})
		}
		s.table([]column{
			{"No.", 8, false}, {"Permohonan", 32, false}, {"NIK", nikWidth, false}, {"Nama", 42, false}, {"UID chip", 22, false}, {"Sebab", 33, false}, {"Sudut dipotong", 16, false},
		}, rows, "")
		s.section("Jumlah menurut sebab")
		s.table([]column{{"Sebab", 150, false}, {"Kartu", 30, true}}, sums.rows(), "")
		s.signatures("Penerima menghitung kartu dan menandatangani sebagai bukti penerimaan; nomor surat penerimaannya dicatat pada register.",
			signs("Yang mengembalikan", r.Sender), signer{role: "Pembawa", name: r.Carrier}, signer{role: "Yang menerima"})
	})
}

func (r Return) check() error {
	const op = "paper.Return"
	if policyWords[r.Policy] == "" {
		return contentInvalid.At(op, nil).With("policy", "RETURN_TO_CENTER or DESTROY_LOCALLY")
	}
	if err := first(
		r.Heading.check(), printable("from.name", r.From.Name, true), printable("from.address", r.From.Address, false),
		printable("to.name", r.To.Name, true), printable("to.address", r.To.Address, false), printable("seal", r.Seal, false),
		r.Sender.check("sender", true), printable("carrier", r.Carrier, false),
	); err != nil {
		return err
	}
	if len(r.Cards) == 0 {
		return contentInvalid.At(op, nil).With("cards", "a return holds at least one card")
	}
	for i, c := range r.Cards {
		field := indexed("cards", i)
		if err := first(
			printable(field+".application", c.Application, false), printable(field+".name", c.Name, false),
			printable(field+".chip", string(c.Chip), false), printable(field+".cause", c.Cause, true),
		); err != nil {
			return err
		}
		if c.NIK != "" {
			if err := isNIK(field+".nik", c.NIK); err != nil {
				return err
			}
		}
	}
	return nil
}
