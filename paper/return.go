package paper

import (
	"cmp"
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
	Second   Officer // agreed to it; without a name: none was needed
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

// ReturnedCard is one card of the note, or what goes back with cards. One of unknown origin has neither application nor
// number.
type ReturnedCard struct {
	Kind        ItemKind // empty: a card
	Application string
	NIK         ktp.NIK
	Name        string
	Chip        ktp.ChipUID // or the number of a foreign card, a roll, a blank without a chip; empty: does not answer
	Cause       string      // in words: gagal encode, rusak, gagal cetak, perubahan elemen data
	Cut         bool        // the upper right corner is cut off; false: to be noted by hand
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
			[2]string{"Jumlah", count(len(r.Cards), r.what())}, [2]string{"Tujuan", policyWords[r.Policy]},
		)
		var rows []row
		sums := newTally()
		for i, c := range r.Cards {
			nik, cut, chip := "-", "", "tidak terbaca"
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
			rows = append(rows, row{cells: []string{fmt.Sprint(i + 1), itemWords[cmp.Or(c.Kind, ItemCard)], c.Application, nik, c.Name, chip, c.Cause, cut}})
		}
		s.table([]column{
			{"No.", 8, false}, {"Barang", 17, false}, {"Permohonan", 29, false}, {"NIK", nikWidth, false}, {"Nama", 34, false}, {"UID atau nomor", 22, false}, {"Sebab", 27, false}, {"Sudut dipotong", 16, false},
		}, rows, "")
		s.section("Jumlah menurut sebab")
		s.table([]column{{"Sebab", 150, false}, {"Jumlah", 30, true}}, sums.rows(), "")
		list := []signer{signs("Yang mengembalikan", r.Sender)}
		if r.Second.Name != "" {
			list = append(list, signs("Orang kedua", r.Second))
		}
		s.signatures("Penerima menghitung kartu dan menandatangani sebagai bukti penerimaan; nomor surat penerimaannya dicatat pada register.",
			append(list, signer{role: "Pembawa", name: r.Carrier}, signer{role: "Yang menerima"})...)
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
		r.Sender.check("sender", true), r.Second.check("second", false), different("second", r.Sender, r.Second), printable("carrier", r.Carrier, false),
	); err != nil {
		return err
	}
	if len(r.Cards) == 0 {
		return contentInvalid.At(op, nil).With("cards", "a return holds at least one card")
	}
	for i, c := range r.Cards {
		field := indexed("cards", i)
		if itemWords[cmp.Or(c.Kind, ItemCard)] == "" {
			return contentInvalid.At(op, nil).With(field+".kind", "card, blank, spoiled, foreign or roll")
		}
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

// what the note counts.
func (r Return) what() string {
	for _, c := range r.Cards {
		if c.Kind != "" && c.Kind != ItemCard {
			return "barang"
		}
	}
	return "kartu"
}

// ReturnCSV lists what goes back.
func ReturnCSV(r Return) []byte {
	t := newCSV("number", "line", "kind", "application", "nik_masked", "name", "item", "cause")
	for i, c := range r.Cards {
		nik := ""
		if c.NIK != "" {
			nik = maskNIK(c.NIK)
		}
		t.Add(r.Number, i+1, string(cmp.Or(c.Kind, ItemCard)), c.Application, nik, c.Name, string(c.Chip), c.Cause)
	}
	return t.bytes()
}
