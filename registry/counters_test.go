package registry

import (
	"sync"
	"testing"

	"blanko/fault"
	"blanko/ktp"
	"blanko/store/storetest"
)

// Two counters of one register at the same moment: every number is given once, and one of those who
// register the same person is let in.
func TestCountersAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		const people, tries = 3, 4
		s := newRoom(t, db, func(c *Config) { c.Rand = nil })
		second := New(db.Open(t), s.cfg, nil) // as another process would
		var list []resident
		for n := range people {
			list = append(list, townsman(n, whole))
		}
		s.listed(list...)
		var all sync.WaitGroup
		var lock sync.Mutex
		numbers, taken := map[string]int{}, map[ktp.NIK]int{}
		for n := range people * tries {
			r, key := s.r, s.key()
			if n%2 == 1 {
				r = second
			}
			o := s.application(ktp.TypeNew, list[n%people])
			all.Go(func() {
				_, err := r.Do(bg, officer, o, key)
				ticket, terr := r.Do(bg, center, TakeTicket{Place: "61.05.01"}, key+"-ticket")
				lock.Lock()
				defer lock.Unlock()
				switch code := fault.CodeOf(err); {
				case err == nil:
					taken[o.NIK]++
				case code != "registry.person_busy":
					t.Errorf("registered: %v", err)
				}
				if terr != nil {
					t.Errorf("ticket: %v", terr)
				}
				numbers[ticket.Answer]++
			})
		}
		all.Wait()
		if len(numbers) != people*tries {
			t.Errorf("numbers %v", numbers)
		}
		for n, times := range taken {
			if times != 1 {
				t.Errorf("%s was taken %d times", n, times)
			}
		}
		if len(taken) != people {
			t.Errorf("%d of %d were taken", len(taken), people)
		}
		s.sound()
	})
}
