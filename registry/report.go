package registry

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"blanko/registry/standard"
	"blanko/store"
)

// Tables of a monthly report.
const (
	ReportReceived    = "received"     // applications, by type
	ReportReady       = "ready"        // cards ready for collection, by type
	ReportHandedOver  = "handed_over"  // cards, by type
	ReportEnded       = "ended"        // applications that ended without a hand-over here, by state
	ReportSpoiled     = "spoiled"      // cards that were lost while they were made, by cause
	ReportRetired     = "retired"      // cards, by cause
	ReportDestroyed   = "destroyed"    // cards and blanks destroyed or sent back, by the cause of their end
	ReportCauses      = "causes"       // cards and blanks destroyed or sent back, by the causes that the service standard counts
	ReportUncollected = "uncollected"  // cards that wait now though nobody came in time, by type
	reportClock       = "clock:"       // and the id of a clock: in time, late
	clockInTime       = "in_time"      // columns of a clock
	clockLate         = "late"         //
	exceptionMatch    = "match"        // kinds of exceptions of an officer
	exceptionHandover = "hand_over"    //
	exceptionOverride = "override"     //
	exceptionDuty     = "duty"         //
	exceptionCall     = "called_first" //
	exceptionWork     = "taken_first"  //
	exceptionMove     = "order_first"  //
	exceptionUnmask   = "unmasked"     //
)

// ReportCount is one number of a report.
type ReportCount struct {
	Table    string // of the constants; "clock:" and the id of a clock
	District string // PP.KK.CC; empty: not known
	Village  string // PP.KK.CC.DDDD; empty: not known
	Item     string // type, state or cause
	Count    int
}

// ExceptionCount is how often an officer went beside the rule, with a reason that is kept.
type ExceptionCount struct {
	Actor string
	Kind  string // match, hand_over, override, duty, called_first, taken_first, order_first, unmasked
	Code  string // its reason; empty: it has none
	Count int
}

// ReportFilter says which report is asked for.
type ReportFilter struct {
	Month  string // yyyy-mm at the station
	Region string // empty: the Dinas; PP.KK.CC: a kecamatan; PP.KK.CC.DDDD: a kelurahan
}

// MonthReport is the report of one month and area. The exceptions are of the Dinas alone: they have no
// kelurahan.
type MonthReport struct {
	Month      string
	Region     string
	From, To   time.Time // To is not within
	Counts     []ReportCount
	Exceptions []ExceptionCount
}

// Report counts a month from the ledger. A tier cannot tell another number than the one below it: all
// count the same rows by the same codes.
func (r *Registry) Report(ctx context.Context, f ReportFilter) (m MonthReport, err error) {
	from, err := time.ParseInLocation("2006-01", f.Month, r.zone())
	if err != nil {
		return m, badOperation.At("registry.Report", nil).With("month", "yyyy-mm")
	}
	if n := len(f.Region); n != 0 && n != len("61.05.03") && n != len("61.05.03.2001") {
		return m, badOperation.At("registry.Report", nil).With("region", "PP.KK.CC or PP.KK.CC.DDDD")
	}
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		m = MonthReport{Month: f.Month, Region: f.Region, From: from, To: from.AddDate(0, 1, 0)}
		for _, t := range reportTables {
			list, err := reportCounts(tx, t, m.From, m.To, f.Region)
			if err != nil {
				return err
			}
			m.Counts = append(m.Counts, list...)
		}
		a := &act{r: r, tx: tx}
		causes, err := a.causeCounts(m.From, m.To, f.Region)
		if err != nil {
			return err
		}
		m.Counts = append(m.Counts, causes...)
		clocks, err := a.clockCounts(m.From, m.To, f.Region)
		if err != nil {
			return err
		}
		m.Counts = append(m.Counts, clocks...)
		if f.Region == "" {
			m.Exceptions, err = exceptionCounts(tx, m.From, m.To)
		}
		return err
	})
	return m, err
}

// clockCounts is for each clock of the service standard how many of the cards that became ready in a
// time were ready within it.
func (a *act) clockCounts(from, to time.Time, region string) ([]ReportCount, error) {
	rows, err := readyBetween(a.tx, from, to, region)
	if err != nil {
		return nil, err
	}
	byPlace := map[string][]Incident{}
	standards := map[string]standard.Standard{}
	sums := map[ReportCount]int{}
	for _, row := range rows {
		s, known := standards[row.in.StandardHash]
		if !known {
			if s, err = a.standardOf(row.in); err != nil {
				return nil, err
			}
			standards[row.in.StandardHash] = s
		}
		stopping, known := byPlace[row.in.Place]
		if !known {
			if stopping, err = stops(a.tx, orDinas(row.in.Place), time.Time{}); err != nil {
				return nil, err
			}
			byPlace[row.in.Place] = stopping
		}
		for _, k := range clocksOf(s, Application{}, row.in, stopping, a.now()) {
			item := clockInTime
			if k.Late > 0 {
				item = clockLate
			}
			sums[ReportCount{Table: reportClock + k.ID, District: row.district, Village: row.village, Item: item}]++
		}
	}
	return sorted(sums), nil
}

// sorted are sums in the order of a report.
func sorted(sums map[ReportCount]int) (list []ReportCount) {
	for k, n := range sums {
		k.Count = n
		list = append(list, k)
	}
	slices.SortFunc(list, func(x, y ReportCount) int {
		return cmp.Or(cmp.Compare(x.Table, y.Table), cmp.Compare(x.District, y.District), cmp.Compare(x.Village, y.Village), cmp.Compare(x.Item, y.Item))
	})
	return list
}

// UncollectedCard is a card that nobody came for in time.
type UncollectedCard struct {
	Application ApplicationID
	District    string // of the holder
	Village     string
	Place       string // where the card waits
	Since       time.Time
	Reminders   int
	Reminded    time.Time // last; zero: never
	Days        int       // since it was ready for collection; since it counts as uncollected where that is not known
}

// UncollectedFilter says which cards are asked for.
type UncollectedFilter struct {
	Region       string        // district or village; empty: all
	AfterVillage string        // of the last one seen
	After        ApplicationID // the last one seen
	Limit        int
}

// UncollectedCards are the cards that nobody came for in time, kelurahan by kelurahan.
func (r *Registry) UncollectedCards(ctx context.Context, f UncollectedFilter) (list []UncollectedCard, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if list, err = uncollectedCards(tx, f); err != nil {
			return err
		}
		a := &act{r: r, tx: tx}
		for i := range list {
			p, err := a.deliveryOf(list[i].Application)
			if err != nil {
				return err
			}
			list[i].Place, list[i].Days = p.ID, int(a.now().Sub(list[i].Since)/day)
			if list[i].Reminders, list[i].Reminded, err = a.reminders(list[i].Application); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// Forecast is how long the backlog of the print room takes at the speed of its last days. Printing
// capacity below registration builds up unseen otherwise.
type Forecast struct {
	Days      int     // that were counted, the last whole ones; 0: the station has none yet, and its speed is not known
	Backlog   int     // applications that wait for their card now: print ready to producing
	Front     int     // applications before that: their cards will be asked for, too
	Finished  int     // cards in those days
	Entered   int     // applications in those days that became print ready
	PerDay    float64 // cards a day
	GrowthDay float64 // applications a day that come beyond the cards that are made; below zero: the backlog shrinks
	ToClear   float64 // days until the backlog is made, at that speed, when nothing new comes; -1: never
	ToEmpty   float64 // days until nothing waits, with what comes meanwhile; -1: never
}

// forecastDays bounds what a forecast looks back on.
const forecastDays = 90

// never says of a backlog that it does not end.
const never = -1

// Forecast looks back a number of whole days, or as many as the station has.
func (r *Registry) Forecast(ctx context.Context, days int) (f Forecast, err error) {
	if days < 1 || days > forecastDays {
		return f, badOperation.At("registry.Forecast", nil).With("days", "1 to %d", forecastDays)
	}
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		to, _, err := r.dayOf(a.today())
		if err != nil {
			return err
		}
		f = Forecast{}
		first, begun, err := firstEvent(tx)
		if err != nil {
			return err
		}
		for begun && f.Days < days && to.AddDate(0, 0, -f.Days).After(first) {
			f.Days++
		}
		states, err := counts[State](tx, `select state, count(*) from application group by state`)
		if err != nil {
			return err
		}
		for _, s := range backlog {
			f.Backlog += states[s]
		}
		for _, s := range beforeBacklog {
			f.Front += states[s]
		}
		if f.Finished, f.Entered, err = throughput(tx, to.AddDate(0, 0, -f.Days), to); err != nil {
			return err
		}
		f.reckon()
		return nil
	})
	return f, err
}

// States of the backlog, and those before it from which a card will be asked for.
var (
	backlog       = []State{PrintReady, Reconfirm, Approved, Queued, Producing, OnHold, InDoubt}
	beforeBacklog = []State{Received, Examined, Captured, Confirmed, Sent, AtCenter, Adjudicate, SearchFailure}
)

// Known reports whether the station has a day behind it by which its speed is known.
func (f Forecast) Known() bool { return f.Days > 0 }

func (f *Forecast) reckon() {
	if f.Known() {
		f.PerDay = float64(f.Finished) / float64(f.Days)
		f.GrowthDay = float64(f.Entered-f.Finished) / float64(f.Days)
	}
	f.ToClear, f.ToEmpty = 0, 0
	if f.Backlog == 0 {
		return
	}
	f.ToClear, f.ToEmpty = never, never
	if f.Finished > 0 {
		f.ToClear = float64(f.Backlog) / f.PerDay
	}
	if f.GrowthDay < 0 {
		f.ToEmpty = float64(f.Backlog) / -f.GrowthDay
	}
}

// Items of a table, each once, in their order.
func (m MonthReport) Items(table string) []string {
	seen := map[string]bool{}
	for _, c := range m.Counts {
		if c.Table == table {
			seen[c.Item] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
