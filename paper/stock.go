package paper

import (
	"fmt"
	"time"
)

// StockReport tells of blanks, ribbons and films over a period: what came, what went, what should be
// here. Its sums are made here, from the lines.
type StockReport struct {
	Heading
	From, To time.Time
	Blanks   []LotStock
	Rolls    []Roll
	Denied   int // blanks on the deny list
	Keeper   Officer
	Anchor   Anchor
}

// LotStock is one lot of blanks.
type LotStock struct {
	Lot       string
	Use       string // kartu, uji
	Opening   int
	Received  int
	Made      int // handed to the way to their holders
	Spoiled   int
	Destroyed int // of those that were spoiled or came back
	Other     int // moved to other offices, declared lost
	Closing   int // in the house, as the ledger tells
}

// Expected is what should be in the house: what was there and came, less what left it. A spoiled
// blank stays until it is destroyed.
func (l LotStock) Expected() int { return l.Opening + l.Received - l.Made - l.Destroyed - l.Other }

// RollKind is what a roll is.
type RollKind string

const (
	Ribbon RollKind = "ribbon"
	Film   RollKind = "film"
)

var rollWords = map[RollKind]string{Ribbon: "pita", Film: "film"}

// Roll is a ribbon or film: it carries every face that it printed.
type Roll struct {
	Serial    string
	Kind      RollKind
	Line      string // empty: in store
	FittedAt  time.Time
	FittedBy  string
	RemovedAt time.Time
	RemovedBy string
	Panels    int // of a full roll, in cards
	Used      int // on cards
	Wasted    int
	Seal      string // after it was removed
	Destroyed string // number of the list that it was destroyed with; empty: it was not
	Sent      string // number of the list that it was sent away with; empty: it was not
	Lost      bool   // then RemovedAt and RemovedBy are of its loss
}

// StockPages draws the report. Error: paper.content_invalid with the field.
func StockPages(r StockReport) ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	var lots []row
	var sum LotStock
	wrong := 0
	for _, l := range r.Blanks {
		lots = append(lots, l.row(l.Lot))
		if l.Closing != l.Expected() {
			wrong++
		}
		sum.Opening, sum.Received, sum.Made, sum.Spoiled = sum.Opening+l.Opening, sum.Received+l.Received, sum.Made+l.Made, sum.Spoiled+l.Spoiled
		sum.Destroyed, sum.Other, sum.Closing = sum.Destroyed+l.Destroyed, sum.Other+l.Other, sum.Closing+l.Closing
	}
	if len(lots) > 0 {
		total := sum.row("Jumlah")
		total.strong = true
		lots = append(lots, total)
	}
	return compose(r.Heading, "Laporan persediaan", func(s *sheet) {
		s.openingOf(r.Heading, "LAPORAN PERSEDIAAN BLANGKO, PITA DAN FILM",
			[2]string{"Masa", longDate(r.From) + " sampai " + longDate(r.To)}, [2]string{"Dibuat", dateTime(r.At)},
			[2]string{"Daftar tolak", count(r.Denied, "blangko")},
		)
		if wrong > 0 {
			s.verdict(Bad, fmt.Sprintf("Persediaan tidak sesuai pada %d lot.", wrong))
		}
		s.section("Blangko")
		s.table([]column{
			{"Lot", 32, false},
			{"Guna", 15, false},
			{"Awal", 16, true},
			{"Diterima", 17, true},
			{"Jadi", 16, true},
			{"Gagal", 15, true},
			{"Musnah", 16, true},
			{"Lain", 13, true},
			{"Akhir", 17, true},
			{"Selisih", 23, true},
		}, lots, "Nihil: tidak ada lot.")
		s.note("Blangko gagal tetap dihitung sampai dimusnahkan. Akhir = awal + diterima - jadi - musnah - lain; selisih adalah beda buku dengan hitungan itu.")
		s.section("Pita dan film")
		var rolls []row
		for _, x := range r.Rolls {
			rolls = append(rolls, x.row())
		}
		s.table([]column{
			{"Nomor seri", 27, false},
			{"Jenis", 12, false},
			{"Jalur", 17, false},
			{"Dipasang", 31, false},
			{"Dilepas", 31, false},
			{"Isi", 11, true},
			{"Dipakai", 15, true},
			{"Terbuang", 16, true},
			{"Keadaan", 20, false},
		}, rolls, "Nihil: tidak ada pita atau film.")
		s.anchor(r.Anchor)
		s.signatures("", signs("Petugas Gudang Blangko", r.Keeper), signer{role: "Mengetahui, Atasan"})
	})
}

func (l LotStock) row(name string) row {
	d := l.Closing - l.Expected()
	r := row{cells: []string{
		name, l.Use, fmt.Sprint(l.Opening), fmt.Sprint(l.Received), fmt.Sprint(l.Made), fmt.Sprint(l.Spoiled), fmt.Sprint(l.Destroyed),
		fmt.Sprint(l.Other), fmt.Sprint(l.Closing), signed(d),
	}}
	if d != 0 {
		r.ink = inkRed
	}
	return r
}

func (x Roll) row() row {
	hand := func(at time.Time, by string) string {
		if at.IsZero() {
			return "-"
		}
		return shortTime(at) + " " + by
	}
	state := "di gudang"
	switch {
	case x.Destroyed != "":
		state = "musnah, " + x.Destroyed
	case x.Sent != "":
		state = "dikirim, " + x.Sent
	case x.Lost:
		state = "hilang"
	case !x.RemovedAt.IsZero():
		state = "disegel " + x.Seal
	case !x.FittedAt.IsZero():
		state = "terpasang"
	}
	line := x.Line
	if line == "" {
		line = "-"
	}
	return row{cells: []string{
		x.Serial, rollWords[x.Kind], line, hand(x.FittedAt, x.FittedBy), hand(x.RemovedAt, x.RemovedBy),
		fmt.Sprint(x.Panels), fmt.Sprint(x.Used), fmt.Sprint(x.Wasted), state,
	}}
}

func (r StockReport) check() error {
	const op = "paper.StockReport"
	if err := first(
		r.Heading.check(), given("from", r.From), given("to", r.To), inOrder("to", r.From, r.To), r.Keeper.check("keeper", true), r.Anchor.check("anchor"),
	); err != nil {
		return err
	}
	for i, l := range r.Blanks {
		field := indexed("blanks", i)
		if err := first(printable(field+".lot", l.Lot, true), printable(field+".use", l.Use, true)); err != nil {
			return err
		}
		if min(l.Opening, l.Received, l.Made, l.Spoiled, l.Destroyed, l.Other, l.Closing) < 0 {
			return contentInvalid.At(op, nil).With(field, "below zero")
		}
	}
	for i, x := range r.Rolls {
		field := indexed("rolls", i)
		if rollWords[x.Kind] == "" {
			return contentInvalid.At(op, nil).With(field+".kind", "ribbon or film")
		}
		if err := first(
			printable(field+".serial", x.Serial, true), printable(field+".line", x.Line, false), printable(field+".fittedBy", x.FittedBy, !x.FittedAt.IsZero()),
			printable(field+".removedBy", x.RemovedBy, !x.RemovedAt.IsZero()), printable(field+".seal", x.Seal, !x.RemovedAt.IsZero() && x.Destroyed == "" && x.Sent == "" && !x.Lost),
			printable(field+".destroyed", x.Destroyed, false), printable(field+".sent", x.Sent, false),
		); err != nil {
			return err
		}
		if min(x.Panels, x.Used, x.Wasted) < 0 {
			return contentInvalid.At(op, nil).With(field, "below zero")
		}
	}
	if r.Denied < 0 {
		return contentInvalid.At(op, nil).With("denied", "below zero")
	}
	return nil
}

// LotsCSV lists the lots of blanks.
func LotsCSV(r StockReport) []byte {
	t := newCSV("from", "to", "lot", "use", "opening", "received", "made", "spoiled", "destroyed", "other", "closing", "expected")
	for _, l := range r.Blanks {
		t.Add(r.From, r.To, l.Lot, l.Use, l.Opening, l.Received, l.Made, l.Spoiled, l.Destroyed, l.Other, l.Closing, l.Expected())
	}
	return t.bytes()
}
