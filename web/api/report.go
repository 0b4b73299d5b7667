package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// bookEntry is one event of the daily book.
type bookEntry struct {
	Sequence    int64     `json:"sequence" doc:"In the event log"`
	At          time.Time `json:"at"`
	Kind        string    `json:"kind" enum:"application,handover,return,complaint"`
	Place       string    `json:"place"`
	Application string    `json:"application,omitempty"`
	Type        string    `json:"type,omitempty"`
	Complaint   string    `json:"complaint,omitempty"`
	Actor       string    `json:"actor"`
	Cause       string    `json:"cause,omitempty" doc:"Code"`
}

// queueJump is one case in which somebody went before others.
type queueJump struct {
	Sequence    int64     `json:"sequence" doc:"In the event log"`
	At          time.Time `json:"at"`
	Place       string    `json:"place"`
	Queue       string    `json:"queue" enum:"counter,work,print"`
	Number      string    `json:"number,omitempty" doc:"Of the counter's queue"`
	Application string    `json:"application,omitempty"`
	Actor       string    `json:"actor"`
	Second      string    `json:"second,omitempty"`
	Reason      string    `json:"reason"`
}

// monthReport is a month of a kelurahan, a kecamatan or the Dinas.
type monthReport struct {
	Month      string           `json:"month"`
	Tier       string           `json:"tier" enum:"kelurahan,kecamatan,dinas"`
	Region     string           `json:"region,omitempty"`
	Counts     []reportCount    `json:"counts" nullable:"false"`
	Exceptions []exceptionCount `json:"exceptions" nullable:"false" doc:"Of officers; of the Dinas's report alone"`
}

type reportCount struct {
	Table    string `json:"table" doc:"received, ready, handed_over, ended, spoiled, retired, destroyed, causes, uncollected; clock: and the id of a clock"`
	District string `json:"district,omitempty"`
	Village  string `json:"village,omitempty"`
	Item     string `json:"item" doc:"Type, state or cause; of a clock in_time or late"`
	Count    int    `json:"count"`
}

type exceptionCount struct {
	Actor string `json:"actor"`
	Kind  string `json:"kind" enum:"match,hand_over,override,duty,called_first,taken_first,order_first,unmasked"`
	Code  string `json:"code,omitempty" doc:"Of the reason; absent: it has none"`
	Count int    `json:"count"`
}

// uncollectedCard is a card that nobody came for in time.
type uncollectedCard struct {
	District    string    `json:"district,omitempty" doc:"Of the holder"`
	Village     string    `json:"village,omitempty"`
	Application string    `json:"application"`
	Place       string    `json:"place" doc:"Where it waits"`
	Since       time.Time `json:"since"`
	Days        int       `json:"days"`
}

// forecast is how long the backlog of the print room takes.
type forecast struct {
	Days        int      `json:"days" doc:"Whole days that were looked at; 0: the station has none yet, and its speed is not known"`
	Backlog     int      `json:"backlog" doc:"Applications that wait for their card, print ready to producing"`
	Front       int      `json:"front" doc:"Applications before that"`
	Finished    int      `json:"finished" doc:"Cards in those days"`
	Entered     int      `json:"entered" doc:"Applications that became print ready in those days"`
	PerDay      float64  `json:"perDay" doc:"Cards"`
	GrowthDay   float64  `json:"growthPerDay" doc:"Of the backlog; below zero it shrinks"`
	DaysToClear *float64 `json:"daysToClear,omitempty" doc:"Until the backlog is made, when nothing new comes; absent: never at this speed, or it is not known yet"`
	DaysToEmpty *float64 `json:"daysToEmpty,omitempty" doc:"Until nothing waits, with what comes meanwhile; absent: never at this speed, or it is not known yet"`
}

// DayAndPlace are the parameters of the daily book.
type DayAndPlace struct {
	Day   string `query:"day" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" patternDescription:"yyyy-mm-dd" doc:"At the station; absent: today"`
	Place string `query:"place" maxLength:"40" doc:"Service place; absent: all"`
}

func (d DayAndPlace) filter(after int64, limit int) registry.BookFilter {
	return registry.BookFilter{Day: d.Day, Place: d.Place, After: after, Limit: limit}
}

// MonthAndRegion are the parameters of a monthly report.
type MonthAndRegion struct {
	Month  string `query:"month" required:"true" pattern:"^[0-9]{4}-[0-9]{2}$" patternDescription:"yyyy-mm"`
	Region string `query:"region" pattern:"^([0-9]{2}\\.[0-9]{2}\\.[0-9]{2}(\\.[0-9]{4})?)?$" patternDescription:"PP.KK.CC or PP.KK.CC.DDDD" doc:"A kecamatan or kelurahan; absent: the Dinas"`
}

// TimeAndActor are the parameters of the list of jumps.
type TimeAndActor struct {
	Period
	Actor string `query:"actor" maxLength:"64"`
}

func (a *api) jumpFilter(t TimeAndActor, after int64, limit int) registry.JumpFilter {
	f := registry.JumpFilter{From: t.Since, To: t.Until, Actor: t.Actor, After: after, Limit: limit}
	if f.From.IsZero() {
		f.From = time.Unix(0, 0)
	}
	if f.To.IsZero() {
		f.To = a.Now().Add(time.Hour)
	}
	return f
}

// RegionWanted is the parameter of the list of uncollected cards.
type RegionWanted struct {
	Region string `query:"region" pattern:"^([0-9]{2}\\.[0-9]{2}\\.[0-9]{2}(\\.[0-9]{4})?)?$" patternDescription:"PP.KK.CC or PP.KK.CC.DDDD" doc:"A kecamatan or kelurahan; absent: all"`
}

// DaysBack is the parameter of the forecast.
type DaysBack struct {
	Days int `query:"days" minimum:"1" maximum:"90" default:"14" doc:"Whole days to look back on"`
}

// reports are the books and reports, each also for a spreadsheet.
func reports(a *api) {
	get(a, access.SeeApplications, "/v1/daily-book", "getDailyBook", "The daily book of important events, from the event log",
		func(ctx context.Context, in *struct {
			DayAndPlace
			Paging
		},
		) (*answer[list[bookEntry]], error) {
			return sequencePage(in.Paging, func(after int64, limit int) ([]registry.BookEntry, error) {
				return a.Registry.DailyBook(ctx, in.filter(after, limit))
			}, func(b registry.BookEntry) int64 { return b.Sequence }, bookEntryOf)
		})
	tableOf(a, access.SeeApplications, "/v1/daily-book.csv", "getDailyBookTable", "The daily book of a day, as CSV", a.bookTable)
	get(a, access.SeeEvents, "/v1/jumps", "listQueueJumps", "Who went before others, at the counter and in the back office",
		func(ctx context.Context, in *struct {
			TimeAndActor
			Paging
		},
		) (*answer[list[queueJump]], error) {
			return sequencePage(in.Paging, func(after int64, limit int) ([]registry.QueueJump, error) {
				return a.Registry.QueueJumps(ctx, a.jumpFilter(in.TimeAndActor, after, limit))
			}, func(j registry.QueueJump) int64 { return j.Sequence }, queueJumpOf)
		})
	tableOf(a, access.SeeEvents, "/v1/jumps.csv", "listQueueJumpsTable", "Who went before others, as CSV", a.jumpTable)
	get(a, access.SeeApplications, "/v1/reports/monthly", "getMonthlyReport", "A month of a kelurahan, a kecamatan or the Dinas, counted from the ledger",
		func(ctx context.Context, in *MonthAndRegion) (*answer[monthReport], error) {
			m, err := a.Registry.Report(ctx, registry.ReportFilter{Month: in.Month, Region: in.Region})
			if err != nil {
				return nil, err
			}
			return &answer[monthReport]{monthReportOf(m)}, nil
		})
	tableOf(a, access.SeeApplications, "/v1/reports/monthly.csv", "getMonthlyReportTable", "A monthly report, as CSV: every count one line", a.monthTable)
	get(a, access.SeeApplications, "/v1/uncollected", "listUncollected", "Cards that nobody came for in time, kelurahan by kelurahan",
		func(ctx context.Context, in *struct {
			RegionWanted
			Paging
		},
		) (*answer[list[uncollectedCard]], error) {
			return a.uncollectedPage(ctx, in.Region, in.Paging)
		})
	tableOf(a, access.SeeApplications, "/v1/uncollected.csv", "listUncollectedTable", "Cards that nobody came for in time, as CSV", a.uncollectedTable)
	get(a, access.SeeProduction, "/v1/reports/forecast", "getForecast", "How long the backlog of the print room takes at the speed of its last days",
		func(ctx context.Context, in *DaysBack) (*answer[forecast], error) {
			f, err := a.Registry.Forecast(ctx, in.Days)
			if err != nil {
				return nil, err
			}
			return &answer[forecast]{forecastOf(f)}, nil
		})
	tableOf(a, access.SeeProduction, "/v1/reports/forecast.csv", "getForecastTable", "The forecast, as CSV",
		func(ctx context.Context, in *DaysBack) (table, error) {
			f, err := a.Registry.Forecast(ctx, in.Days)
			return table{
				[]string{"days", "backlog", "front", "finished", "entered", "per_day", "growth_per_day", "days_to_clear", "days_to_empty"},
				[][]any{{f.Days, f.Backlog, f.Front, f.Finished, f.Entered, f.PerDay, f.GrowthDay, f.ToClear, f.ToEmpty}},
			}, err
		})
}

func bookEntryOf(b registry.BookEntry) bookEntry {
	return bookEntry{b.Sequence, b.At.UTC(), string(b.Kind), b.Place, string(b.Application), string(b.Type), b.Complaint, b.Actor, b.Cause}
}

func queueJumpOf(j registry.QueueJump) queueJump {
	return queueJump{j.Sequence, j.At.UTC(), j.Place, j.Queue, j.Number, string(j.Application), j.Actor, j.Second, j.Reason}
}

func (a *api) bookTable(ctx context.Context, in *DayAndPlace) (table, error) {
	var after int64
	all, err := every(func(limit int) ([]registry.BookEntry, error) {
		return a.Registry.DailyBook(ctx, in.filter(after, limit))
	},
		func(b registry.BookEntry) { after = b.Sequence })
	t := table{Names: []string{"sequence", "at", "kind", "place", "application", "type", "complaint", "actor", "cause"}}
	for _, b := range all {
		t.Records = append(t.Records, []any{b.Sequence, b.At.UTC(), string(b.Kind), b.Place, string(b.Application), string(b.Type), b.Complaint, b.Actor, b.Cause})
	}
	return t, err
}

func (a *api) jumpTable(ctx context.Context, in *TimeAndActor) (table, error) {
	var after int64
	all, err := every(func(limit int) ([]registry.QueueJump, error) {
		return a.Registry.QueueJumps(ctx, a.jumpFilter(*in, after, limit))
	},
		func(j registry.QueueJump) { after = j.Sequence })
	t := table{Names: []string{"sequence", "at", "place", "queue", "number", "application", "actor", "second", "reason"}}
	for _, j := range all {
		t.Records = append(t.Records, []any{j.Sequence, j.At.UTC(), j.Place, j.Queue, j.Number, string(j.Application), j.Actor, j.Second, j.Reason})
	}
	return t, err
}

// tierOf is whose report that of a region is.
func tierOf(region string) string {
	const district = len("61.05.03")
	switch {
	case region == "":
		return "dinas"
	case len(region) == district:
		return "kecamatan"
	default:
		return "kelurahan"
	}
}

func monthReportOf(m registry.MonthReport) monthReport {
	out := monthReport{Month: m.Month, Tier: tierOf(m.Region), Region: m.Region, Counts: []reportCount{}, Exceptions: []exceptionCount{}}
	for _, c := range m.Counts {
		out.Counts = append(out.Counts, reportCount{c.Table, c.District, c.Village, c.Item, c.Count})
	}
	for _, e := range m.Exceptions {
		out.Exceptions = append(out.Exceptions, exceptionCount{e.Actor, e.Kind, e.Code, e.Count})
	}
	return out
}

func (a *api) monthTable(ctx context.Context, in *MonthAndRegion) (table, error) {
	m, err := a.Registry.Report(ctx, registry.ReportFilter{Month: in.Month, Region: in.Region})
	t := table{Names: []string{"month", "table", "district", "village", "actor", "item", "code", "count"}}
	for _, c := range m.Counts {
		t.Records = append(t.Records, []any{m.Month, c.Table, c.District, c.Village, "", c.Item, "", c.Count})
	}
	for _, e := range m.Exceptions {
		t.Records = append(t.Records, []any{m.Month, "exceptions", "", "", e.Actor, e.Kind, e.Code, e.Count})
	}
	return t, err
}

// uncollectedPage goes on behind a village and an application: the cursor names both.
func (a *api) uncollectedPage(ctx context.Context, region string, p Paging) (*answer[list[uncollectedCard]], error) {
	return idPage(p, func(after string, limit int) ([]registry.UncollectedCard, error) {
		f := registry.UncollectedFilter{Region: region, Limit: limit}
		if after != "" {
			var village, id string
			if village, id, _ = strings.Cut(after, " "); id == "" {
				return nil, notOfThisList()
			}
			f.AfterVillage, f.After = village, registry.ApplicationID(id)
		}
		return a.Registry.UncollectedCards(ctx, f)
	}, func(c registry.UncollectedCard) string { return c.Village + " " + string(c.Application) }, func(c registry.UncollectedCard) uncollectedCard {
		return uncollectedCard{c.District, c.Village, string(c.Application), c.Place, c.Since.UTC(), c.Days}
	})
}

func (a *api) uncollectedTable(ctx context.Context, in *RegionWanted) (table, error) {
	f := registry.UncollectedFilter{Region: in.Region}
	all, err := every(func(limit int) ([]registry.UncollectedCard, error) {
		f.Limit = limit
		return a.Registry.UncollectedCards(ctx, f)
	}, func(c registry.UncollectedCard) { f.AfterVillage, f.After = c.Village, c.Application })
	t := table{Names: []string{"district", "village", "application", "place", "since", "days"}}
	for _, c := range all {
		t.Records = append(t.Records, []any{c.District, c.Village, string(c.Application), c.Place, c.Since.UTC(), c.Days})
	}
	return t, err
}

func forecastOf(f registry.Forecast) forecast {
	out := forecast{Days: f.Days, Backlog: f.Backlog, Front: f.Front, Finished: f.Finished, Entered: f.Entered, PerDay: f.PerDay, GrowthDay: f.GrowthDay}
	if f.ToClear >= 0 {
		out.DaysToClear = &f.ToClear
	}
	if f.ToEmpty >= 0 {
		out.DaysToEmpty = &f.ToEmpty
	}
	return out
}

// sequencePage is a page of a view over the event log.
func sequencePage[S, T any](p Paging, read func(after int64, limit int) ([]S, error), of func(S) int64, wire func(S) T) (*answer[list[T]], error) {
	return idPage(p, func(after string, limit int) ([]S, error) {
		if after == "" {
			return read(0, limit)
		}
		n, err := strconv.ParseInt(after, 10, 64)
		if err != nil || n < 1 {
			return nil, notOfThisList()
		}
		return read(n, limit)
	}, func(s S) string { return strconv.FormatInt(of(s), 10) }, wire)
}
