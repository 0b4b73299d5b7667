package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

// daysCounted are the days that production and forecast look back.
const daysCounted = 14

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
		{Name: v.T("reports.per_day"), Value: v.perDay(forecast)},
		{Name: v.T("reports.to_clear"), Value: v.daysLeft(forecast, forecast.ToClear)},
	})})}
	for _, f := range figures {
		if !v.May(f.May) {
			continue
		}
		t, err := f.tableOf(of)
		if err != nil {
			return nil, err
		}
		list = append(list, table(v, v.paged(t)))
	}
	return stack(append(list, papers(v, v.printables(
		printable{Kind: registry.PaperMonthly, Path: "/v1/reports/monthly/papers/report", List: true, Fields: []input{{Name: "month", Label: v.T("reports.month"), Value: v.Now().In(v.zone()).Format("2006-01"), Needed: true}}},
		printable{Kind: registry.PaperDailyBook, Path: "/v1/daily-book/papers/book", List: true},
		printable{Kind: registry.PaperUncollected, Path: "/v1/uncollected/papers/list", List: true},
		printable{Kind: registry.PaperStock, Path: "/v1/stock/papers/report", List: true},
	)))...), nil
}

// perDay is how many cards are made in a day, once one is over.
func (v *view) perDay(f registry.Forecast) string {
	if !f.Known() {
		return v.T("reports.unknown")
	}
	return v.Decimal(f.PerDay)
}

func (v *view) daysLeft(f registry.Forecast, days float64) string {
	switch {
	case days < 0 && !f.Known():
		return v.T("reports.unknown")
	case days < 0:
		return v.T("reports.never")
	}
	return v.T("length.days", int(days+0.5))
}
