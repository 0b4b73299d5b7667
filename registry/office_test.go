package registry

import (
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
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
		s.do(dataman, DismissIncident{Incident: list[0].ID, Reason: "cable"})
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
		clock := func() Clock {
			t.Helper()
			c, err := s.r.Clock(bg, id)
			s.must(err)
			return c
		}
		hours := func(n int) { s.db.Clock.Advance(time.Duration(n) * time.Hour) }
		hours(10)
		here := s.do(dataman, OpenIncident{Cause: "power", BeganAt: s.db.Clock.Now().Add(-2 * time.Hour)}).Answer
		all := s.do(dataman, OpenIncident{Cause: "network"}).Answer
		s.do(dataman, OpenIncident{Cause: "blanks", Place: "61.05.09"}) // elsewhere
		hours(5)
		s.do(dataman, EndIncident{Incident: all})
		hours(5)
		s.do(dataman, EndIncident{Incident: here})
		hours(20)
		c := clock()
		if c.Stopped != 12*time.Hour || c.Worked != 28*time.Hour || c.HoursLate != 4*time.Hour || c.Late != 0 || !c.Due.Equal(storetest.Start.Add(14*day)) ||
			!slices.Equal(c.Causes, []string{"power", "network"}) {
			t.Errorf("%+v", c)
		}
		hours(24 * 14)
		if c := clock(); c.Late != 40*time.Hour {
			t.Errorf("%+v", c)
		}
	})
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
		s.refused(officer, EndSuket{Number: first.Answer, Reason: "lost"}, "registry.wrong_state")
		s.refused(officer, EndSuket{Number: "SKT/1", Reason: "lost"}, "registry.unknown_id")
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
		c, err := s.r.Clock(bg, id)
		s.must(err)
		if !c.Ready.Equal(made) || c.Worked != time.Hour {
			t.Errorf("%+v", c)
		}
		s.do(kec, VerifyHolder{Application: id, Chip: chip, Score: 70})
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
