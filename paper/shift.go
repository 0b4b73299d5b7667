package paper

import (
	"fmt"
	"time"
)

// Shift is the sheet of one shift of the print room: opened and closed by two persons, counted
// blind, with what the ledger expects beside it.
type Shift struct {
	Heading
	Place              string // print room or line
	OpenedAt, ClosedAt time.Time
	OpenedBy           [2]Officer
	ClosedBy           [2]Officer
	CutOff             bool // by power: closed later by a recount
	Counts             []ShiftCount
	Causes             []CauseCount // of what was spoiled
	Restarts           []Restart
	Anchor             Anchor
	Remark             string
}

// ShiftCount is one thing that is counted: a place of the ledger, a lot, a roll.
type ShiftCount struct {
	What     string // blangko di kotak pengisian, lot A-17; pita YMCKO, gudang
	Opening  int
	In, Out  int
	Counted  int    // blind
	Accepted string // number of the paper that explains a difference; empty: none
}

// Expected is what the ledger expects at the end.
func (c ShiftCount) Expected() int { return c.Opening + c.In - c.Out }

// Difference is what was counted less what is expected.
func (c ShiftCount) Difference() int { return c.Counted - c.Expected() }

// CauseCount is a cause in words with its number.
type CauseCount struct {
	Cause string
	Count int
}

// Restart of the lines of a station within an open shift, by one person; another confirms it before the shift closes.
type Restart struct {
	At     time.Time
	Line   string
	By     string
	Second string // who confirmed it; empty: signs here
	Reason string
}

var shiftColumns = []column{
	{"Yang dihitung", 56, false},
	{"Awal", 16, true},
	{"Masuk", 16, true},
	{"Keluar", 16, true},
	{"Seharusnya", 20, true},
	{"Dihitung", 17, true},
	{"Selisih", 15, true},
	{"Penjelasan", 24, false},
}

// ShiftSheet draws the sheet. Error: paper.content_invalid with the field.
func ShiftSheet(h Shift) ([]byte, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	wrong := 0
	var rows []row
	for _, c := range h.Counts {
		r := row{cells: []string{
			c.What, fmt.Sprint(c.Opening), fmt.Sprint(c.In), fmt.Sprint(c.Out), fmt.Sprint(c.Expected()), fmt.Sprint(c.Counted), signed(c.Difference()), c.Accepted,
		}}
		if c.Difference() != 0 {
			wrong++
			r.ink = inkRed
		}
		rows = append(rows, r)
	}
	return compose(h.Heading, "Lembar giliran kerja", func(s *sheet) {
		s.openingOf(h.Heading, "LEMBAR GILIRAN KERJA",
			[2]string{"Tempat", h.Place}, [2]string{"Dibuka", dateTime(h.OpenedAt)}, [2]string{"", h.OpenedBy[0].Name + " dan " + h.OpenedBy[1].Name},
			[2]string{"Ditutup", dateTime(h.ClosedAt)}, [2]string{"", h.ClosedBy[0].Name + " dan " + h.ClosedBy[1].Name},
		)
		if h.CutOff {
			s.verdict(Warning, "Giliran ini terputus dan ditutup kemudian dengan penghitungan ulang.")
		}
		if wrong == 0 {
			s.verdict(Good, "Hitungan buta sesuai dengan buku.")
		} else {
			s.verdict(Bad, fmt.Sprintf("Selisih pada %d baris. Setiap selisih memerlukan penjelasan.", wrong))
		}
		s.section("Hitungan buta dan buku")
		s.table(shiftColumns, rows, "")
		if len(h.Causes) > 0 {
			s.section("Kartu gagal menurut sebab")
			s.table([]column{{"Sebab", 150, false}, {"Kartu", 30, true}}, causeRows(h.Causes), "")
		}
		h.restarts(s)
		s.anchor(h.Anchor)
		if h.Remark != "" {
			s.section("Catatan")
			s.prose("", inkBlack, written(h.Remark))
		}
		s.signatures("", signs("Penutup pertama", h.ClosedBy[0]), signs("Penutup kedua", h.ClosedBy[1]), signer{role: "Mengetahui, Atasan"})
	})
}

func (h Shift) restarts(s *sheet) {
	if len(h.Restarts) == 0 {
		return
	}
	s.section("Mulai ulang di tengah giliran, dikonfirmasi orang kedua")
	var rows []row
	for _, r := range h.Restarts {
		rows = append(rows, row{cells: []string{shortTime(r.At), r.Line, r.By, r.Reason, r.Second}})
	}
	s.table([]column{{"Waktu", 28, false}, {"Jalur", 24, false}, {"Oleh", 44, false}, {"Sebab", 56, false}, {"Orang kedua", 28, false}}, rows, "")
}

// signed is a number with its sign; zero has none.
func signed(n int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%+d", n)
}

func causeRows(causes []CauseCount) (rows []row) {
	sum := 0
	for _, c := range causes {
		sum += c.Count
		rows = append(rows, row{cells: []string{c.Cause, fmt.Sprint(c.Count)}})
	}
	return append(rows, row{cells: []string{"Jumlah", fmt.Sprint(sum)}, strong: true})
}

func checkCauses(field string, causes []CauseCount) error {
	for i, c := range causes {
		if err := printable(indexed(field, i)+".cause", c.Cause, true); err != nil {
			return err
		}
		if c.Count < 0 {
			return contentInvalid.At("paper.checkCauses", nil).With(indexed(field, i)+".count", "below zero")
		}
	}
	return nil
}

func (h Shift) check() error {
	const op = "paper.Shift"
	if err := first(
		h.Heading.check(), printable("place", h.Place, true), given("openedAt", h.OpenedAt), given("closedAt", h.ClosedAt), inOrder("closedAt", h.OpenedAt, h.ClosedAt),
		h.OpenedBy[0].check("openedBy[0]", true), h.OpenedBy[1].check("openedBy[1]", true), different("openedBy[1]", h.OpenedBy[0], h.OpenedBy[1]),
		h.ClosedBy[0].check("closedBy[0]", true), h.ClosedBy[1].check("closedBy[1]", true), different("closedBy[1]", h.ClosedBy[0], h.ClosedBy[1]),
		checkCauses("causes", h.Causes), h.Anchor.check("anchor"),
	); err != nil {
		return err
	}
	if len(h.Counts) == 0 {
		return contentInvalid.At(op, nil).With("counts", "is empty")
	}
	for i, c := range h.Counts {
		field := indexed("counts", i)
		if err := first(printable(field+".what", c.What, true), printable(field+".accepted", c.Accepted, false)); err != nil {
			return err
		}
		if min(c.Opening, c.In, c.Out, c.Counted) < 0 {
			return contentInvalid.At(op, nil).With(field, "below zero")
		}
	}
	for i, r := range h.Restarts {
		field := indexed("restarts", i)
		if err := first(given(field+".at", r.At), printable(field+".line", r.Line, true), printable(field+".by", r.By, true), printable(field+".second", r.Second, false), printable(field+".reason", r.Reason, true)); err != nil {
			return err
		}
	}
	return nil
}

// ShiftCSV lists what was counted.
func ShiftCSV(h Shift) []byte {
	t := newCSV("number", "what", "opening", "in", "out", "expected", "counted", "difference", "explained_by")
	for _, c := range h.Counts {
		t.Add(h.Number, c.What, c.Opening, c.In, c.Out, c.Expected(), c.Counted, c.Difference(), c.Accepted)
	}
	return t.bytes()
}
