package console

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"blanko/paper"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// figure is one table of the reports, that is a CSV, too.
type figure struct {
	ID   string // its words stand under reports.
	May  access.Permission
	Show func(ledgerFigures) (tableView, error)
}

var figures = []figure{
	{ID: "production", May: access.SeeApplications, Show: ledgerFigures.production},
	{ID: "rejects", May: access.SeeApplications, Show: ledgerFigures.rejects},
	{ID: "states", May: access.SeeApplications, Show: ledgerFigures.inStates},
	{ID: "ageing", May: access.SeeApplications, Show: ledgerFigures.ageing},
	{ID: "times", May: access.SeeApplications, Show: ledgerFigures.times},
	{ID: "uncollected", May: access.SeeApplications, Show: ledgerFigures.uncollected},
	{ID: "exceptions", May: access.SeeApplications, Show: ledgerFigures.exceptions},
	{ID: "jumps", May: access.SeeEvents, Show: ledgerFigures.jumps},
	{ID: "blanks", May: access.SeeStock, Show: ledgerFigures.blanksLeft},
	{ID: "rolls", May: access.SeeStock, Show: ledgerFigures.rollsLeft},
}

func (f figure) path() string { return "/laporan/" + f.ID + ".csv" }

// ledgerFigures are what figures are made from; what several of them need is asked for once for a page.
type ledgerFigures struct {
	*view
	summary func() (registry.Summary, error)
	month   func() (registry.MonthReport, error) // this one
}

func (v *view) ledgerFigures() ledgerFigures {
	return ledgerFigures{
		v, sync.OnceValues(func() (registry.Summary, error) { return v.Registry.Summary(v.ctx()) }),
		sync.OnceValues(func() (registry.MonthReport, error) {
			return v.Registry.Report(v.ctx(), registry.ReportFilter{Month: v.Now().In(v.zone()).Format("2006-01")})
		}),
	}
}

// tableOf is a figure as the page shows it.
func (f figure) tableOf(v ledgerFigures) (tableView, error) {
	t, err := f.Show(v)
	t.ID, t.Title, t.Empty, t.CSV = f.ID, v.T("reports."+f.ID), v.T("reports.nothing"), f.path()
	if t.Chart != nil {
		t.Chart.ID = "chart-" + f.ID
	}
	return t, err
}

// figureCSV is a figure for a spreadsheet.
func (c *console) figureCSV(v *view, w http.ResponseWriter) error {
	id, is := strings.CutSuffix(v.r.PathValue("figure"), ".csv")
	i := slices.IndexFunc(figures, func(f figure) bool { return f.ID == id })
	if i < 0 || !is {
		return web.NoSuchPage.At("console.figureCSV", nil)
	}
	if f := figures[i]; !v.May(f.May) || !v.see(pageOf("reports")) {
		return web.PageDenied.At("console.figureCSV", nil).With("page", "needs a role for %s", f.May)
	}
	t, err := figures[i].tableOf(v.ledgerFigures())
	if err != nil {
		return err
	}
	var rows [][]any
	for _, r := range t.Rows {
		var row []any
		for _, c := range r {
			if c.Class == "number" {
				row = append(row, c.Number)
			} else {
				row = append(row, c.Text)
			}
		}
		rows = append(rows, row)
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+id+`.csv"`)
	_, _ = w.Write(paper.CSV(t.Heads, rows)) // who asked has gone
	return nil
}

// figureOf is a number in a table.
func (v *view) figureOf(n int) cell { return cell{Text: v.Count(n), Number: n, Class: "number"} }

// counted is a table of things and how many of each, the greatest first.
func (v *view) counted(counts map[string]int, name func(string) string) tableView {
	t := tableView{Heads: []string{v.T("head.what"), v.T("head.count")}}
	for _, k := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) }) {
		if counts[k] > 0 {
			t.Rows = append(t.Rows, []cell{{Text: name(k)}, v.figureOf(counts[k])})
		}
	}
	t.Chart = v.barsOf(t)
	return t
}

// production is what each line made on each of the last days.
func (v ledgerFigures) production() (tableView, error) {
	list, err := v.Registry.ProductionByDay(v.ctx(), daysCounted)
	t := tableView{Heads: []string{v.T("audit.day"), v.T("head.line"), v.T("reports.made"), v.T("reports.lost")}}
	t.Chart = v.daysOf(v.today().AddDate(0, 0, -daysCounted), v.today(), v.T("reports.made"), v.T("reports.lost"))
	for _, d := range list {
		t.Chart.add(v.Day(d.Day), d.Made, d.Lost)
		t.Rows = append(t.Rows, []cell{{Text: v.Day(d.Day)}, {Text: string(d.Line)}, v.figureOf(d.Made), v.figureOf(d.Lost)})
	}
	return t, err
}

func (v ledgerFigures) rejects() (tableView, error) {
	sum, err := v.summary()
	causes := map[string]int{}
	for _, c := range slices.Concat(sum.Spoiled, sum.Blocked) {
		causes[c.Cause] += c.Count
	}
	return v.counted(causes, v.causeText), err
}

func (v ledgerFigures) inStates() (tableView, error) {
	sum, err := v.summary()
	states := map[string]int{}
	for s, n := range sum.Applications {
		states[string(s)] = n
	}
	return v.counted(states, func(s string) string { return v.Say("state", s) }), err
}

func (v ledgerFigures) ageing() (tableView, error) {
	ages, err := v.Registry.AgeingList(v.ctx())
	t := tableView{Heads: []string{v.T("head.state"), v.T("head.word"), v.T("head.count"), v.T("reports.oldest"), v.T("head.late")}}
	t.Chart = &chart{Series: []string{v.T("reports.in_time"), v.T("head.late")}}
	for _, a := range ages {
		t.Chart.add(v.Say("state", string(a.State)), a.Count-a.Late, a.Late)
		t.Rows = append(t.Rows, []cell{{Text: v.Say("state", string(a.State))}, {Text: string(a.Word), Class: "mono"}, v.figureOf(a.Count), {Text: v.Ago(a.Oldest)}, v.figureOf(a.Late)})
	}
	return t, err
}

// times are the cards that became ready this month against each limit of the service standard.
func (v ledgerFigures) times() (tableView, error) {
	m, err := v.month()
	t := tableView{Heads: []string{v.T("head.clock"), v.T("reports.in_time"), v.T("head.late")}}
	sums := map[string]map[string]int{}
	for _, c := range m.Counts {
		if id, is := strings.CutPrefix(c.Table, "clock:"); is {
			if sums[id] == nil {
				sums[id] = map[string]int{}
			}
			sums[id][c.Item] += c.Count
		}
	}
	t.Chart = &chart{Series: []string{v.T("reports.in_time"), v.T("head.late")}}
	for _, id := range slices.Sorted(maps.Keys(sums)) {
		t.Chart.add(v.Say("clock", id), sums[id]["in_time"], sums[id]["late"])
		t.Rows = append(t.Rows, []cell{{Text: v.Say("clock", id)}, v.figureOf(sums[id]["in_time"]), v.figureOf(sums[id]["late"])})
	}
	return t, err
}

// waits are the ages by which cards that nobody came for are counted, in days.
var waits = []int{7, 30, 90}

// uncollected are the finished cards by where and how long they wait.
func (v ledgerFigures) uncollected() (tableView, error) {
	const most, atOnce = 5000, 500
	now := v.Now()
	var list []registry.Waiting
	f := registry.WaitingFilter{Before: now, Limit: atOnce}
	for len(list) < most {
		page, next, err := v.Registry.WaitingCards(v.ctx(), f)
		if err != nil {
			return tableView{}, err
		}
		if list, f.After = append(list, page...), next; next == (registry.Seen{}) {
			break
		}
	}
	t := tableView{Heads: []string{v.T("field.place"), v.T("reports.up_to", waits[0]), v.T("reports.up_to", waits[1]), v.T("reports.up_to", waits[2]), v.T("reports.longer", waits[2])}}
	byPlace := map[string][]int{}
	for _, w := range list {
		if byPlace[w.Place] == nil {
			byPlace[w.Place] = make([]int, len(waits)+1)
		}
		days := int(now.Sub(w.Since) / (24 * time.Hour))
		i := slices.IndexFunc(waits, func(n int) bool { return days <= n })
		if i < 0 {
			i = len(waits)
		}
		byPlace[w.Place][i]++
	}
	t.Chart = &chart{Series: t.Heads[1:]}
	for _, place := range slices.Sorted(maps.Keys(byPlace)) {
		t.Chart.add(v.placeName(place), byPlace[place]...)
		row := []cell{{Text: v.placeName(place)}}
		for _, n := range byPlace[place] {
			row = append(row, v.figureOf(n))
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// exceptions are how often each officer went beside the rule this month.
func (v ledgerFigures) exceptions() (tableView, error) {
	m, err := v.month()
	t := tableView{Heads: []string{v.T("reports.officer"), v.T("head.type"), v.T("head.count")}}
	t.Chart = &chart{}
	for _, e := range m.Exceptions {
		t.Chart.add(e.Actor, e.Count)
		t.Rows = append(t.Rows, []cell{{Text: e.Actor}, {Text: v.T("exception." + e.Kind)}, v.figureOf(e.Count)})
	}
	return t, err
}

// jumps are who went before others this month, and why.
func (v ledgerFigures) jumps() (tableView, error) {
	const atOnce = 1000
	from := v.today()
	from = from.AddDate(0, 0, 1-from.Day())
	t := tableView{Heads: []string{v.T("head.time"), v.T("reports.officer"), v.T("account.place"), v.T("head.number"), v.T("head.application"), v.T("head.why"), v.T("detail.second")}}
	t.Chart = v.daysOf(from, v.today())
	f := registry.JumpFilter{From: from, To: from.AddDate(0, 1, 0), Limit: atOnce}
	for {
		list, err := v.Registry.QueueJumps(v.ctx(), f)
		for _, j := range list {
			t.Chart.add(v.Day(j.At), 1)
			t.Rows = append(t.Rows, []cell{{Text: v.Time(j.At)}, {Text: j.Actor}, {Text: v.placeName(j.Place)}, {Text: orDash(j.Number)}, {Text: orDash(string(j.Application))}, {Text: v.detailValue("reason", j.Reason)}, {Text: orDash(j.Second)}})
			f.After = j.Sequence
		}
		if err != nil || len(list) < atOnce {
			return t, err
		}
	}
}

// blanksLeft are the blanks by place; what is counted blind by who looks is left out.
func (v ledgerFigures) blanksLeft() (tableView, error) {
	sum, err := v.summary()
	counts := map[string]int{}
	for _, h := range sum.Blanks {
		if !v.counts(h.Place) {
			counts[v.heapPlace(h.Place)] += h.Unread + h.Read
		}
	}
	return v.counted(counts, func(place string) string { return place }), err
}

// rollsLeft are the cards that ribbon and film are still good for; the store is left out for who counts it blind.
func (v ledgerFigures) rollsLeft() (tableView, error) {
	rolls, err := v.Registry.RollsLeft(v.ctx())
	counts := map[string]int{}
	for _, r := range rolls {
		if r.State == registry.RollFitted || !registry.RollsCountedBlind(v.Actor) {
			counts[v.T("roll."+r.Kind)+" · "+v.Say("rollstate", string(r.State))] += r.Cards
		}
	}
	return v.counted(counts, func(kind string) string { return kind }), err
}
