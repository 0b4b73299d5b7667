package paper

import (
	"fmt"
	"slices"
	"time"
)

// Inspection is the report of a surprise inspection: a sample drawn by the seed that the inspector
// brought, and what of it did not appear.
type Inspection struct {
	Heading
	Place         string
	Inspector     Officer
	Office        string // of the inspector
	Seed          string // as the inspector brought it
	Method        string // how the sample follows from seed and population, so that it can be drawn again
	Began, Ended  time.Time
	Populations   []Population
	Sample        []Inspected
	Escort        Officer // who presented the things
	Anchor        Anchor  // of the log at the draw
	InspectorWord string  // remarks
}

// Population is what the sample was drawn from.
type Population struct {
	What string // kartu, blangko, pita dan film
	All  int    // by the ledger, at the draw
}

// Inspected is one thing of the sample.
type Inspected struct {
	What     string // of a population
	Item     string // chip or serial number
	Expected string // where the ledger says it is
	Outcome  InspectionOutcome
	At       time.Time // when it appeared
	Remark   string
}

// InspectionOutcome is whether a thing appeared.
type InspectionOutcome string

const (
	Scanned     InspectionOutcome = "scanned"      // its chip or label was read
	Presented   InspectionOutcome = "presented"    // seen by the inspector
	NotAppeared InspectionOutcome = "not_appeared" // neither
)

var outcomeWords = map[InspectionOutcome]string{Scanned: "terbaca", Presented: "diperlihatkan", NotAppeared: "TIDAK MUNCUL"}

var inspectedColumns = []column{
	{"No.", 10, false}, {"Barang", 22, false}, {"UID atau nomor", 46, false}, {"Menurut buku", 32, false}, {"Hasil", 22, false}, {"Waktu", 27, false}, {"Keterangan", 21, false},
}

// InspectionReport draws the report: what did not appear stands first. Error: paper.content_invalid
// with the field.
func InspectionReport(n Inspection) ([]byte, error) {
	if err := n.check(); err != nil {
		return nil, err
	}
	var missing, rows []row
	drawn := map[string]int{}
	for i, x := range n.Sample {
		drawn[x.What]++
		r := row{cells: []string{fmt.Sprint(i + 1), x.What, x.Item, x.Expected, outcomeWords[x.Outcome], shortTime(x.At), x.Remark}}
		if x.Outcome == NotAppeared {
			r.ink = inkRed
			missing = append(missing, r)
		}
		rows = append(rows, r)
	}
	return compose(n.Heading, "Laporan pemeriksaan mendadak", func(s *sheet) {
		s.openingOf(n.Heading, "LAPORAN PEMERIKSAAN MENDADAK",
			[2]string{"Tempat", n.Place}, [2]string{"Pemeriksa", n.Inspector.Name}, [2]string{"", n.Office},
			[2]string{"Mulai", dateTime(n.Began)}, [2]string{"Selesai", dateTime(n.Ended)}, [2]string{"Benih acak", n.Seed}, [2]string{"Cara undian", n.Method},
		)
		if len(missing) == 0 {
			s.verdict(Good, fmt.Sprintf("Semua %d barang dari contoh muncul.", len(rows)))
		} else {
			s.verdict(Bad, fmt.Sprintf("%d dari %d barang TIDAK MUNCUL.", len(missing), len(rows)))
			s.section("Yang tidak muncul")
			s.table(inspectedColumns, missing, "")
		}
		s.section("Asal contoh")
		var sums []row
		for _, p := range n.Populations {
			sums = append(sums, row{cells: []string{p.What, fmt.Sprint(p.All), fmt.Sprint(drawn[p.What])}})
		}
		s.table([]column{{"Barang", 110, false}, {"Menurut buku", 35, true}, {"Contoh", 35, true}}, sums, "")
		s.section("Contoh")
		s.table(inspectedColumns, rows, "Nihil: tidak ada barang yang dapat diundi.")
		s.anchor(n.Anchor)
		if n.InspectorWord != "" {
			s.section("Catatan pemeriksa")
			s.prose("", inkBlack, written(n.InspectorWord))
		}
		s.signatures("", signs("Pemeriksa", n.Inspector), signs("Pendamping", n.Escort), signer{role: "Mengetahui, Kepala Dinas"})
	})
}

func (n Inspection) check() error {
	const op = "paper.Inspection"
	if err := first(
		n.Heading.check(), printable("place", n.Place, true), n.Inspector.check("inspector", true), printable("office", n.Office, true), printable("seed", n.Seed, true),
		printable("method", n.Method, true), given("began", n.Began), given("ended", n.Ended), inOrder("ended", n.Began, n.Ended), n.Escort.check("escort", true),
		different("escort", n.Inspector, n.Escort), n.Anchor.check("anchor"),
	); err != nil {
		return err
	}
	if len(n.Populations) == 0 {
		return contentInvalid.At(op, nil).With("populations", "is empty")
	}
	drawn := map[string]int{}
	for i, x := range n.Sample {
		field := indexed("sample", i)
		if outcomeWords[x.Outcome] == "" {
			return contentInvalid.At(op, nil).With(field+".outcome", "scanned, presented or not_appeared")
		}
		if (x.Outcome == NotAppeared) != x.At.IsZero() {
			return contentInvalid.At(op, nil).With(field+".at", "a time for what appeared, none for what did not")
		}
		if !slices.ContainsFunc(n.Populations, func(p Population) bool { return p.What == x.What }) {
			return contentInvalid.At(op, nil).With(field+".what", "of no population")
		}
		if err := first(printable(field+".item", x.Item, true), printable(field+".expected", x.Expected, true), printable(field+".remark", x.Remark, false)); err != nil {
			return err
		}
		drawn[x.What]++
	}
	for i, p := range n.Populations {
		field := indexed("populations", i)
		if err := printable(field+".what", p.What, true); err != nil {
			return err
		}
		if p.All < drawn[p.What] {
			return contentInvalid.At(op, nil).With(field+".all", "%d, but %d were drawn", p.All, drawn[p.What])
		}
	}
	return nil
}

// InspectionCSV lists the sample.
func InspectionCSV(n Inspection) []byte {
	t := newCSV("number", "line", "what", "item", "expected", "outcome", "at", "remark")
	for i, x := range n.Sample {
		t.Add(n.Number, i+1, x.What, x.Item, x.Expected, string(x.Outcome), x.At, x.Remark)
	}
	return t.bytes()
}
