package registry

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
	"blanko/store/storetest"
)

// A district after years: residents for every application, five to one.
const (
	smallOffice         = 1_000
	largeOffice         = 100_000
	residentsPerRequest = 5
)

// benchResident is resident n of the list. Nothing in it belongs to a living person.
func benchResident(n int) Resident {
	p := record(1, 1).Person
	p.NIK = ktp.NIK(fmt.Sprintf("61050141%02d%06d", n/1_000_000+70, n%1_000_000))
	p.FamilyCard, p.BirthPlace, p.Street, p.RT, p.RW = "6105010101010001", "SINTANG", "JALAN UJI", "001", "002"
	p.Names = []string{fmt.Sprintf("PENDUDUK %d", n)}
	p.RegionCode = fmt.Sprintf("61.05.%02d.%04d", 1+n%14, 2001+n%30)
	return Resident{ID: fmt.Sprintf("r-%07d", n), Person: p}
}

// imported brings n residents in by the operation.
func (s *room) imported(n int) {
	for at := 0; at < n; at += mostResidents {
		op := ImportResidents{Version: "dpt-1"}
		for i := at; i < min(n, at+mostResidents); i++ {
			op.Rows = append(op.Rows, benchResident(i))
		}
		s.do(dataman, op)
	}
}

// grown is an office with n applications, most of them handed over, and everything that stands behind
// them, written past the operations.
func grown(b *testing.B, db storetest.DB, n int) *room {
	b.Helper()
	s := newRoom(b, db)
	s.imported(n * residentsPerRequest)
	s.do(dataman, UseResidents{Version: "dpt-1", Residents: n * residentsPerRequest})
	s.must(s.store.Write(bg, func(tx *store.Tx) error {
		blob := "blob"
		if tx.ForUpdate() != "" {
			blob = "bytea"
		}
		head, err := audit.HeadOf(tx)
		if err != nil {
			return err
		}
		const states = `case i % 20 when 0 then 'print ready' when 1 then 'approved' when 2 then 'received' when 3 then 'returned' when 4 then 'produced' when 5 then 'withdrawn' else 'handed over' end`
		numbers := func(n int) string {
			return `with recursive n (i) as (select 1 union all select i + 1 from n where i < ` + fmt.Sprint(n) + `) `
		}
		const each = 8 // events of an application
		return past(tx,
			numbers(n)+`insert into application (`+applicationColumns+`) select 'old-' || i, 'center', 'new', `+states+`, i * 1000, '', '', '', cast('p' || i as `+blob+`), 1, i % 10, i * 1000, i * 1000, 'c', 'b', 'a', '', 0, 0, '[]', 0, 0 from n`,
			numbers(n)+`insert into card_order (id, application, person, state, priority, due, held, needs_record, valid_until, fence, line, attempt, lease_until, pinned, created_at, seq)
				select 'o' || i, 'old-' || i, cast('p' || i as `+blob+`), 'done', 4, i % 1000, 0, 0, 0, 1, 'line-1', '', 0, 0, i * 1000, i from n`,
			numbers(n)+`insert into attempt (id, card_order, application, person, line, kind, state, chip, fed, successor, condemned, ended, cause, match, score, place, started_at, ended_at)
				select substr('00000000000000000000000000000000', 1, 32 - length('' || i)) || i, 'o' || i, 'old-' || i, cast('p' || i as `+blob+`), 'line-1', 'inline', 'out', 'OLD' || i, 1, 0, 0, 1, '', 'matched_1_1', 80, '', i * 1000, i * 1000 from n`,
			numbers(n)+`insert into card (chip, attempt, application, person, state, held, cause, made_at, in_force_at, retired_at)
				select 'OLD' || i, substr('00000000000000000000000000000000', 1, 32 - length('' || i)) || i, 'old-' || i, cast('p' || i as `+blob+`), 'in force', '', '', i, i, 0 from n`,
			numbers(n)+`insert into blank (chip, lot, place, attempt, since)
				select 'OLD' || i, '`+lotA+`', 'holder', substr('00000000000000000000000000000000', 1, 32 - length('' || i)) || i, i * 1000 from n`,
			numbers(each*n)+`insert into event (id, at, actor, code, application, card_order, attempt, chip, line, detail, prev, hash)
				select `+fmt.Sprint(head.ID)+` + i, i * 100, 'c', 'application.deliver', 'old-' || (1 + i / 8), '', '', '', '', '{}', cast('v' || i as `+blob+`), cast('h' || i as `+blob+`) from n`,
			`update event_head set id = id + `+fmt.Sprint(each*n))
	}))
	s.must(s.store.EmptyLog(bg))
	s.analyzed()
	return s
}

// stopwatch collects how long things took, by office.
type stopwatch struct {
	names []string
	took  [2]map[string][]time.Duration
}

func (w *stopwatch) time(office int, name string, f func()) {
	began := time.Now()
	f()
	d := time.Since(began)
	if w.took[office] == nil {
		w.took[office] = map[string][]time.Duration{}
	}
	if office == 0 && len(w.took[0][name]) == 0 {
		w.names = append(w.names, name)
	}
	w.took[office][name] = append(w.took[office][name], d)
}

func (w *stopwatch) median(office int, name string) float64 {
	list := w.took[office][name]
	slices.Sort(list)
	return float64(list[len(list)/2].Nanoseconds()) / 1000
}

// report gives the median of each thing in the large office, and how many times longer it is than in
// the small one.
func (w *stopwatch) report(b *testing.B) {
	for _, name := range w.names {
		small, large := w.median(0, name), w.median(1, name)
		b.ReportMetric(large, name+"-us")
		b.ReportMetric(large/small, name+"-ratio")
		b.Logf("%-24s %9.0f us of %d applications, %9.0f us of %d: %.1f times", name, small, smallOffice, large, largeOffice, large/small)
	}
}

// databases are what is measured: both, without doing writes twice.
var databases = []struct {
	name  string
	fresh func(testing.TB) storetest.DB
}{{"sqlite", storetest.SQLite}, {"postgres", storetest.PostgreSQLOnce}}

// BenchmarkOffice asks and does the same in an office of 1,000 applications and 5,000 residents, and in
// one of 100,000 and 500,000.
func BenchmarkOffice(b *testing.B) {
	for _, d := range databases {
		b.Run(d.name, func(b *testing.B) {
			offices := [2]*room{grown(b, d.fresh(b), smallOffice), grown(b, d.fresh(b), largeOffice)}
			var w stopwatch
			round := 0
			for b.Loop() {
				for i, s := range offices {
					s.askAll(&w, i)
					s.doAll(&w, i, round)
				}
				round++
			}
			w.report(b)
		})
	}
}

// askAll asks every question that a list or a search asks.
func (s *room) askAll(w *stopwatch, office int) {
	n := []int{smallOffice, largeOffice}[office]
	middle := ApplicationID(fmt.Sprintf("old-%d", n/2))
	ask := func(name string, want int, f func(ctx context.Context) (int, error)) {
		w.time(office, name, func() {
			got, err := f(bg)
			if err != nil || got != want {
				s.Fatalf("%s: %d, %v; want %d", name, got, err, want)
			}
		})
	}
	const page = 20
	ask("list", page, func(ctx context.Context) (int, error) {
		l, err := s.r.ListApplications(ctx, "", middle, page)
		return len(l), err
	})
	ask("list-state", page, func(ctx context.Context) (int, error) {
		l, err := s.r.ListApplications(ctx, PrintReady, "old-3", page)
		return len(l), err
	})
	ask("list-empty-state", 0, func(ctx context.Context) (int, error) {
		l, err := s.r.ListApplications(ctx, Reconfirm, "", page)
		return len(l), err
	})
	ask("detail", 1, func(ctx context.Context) (int, error) {
		d, err := s.r.Application(ctx, middle)
		return len(d.Cards), err
	})
	ask("nik", 1, func(ctx context.Context) (int, error) {
		l, err := s.r.Residents(ctx, ResidentFilter{NIK: benchResident(n).Person.NIK, Limit: page})
		return len(l), err
	})
	ask("region", page, func(ctx context.Context) (int, error) {
		l, err := s.r.Residents(ctx, ResidentFilter{Region: "61.05.03", Limit: page})
		return len(l), err
	})
	ask("subject", 0, func(ctx context.Context) (int, error) {
		d, err := s.r.SubjectData(ctx, benchResident(1).Person.NIK)
		return len(d.Applications), err
	})
	ask("orders", page, func(ctx context.Context) (int, error) {
		l, err := s.r.OrdersBehind(ctx, jobs.Filled, &jobs.Rank{Priority: 4, Due: store.Time(500), Seq: int64(n / 2)}, page)
		return len(l), err
	})
	ask("attempts", page, func(ctx context.Context) (int, error) {
		l, err := s.r.AttemptsBehind(ctx, jobs.AttemptFilter{State: jobs.Out, Started: store.Time(int64(n/2) * 1000), Limit: page})
		return len(l), err
	})
	ask("doubts", 0, func(ctx context.Context) (int, error) {
		l, err := s.r.Attempts(ctx, jobs.InDoubt)
		return len(l), err
	})
	ask("events-of-one", 8, func(ctx context.Context) (int, error) {
		l, err := s.r.Events(ctx, 0, page, audit.Filter{Application: string(middle)})
		return len(l), err
	})
	ask("waiting", page, func(ctx context.Context) (int, error) {
		l, _, err := s.r.WaitingCards(ctx, WaitingFilter{Before: storetest.Start, Limit: page})
		return len(l), err
	})
	w.time(office, "summary", func() {
		_, err := s.r.Summary(bg)
		s.must(err)
	})
	w.time(office, "ageing", func() {
		_, err := s.r.AgeingList(bg)
		s.must(err)
	})
}

// doAll takes one application to a card in force, and another one back.
func (s *room) doAll(w *stopwatch, office, round int) {
	do := func(name string, a Actor, op Operation) (res Result) {
		w.time(office, name, func() { res = s.do(a, op) })
		return res
	}
	local := s.application(ktp.TypeNew, resident{Resident: benchResident(2*round + 11)})
	id := do("register", officer, local).Application
	do("abandon", officer, AbandonApplication{id, Because{Reason: "applicant"}})

	n := 2*round + 1
	do("receive", center, delivery(record(n, 1)))
	do("approve", boss, Approve{appID(n)})
	do("queue", admin, Queue{appID(n)})
	var o jobs.Order
	w.time(office, "lease", func() { o = s.next(line1) })
	var chip ktp.ChipUID
	w.time(office, "make", func() { chip = s.upTo(o, jobs.Eject) })
	do("match", kec, shown(appID(n), chip))
	do("hand-over", officer, HandOver{Application: appID(n), Chip: chip})

	s.do(center, delivery(record(n+1, 1)))
	do("withdraw", center, WithdrawRecord{ID: appID(n + 1), Version: 1, Reason: "died"})
	if round%50 == 49 {
		s.do(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 50, Second: admin})
	}
}

// BenchmarkImport brings a list of 100,000 residents in, and writes the same sealed rows past the
// operation: the cost of checking, sealing and chaining.
func BenchmarkImport(b *testing.B) {
	const residents = 100_000
	for b.Loop() {
		s := newRoom(b, storetest.SQLite(b))
		began := time.Now()
		s.imported(residents)
		imported := time.Since(began)

		raw := newRoom(b, storetest.SQLite(b))
		kept := make([]keptResident, residents)
		raw.must(raw.store.Write(bg, func(tx *store.Tx) error {
			a := &act{r: raw.r, tx: tx, actor: dataman}
			for i := range kept {
				var err error
				if kept[i], err = a.keep(benchResident(i), ""); err != nil {
					return err
				}
			}
			return ResidentList{Version: "dpt-1", State: ListOpen, ChangedAt: a.now()}.save(tx)
		}))
		began = time.Now()
		for at := 0; at < residents; at += mostResidents {
			raw.must(raw.store.Write(bg, func(tx *store.Tx) error {
				_, err := insertResidents(tx, "dpt-1", kept[at:at+mostResidents])
				return err
			}))
		}
		plain := time.Since(began)
		b.ReportMetric(residents/imported.Seconds(), "residents/s")
		b.ReportMetric(residents/plain.Seconds(), "raw-rows/s")
		b.ReportMetric(plain.Seconds()/imported.Seconds(), "of-raw")
	}
}
