package registry

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/keys"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/standard"
	"blanko/store/storetest"
)

// An outage is reported once, stops no clock before the data center officer opens it, and only that
// officer opens and ends it.
func TestIncidents(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		down := ReportHealth{Place: "61.05.01", Device: "link", Cause: "network", State: HealthDown, Code: "no_route"}
		s.refuses([]refusal{
			{"health by the counter", officer, down, "registry.not_allowed"},
			{"a state that is none", center, ReportHealth{Device: "link", Cause: "network", State: "tired"}, "registry.bad_operation"},
			{"a SAM that has more than any", center, ReportHealth{Device: "loket-1.sam", Cause: "equipment", State: HealthWorks, Uses: new(keys.MostSAMUses + 1)}, "registry.bad_operation"},
			{"a device that is a sentence", center, ReportHealth{Device: "The printer!", Cause: "equipment", State: HealthDown}, "registry.bad_operation"},
			{"opened by the administrator", admin, OpenIncident{Cause: "power"}, "registry.not_allowed"},
			{"a cause that is none", dataman, OpenIncident{Cause: "weather"}, "registry.bad_operation"},
			{"in the future", dataman, OpenIncident{Cause: "power", BeganAt: s.db.Clock.Now().Add(time.Hour)}, "registry.bad_operation"},
			{"an end of nothing", dataman, EndIncident{Incident: "x"}, "registry.unknown_id"},
		})
		s.do(center, down)
		s.do(center, down)
		list, err := s.r.ListIncidents(bg, IncidentFilter{State: IncidentReported, Limit: 10})
		s.must(err)
		if len(list) != 1 || list[0].Device != "link" || list[0].Place != "61.05.01" || list[0].ReportedBy != center.ID {
			t.Fatalf("incidents %+v", list)
		}
		id := list[0].ID
		s.refused(dataman, EndIncident{Incident: id}, "registry.wrong_state")
		s.db.Clock.Advance(time.Hour)
		s.do(dataman, OpenIncident{Reported: id})
		s.refused(dataman, OpenIncident{Reported: id}, "registry.wrong_state")
		s.do(center, ReportHealth{Place: "61.05.01", Device: "link", Cause: "network", State: HealthWorks})
		s.do(center, down) // again down while the incident is open: it is the same
		s.db.Clock.Advance(time.Hour)
		s.refused(dataman, EndIncident{Incident: id, EndedAt: s.db.Clock.Now().Add(-5 * time.Hour)}, "registry.bad_operation")
		s.do(dataman, EndIncident{Incident: id})
		s.refused(dataman, EndIncident{Incident: id}, "registry.wrong_state")
		if list, err := s.r.ListIncidents(bg, IncidentFilter{Limit: 10}); err != nil || len(list) != 1 || list[0].State != IncidentEnded || list[0].EndedAt.Sub(list[0].BeganAt) != 2*time.Hour {
			t.Errorf("%+v, %v", list, err)
		}
		s.do(center, ReportHealth{Device: "printer", Cause: "equipment", State: HealthDown})
		list, err = s.r.ListIncidents(bg, IncidentFilter{State: IncidentReported, Limit: 10})
		s.must(err)
		s.refused(dataman, DismissIncident{Incident: list[0].ID}, "registry.bad_operation")
		s.do(dataman, DismissIncident{Incident: list[0].ID, Because: Because{Reason: "cable"}})
		h, err := s.r.HealthOf(bg, "", 10)
		s.must(err)
		if len(h) != 2 || h[0].State != HealthDown {
			t.Errorf("health %+v", h)
		}
	})
}

// The 14 days never stop; the 24 hours stand still while an incident of the place, or of all places, is
// open, however many there are at once.
func TestClocks(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a := townsman(0, whole)
		s.listed(a)
		id := s.do(officer, s.application(ktp.TypeNew, a)).Application
		clocks := func() (legal, service Clock) {
			t.Helper()
			list, err := s.r.Clocks(bg, id)
			s.must(err)
			if len(list) != 2 || list[0].ID != "legal" || list[1].ID != "service" {
				t.Fatalf("clocks %+v", list)
			}
			return list[0], list[1]
		}
		hours := func(n int) { s.db.Clock.Advance(time.Duration(n) * time.Hour) }
		hours(10)
		here := s.do(dataman, OpenIncident{Cause: "power", BeganAt: s.db.Clock.Now().Add(-2 * time.Hour)}).Answer
		all := s.do(dataman, OpenIncident{Cause: "network"}).Answer
		elsewhere := s.do(dataman, OpenIncident{Cause: "blanks", Place: "61.05.09"}).Answer
		hours(5)
		s.do(dataman, EndIncident{Incident: all})
		hours(5)
		s.do(dataman, EndIncident{Incident: here})
		hours(20)
		legal, service := clocks()
		if service.Stopped != 12*time.Hour || service.Elapsed != 28*time.Hour || service.Late != 4*time.Hour {
			t.Errorf("24 hours: %+v", service)
		}
		if len(service.By) != 2 || service.By[0].ID != here || service.By[1].ID != all || len(legal.By) != 0 {
			t.Errorf("stopped by %+v, and the 14 days by %+v", service.By, legal.By)
		}
		for _, want := range []struct {
			incident string
			of       []ApplicationID
			here     time.Duration
		}{{here, []ApplicationID{id}, 12 * time.Hour}, {all, []ApplicationID{id}, 5 * time.Hour}, {elsewhere, nil, 0}} {
			i, list, err := s.r.StoppedBy(bg, want.incident, "", 1)
			s.must(err)
			if i.ID != want.incident || len(list) != len(want.of) {
				t.Errorf("%s stopped %+v, want those of %v", i.ID, list, want.of)
			} else if len(list) == 1 && (list[0].Application != id || list[0].ID != "service" || list[0].Here != want.here || list[0].Late != service.Late) {
				t.Errorf("%s stopped %+v for %s", i.Cause, list[0], want.here)
			}
		}
		if _, list, err := s.r.StoppedBy(bg, here, id, 1); err != nil || len(list) != 0 {
			t.Errorf("after the last one: %+v, %v", list, err)
		}
		if legal.Stopped != 0 || legal.Late != 0 || !legal.Due.Equal(storetest.Start.Add(14*day)) {
			t.Errorf("14 days: %+v", legal)
		}
		hours(24 * 14)
		if legal, _ = clocks(); legal.Late != 40*time.Hour {
			t.Errorf("14 days: %+v", legal)
		}
		s.do(officer, AbandonApplication{Application: id, Because: Because{Reason: "applicant"}})
		hours(100)
		if again, _ := clocks(); again.Late != legal.Late {
			t.Errorf("it ended, and the clock runs: %+v", again)
		}
		later := s.do(dataman, OpenIncident{Cause: "power"}).Answer
		hours(1)
		if _, list, err := s.r.StoppedBy(bg, later, "", 1); err != nil || len(list) != 0 {
			t.Errorf("the clocks of an application that was over stopped: %+v, %v", list, err)
		}
	}, func(c *Config) { c.Standard = "national-2018" })
}

// Ready for collection: where it is delivered at the Dinas when it is made. A temporary certificate
// stands for the card until it is handed over.
func TestReadyAndSuket(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		id, r := s.enrolled(0)
		s.refused(officer, IssueSuket{id}, "registry.wrong_state")
		s.do(center, s.centerRecord(id, r, 1))
		s.do(dataman, ReadResult{id})
		first := s.do(officer, IssueSuket{id})
		if first.Answer != "SKT/61.05/2026/000001" || first.Paper != "suket" {
			t.Errorf("%+v", first)
		}
		second := s.do(admin, IssueSuket{id}).Answer // the first was lost
		s.refused(officer, EndSuket{Number: first.Answer, Because: Because{Reason: "lost"}}, "registry.wrong_state")
		s.refused(officer, EndSuket{Number: "SKT/1", Because: Because{Reason: "lost"}}, "registry.unknown_id")
		s.refused(kec, IssueSuket{id}, "registry.not_allowed")
		valid := func() []Suket {
			list, err := s.r.Sukets(bg, SuketFilter{Valid: true, Limit: 10})
			s.must(err)
			return list
		}
		if list := valid(); len(list) != 1 || list[0].Number != second || !list[0].ValidUntil.Equal(s.db.Clock.Now().AddDate(0, 6, 0)) {
			t.Errorf("valid %+v", list)
		}
		s.do(boss, Approve{id})
		s.do(admin, Queue{id})
		s.db.Clock.Advance(time.Hour)
		chip := s.upTo(s.next(line1), jobs.Eject)
		made := s.db.Clock.Now()
		s.db.Clock.Advance(time.Hour)
		list, err := s.r.Clocks(bg, id)
		s.must(err)
		if c := list[0]; !c.Ready.Equal(made) || c.Elapsed != time.Hour {
			t.Errorf("%+v", c)
		}
		s.do(kec, shown(id, chip))
		s.do(Actor{ID: "officer-2", Roles: []access.Role{access.ServiceOfficer}}, HandOver{Application: id, Chip: chip})
		if list := valid(); len(list) != 0 {
			t.Errorf("valid after the hand-over: %+v", list)
		}
		all, err := s.r.Sukets(bg, SuketFilter{Application: id, Limit: 10})
		s.must(err)
		if len(all) != 2 || all[0].Cause != "replaced" || all[1].Cause != "handed_over" {
			t.Errorf("%+v", all)
		}
	})
}

// A late first card and a late extension are fined by the standard of the district, never by the
// national one; a fine is waived by two persons or settled elsewhere, and holds nothing back.
func TestFinesOfTheDistrict(t *testing.T) {
	young := func(day string) resident {
		r := townsman(0, whole)
		born, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		r.Person.BirthDate = born
		return r
	}
	// A foreign resident's card of before is valid by the permit that the list tells.
	holder := func(until time.Time) resident {
		r := townsman(0, foreign)
		r.StayUntil = until
		return r
	}
	year, week, ago := storetest.Start.AddDate(1, 0, 0), storetest.Start.AddDate(0, 0, 7), storetest.Start.AddDate(0, 0, -3)
	renewed := storetest.Start.AddDate(5, 0, 0)
	for name, c := range map[string]struct {
		r    resident
		kind ktp.ApplicationType
		stay time.Time // shown
		code string
		days int
	}{
		"in time":                            {young("2009-11-01"), ktp.TypeNew, time.Time{}, "", 0},
		"on the last day":                    {young("2009-10-24"), ktp.TypeNew, time.Time{}, "", 0},
		"a day late":                         {young("2009-10-23"), ktp.TypeNew, time.Time{}, "late_first_card", 1},
		"a replacement is no first":          {young("2000-01-01"), ktp.TypeDamaged, time.Time{}, "", 0},
		"a permit that ends in a year":       {holder(year), ktp.TypeForeignExtension, renewed, "", 0},
		"a permit that ends in a week":       {holder(week), ktp.TypeForeignExtension, week, "late_permit", 23},
		"and the renewed one is shown":       {holder(week), ktp.TypeForeignExtension, renewed, "late_permit", 23},
		"a permit that ended, replaced":      {holder(ago), ktp.TypeForeignReplacement, renewed, "late_permit", 33},
		"a permit that the list tells not":   {holder(time.Time{}), ktp.TypeForeignExtension, renewed, "", 0},
		"a first card of a foreign resident": {holder(year), ktp.TypeForeignNew, renewed, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newRoom(t, storetest.SQLite(t))
			s.listed(c.r)
			o := s.application(c.kind, c.r)
			o.StayUntil = c.stay
			id := s.do(officer, o).Application
			list, err := s.r.ListFines(bg, FineFilter{Application: id, Limit: 10})
			s.must(err)
			if c.code == "" {
				if len(list) > 0 {
					t.Errorf("fined %+v", list)
				}
				return
			}
			if len(list) != 1 || list[0].Code != c.code || list[0].Days != c.days || list[0].Basis == "" || list[0].Amount < 25000 {
				t.Fatalf("fines %+v", list)
			}
			f := list[0].ID
			s.refuses([]refusal{
				{"waived by one", officer, WaiveFine{Fine: f, Basis: "SK/1"}, "registry.second_person_missing"},
				{"waived without a basis", officer, WaiveFine{Fine: f, Second: boss}, "registry.bad_operation"},
				{"settled without a receipt", officer, SettleFine{Fine: f}, "registry.bad_operation"},
				{"one that is none", officer, SettleFine{Fine: "0", Receipt: "1"}, "registry.unknown_id"},
			})
			if c.code == "late_first_card" {
				s.do(officer, WaiveFine{Fine: f, Basis: "SK/1/2026", Second: boss})
			} else {
				s.do(officer, SettleFine{Fine: f, Receipt: "BKD-77"})
			}
			s.refused(officer, SettleFine{Fine: f, Receipt: "BKD-78"}, "registry.wrong_state")
			s.toCenter(id, c.r) // nothing waits for a fine
		})
	}
	t.Run("the national standard fines nobody", func(t *testing.T) {
		t.Parallel()
		s := newRoom(t, storetest.SQLite(t), func(c *Config) { c.Standard = "national-2018" })
		r := young("2000-01-01")
		s.listed(r)
		s.do(officer, s.application(ktp.TypeNew, r))
		if list, err := s.r.ListFines(bg, FineFilter{Limit: 10}); err != nil || len(list) > 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// Who is too young and was never married has no card yet, whatever is presented.
func TestNotObligedYet(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		r := townsman(0, whole)
		r.Person.BirthDate = storetest.Start.AddDate(-16, 0, 0).Truncate(24 * time.Hour)
		wed := townsman(1, whole)
		wed.Person.BirthDate, wed.MarriedOn = r.Person.BirthDate, storetest.Start.AddDate(0, -1, 0).Truncate(24*time.Hour)
		told := townsman(2, whole) // married on a day that the list does not tell
		told.Person.BirthDate = r.Person.BirthDate
		s.listed(r, wed, told)
		s.refused(officer, s.application(ktp.TypeNew, r), "registry.requirement_missing")
		s.do(officer, s.application(ktp.TypeNew, wed))
		o := s.application(ktp.TypeNew, told)
		o.Requirements = append(o.Requirements, Presented{ID: "marriage_certificate"})
		id := s.do(officer, o).Application
		s.do(officer, Attach{Application: id, Class: AttachmentForm, MIME: "application/pdf", Data: []byte("%PDF")})
		for _, paper := range []string{"family_card", "rt_rw_letter"} {
			s.do(officer, Attach{Application: id, Class: "requirement." + paper, MIME: "application/pdf", Data: []byte("%PDF")})
		}
		s.refused(officer, Examine{id}, "registry.scan_missing")
		s.do(officer, Attach{Application: id, Class: "requirement.marriage_certificate", MIME: "application/pdf", Data: []byte("%PDF")})
		s.do(officer, Examine{id})
	})
}

// Applications note the standard that was in force, by id and hash, and keep it.
func TestApplicationsKeepTheirStandard(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(admin, boss)
		a, b := townsman(0, whole), townsman(1, whole)
		s.listed(a, b)
		national := UseStandard{Content: strings.NewReplacer(`version: "1"`, `version: "2"`, "hours: 24,", "hours: 12,").Replace(standard.File("national-2018"))}
		first := s.do(officer, s.application(ktp.TypeNew, a)).Application
		p, err := s.r.Propose(bg, admin, national, "p1")
		s.must(err)
		if now, err := s.r.Standard(bg); err != nil || now.ID != "sintang" {
			t.Errorf("in force %s, %v", now.ID, err)
		}
		s.do(boss, Decide{Proposal: p.Answer, Agree: true})
		second := s.do(officer, s.application(ktp.TypeNew, b)).Application
		was, had, err := s.r.Intake(bg, first)
		s.must(err)
		is, has, err := s.r.Intake(bg, second)
		s.must(err)
		now, err := s.r.Standard(bg)
		s.must(err)
		if was.Standard != "sintang/1" || is.Standard != "national-2018/2" || is.StandardHash != now.Hash() || was.StandardHash == is.StandardHash {
			t.Errorf("noted %s and %s", was.Standard, is.Standard)
		}
		if len(had) <= len(has) { // the letter of the RT/RW is asked for no more
			t.Errorf("requirements %+v, then %+v", had, has)
		}
		for id, hours := range map[ApplicationID]time.Duration{first: 24, second: 12} {
			if list, err := s.r.Clocks(bg, id); err != nil || len(list) != 2 || list[0].Limit != 14*day || list[1].Limit != hours*time.Hour {
				t.Errorf("clocks %+v, %v; want %d hours", list, err, hours)
			}
		}
		// A version says one thing for good, also after another was in force, and also one that ships.
		for _, from := range []string{"sintang", "national-2018"} {
			bent := strings.Replace(standard.File(from), "hours: 336", "hours: 335", 1)
			s.refused(admin, UseStandard{Content: bent, Second: boss}, "registry.bad_operation")
		}
		s.refused(admin, UseStandard{Content: strings.Repeat("#", longestStandard+1), Second: boss}, "registry.bad_operation")
		s.do(admin, UseStandard{Content: standard.File("sintang"), Second: boss})
		if now, err := s.r.Standard(bg); err != nil || now.ID != "sintang" {
			t.Errorf("in force %s, %v", now.ID, err)
		}
	})
}

// A temporary certificate stands for a card that will come: it ends with an application of which none comes.
func TestSuketEndsWithItsApplication(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n, c := range []struct {
			end   func(ApplicationID)
			cause string
		}{
			{func(id ApplicationID) { s.do(center, WithdrawRecord{id, 1, "died"}) }, "withdrawn"},
			{func(id ApplicationID) {
				s.do(admin, CancelApplication{Application: id, Because: Because{Reason: "applicant"}})
			}, "cancelled"},
		} {
			s.do(center, delivery(record(n+1, 1)))
			id := appID(n + 1)
			s.do(officer, IssueSuket{id})
			if n == 1 {
				s.do(boss, Approve{id})
			}
			c.end(id)
			list, err := s.r.Sukets(bg, SuketFilter{Application: id, Limit: 10})
			s.must(err)
			if len(list) != 1 || list[0].Valid || list[0].Cause != c.cause {
				t.Errorf("%s: %+v", c.cause, list)
			}
		}
	})
}

// The year of a number is that of the office's calendar: in Sintang the new year begins seven hours before Greenwich.
func TestNumbersAreOfTheYearOfTheOffice(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		now := s.db.Clock.Now()
		s.db.Clock.Advance(time.Date(now.Year(), time.December, 31, 20, 0, 0, 0, time.UTC).Sub(now))
		year := fmt.Sprint(now.Year() + 1)
		for _, number := range []string{
			s.do(keeper, OpenDestruction{}).Answer, s.do(admin, OpenConsignment{ConsignmentOut, "kec.sepauk"}).Answer,
		} {
			if !strings.Contains(number, "-"+year+"-") {
				t.Errorf("%s in the year %s", number, year)
			}
		}
	})
}

// What breaks at a counter of the Dinas stops the clock of the Dinas; what breaks everywhere, that of everybody.
func TestDinasIsOnePlaceOfMany(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		a, b := townsman(0, whole), townsman(1, whole)
		s.listed(a, b)
		there := Actor{ID: "officer-2", Roles: officer.Roles, Place: "kec.sepauk"}
		atDinas, atSepauk := s.do(officer, s.application(ktp.TypeNew, a)).Application, s.do(there, s.application(ktp.TypeNew, b)).Application
		stopped := func(id ApplicationID) time.Duration {
			t.Helper()
			list, err := s.r.Clocks(bg, id)
			s.must(err)
			return list[1].Stopped
		}
		counter := Actor{ID: deskPrefix + "loket-1", Roles: []access.Role{access.DeskAgent}}
		s.do(counter, ReportHealth{Device: "loket-1.finger", Cause: "equipment", State: HealthDown})
		list, err := s.r.ListIncidents(bg, IncidentFilter{Place: Dinas, Limit: 10})
		s.must(err)
		if len(list) != 1 {
			t.Fatalf("incidents %+v", list)
		}
		s.do(dataman, OpenIncident{Reported: list[0].ID})
		s.db.Clock.Advance(time.Hour)
		if d, k := stopped(atDinas), stopped(atSepauk); d != time.Hour || k != 0 {
			t.Errorf("stopped %s at the Dinas, %s at Sepauk", d, k)
		}
		s.do(dataman, EndIncident{Incident: list[0].ID})
		s.do(dataman, OpenIncident{Cause: "power"})
		s.db.Clock.Advance(time.Hour)
		if d, k := stopped(atDinas), stopped(atSepauk); d != 2*time.Hour || k != time.Hour {
			t.Errorf("stopped %s at the Dinas, %s at Sepauk", d, k)
		}
		incidents, err := s.r.ListIncidents(bg, IncidentFilter{Limit: 10})
		s.must(err)
		for _, i := range incidents {
			var got []ApplicationID
			for after, more := ApplicationID(""), true; more; {
				_, list, err := s.r.StoppedBy(bg, i.ID, after, 1)
				s.must(err)
				for _, c := range list {
					after = c.Application
					got = append(got, after)
				}
				more = len(list) > 0
			}
			want := []ApplicationID{atDinas}
			if i.Place == "" {
				want = append(want, atSepauk)
			}
			if slices.Sort(want); !slices.Equal(got, want) {
				t.Errorf("the incident at %q stopped clocks of %v, want %v", i.Place, got, want)
			}
		}
	}, func(c *Config) { c.Standard = "national-2018" })
}
