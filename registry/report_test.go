package registry

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/store"
)

// The daily book is read from the events, page by page, by day at the station and by place.
func TestDailyBook(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.delivered(1)
		s.do(sepauk, shown(appID(1), chip))
		s.do(desk, HandOver{Application: appID(1), Chip: chip})
		spoiled := s.produced(2, "")
		s.do(admin, ReturnCard{Application: appID(2), Chip: spoiled, Because: Because{Reason: "damaged"}})
		s.do(officer, RegisterComplaint{Channel: "in_person", Subject: "waiting", Text: "Lama.", FullName: "WARGA", Contact: "0812"})
		a := townsman(0, whole)
		s.listed(a)
		id := s.do(officer, s.application(ktp.TypeNew, a)).Application
		s.db.Clock.Advance(24 * time.Hour)
		s.do(center, delivery(record(3, 1))) // of another day

		// Start is 15:00 in Sintang (WIB), so that the day is that of Start.
		pages := func(f BookFilter) (list []BookEntry) {
			t.Helper()
			for {
				page, err := s.r.DailyBook(bg, f)
				s.must(err)
				if len(page) == 0 {
					return list
				}
				list = append(list, page...)
				f.After = page[len(page)-1].Sequence
			}
		}
		told := func(list []BookEntry) (lines []string) {
			for _, b := range list {
				lines = append(lines, fmt.Sprint(b.Kind, " ", b.Application, " ", b.Type, " ", b.Place, " ", b.Actor, " ", b.Cause))
			}
			return lines
		}
		want := []string{
			"application req-1 new dinas center ", "handover req-1 new kec.sepauk officer-sepauk ", "application req-2 new dinas center ",
			"return req-2 new dinas admin-1 damaged", "complaint   dinas officer-1 ", "application " + string(id) + " new dinas officer-1 ",
		}
		for _, limit := range []int{1, 2, 100} {
			if got := told(pages(BookFilter{Day: "2026-11-23", Limit: limit})); !slices.Equal(got, want) {
				t.Errorf("pages of %d: got\n%s\nwant\n%s", limit, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		if got := told(pages(BookFilter{Day: "2026-11-23", Place: "kec.sepauk", Limit: 1})); !slices.Equal(got, want[1:2]) {
			t.Errorf("at Sepauk %q", got)
		}
		if got := told(pages(BookFilter{Limit: 10})); len(got) != 1 {
			t.Errorf("today %q", got)
		}
		_, err := s.r.DailyBook(bg, BookFilter{Day: "23-11-2026", Limit: 10})
		s.wants(err, "registry.bad_operation")
	})
}

// Whoever went before others stands in one list, of the counter and of the back office.
func TestQueueJumps(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for range 2 {
			s.do(officer, TakeTicket{})
		}
		s.do(officer, CallThis{Number: 2, Because: Because{Reason: "frail"}})
		s.do(center, delivery(record(1, 1)))
		s.do(boss, TakeThis{Application: appID(1), Task: TaskApprove, Because: Because{Reason: "journey"}, Second: Actor{ID: "boss-2", Roles: boss.Roles}})
		now := s.db.Clock.Now()
		list, err := s.r.QueueJumps(bg, JumpFilter{From: now.Add(-time.Hour), To: now.Add(time.Hour), Limit: 10})
		s.must(err)
		if len(list) != 2 || list[0].Queue != "counter" || list[0].Number != "2" || list[0].Reason != "frail" || list[1].Queue != "work" ||
			list[1].Actor != boss.ID || list[1].Second != "boss-2" || list[1].Application != appID(1) {
			t.Errorf("jumps %+v", list)
		}
		if list, err = s.r.QueueJumps(bg, JumpFilter{From: now.Add(-time.Hour), To: now.Add(time.Hour), Actor: boss.ID, Limit: 10}); err != nil || len(list) != 1 {
			t.Errorf("of one officer %+v, %v", list, err)
		}
		if list, err = s.r.QueueJumps(bg, JumpFilter{From: now.Add(time.Hour), To: now.Add(2 * time.Hour), Limit: 10}); err != nil || len(list) != 0 {
			t.Errorf("later %+v, %v", list, err)
		}
		m, err := s.r.Report(bg, ReportFilter{Month: "2026-11"})
		s.must(err)
		if !slices.Contains(m.Exceptions, ExceptionCount{officer.ID, exceptionCall, "frail", 1}) || !slices.Contains(m.Exceptions, ExceptionCount{boss.ID, exceptionWork, "journey", 1}) {
			t.Errorf("exceptions %+v", m.Exceptions)
		}
	})
}

// placedRecord is the record of somebody who lives in a village.
func placedRecord(n int, region string) ReceiveRecord {
	r := record(n, 1)
	r.Person.RegionCode = region
	return delivery(r)
}

// The same rows are counted for the kelurahan, for its kecamatan and for the Dinas.
func TestMonthlyReport(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		const sepaukOne, sepaukTwo, serawai = "61.05.03.2001", "61.05.03.2002", "61.05.12.2001"
		for n, region := range []string{sepaukOne, sepaukOne, sepaukTwo, serawai} {
			s.do(center, placedRecord(n+1, region))
			s.do(boss, Approve{appID(n + 1)})
			s.do(admin, Queue{appID(n + 1)})
		}
		chip := s.upTo(s.next(line1), jobs.Eject)
		s.do(kec, shown(appID(1), chip))
		s.do(officer, HandOver{Application: appID(1), Chip: chip})
		o := s.next(line1)
		s.reject(o, s.upTo(o, jobs.Feed), "applet.card_mute")
		s.do(center, WithdrawRecord{ID: appID(3), Version: 1, Reason: "died"})

		sum := func(region, table, item string) (n int) {
			t.Helper()
			m, err := s.r.Report(bg, ReportFilter{Month: "2026-11", Region: region})
			s.must(err)
			for _, c := range m.Counts {
				if c.Table == table && c.Item == item {
					n += c.Count
				}
			}
			if region != "" && len(m.Exceptions) > 0 {
				t.Errorf("%s tells of officers", region)
			}
			return n
		}
		for _, c := range []struct {
			table, item                  string
			dinas, sepauk, first, second int
		}{
			{ReportReceived, "new", 4, 3, 2, 1},
			{ReportHandedOver, "new", 1, 1, 1, 0},
			{ReportSpoiled, "applet.card_mute", 1, 1, 1, 0},
			{ReportEnded, "withdrawn", 1, 1, 0, 1},
		} {
			got := [4]int{sum("", c.table, c.item), sum("61.05.03", c.table, c.item), sum(sepaukOne, c.table, c.item), sum(sepaukTwo, c.table, c.item)}
			if got != [4]int{c.dinas, c.sepauk, c.first, c.second} {
				t.Errorf("%s %s: %v", c.table, c.item, got)
			}
		}
		if n := sum("", ReportReceived, "lost"); n != 0 {
			t.Errorf("%d lost", n)
		}
		if m, err := s.r.Report(bg, ReportFilter{Month: "2026-12"}); err != nil || len(m.Counts) != 0 {
			t.Errorf("next month %+v, %v", m, err)
		}
		for _, f := range []ReportFilter{{Month: "11-2026"}, {Month: "2026-11", Region: "61"}} {
			_, err := s.r.Report(bg, f)
			s.wants(err, "registry.bad_operation")
		}
	})
}

// What broke at the Dinas stopped the 24 hours of what was taken there, in the report as well.
func TestReportOfAStoppedClock(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a := townsman(0, whole)
		s.listed(a)
		id := s.do(officer, s.application(ktp.TypeNew, a)).Application
		incident := s.do(dataman, OpenIncident{Cause: "power", Place: Dinas}).Answer
		s.db.Clock.Advance(10 * time.Hour)
		s.do(dataman, EndIncident{Incident: incident})
		s.db.Clock.Advance(20 * time.Hour)
		s.becomesReady(id)
		m, err := s.r.Report(bg, ReportFilter{Month: "2026-11"})
		s.must(err)
		if !slices.ContainsFunc(m.Counts, func(c ReportCount) bool { return c.Table == "clock:service" && c.Item == clockInTime }) {
			t.Errorf("late, though the clock stood still: %+v", m.Counts)
		}
	}, func(c *Config) { c.Standard = "national-2018" })
}

// becomesReady notes that the card of an application can be collected now.
func (s *room) becomesReady(id ApplicationID) {
	s.Helper()
	s.must(s.store.Write(bg, func(tx *store.Tx) error {
		in, err := (&act{r: s.r, tx: tx}).intake(id)
		if err != nil {
			return err
		}
		in.ReadyAt = tx.Now()
		return in.save(tx)
	}))
}

// The two clocks of what became ready: the 24 hours are over, the 14 days are not.
func TestReportOfClocks(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a := townsman(0, whole)
		s.listed(a)
		id := s.do(officer, s.application(ktp.TypeNew, a)).Application
		s.db.Clock.Advance(30 * time.Hour)
		s.becomesReady(id)
		m, err := s.r.Report(bg, ReportFilter{Month: "2026-11", Region: a.Person.RegionCode[:8]})
		s.must(err)
		where := ReportCount{District: a.Person.RegionCode[:8], Village: a.Person.RegionCode, Count: 1}
		for table, item := range map[string]string{"clock:legal": clockInTime, "clock:service": clockLate, ReportReady: "new", ReportReceived: "new"} {
			want := where
			want.Table, want.Item = table, item
			if !slices.Contains(m.Counts, want) {
				t.Errorf("no %+v in %+v", want, m.Counts)
			}
		}
	})
}

func TestUncollectedByVillage(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n, region := range []string{"61.05.12.2001", "61.05.03.2001", "61.05.03.2001"} {
			s.do(center, placedRecord(n+1, region))
			s.do(boss, Approve{appID(n + 1)})
			s.do(admin, Queue{appID(n + 1)})
			s.upTo(s.next(line1), jobs.Eject)
		}
		s.db.Clock.Advance(uncollectedAfter)
		for n := 1; n <= 3; n++ {
			s.do(admin, LeaveUncollected{appID(n)})
		}
		s.db.Clock.Advance(5 * day)
		var got []string
		f := UncollectedFilter{Limit: 1}
		for {
			page, err := s.r.UncollectedCards(bg, f)
			s.must(err)
			if len(page) == 0 {
				break
			}
			got = append(got, fmt.Sprint(page[0].Village, " ", page[0].Application, " ", page[0].Place, " ", page[0].Days))
			f.AfterVillage, f.After = page[0].Village, page[0].Application
		}
		if want := []string{"61.05.03.2001 req-2 dinas 5", "61.05.03.2001 req-3 dinas 5", "61.05.12.2001 req-1 dinas 5"}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		if list, err := s.r.UncollectedCards(bg, UncollectedFilter{Region: "61.05.12", Limit: 10}); err != nil || len(list) != 1 {
			t.Errorf("of a kecamatan %+v, %v", list, err)
		}
	})
}

// The station itself notes who did not come: only where the card is where its holder would fetch it, only
// in time, and once.
func TestLeaveDue(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		s.delivered(1)
		s.produced(2, "")
		s.produced(3, "kec.sepauk") // not sent yet
		left := func(want ...ApplicationID) {
			t.Helper()
			if got, err := s.r.LeaveDue(bg, center); err != nil || !slices.Equal(got, want) {
				t.Errorf("left %v, %v; want %v", got, err, want)
			}
		}
		left()
		s.db.Clock.Advance(uncollectedAfter)
		s.produced(4, "")
		left(appID(1), appID(2))
		left()
		s.state(1, Uncollected)
		s.state(3, Produced)
		s.state(4, Produced)
		s.sound()
	})
}

// Recorded days: ten applications and four cards a day. The forecast of the days that the backlog takes
// is what the record shows when nothing new comes, within a tenth.
func TestForecast(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		n := 0
		daily := func(apps, cards int) {
			t.Helper()
			for range apps {
				n++
				s.do(center, delivery(record(n, 1)))
				s.do(boss, Approve{appID(n)})
				s.do(admin, Queue{appID(n)})
			}
			for range cards {
				s.upTo(s.next(line1), jobs.Eject)
			}
			s.db.Clock.Advance(24 * time.Hour)
		}
		if f, err := s.r.Forecast(bg, 7); err != nil || f.Known() || f.Backlog != 0 || f.ToClear != 0 || f.ToEmpty != 0 {
			t.Errorf("an empty station %+v, %v", f, err)
		}
		const days, apps, made = 3, 5, 2
		for d := range days {
			daily(apps, made)
			if f, err := s.r.Forecast(bg, 14); err != nil || f.Days != d+1 || f.PerDay != made { // not over days before its first
				t.Errorf("after %d days %+v, %v", d+1, f, err)
			}
		}
		f, err := s.r.Forecast(bg, days)
		s.must(err)
		if f.Backlog != days*(apps-made) || f.Finished != days*made || f.Entered != days*apps || f.GrowthDay != apps-made || f.ToEmpty != never {
			t.Fatalf("forecast %+v", f)
		}
		took := 0.0
		for left := f.Backlog; left > 0; left -= made {
			daily(0, min(made, left))
			took += math.Min(1, float64(left)/made)
		}
		if math.Abs(f.ToClear-took) > took/10 {
			t.Errorf("forecast %.1f days, it took %.1f", f.ToClear, took)
		}
		if f, err = s.r.Forecast(bg, 1); err != nil || f.Backlog != 0 {
			t.Errorf("after it %+v, %v", f, err)
		}
		_, err = s.r.Forecast(bg, 0)
		s.wants(err, "registry.bad_operation")
	})
}
