package console

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
)

// bar of a chart.
type bar struct {
	Name         string
	Count, Width int
}

// daysCounted are the days that production and forecast look back.
const daysCounted = 14

// widest bar of a chart, in units of its picture.
const widest = 380

// barsOf are the rows of a table as bars, in their order, which is that of a Pareto chart.
func barsOf(t tableView) (list []bar) {
	most := 1
	for _, r := range t.Rows {
		b := barOf(r)
		most, list = max(most, b.Count), append(list, b)
	}
	for i := range list {
		list[i].Width = max(2, list[i].Count*widest/most)
	}
	return list
}

// barOf is the first number of a row, under what stands before it.
func barOf(row []cell) bar {
	n := slices.IndexFunc(row, func(c cell) bool { return c.Class == "number" })
	var name []string
	for _, c := range row[:n] {
		name = append(name, c.Text)
	}
	return bar{Name: strings.Join(name, " · "), Count: row[n].Number}
}

// reports count from the ledger: what was made and lost, what waits and for how long, and what is to come.
func (v *view) reports() (templ.Component, error) {
	of := v.ledgerFigures()
	sum, err := of.summary()
	if err != nil {
		return nil, err
	}
	forecast, err := v.Registry.Forecast(v.ctx(), daysCounted)
	if err != nil {
		return nil, err
	}
	list := []templ.Component{folded("", []templ.Component{facts([]fact{
		{Name: v.T("reports.made"), Value: v.Count(sum.Made)},
		{Name: v.T("reports.matched"), Value: v.Count(sum.Matched)},
		{Name: v.T("reports.equal"), Value: v.Count(sum.EqualByHash)},
		{Name: v.T("reports.doubts"), Value: v.Count(sum.InDoubt)},
		{Name: v.T("reports.backlog"), Value: v.Count(forecast.Backlog)},
		{Name: v.T("reports.per_day"), Value: v.Decimal(forecast.PerDay)},
		{Name: v.T("reports.to_clear"), Value: v.daysLeft(forecast.ToClear)},
	})})}
	for _, f := range figures {
		if !v.May(f.May) {
			continue
		}
		t, err := f.tableOf(of)
		if err != nil {
			return nil, err
		}
		list = append(list, table(v, t))
	}
	return stack(append(list, papers(v, v.printables(
		printable{Kind: registry.PaperMonthly, Path: "/v1/reports/monthly/papers/report", List: true, Fields: []input{{Name: "month", Label: v.T("reports.month"), Value: v.Now().In(v.zone()).Format("2006-01"), Needed: true}}},
		printable{Kind: registry.PaperDailyBook, Path: "/v1/daily-book/papers/book", List: true},
		printable{Kind: registry.PaperUncollected, Path: "/v1/uncollected/papers/list", List: true},
		printable{Kind: registry.PaperStock, Path: "/v1/stock/papers/report", List: true},
	)))...), nil
}

func (v *view) daysLeft(days float64) string {
	if days < 0 {
		return v.T("reports.never")
	}
	return v.T("length.days", int(days+0.5))
}
