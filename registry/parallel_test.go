package registry

import (
	"context"
	"sync"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store/storetest"
)

// Several lines and an office at once, on one database opened twice: every order is made once. For
// stations on PostgreSQL see TestStationsShareOneQueue.
func TestLinesAtOnce(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	const orders = 16
	s := newRoom(t, db, func(c *Config) { c.Poll, c.Rand = 10*time.Millisecond, nil })
	second := New(db.Open(t), s.cfg, nil) // as another process would
	ids := []jobs.LineID{line1, line2, "line-3", "line-4"}
	for _, id := range ids[2:] {
		s.do(center, DefineLine{Line: id, Kind: jobs.Inline})
		s.do(keeper, LoadHopper{Line: id, Lot: lotA, Quantity: 50, Second: admin})
	}
	ctx, stop := context.WithCancel(bg)
	defer stop()
	made := make(chan string, orders)
	var all sync.WaitGroup
	for n, id := range ids {
		r := s.r
		if n%2 == 1 {
			r = second
		}
		all.Go(func() {
			for card := 0; ; card++ {
				o, err := r.Next(ctx, jobs.Session{Line: id})
				if err != nil {
					return
				}
				chip := ktp.ChipUID(string(id) + string(rune('A'+card)))
				for _, step := range jobs.Stages(jobs.Inline) {
					if !looks(step) {
						if err := r.Intend(bg, o, step, jobs.Evidence{Chip: chip}); err != nil {
							t.Errorf("intend %s: %v", step, err)
							return
						}
					}
					out := jobs.Outcome{Result: jobs.Done, Chip: chip}
					if step == jobs.Feed {
						out.Chip = ""
					}
					if err := r.Settle(bg, o, step, out); err != nil {
						t.Errorf("settle %s: %v", step, err)
						return
					}
				}
				made <- o.Record.ID
			}
		})
	}
	for n := range orders {
		s.queued(n + 1)
	}
	seen := map[string]bool{}
	for range orders {
		id := <-made
		if seen[id] {
			t.Errorf("%s was made twice", id)
		}
		seen[id] = true
	}
	stop()
	all.Wait()
	if n := len(s.codes(audit.Filter{Code: "application.finish"})); n != orders {
		t.Errorf("%d cards in the log", n)
	}
	s.sound()
	if n := s.held("hopper/line-1") + s.held("hopper/line-2") + s.held("hopper/line-3") + s.held("hopper/line-4"); n != 300-orders {
		t.Errorf("%d blanks left", n)
	}
}
