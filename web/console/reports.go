package console

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"blanko/registry"
)

// bar of a chart.
type bar struct {
	Name         string
	Count, Width int
}

// widest bar of a chart, in units of its picture.
const widest = 380

// barsOf are counts as bars, the greatest first, which is the order of a Pareto chart.
func barsOf(counts map[string]int, name func(string) string) (list []bar) {
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		if n := counts[k]; n > 0 {
			list = append(list, bar{name(k), n, max(2, n*widest/most)})
		}
	}
	slices.SortStableFunc(list, func(a, b bar) int { return cmp.Compare(b.Count, a.Count) })
	return list
}

// numbers are the bars of a chart as its table.
func (v *view) numbers(title string, list []bar) tableView {
	t := tableView{Title: title, Heads: []string{v.T("head.what"), v.T("head.count")}}
	for _, b := range list {
		t.Rows = append(t.Rows, []cell{{Text: b.Name}, {Text: number(b.Count), Class: "number"}})
	}
	return t
}

// reports count from the ledger: what was made and lost, what waits and for how long, and what is to come.
func (v *view) reports() (templ.Component, error) {
	sum, err := v.Registry.Summary(v.ctx())
	if err != nil {
		return nil, err
	}
	ages, err := v.Registry.AgeingList(v.ctx())
	if err != nil {
		return nil, err
	}
	const daysCounted = 14
	forecast, err := v.Registry.Forecast(v.ctx(), daysCounted)
	if err != nil {
		return nil, err
	}
	causes := map[string]int{}
	for _, c := range slices.Concat(sum.Spoiled, sum.Blocked) {
		causes[c.Cause] += c.Count
	}
	states := map[string]int{}
	for s, n := range sum.Applications {
		states[string(s)] = n
	}
	rejects := barsOf(causes, v.causeText)
	waiting := barsOf(states, func(s string) string { return v.Say("state", s) })
	t := tableView{Title: v.T("reports.ageing"), Empty: v.T("reports.nothing"), Heads: []string{v.T("head.state"), v.T("head.word"), v.T("head.count"), v.T("reports.oldest"), v.T("head.late")}}
	for _, a := range ages {
		t.Rows = append(t.Rows, []cell{{Text: v.Say("state", string(a.State))}, {Text: string(a.Word), Class: "mono"}, {Text: number(a.Count), Class: "number"}, {Text: v.Ago(a.Oldest)}, {Text: number(a.Late), Class: "number"}})
	}
	return stack(
		facts([]fact{
			{Name: v.T("reports.made"), Value: number(sum.Made)},
			{Name: v.T("reports.matched"), Value: number(sum.Matched)},
			{Name: v.T("reports.equal"), Value: number(sum.EqualByHash)},
			{Name: v.T("reports.doubts"), Value: number(sum.InDoubt)},
			{Name: v.T("reports.backlog"), Value: number(forecast.Backlog)},
			{Name: v.T("reports.per_day"), Value: strconv.FormatFloat(forecast.PerDay, 'f', 1, 64)},
			{Name: v.T("reports.to_clear"), Value: v.daysLeft(forecast.ToClear)},
		}),
		chart(v, v.T("reports.rejects"), rejects, v.numbers(v.T("reports.rejects"), rejects)),
		chart(v, v.T("reports.states"), waiting, v.numbers(v.T("reports.states"), waiting)),
		table(v, t),
		papers(v, v.printables(
			printable{Kind: registry.PaperMonthly, Path: "/v1/reports/monthly/papers/report", List: true, Fields: []input{{Name: "month", Label: v.T("reports.month"), Value: v.Now().In(v.zone()).Format("2006-01"), Needed: true}}},
			printable{Kind: registry.PaperDailyBook, Path: "/v1/daily-book/papers/book", List: true},
			printable{Kind: registry.PaperUncollected, Path: "/v1/uncollected/papers/list", List: true},
			printable{Kind: registry.PaperStock, Path: "/v1/stock/papers/report", List: true},
		)),
	), nil
}

func (v *view) daysLeft(days float64) string {
	if days < 0 {
		return v.T("reports.never")
	}
	return v.T("length.days", int(days+0.5))
}
