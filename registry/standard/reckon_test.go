package standard

import (
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
	incidents := []Span{
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
	lasting := append(incidents, Span{Cause: "equipment", From: at("2026-11-26 18:00")})
	if got, want := service.Due(from, at("2026-11-26 20:00"), lasting), at("2026-11-27 15:30"); !got.Equal(want) {
		t.Errorf("due %s while it lasts, want %s", got, want)
	}
	if service.Late(from, at("2026-11-27 13:00"), incidents) > 0 || service.Late(from, at("2026-11-27 14:00"), incidents) != 30*time.Minute {
		t.Error("late is not counted from the due time")
	}
	if service.Elapsed(from, from.Add(-time.Hour), nil) != 0 {
		t.Error("a clock ran backwards")
	}
}

// A clock that stops never runs faster than time, and is due exactly when it ran out.
func TestClockProperties(t *testing.T) {
	t.Parallel()
	c := Clock{Hours: 24, Stops: Causes}
	rapid.Check(t, func(t *rapid.T) {
		from := at("2026-11-26 08:00")
		var list []Span
		for range rapid.IntRange(0, 6).Draw(t, "incidents") {
			begin := from.Add(time.Duration(rapid.IntRange(-50, 50).Draw(t, "begin")) * time.Hour)
			list = append(list, Span{rapid.SampledFrom(Causes).Draw(t, "cause"), begin, begin.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)})
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

func TestShortage(t *testing.T) {
	t.Parallel()
	s := load(t, "sintang").Shortage
	for _, c := range []struct {
		o     Order
		class string
	}{
		{Order{Type: ktp.TypeNew}, "first_card"},
		{Order{Type: ktp.TypeLost}, "lost"},
		{Order{Type: ktp.TypeLost, Disaster: true}, "disaster"},
		{Order{Type: ktp.TypeDataChange, Backlog: true}, "backlog"},
		{Order{Type: ktp.TypeNew, Backlog: true}, "first_card"},
		{Order{Type: ktp.TypeDataChange}, "change"},
	} {
		if class, found := s.Class(c.o); !found || class.ID != c.class {
			t.Errorf("%+v is %s, want %s", c.o, class.ID, c.class)
		}
	}
	for _, row := range ktp.ApplicationTypes {
		if _, found := s.Class(Order{Type: row.Type}); !found {
			t.Errorf("%s has no class", row.Type)
		}
	}
	s.PerDay, s.PerDistrict = 10, 3
	for _, c := range []struct {
		o    Order
		u    Used
		want bool
	}{
		{Order{}, Used{9, 2}, true}, {Order{}, Used{10, 0}, false}, {Order{}, Used{5, 3}, false}, {Order{Disaster: true}, Used{99, 99}, true},
	} {
		if s.Admits(c.o, c.u) != c.want {
			t.Errorf("%+v, %+v: %v", c.o, c.u, !c.want)
		}
	}
}

func TestRetention(t *testing.T) {
	t.Parallel()
	s := load(t, "sintang")
	now := at("2026-11-26 08:00")
	for class := range Classes {
		before, known := s.ErasedBefore(class, now)
		if !known || before.After(now) {
			t.Errorf("%s: %s %v", class, before, known)
		}
	}
	if before, _ := s.ErasedBefore("fingers", now); !before.Equal(now) {
		t.Error("fingers are kept")
	}
	if _, known := s.ErasedBefore("secrets", now); known {
		t.Error("an unknown class is known")
	}
}
