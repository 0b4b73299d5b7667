package console_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/store/storetest"
)

// consoles is how many pages are open beside the lines (the design load).
const consoles = 30

// screen is a page of the print room without a browser: it holds the stream, and at each message fetches its parts
// as the page does.
type screen struct {
	seen chan int64 // ids of the messages; closed at the end of the stream
}

// watch opens a screen with the session of a clerk.
func (c *clerk) watch(ctx context.Context, parts ...string) *screen {
	c.t.Helper()
	get := func(path string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+path, nil)
		c.must(err)
		r.Header.Set("HX-Request", "true")
		return c.http.Do(r)
	}
	res, err := get("/aliran")
	c.must(err)
	if res.StatusCode != http.StatusOK {
		c.t.Fatalf("the stream answers %d", res.StatusCode)
	}
	s := &screen{seen: make(chan int64, 4096)}
	go func() {
		defer close(s.seen)
		defer res.Body.Close()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			text, is := strings.CutPrefix(lines.Text(), "id: ")
			if !is {
				continue
			}
			for _, p := range parts {
				if part, err := get("/bagian/" + p); err == nil {
					part.Body.Close()
				}
			}
			if id, err := strconv.ParseInt(text, 10, 64); err == nil {
				s.seen <- id
			}
		}
	}()
	return s
}

// deaf is a client that takes no byte.
type deaf struct {
	header http.Header
	asked  chan struct{} // closed at the first byte that it does not take
	once   sync.Once
	gone   context.Context
}

func (d *deaf) Header() http.Header              { return d.header }
func (d *deaf) WriteHeader(int)                  {}
func (d *deaf) Flush()                           {}
func (d *deaf) SetWriteDeadline(time.Time) error { return nil }

func (d *deaf) Write([]byte) (int, error) {
	d.once.Do(func() { close(d.asked) })
	<-d.gone.Done()
	return 0, errors.New("gone")
}

// BenchmarkCardsBesideConsoles is what the ledger and the console add to a card while so many consoles have the
// print room open and take every change of it.
func BenchmarkCardsBesideConsoles(b *testing.B) {
	for _, n := range []int{0, consoles} {
		b.Run(fmt.Sprintf("consoles=%d", n), func(b *testing.B) {
			o := newOffice(b, admin)
			o.room(0)
			c := o.comes(admin)
			ctx, end := context.WithCancel(b.Context())
			defer end()
			for range n {
				c.watch(ctx, "lini", "ragu", "antre")
			}
			made := 0
			for b.Loop() {
				made++
				b.StopTimer()
				o.as(keeper, registry.ReceiveBlanks{Lot: "LOT-A", Product: "ktp-el-wni", Quantity: 1})
				o.as(keeper, registry.LoadHopper{Line: "lini-1", Lot: "LOT-A", Quantity: 1, Second: admin2})
				o.as(center, delivery(made))
				o.as(boss, registry.Approve{Application: id(made)})
				o.as(admin, registry.Queue{Application: id(made)})
				b.StartTimer()
				o.make(o.next(), ktp.ChipUID(fmt.Sprintf("0000A0B0C0D0%08d", made)), "")
			}
			took := b.Elapsed()
			b.ReportMetric(took.Seconds()*1000/float64(made), "ms/card")
			for _, machine := range []time.Duration{25 * time.Second, 60 * time.Second} {
				b.ReportMetric(float64(time.Hour)/float64(machine+took/time.Duration(made)), fmt.Sprintf("cards/h(%v)", machine))
			}
		})
	}
}

// Thirty open consoles, and one that takes nothing of what is sent to it, hold back no card: the line goes on to
// its end, and then every console that reads has been told of the newest event.
func TestThirtyConsolesHoldNoLine(t *testing.T) {
	t.Parallel()
	const cards = 6
	o := newOffice(t, admin)
	o.room(2 * cards)
	c := o.comes(admin)
	chip := 0
	made := func() time.Duration {
		began := time.Now()
		for range cards {
			chip++
			o.make(o.next(), ktp.ChipUID(fmt.Sprintf("0000A0B0C0D0000000%02d", chip)), "")
		}
		return time.Since(began)
	}
	alone := made()

	ctx, end := context.WithCancel(t.Context())
	defer end()
	var open []*screen
	for range consoles {
		open = append(open, c.watch(ctx, "lini", "ragu", "antre"))
	}
	d := &deaf{header: http.Header{}, asked: make(chan struct{}), gone: ctx}
	ended := make(chan struct{})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/aliran", nil)
	o.must(err)
	at, err := url.Parse(c.url)
	o.must(err)
	for _, k := range c.http.Jar.Cookies(at) {
		r.AddCookie(k)
	}
	go func() {
		defer close(ended)
		o.http.ServeHTTP(d, r)
	}()
	select {
	case <-d.asked:
	case <-ended:
		t.Fatal("the stream ended before it sent anything")
	}
	beside := made() // would never end if it waited for one of them
	select {
	case <-ended:
		t.Error("nobody was deaf")
	default:
	}
	newest, err := o.reg.NewestEvent(t.Context())
	o.must(err)
	for i, s := range open {
		told := int64(-1)
		for told < newest {
			id, more := <-s.seen
			if !more {
				t.Fatalf("the stream of console %d ended at event %d before event %d", i, told, newest)
			}
			told = id
		}
	}
	t.Logf("the ledger's part of %d cards: %v alone, %v beside %d consoles", cards, alone, beside, consoles)
	end()
	<-ended
}

// All lines of a station run at once beside thirty open consoles: each line makes its cards, no console is told an older
// event after a newer one and each is told the newest in the end, and the ledger is looked at no more often than it
// changes, each part made no more often than it is looked at, but where two looks cross.
func TestThirtyConsolesWhileAllLinesRun(t *testing.T) {
	t.Parallel()
	const cards = 15
	lines := []jobs.LineID{"lini-1", "lini-3", "lini-4", "lini-5"}
	parts := []string{"lini", "ragu", "antre"}
	o := newOffice(t, admin)
	o.room(cards * len(lines))
	for _, l := range lines[1:] {
		o.as(center, registry.DefineLine{Line: l, Kind: jobs.InlineEye})
		o.must(o.reg.Observe(t.Context(), l, "", "running", ""))
		o.as(keeper, registry.LoadHopper{Line: l, Lot: "LOT-A", Quantity: cards, Second: admin2})
	}
	c := o.comes(admin)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var open []*screen
	for range consoles {
		open = append(open, c.watch(ctx, parts...))
	}
	for _, s := range open {
		<-s.seen // each is open
	}
	o.asked.take()
	var running sync.WaitGroup
	for i, l := range lines {
		running.Go(func() {
			for n := range cards {
				o.make(o.nextOf(l), ktp.ChipUID(fmt.Sprintf("0000A0B0C0D00000%02d%02d", i, n)), "")
			}
		})
	}
	running.Wait()
	room, err := o.reg.PrintRoom(t.Context(), storetest.Start)
	o.must(err)
	for _, l := range room {
		if got := l.Ended[jobs.Out] + l.Ended[jobs.Accepted]; slices.Contains(lines, l.ID) && got != cards {
			t.Errorf("%s made %d cards, want %d", l.ID, got, cards)
		}
	}
	newest, err := o.reg.NewestEvent(t.Context())
	o.must(err)
	for i, s := range open {
		for told := int64(-1); told < newest; {
			id, more := <-s.seen
			if !more {
				t.Fatalf("the stream of console %d ended at event %d before event %d", i, told, newest)
			}
			if id < told {
				t.Errorf("console %d was told of event %d after %d", i, id, told)
			}
			told = id
		}
	}
	end()
	for _, s := range open {
		for range s.seen { // until the stream has ended
		}
	}
	asked := o.asked.take()
	steps := len(jobs.Stages(jobs.InlineEye))
	changes := cards * len(lines) * (1 + 2*steps) // a lease; an intent and an outcome of each step
	advances := cards * len(lines) * steps        // of the clock, after which a look is old
	if asked["mark"] > changes+advances {
		t.Errorf("%d changes, and the ledger was looked at %d times", changes, asked["mark"])
	}
	for _, p := range parts {
		if asked[p] > 2*asked["mark"]+consoles {
			t.Errorf("%d looks, and %s was made %d times", asked["mark"], p, asked[p])
		}
	}
	t.Logf("%d lines, %d consoles, %d changes: %v", len(lines), consoles, changes, asked)
}

// counts is how often something was done.
type counts struct {
	sync.Mutex
	of map[string]int
}

func (c *counts) did(what string) {
	c.Lock()
	defer c.Unlock()
	if c.of == nil {
		c.of = map[string]int{}
	}
	c.of[what]++
}

func (c *counts) take() map[string]int {
	c.Lock()
	defer c.Unlock()
	of := c.of
	c.of = nil
	return of
}

// What a change costs the ledger does not grow with the consoles that are open: after each it is looked at once, and
// each part is made once for all who see the same, whether one looks or thirty.
func TestWorkOfAChangeIsBounded(t *testing.T) {
	t.Parallel()
	const changes = 8
	o := newOffice(t, admin)
	o.room(0)
	c := o.comes(admin)
	parts := []string{"lini", "ragu", "antre"}
	for _, n := range []int{1, consoles} {
		ctx, end := context.WithCancel(t.Context())
		var open []*screen
		seen := func() {
			newest, err := o.reg.NewestEvent(t.Context())
			o.must(err)
			for _, s := range open {
				for told := int64(-1); told < newest; {
					id, more := <-s.seen
					if !more {
						t.Fatal("a stream ended")
					}
					told = id
				}
			}
		}
		for range n {
			open = append(open, c.watch(ctx, parts...))
		}
		seen()
		o.asked.take()
		for i := range changes {
			if i%2 == 0 {
				o.as(admin, registry.PauseLine{Line: "lini-1", Because: registry.Because{Reason: "operator"}})
			} else {
				o.as(admin, registry.ResumeLine{Line: "lini-1"})
			}
			seen()
		}
		asked := o.asked.take()
		for what, did := range asked {
			if did > changes {
				t.Errorf("%d consoles, %d changes: %s %d times", n, changes, what, did)
			}
		}
		if len(asked) != 1+len(parts) {
			t.Errorf("%d consoles asked for %v", n, asked)
		}
		t.Logf("%d consoles, %d changes: %v", n, changes, asked)
		end()
		for _, s := range open {
			for range s.seen { // until the stream has ended
			}
		}
	}
}
