package standard

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"blanko/ktp"
)

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

// 17 years or married (Law 24/2013, article 63); 29 February has its birthday on 1 March.
func TestObliged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		born, married, from string
	}{
		{"2009-11-26", "", "2026-11-26"},
		{"2008-02-29", "", "2025-03-01"},
		{"2012-02-29", "", "2029-03-01"},
		{"2009-12-31", "2026-01-10", "2026-01-10"},
		{"2000-01-01", "2026-01-10", "2017-01-01"},
	} {
		var married time.Time
		if c.married != "" {
			married = date(c.married)
		}
		from := ObligedFrom(date(c.born), married)
		if !from.Equal(date(c.from)) {
			t.Errorf("born %s, married %s: from %s, want %s", c.born, c.married, from.Format(time.DateOnly), c.from)
		}
		if Obliged(time.Time{}, time.Time{}, from, time.UTC) || !Obliged(time.Time{}, from, from, time.UTC) {
			t.Error("of an unknown birth only a marriage tells")
		}
		if !Obliged(date(c.born), married, from, time.UTC) || Obliged(date(c.born), married, from.AddDate(0, 0, -1), time.UTC) {
			t.Errorf("born %s: not from that day on", c.born)
		}
	}
}

// The day is that of the place: at 16:00 UTC it is tomorrow in Merauke and still today in Sintang.
func TestObligedAtThePlace(t *testing.T) {
	t.Parallel()
	born, when := date("2009-11-27"), at("2026-11-26 16:00")
	if Obliged(born, time.Time{}, when, Zone("61.05")) {
		t.Error("WIB: 23:00 of the day before")
	}
	if !Obliged(born, time.Time{}, when, Zone("93.01")) {
		t.Error("WIT: 01:00 of the birthday")
	}
}

func TestZones(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range []struct {
		region, name string
	}{{"61.05", "WIB"}, {"51", "WITA"}, {"64.72", "WITA"}, {"91.01.01.1001", "WIT"}, {"", "WIB"}, {"x", "WIB"}} {
		if got := Zone(r.region).String(); got != r.name {
			t.Errorf("%q: %s, want %s", r.region, got, r.name)
		}
	}
	for _, z := range zones {
		for _, p := range z.Provinces {
			if seen[p] {
				t.Errorf("province %s has two zones", p)
			}
			seen[p] = true
			if _, found := ktp.Regions().Find(p); !found {
				t.Errorf("no province %s", p)
			}
		}
	}
	if n := ktp.Regions().Count(ktp.LevelProvince); len(seen) != n {
		t.Errorf("%d provinces have a zone, there are %d", len(seen), n)
	}
}

// The fines of the published standard, day by day.
func TestFines(t *testing.T) {
	t.Parallel()
	sintang := load(t, "sintang")
	for _, c := range []struct {
		name  string
		facts Facts
		code  string
		late  int
	}{
		{"on the 30th day", Facts{Type: ktp.TypeNew, Born: date("2009-10-27"), Reported: at("2026-11-26 09:00")}, "", 0},
		{"a day later", Facts{Type: ktp.TypeNew, Born: date("2009-10-26"), Reported: at("2026-11-26 09:00")}, "late_first_card", 1},
		{"married at 16", Facts{Type: ktp.TypeNew, Born: date("2010-06-01"), Married: date("2026-09-01"), Reported: at("2026-11-26 09:00")}, "late_first_card", 56},
		{"born on 29 February", Facts{Type: ktp.TypeNew, Born: date("2008-02-29"), Reported: at("2025-03-31 09:00")}, "", 0},
		{"and a day later", Facts{Type: ktp.TypeNew, Born: date("2008-02-29"), Reported: at("2025-04-01 09:00")}, "late_first_card", 1},
		{"by the clock of the place", Facts{Type: ktp.TypeNew, Born: date("2009-10-27"), Reported: at("2026-11-26 16:00"), Zone: Zone("93")}, "late_first_card", 1},
		{"a leap year's 29 February is a day", Facts{Type: ktp.TypeNew, Born: date("2011-01-31"), Reported: at("2028-03-01 09:00")}, "", 0},
		{"and counts", Facts{Type: ktp.TypeNew, Born: date("2011-01-31"), Reported: at("2028-03-02 09:00")}, "late_first_card", 1},
		{"married at 40", Facts{Type: ktp.TypeNew, Born: date("1986-11-01"), Married: date("2026-11-01"), Reported: at("2026-11-26 09:00")}, "late_first_card", 8396},
		{"of an unknown birth", Facts{Type: ktp.TypeNew, Married: date("2020-01-01"), Reported: at("2026-11-26 09:00")}, "", 0},
		{"not 17 and not married", Facts{Type: ktp.TypeNew, Born: date("2011-01-01"), Reported: at("2026-11-26 09:00")}, "", 0},
		{"who had a paper card", Facts{Type: ktp.TypeOldPaper, Born: date("1980-01-01"), Reported: at("2026-11-26 09:00")}, "", 0},
		{"a foreigner of 46 with a new permit", Facts{Type: ktp.TypeForeignNew, Born: date("1980-01-01"), PermitFrom: date("2026-10-27"), Reported: at("2026-11-26 09:00")}, "", 0},
		{"a day later", Facts{Type: ktp.TypeForeignNew, Born: date("1980-01-01"), PermitFrom: date("2026-10-26"), Reported: at("2026-11-26 09:00")}, "late_first_card", 1},
		{"who came as a child", Facts{Type: ktp.TypeForeignNew, Born: date("2009-10-20"), PermitFrom: date("2015-01-01"), Reported: at("2026-11-26 09:00")}, "late_first_card", 7},
		{"whose permit's day is not known", Facts{Type: ktp.TypeForeignNew, Born: date("1980-01-01"), Reported: at("2026-11-26 09:00")}, "", 0},
		{"a permit's last day by the clock of the place", Facts{Type: ktp.TypeForeignExtension, PermitEnd: date("2026-12-26"), Reported: at("2026-11-26 16:00"), Zone: Zone("61.05")}, "", 0},
		{"already tomorrow in Merauke", Facts{Type: ktp.TypeForeignExtension, PermitEnd: date("2026-12-26"), Reported: at("2026-11-26 15:00"), Zone: Zone("93.01")}, "late_permit", 1},
		{"over a 29 February", Facts{Type: ktp.TypeForeignExtension, PermitEnd: date("2028-03-30"), Reported: at("2028-02-29 09:00")}, "", 0},
		{"a lost card", Facts{Type: ktp.TypeLost, Born: date("1980-01-01"), Reported: at("2026-11-26 09:00")}, "", 0},
		{"a permit, in time", Facts{Type: ktp.TypeForeignExtension, PermitEnd: date("2026-12-26"), Reported: at("2026-11-26 09:00")}, "", 0},
		{"a permit, a day late", Facts{Type: ktp.TypeForeignExtension, PermitEnd: date("2026-12-25"), Reported: at("2026-11-26 09:00")}, "late_permit", 1},
		{"a permit that ran out", Facts{Type: ktp.TypeForeignReplacement, PermitEnd: date("2026-11-01"), Reported: at("2026-11-26 09:00")}, "late_permit", 55},
		{"no date known", Facts{Type: ktp.TypeForeignExtension, Reported: at("2026-11-26 09:00")}, "", 0},
	} {
		list := sintang.Assess(c.facts)
		switch {
		case c.code == "" && len(list) == 0:
		case len(list) != 1 || list[0].Code != c.code || list[0].Late != c.late || list[0].Basis == "":
			t.Errorf("%s: %+v, want %s, %d days", c.name, list, c.code, c.late)
		}
	}
	if list := load(t, "national-2018").Assess(Facts{Type: ktp.TypeNew, Born: date("1980-01-01"), Reported: at("2026-11-26 09:00")}); len(list) != 0 {
		t.Errorf("switched off: %+v", list)
	}
}

// The 14-day clock never stops; the 24-hour clock stops by a recorded incident alone, once for two
// that overlap.
func TestClocks(t *testing.T) {
	t.Parallel()
	s := load(t, "national-2018")
	legal, service := s.Clocks[0], s.Clocks[1]
	from := at("2026-11-26 08:00")
	incidents := []Outage{
		{"power", at("2026-11-26 09:00"), at("2026-11-26 12:00")},
		{"network", at("2026-11-26 11:00"), at("2026-11-26 14:00")}, // overlaps
		{"blanks", at("2026-11-25 08:00"), at("2026-11-26 08:30")},  // began before
		{"lunch", at("2026-11-26 15:00"), at("2026-11-26 16:00")},   // stops nothing
	}
	if got := legal.Elapsed(from, at("2026-11-27 08:00"), incidents); got != 24*time.Hour {
		t.Errorf("legal: %s", got)
	}
	if got := service.Elapsed(from, at("2026-11-27 08:00"), incidents); got != 24*time.Hour-5*time.Hour-30*time.Minute {
		t.Errorf("service: %s", got)
	}
	if got, want := service.Due(from, at("2026-11-26 20:00"), incidents), at("2026-11-27 13:30"); !got.Equal(want) {
		t.Errorf("due %s, want %s", got, want)
	}
	if got, want := legal.Due(from, from, incidents), from.AddDate(0, 0, 14); !got.Equal(want) {
		t.Errorf("due %s, want %s", got, want)
	}
	lasting := append(incidents, Outage{Cause: "equipment", From: at("2026-11-26 18:00")})
	if got, want := service.Due(from, at("2026-11-26 20:00"), lasting), at("2026-11-27 15:30"); !got.Equal(want) {
		t.Errorf("due %s while it lasts, want %s", got, want)
	}
	if service.Late(from, at("2026-11-27 13:00"), incidents) > 0 || service.Late(from, at("2026-11-27 14:00"), incidents) != 30*time.Minute {
		t.Error("late is not counted from the due time")
	}
	if service.Elapsed(from, from.Add(-time.Hour), nil) != 0 {
		t.Error("a clock ran backwards")
	}
	for _, name := range Names {
		both := load(t, name).Clocks
		if len(both) != 2 || both[0].Hours != 14*24 || len(both[0].Stops) > 0 || both[1].Hours != 24 || !slices.Equal(both[1].Stops, Causes) {
			t.Errorf("%s: %+v", name, both)
		}
	}
}

func TestReading(t *testing.T) {
	t.Parallel()
	service, _ := load(t, "national-2018").Clock("service")
	from := at("2026-11-26 08:00")
	incidents := []Outage{
		{"network", at("2026-11-26 11:00"), at("2026-11-26 14:00")},
		{"power", at("2026-11-26 09:00"), at("2026-11-26 12:00")}, // overlaps, told later
		{"power", at("2026-11-26 09:30"), at("2026-11-26 10:00")}, // within another
		{"lunch", at("2026-11-26 12:00"), at("2026-11-26 13:00")}, // stops nothing
		{"blanks", at("2026-11-27 07:00"), time.Time{}},           // lasts
		{"equipment", at("2026-11-25 07:00"), at("2026-11-26 08:00")},
	}
	for _, c := range []struct {
		at                       string
		run, stopped, left, late time.Duration
		causes                   string
	}{
		{"2026-11-26 07:00", 0, 0, 24 * time.Hour, 0, ""},
		{"2026-11-26 08:00", 0, 0, 24 * time.Hour, 0, ""},
		{"2026-11-26 08:30", 30 * time.Minute, 0, 23*time.Hour + 30*time.Minute, 0, ""},
		{"2026-11-26 10:00", time.Hour, time.Hour, 23 * time.Hour, 0, "power"},
		{"2026-11-26 15:00", 2 * time.Hour, 5 * time.Hour, 22 * time.Hour, 0, "power network"},
		{"2026-11-29 07:00", 18 * time.Hour, 53 * time.Hour, 6 * time.Hour, 0, "power network blanks"},
	} {
		r := service.Read(from, at(c.at), incidents)
		if r.Run != c.run || r.Stopped != c.stopped || r.Left != c.left || r.Late != c.late || strings.Join(r.Causes, " ") != c.causes {
			t.Errorf("%s: %+v, want %+v", c.at, r, c)
		}
	}
	if r := service.Read(from, at("2026-11-28 10:00"), incidents[:2]); r.Late != 21*time.Hour || r.Left != 0 {
		t.Errorf("%+v", r)
	}
	if incidents[0].Cause != "network" {
		t.Error("the caller's list was sorted")
	}
}

// An incident that begins when next to nothing is left is stepped over at once, however long it takes.
func TestDueAfterALongIncident(t *testing.T) {
	t.Parallel()
	service, _ := load(t, "national-2018").Clock("service")
	from := at("2026-11-26 08:00")
	almost := from.Add(24*time.Hour - time.Nanosecond)
	list := []Outage{{"power", almost, almost.AddDate(0, 7, 0)}} // as in 2016 and 2017
	if got, want := service.Due(from, from, list), almost.AddDate(0, 7, 0).Add(time.Nanosecond); !got.Equal(want) {
		t.Errorf("due %s, want %s", got, want)
	}
	list[0].From = from.Add(24 * time.Hour)
	if got := service.Due(from, from, list); !got.Equal(list[0].From) {
		t.Errorf("due %s, want when the incident began", got)
	}
}

// A clock that stops never runs faster than time, and is due exactly when it ran out.
func TestClockProperties(t *testing.T) {
	t.Parallel()
	c := Clock{Hours: 24, Stops: Causes}
	rapid.Check(t, func(t *rapid.T) {
		from := at("2026-11-26 08:00")
		var list []Outage
		for range rapid.IntRange(0, 6).Draw(t, "incidents") {
			begin := from.Add(time.Duration(rapid.IntRange(-50, 50).Draw(t, "begin")) * time.Hour)
			list = append(list, Outage{rapid.SampledFrom(Causes).Draw(t, "cause"), begin, begin.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)})
		}
		due := c.Due(from, from, list)
		if got := c.Elapsed(from, due, list); got != 24*time.Hour {
			t.Fatalf("due after %s", got)
		}
		if due.Before(from.Add(24 * time.Hour)) {
			t.Fatalf("due %s", due)
		}
	})
}

// The order is that of the rule when blanks are short: first card, disaster, print-ready backlog, then
// lost, damaged, change.
func TestPriority(t *testing.T) {
	t.Parallel()
	for _, name := range Names {
		s := load(t, name)
		for _, c := range []struct {
			o        Order
			class    string
			priority int
		}{
			{Order{Type: ktp.TypeNew}, "first_card", 8},
			{Order{Type: ktp.TypeOldPaper}, "first_card", 8},
			{Order{Type: ktp.TypeForeignNew, Backlog: true}, "first_card", 8},
			{Order{Type: ktp.TypeLost, Disaster: true}, "disaster", 7},
			{Order{Type: ktp.TypeDataChange, Disaster: true, Backlog: true}, "disaster", 7},
			{Order{Type: ktp.TypeDataChange, Backlog: true}, "backlog", 6},
			{Order{Type: ktp.TypeLost}, "lost", 4},
			{Order{Type: ktp.TypeOutsideDomicile}, "lost", 4},
			{Order{Type: ktp.TypeForeignReplacement}, "damaged", 3},
			{Order{Type: ktp.TypeMovedIn}, "change", 2},
			{Order{Type: "stolen"}, "", 0},
		} {
			if class, _ := s.Class(c.o); class.ID != c.class || s.Priority(c.o) != c.priority {
				t.Errorf("%s: %+v is %s, %d; want %s, %d", name, c.o, class.ID, s.Priority(c.o), c.class, c.priority)
			}
		}
	}
}

// short is Sintang's standard in a shortage.
func short(t *testing.T) Standard {
	t.Helper()
	s, err := Parse([]byte(strings.Replace(File("sintang"), "shortage: {on: false, quotas: []}", `shortage:
  on: true
  quotas:
    - {id: "changes", types: ["data_change", "moved_in"], perDay: 2}
    - {id: "far", district: "61.05.02", perDay: 0}
    - {id: "kecamatan", district: "each", perDay: 5}
    - {id: "day", perDay: 8}
`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	s := short(t)
	change := func(district string) Kind { return Kind{ktp.TypeDataChange, district} }
	for _, c := range []struct {
		name  string
		o     Order
		used  map[Kind]int
		quota string // empty: admitted
	}{
		{"the first of the day", Order{Type: ktp.TypeDataChange, District: "61.05.01"}, nil, ""},
		{"of a type, over all kecamatan", Order{Type: ktp.TypeMovedIn, District: "61.05.01"}, map[Kind]int{change("61.05.03"): 1, change("61.05.04"): 1}, "changes"},
		{"one left of the type", Order{Type: ktp.TypeMovedIn, District: "61.05.01"}, map[Kind]int{change("61.05.03"): 1}, ""},
		{"another type", Order{Type: ktp.TypeLost, District: "61.05.01"}, map[Kind]int{change("61.05.03"): 2}, ""},
		{"none for one kecamatan", Order{Type: ktp.TypeLost, District: "61.05.02"}, nil, "far"},
		{"the kecamatan is full", Order{Type: ktp.TypeLost, District: "61.05.01"}, map[Kind]int{{ktp.TypeNew, "61.05.01"}: 5}, "kecamatan"},
		{"another one is", Order{Type: ktp.TypeLost, District: "61.05.01"}, map[Kind]int{{ktp.TypeNew, "61.05.03"}: 5}, ""},
		{"the day is full", Order{Type: ktp.TypeNew, District: "61.05.01"}, map[Kind]int{{ktp.TypeNew, "61.05.03"}: 4, {ktp.TypeLost, "61.05.04"}: 4}, "day"},
		{"a disaster", Order{Type: ktp.TypeLost, District: "61.05.02", Disaster: true}, map[Kind]int{{ktp.TypeNew, "61.05.02"}: 99}, ""},
		{"a first card of a disaster", Order{Type: ktp.TypeNew, District: "61.05.02", Disaster: true}, map[Kind]int{{ktp.TypeNew, "61.05.02"}: 99}, ""},
	} {
		ok, quota := s.Admits(c.o, c.used)
		if ok != (c.quota == "") || quota != c.quota {
			t.Errorf("%s: %v by %q, want %q", c.name, ok, quota, c.quota)
		}
		if ok, _ := load(t, "sintang").Admits(c.o, c.used); !ok {
			t.Errorf("%s: held without a shortage", c.name)
		}
	}
}

// A day of 1,000 mixed orders, handed out by priority: no quota is passed, and none that is left over
// would still have been admitted.
func TestShortageOfADay(t *testing.T) {
	t.Parallel()
	s := short(t)
	var types []ktp.ApplicationType
	for _, row := range ktp.ApplicationTypes {
		types = append(types, row.Type)
	}
	for seed := range uint64(10) {
		var orders []Order
		rnd := rand.New(rand.NewPCG(seed, 1))
		for range 1000 {
			orders = append(orders, Order{
				Type: types[rnd.IntN(len(types))], District: []string{"61.05.01", "61.05.02", "61.05.03"}[rnd.IntN(3)],
				Disaster: rnd.IntN(400) == 0, Backlog: rnd.IntN(4) == 0,
			})
		}
		slices.SortStableFunc(orders, func(a, b Order) int { return s.Priority(b) - s.Priority(a) })
		used := map[Kind]int{}
		var left []Order
		sum := func(in func(Kind) bool) (n int) {
			for k, count := range used {
				if in(k) {
					n += count
				}
			}
			return n
		}
		last, exempt := mostPriority, 0
		for _, o := range orders {
			if s.Priority(o) > last {
				t.Fatalf("%+v comes after one of less", o)
			}
			last = s.Priority(o)
			if ok, _ := s.Admits(o, used); !ok {
				left = append(left, o)
				continue
			}
			if o.Disaster {
				exempt++
			}
			used[o.Kind()]++
		}
		if n := sum(func(Kind) bool { return true }); n > 8+exempt {
			t.Fatalf("%d cards on a day of 8 and %d of a disaster", n, exempt)
		}
		for _, d := range []string{"61.05.01", "61.05.03"} {
			if n := sum(func(k Kind) bool { return k.District == d }); n > 5+exempt {
				t.Fatalf("%d cards for %s", n, d)
			}
		}
		for _, o := range left {
			if ok, _ := s.Admits(o, used); ok {
				t.Fatalf("%+v was left over and could have been made", o)
			}
		}
	}
}

func TestRetention(t *testing.T) {
	t.Parallel()
	s := load(t, "sintang")
	now := at("2026-11-26 08:00")
	for class, after := range Classes {
		if after == Never {
			continue
		}
		before, known := s.ErasedBefore(class, now)
		if !known || before.After(now) {
			t.Errorf("%s: %s %v", class, before, known)
		}
	}
	if before, _ := s.ErasedBefore("fingers", now); !before.Equal(now) {
		t.Error("fingers are kept")
	}
	if before, _ := s.ErasedBefore("attachments", now); !before.Equal(now.AddDate(-1, 0, 0)) {
		t.Errorf("scans are kept from %s", before)
	}
	for _, class := range []string{"secrets", "events"} {
		if _, known := s.ErasedBefore(class, now); known {
			t.Errorf("%s are erased", class)
		}
	}
}
