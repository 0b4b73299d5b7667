package console

import (
	"slices"
	"time"

	"github.com/a-h/templ"
)

// chart is a table drawn: bars, or columns of days. Beside it the table says the same in numbers.
type chart struct {
	ID     string
	Series []string // names of the parts of a row, where it has several
	Rows   []chartRow
	Days   bool // a row is a day
}

// chartRow is a bar, or the column of a day.
type chartRow struct {
	Name  string
	Parts []int
}

// Measures of a chart, in units of its picture.
const (
	chartWidth = 360
	barStep    = 38
	legendStep = 20
	daysHeight = 150
	// mostBars is how many bars a chart has at most: the rest is one bar, behind the others.
	mostBars = 24
)

func (r chartRow) total() (n int) {
	for _, p := range r.Parts {
		n += p
	}
	return n
}

// add counts something into the row of a name.
func (c *chart) add(name string, parts ...int) {
	i := slices.IndexFunc(c.Rows, func(r chartRow) bool { return r.Name == name })
	if i < 0 {
		i, c.Rows = len(c.Rows), append(c.Rows, chartRow{Name: name, Parts: make([]int, len(parts))})
	}
	for k, p := range parts {
		c.Rows[i].Parts[k] += p
	}
}

// shown are the bars of a chart; those beyond what is drawn are one.
func (c *chart) shown(others string) []chartRow {
	if c.Days || len(c.Rows) <= mostBars {
		return c.Rows
	}
	list := slices.Clone(c.Rows[:mostBars-1])
	rest := chartRow{Name: others, Parts: make([]int, len(c.Rows[0].Parts))}
	for _, r := range c.Rows[mostBars-1:] {
		for k, p := range r.Parts {
			rest.Parts[k] += p
		}
	}
	return append(list, rest)
}

// filled counts the rows that have anything: of one alone nothing is to be compared.
func (c *chart) filled() (n int) {
	for _, r := range c.Rows {
		if r.total() > 0 {
			n++
		}
	}
	return n
}

func (c *chart) most() int {
	most := 1
	for _, r := range c.Rows {
		most = max(most, r.total())
	}
	return most
}

// top is where the rows begin, below the names of their parts.
func (c *chart) top() int {
	if len(c.Series) == 0 {
		return 0
	}
	return len(c.Series)*legendStep + legendStep/2
}

func (c *chart) height(rows []chartRow) int {
	if c.Days {
		return c.top() + daysHeight
	}
	return c.top() + len(rows)*barStep
}

// column is where the column of a day begins.
func (c *chart) column(i int) int { return i * chartWidth / len(c.Rows) }

// fill is how a part is told from the others, also without its color: the first is full.
func (c *chart) fill(series int) templ.Attributes {
	if series == 0 {
		return nil
	}
	return templ.Attributes{"fill": "url(#" + c.ID + "-s" + number(series) + ")"}
}

// piece is a part of a row where it is drawn: as far from the beginning of the row as the parts before it are long.
type piece struct{ Series, From, Long int }

// pieces are the parts of a row, the longest row of the chart being as long as a picture has room.
func pieces(r chartRow, most, room int) (list []piece) {
	sum := 0
	for k, p := range r.Parts {
		from := sum * room / most
		sum += p
		if p > 0 {
			list = append(list, piece{k, from, max(2, sum*room/most-from)})
		}
	}
	return list
}

// barsOf are the rows of a table of things as bars, in their order, which is that of a Pareto chart.
func (v *view) barsOf(t tableView) *chart {
	c := &chart{}
	for _, r := range t.Rows {
		c.add(r[0].Text, r[1].Number)
	}
	return c
}

// daysOf is a chart of the days from one to another, those of which nothing is counted among them.
func (v *view) daysOf(from, to time.Time, series ...string) *chart {
	c := &chart{Days: true, Series: series}
	for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
		c.add(v.Day(d), make([]int, max(1, len(series)))...)
	}
	return c
}

// chartSays is a chart in words.
func (v *view) chartSays(c *chart) string {
	top := slices.MaxFunc(c.Rows, func(a, b chartRow) int { return a.total() - b.total() })
	return v.T("reports.chart_says", len(c.Rows), top.Name, v.Count(top.total()))
}

// shortName is a name as far as it has room over its bar.
func shortName(name string) string {
	const room = 40
	if r := []rune(name); len(r) > room {
		return string(r[:room-1]) + "…"
	}
	return name
}
