package paper

import (
	"fmt"
	"slices"
	"time"
)

// Tier is whose report it is.
type Tier string

const (
	TierVillage  Tier = "kelurahan"
	TierDistrict Tier = "kecamatan"
	TierOffice   Tier = "dinas"
)

// Monthly is a monthly report: a kelurahan's of itself, a kecamatan's of its kelurahan, the Dinas's of
// all. All sums are made here, so that a tier cannot tell another number than the one below it.
type Monthly struct {
	Heading
	Tier      Tier
	Year      int
	Month     time.Month
	Tables    []MonthlyTable
	Districts []MonthlyDistrict
	Keeper    Officer
}

// MonthlyTable is one thing that is counted, by columns: cards handed over by type, cards destroyed
// by cause. Columns have short words: eleven of them share the width that the area leaves.
type MonthlyTable struct {
	Title   string
	Columns []string
}

// MonthlyDistrict is a kecamatan with its kelurahan. What is counted at the kecamatan itself, or at
// the Dinas's own counter, is a row with the code of that place.
type MonthlyDistrict struct {
	Code, Name string
	Villages   []MonthlyVillage
}

// MonthlyVillage is the lowest tier: for each table a count for each of its columns.
type MonthlyVillage struct {
	Code, Name string
	Counts     [][]int
}

// mostColumns fit beside the name of an area on a page.
const mostColumns = 11

// MonthlyReport draws the report. Error: paper.content_invalid with the field.
func MonthlyReport(m Monthly) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	return compose(m.Heading, "Laporan bulanan KTP-el", func(s *sheet) {
		var area [2]string
		switch m.Tier {
		case TierVillage:
			v := m.Districts[0].Villages[0]
			area = [2]string{"Kelurahan/Desa", v.Name + " (" + v.Code + ")"}
		case TierDistrict:
			area = [2]string{"Kecamatan", m.Districts[0].Name + " (" + m.Districts[0].Code + ")"}
		default:
			area = [2]string{"Wilayah", "semua kecamatan"}
		}
		s.openingOf(m.Heading, "LAPORAN BULANAN PENERBITAN KTP-el",
			[2]string{"Bulan", fmt.Sprintf("%s %d", months[m.Month-1], m.Year)}, [2]string{"Tingkat", string(m.Tier)}, area, [2]string{"Dibuat", dateTime(m.At)},
		)
		for i, t := range m.Tables {
			s.section(t.Title)
			s.table(m.columns(t), m.rows(i), "Nihil: tidak ada wilayah.")
		}
		s.signatures("", signs("Penyusun", m.Keeper), signer{role: "Mengetahui"})
	})
}

// columns are the area, the counted things in equal widths, and their sum.
func (m Monthly) columns(t MonthlyTable) []column {
	const area, sum = 46.0, 14.0
	list := []column{{"Wilayah", area, false}}
	width := (textWidth - area - sum) / float64(len(t.Columns))
	for _, c := range t.Columns {
		list = append(list, column{c, width, true})
	}
	return append(list, column{"Jumlah", sum, true})
}

// rows of a table: the kelurahan, each kecamatan's sum, and the sum of all.
func (m Monthly) rows(table int) (rows []row) {
	all := make([]int, len(m.Tables[table].Columns))
	for _, d := range m.Districts {
		sum := make([]int, len(all))
		for _, v := range d.Villages {
			for i, n := range v.Counts[table] {
				sum[i] += n
				all[i] += n
			}
			rows = append(rows, monthlyRow(v.Name, v.Counts[table], false))
		}
		if m.Tier != TierVillage {
			rows = append(rows, monthlyRow("Kecamatan "+d.Name, sum, true))
		}
	}
	if m.Tier == TierOffice && len(m.Districts) > 0 {
		rows = append(rows, monthlyRow("JUMLAH", all, true))
	}
	return rows
}

func monthlyRow(name string, counts []int, strong bool) row {
	cells, sum := []string{name}, 0
	for _, n := range counts {
		sum += n
		cells = append(cells, fmt.Sprint(n))
	}
	return row{cells: append(cells, fmt.Sprint(sum)), strong: strong}
}

func (m Monthly) check() error {
	const op = "paper.Monthly"
	if err := first(m.Heading.check(), m.Keeper.check("keeper", true)); err != nil {
		return err
	}
	villages := 0
	for _, d := range m.Districts {
		villages += len(d.Villages)
	}
	switch {
	case !slices.Contains([]Tier{TierVillage, TierDistrict, TierOffice}, m.Tier):
		return contentInvalid.At(op, nil).With("tier", "kelurahan, kecamatan or dinas")
	case m.Month < time.January || m.Month > time.December:
		return contentInvalid.At(op, nil).With("month", "1 to 12")
	case m.Year < 1:
		return contentInvalid.At(op, nil).With("year", "is empty")
	case len(m.Tables) == 0:
		return contentInvalid.At(op, nil).With("tables", "is empty")
	case m.Tier != TierOffice && len(m.Districts) != 1:
		return contentInvalid.At(op, nil).With("districts", "the report of a %s is about one kecamatan", m.Tier)
	case m.Tier == TierVillage && villages != 1:
		return contentInvalid.At(op, nil).With("districts[0].villages", "the report of a kelurahan is about one")
	}
	for i, t := range m.Tables {
		field := indexed("tables", i)
		if err := printable(field+".title", t.Title, true); err != nil {
			return err
		}
		if len(t.Columns) == 0 || len(t.Columns) > mostColumns {
			return contentInvalid.At(op, nil).With(field+".columns", "%d columns, 1 to %d", len(t.Columns), mostColumns)
		}
		for n, c := range t.Columns {
			if err := printable(field+"."+indexed("columns", n), c, true); err != nil {
				return err
			}
		}
	}
	return m.checkAreas()
}

func (m Monthly) checkAreas() error {
	const op = "paper.Monthly"
	seen := map[string]bool{}
	for i, d := range m.Districts {
		field := indexed("districts", i)
		if err := first(printable(field+".code", d.Code, true), printable(field+".name", d.Name, true)); err != nil {
			return err
		}
		for k, v := range d.Villages {
			field := field + "." + indexed("villages", k)
			if err := first(printable(field+".code", v.Code, true), printable(field+".name", v.Name, true)); err != nil {
				return err
			}
			if seen[v.Code] {
				return contentInvalid.At(op, nil).With(field+".code", "stands twice")
			}
			seen[v.Code] = true
			if len(v.Counts) != len(m.Tables) {
				return contentInvalid.At(op, nil).With(field+".counts", "%d tables, want %d", len(v.Counts), len(m.Tables))
			}
			for t, counts := range v.Counts {
				if len(counts) != len(m.Tables[t].Columns) || slices.ContainsFunc(counts, func(n int) bool { return n < 0 }) {
					return contentInvalid.At(op, nil).With(field+"."+indexed("counts", t), "one count from zero for each column")
				}
			}
		}
	}
	return nil
}

// MonthlyCSV lists every count, one a line.
func MonthlyCSV(m Monthly) []byte {
	t := newCSV("year", "month", "district_code", "district", "village_code", "village", "table", "item", "count")
	for _, d := range m.Districts {
		for _, v := range d.Villages {
			for i, counts := range v.Counts {
				for n, c := range counts {
					t.Add(m.Year, int(m.Month), d.Code, d.Name, v.Code, v.Name, m.Tables[i].Title, m.Tables[i].Columns[n], c)
				}
			}
		}
	}
	return t.bytes()
}
