package station

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"blanko/applet/inspect/inspecttest"
	"blanko/emulator/center"

	"blanko/jobs"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/datacenter"
	"blanko/registry/stock"
	"blanko/store"
	"blanko/store/storetest"
)

const testOffice = "61.05"

// morning is the day of all tests.
var morning = time.Date(2026, time.November, 23, 1, 0, 0, 0, time.UTC)

// calendar is a clock that only a test moves.
type calendar struct {
	mu  sync.Mutex
	now time.Time
}

func (c *calendar) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *calendar) pass(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.mu.Unlock()
}

// inbox is a station without lines and the center that it pulls from.
type inbox struct {
	*Station
	t      *testing.T
	ctx    context.Context
	clock  *calendar
	center *center.Center
	url    string
	asked  *[]string // cursors of the calls for the feed
	path   string    // of the ledger
	server string    // address of the ledger where it is on a server; then path is not there
	store  *store.Store
}

// newCenter serves an emulated center; what it is asked for is written down.
func newCenter(t *testing.T, cfg center.Config) *inbox {
	t.Helper()
	b := &inbox{t: t, ctx: t.Context(), clock: &calendar{now: morning}, asked: new([]string)}
	cfg.Seed, cfg.Offices, cfg.Now = 7, []string{testOffice}, b.clock.Now
	var err error
	if b.center, err = center.New(cfg); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/center/v1/feed" {
			mu.Lock()
			*b.asked = append(*b.asked, r.URL.Query().Get("after"))
			mu.Unlock()
		}
		b.center.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

// opened is the inbox with a fresh ledger.
func (b *inbox) opened(page int) *inbox {
	b.t.Helper()
	return b.openedAt(storetest.AnyURL(b.t), page)
}

// openedAt is the inbox with a fresh ledger at an address, or in a file where there is none.
func (b *inbox) openedAt(server string, page int) *inbox {
	b.t.Helper()
	c := *b
	c.path, c.server = filepath.Join(b.t.TempDir(), "blanko.db"), server
	c.open(page)
	return &c
}

// open opens the ledger file as a new process does.
func (b *inbox) open(page int) {
	b.t.Helper()
	var err error
	opts := []store.Option{store.WithClock(b.clock.Now), store.WithRelaxedDurability()}
	if b.server == "" {
		b.store, err = store.Open(b.ctx, b.path, opts...)
	} else {
		b.store, err = store.OpenPostgres(b.ctx, store.Postgres{URL: b.server}, opts...)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	s := b.store
	b.t.Cleanup(func() { _ = s.Close() })
	anchor, err := datacenter.Anchor(b.center.Anchor().Public)
	if err != nil {
		b.t.Fatal(err)
	}
	b.Station = New(Parts{
		Office: testOffice, Anchor: anchor, Now: b.clock.Now, Wait: time.Nanosecond, Page: page,
		Registry: registry.New(b.store, registry.Config{Office: testOffice, Production: true, Chips: inspecttest.NewChips()}, nil),
		Center:   datacenter.New(datacenter.Config{URL: b.url, Office: testOffice}),
	})
}

// pulled pulls until a turn ends well.
func (b *inbox) pulled() {
	b.t.Helper()
	b.until("pull", func() error {
		before, err := b.Registry.FeedCursor(b.ctx)
		if err != nil {
			return err
		}
		if err := b.pull(b.ctx); err != nil {
			return err
		}
		if after, err := b.Registry.FeedCursor(b.ctx); err != nil || after == "" && before != "" {
			return cmp.Or(err, fmt.Errorf("the cursor was lost"))
		}
		return nil
	})
}

func (b *inbox) reported() {
	b.t.Helper()
	b.until("report", func() error { return b.report(b.ctx) })
}

// turns is how often a loop may fail before a test gives up.
const turns = 60

func (b *inbox) until(what string, do func() error) {
	b.t.Helper()
	var err error
	for range turns {
		if err = do(); err == nil {
			return
		}
	}
	b.t.Fatalf("%s: %v", what, err)
}

// register is everything in the ledger that a record could change.
type register struct {
	Applications map[registry.ApplicationID]registry.ApplicationDetail // with attempts, cards, orders, events
	Orders       []jobs.Wanted
	Blanks       []stock.Holding
}

func (b *inbox) look() register {
	b.t.Helper()
	r := register{Applications: map[registry.ApplicationID]registry.ApplicationDetail{}}
	list, err := b.Registry.ListApplications(b.ctx, "", "", 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, a := range list {
		if r.Applications[a.ID], err = b.Registry.Application(b.ctx, a.ID); err != nil {
			b.t.Fatal(err)
		}
	}
	if r.Orders, err = b.Registry.Orders(b.ctx, "", 1000); err != nil {
		b.t.Fatal(err)
	}
	var wrong []stock.Difference
	if r.Blanks, wrong, err = b.Registry.Blanks(b.ctx); err != nil || len(wrong) > 0 {
		b.t.Fatal(wrong, err)
	}
	return r
}

func (b *inbox) application(id string) registry.ApplicationDetail {
	b.t.Helper()
	d, err := b.Registry.Application(b.ctx, registry.ApplicationID(id))
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

func (b *inbox) events(f audit.Filter) []audit.Event {
	b.t.Helper()
	list, err := b.Registry.Events(b.ctx, 0, 1000, f)
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

// counted is how many events of the log have a code.
func (b *inbox) counted(code, application string) int {
	n := 0
	for _, e := range b.events(audit.Filter{Application: application}) {
		if e.Code == code {
			n++
		}
	}
	return n
}

var (
	approver = access.Actor{ID: "atasan", Roles: []access.Role{access.Supervisor}}
	printer  = access.Actor{ID: "admin", Roles: []access.Role{access.Administrator}}
	keeper   = access.Actor{ID: "gudang", Roles: []access.Role{access.StockKeeper}}
)

func (b *inbox) do(who access.Actor, op registry.Operation) {
	b.t.Helper()
	if _, err := b.Registry.Do(b.ctx, who, op, fmt.Sprintf("%s %+v", op.Name(), op)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *inbox) queue(id string) {
	b.t.Helper()
	b.do(approver, registry.Approve{Application: registry.ApplicationID(id)})
	b.do(printer, registry.Queue{Application: registry.ApplicationID(id)})
}

// line is what the center knows of a request.
func (b *inbox) line(id string) center.Line {
	b.t.Helper()
	lines := b.center.Account()
	i := slices.IndexFunc(lines, func(l center.Line) bool { return l.ID == id })
	if i < 0 {
		b.t.Fatalf("the center has no %s", id)
	}
	return lines[i]
}

func (b *inbox) add(n int) []string {
	b.t.Helper()
	ids, err := b.center.AddRecords(testOffice, n)
	if err != nil {
		b.t.Fatal(err)
	}
	return ids
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Every kind of broken record is refused with its reason, which is reported back; it never reaches
// the queue, and nothing else in the register changes.
func TestBrokenRecordsChangeNothing(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{Records: 3}).opened(0)
	b.pulled()
	for i, l := range b.center.Account() {
		if i < 2 {
			b.queue(l.ID)
		}
	}
	b.do(keeper, registry.ReceiveBlanks{Lot: "L1", Product: "ktp-el-wni", Quantity: 50})
	b.reported()
	if len(center.Broken) < 30 {
		t.Fatalf("only %d kinds", len(center.Broken))
	}
	for _, kind := range center.Broken {
		before := b.look()
		known := map[string]bool{}
		for _, l := range b.center.Account() {
			known[l.ID] = true
		}
		id, err := b.center.AddBroken(testOffice, kind.Name)
		must(t, err)
		b.pulled()
		after := b.look()
		for _, l := range b.center.Account() { // the good ones that the fault needs before it
			good := l.Broken == "" || kind.Name == "version_lower"
			if a, arrived := after.Applications[registry.ApplicationID(l.ID)]; !known[l.ID] && arrived && good {
				if a.Application.State != registry.PrintReady || a.Application.Version != l.Version || a.Order != nil {
					t.Errorf("%s: %+v", kind.Name, a.Application)
				}
				delete(after.Applications, registry.ApplicationID(l.ID))
			}
		}
		if !reflect.DeepEqual(before, after) {
			t.Errorf("%s: the register changed", kind.Name)
		}
		if n := b.counted("record.refused", id); n != 1 {
			t.Errorf("%s: refused %d times", kind.Name, n)
		}
		b.reported()
		if got := refusals(b.line(id)); !slices.Equal(got, []string{kind.Refusal}) {
			t.Errorf("%s: reported %v, not %s", kind.Name, got, kind.Refusal)
		}
	}
	s, err := b.Registry.Summary(b.ctx)
	must(t, err)
	if s.Refused != len(center.Broken) || s.Made != 0 {
		t.Errorf("%+v", s)
	}

	// From the beginning once more: what is known is dropped.
	log := b.events(audit.Filter{})
	must(t, b.Registry.KeepFeedCursor(b.ctx, ""))
	b.pulled()
	b.reported()
	if again := b.events(audit.Filter{}); len(again) != len(log) {
		t.Errorf("the second time: %+v", again[len(log):])
	}
	rep, err := b.Registry.VerifyEvents(b.ctx)
	if err != nil || !rep.Sound() {
		t.Errorf("%+v, %v", rep, err)
	}
}

// refusals are the reasons of what an office refused, as they arrived.
func refusals(l center.Line) (list []string) {
	for _, r := range l.Reports {
		if r.Word == wordRefused {
			list = append(list, r.Reason)
		}
	}
	return list
}

// However the center misbehaves, every good record becomes print ready exactly once, and is told
// once; every broken one is refused.
func TestGoodRecordsArriveOnce(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{
		Records: 5, Broken: []string{"signature_cut", "version_lower", "person_has_successor", "portrait_cut", "replayed"},
	})
	var good []string
	for _, l := range b.center.Account() {
		if l.Broken == "" {
			good = append(good, l.ID)
		}
	}
	corrected, held, withdrawn := good[0], good[1], good[2]
	must(t, b.center.Correct(corrected))
	must(t, b.center.Hold(held, "investigation"))
	must(t, b.center.Release(held, "investigation"))
	must(t, b.center.Hold(held, "court"))
	must(t, b.center.Withdraw(withdrawn, "moved"))
	for name, v := range map[string]center.Behavior{
		"well":          {},
		"repeats":       {RepeatEvery: 2},
		"reorders":      {Reorder: true},
		"duplicates":    {Duplicate: true},
		"cuts":          {CutEvery: 2},
		"fails":         {FailEvery: 3},
		"loses answers": {LoseAnswersEvery: 2},
		"everything":    {RepeatEvery: 5, Reorder: true, Duplicate: true, CutEvery: 3, FailEvery: 4, LoseAnswersEvery: 3},
	} {
		t.Run(name, func(t *testing.T) {
			c := *b
			c.t = t
			i := c.opened(4)
			i.clock.pass(time.Second) // the reports of the ledger before stay apart
			began := i.clock.Now()
			i.center.Behave(v)
			i.pulled()
			i.center.ExpireCursors()
			i.pulled()
			i.reported()
			i.center.Behave(center.Behavior{})
			got := i.look().Applications
			for _, l := range i.center.Account() {
				a, arrived := got[registry.ApplicationID(l.ID)]
				told := map[string]int{}
				for _, r := range l.Reports {
					if !r.At.Before(began) {
						told[r.Word+" "+r.Reason]++
					}
				}
				want := map[string]int{"PRINT_READY_RECORD ": 1}
				state := registry.PrintReady
				switch {
				case l.Broken == "version_lower":
					want["REFUSED version_lower"] = 1
				case l.Broken != "":
					want = map[string]int{"REFUSED " + l.Refusal: 1}
				case l.ID == corrected:
					want["PRINT_READY_RECORD "] = 2 // one for each version
				case l.ID == withdrawn:
					want["PRINT_READY_RECORD moved"], want["PRINT_READY_RECORD done"], state = 1, 1, registry.Withdrawn // and the answer to it
				}
				if !maps.Equal(told, want) {
					t.Errorf("%s %s: told %v, want %v", l.ID, l.Broken, told, want)
				}
				switch {
				case l.Broken != "" && l.Broken != "version_lower":
					if arrived {
						t.Errorf("%s is here", l.Broken)
					}
				case !arrived || a.Application.State != state || a.Application.Version != l.Version || len(a.Attempts) != 0 || a.Order != nil:
					t.Errorf("%s: %+v", l.ID, a.Application)
				case (l.ID == held) != (a.Application.Held == "court"):
					t.Errorf("%s is held: %q", l.ID, a.Application.Held)
				case i.counted("record.received", l.ID) != want["PRINT_READY_RECORD "]:
					t.Errorf("%s was received %d times", l.ID, i.counted("record.received", l.ID))
				}
			}
			if w, err := i.Registry.Outbox(i.ctx, 10); err != nil || len(w) > 0 {
				t.Errorf("left in the outbox: %v, %v", w, err)
			}
		})
	}
}

// Between two turns of the loop that asks for keys, the center signs with new ones.
func TestCenterChangesKeys(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{Records: 2}).opened(0)
	b.pulled()
	early := b.center.Account()[0].ID
	must(t, b.center.ChangeKeys(time.Hour))
	b.clock.pass(time.Second)
	late := b.add(2)
	must(t, b.center.Withdraw(early, "died"))
	b.pulled()
	for _, id := range late {
		if a := b.application(id).Application; a.State != registry.PrintReady {
			t.Errorf("%s is %s", id, a.State)
		}
	}
	if a := b.application(early).Application; a.State != registry.Withdrawn {
		t.Errorf("the withdrawal by the new key: %s", a.State)
	}

	// While the list of keys cannot be had, nothing is refused: the items come again.
	must(t, b.center.ChangeKeys(time.Hour))
	b.clock.pass(time.Second)
	last := b.add(1)[0]
	url := b.url
	b.Station.Center = datacenter.New(datacenter.Config{URL: noKeys(t, b.center), Office: testOffice})
	if err := b.pull(b.ctx); err == nil {
		t.Error("pulled without keys")
	}
	if s, err := b.Registry.Summary(b.ctx); err != nil || s.Refused != 0 {
		t.Errorf("%d refused, %v", s.Refused, err)
	}
	b.Station.Center = datacenter.New(datacenter.Config{URL: url, Office: testOffice})
	b.pulled()
	if a := b.application(last).Application; a.State != registry.PrintReady {
		t.Errorf("%s is %s", last, a.State)
	}

	// A cursor that is lost long after brings records whose keys and validity are over: they are known.
	b.clock.pass(100 * 24 * time.Hour)
	before, log := b.look(), len(b.events(audit.Filter{}))
	b.center.ExpireCursors()
	b.pulled()
	if after := b.look(); !reflect.DeepEqual(before, after) || len(b.events(audit.Filter{})) != log {
		t.Errorf("changed: %+v", b.events(audit.Filter{})[log:])
	}
}

// noKeys is the address of the same center without its list of keys.
func noKeys(t *testing.T, c *center.Center) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/center/v1/keys" {
			panic(http.ErrAbortHandler)
		}
		c.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// What was refused as expired passes when the center has signed it anew, and what was refused for a
// key that was not valid yet passes when it is.
func TestRefusedOnceMayPassLater(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{}).opened(0)
	id := b.add(1)[0]
	must(t, b.center.ChangeKeys(time.Hour))
	b.clock.pass(2 * time.Hour) // nobody pulled while the old key was valid
	b.pulled()
	b.reported()
	if got := refusals(b.line(id)); !slices.Equal(got, []string{"key_expired"}) {
		t.Fatalf("refused: %v", got)
	}
	must(t, b.center.Renew(id))
	b.pulled()
	if a := b.application(id).Application; a.State != registry.PrintReady || a.Version != 2 {
		t.Errorf("%+v", a)
	}
	early := b.add(1)[0]
	b.clock.pass(-3 * time.Hour) // the station's clock is wrong
	b.pulled()
	if _, err := b.Registry.Application(b.ctx, registry.ApplicationID(early)); err == nil {
		t.Fatal("a record from the future is here")
	}
	b.clock.pass(3 * time.Hour)
	must(t, b.center.Repeat(early))
	b.pulled()
	if a := b.application(early).Application; a.State != registry.PrintReady {
		t.Errorf("%+v", a)
	}
}

// The world changes while records wait.
func TestWithdrawalsHoldsAndVersions(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{Records: 5}).opened(0)
	b.pulled()
	var ids []string
	for _, l := range b.center.Account() {
		ids = append(ids, l.ID)
	}
	for _, id := range ids[:4] {
		b.queue(id)
	}
	withdrawn, held, corrected, renewed, idle := ids[0], ids[1], ids[2], ids[3], ids[4]
	must(t, b.center.Withdraw(withdrawn, "died"))
	must(t, b.center.Hold(held, "investigation"))
	must(t, b.center.Correct(corrected))
	must(t, b.center.Renew(renewed))
	must(t, b.center.Withdraw(idle, "duplicate"))
	b.pulled()

	for _, id := range []string{withdrawn, idle} {
		if a := b.application(id); a.Application.State != registry.Withdrawn || a.Order != nil {
			t.Errorf("withdrawn: %+v", a.Application)
		}
		if r, err := b.Registry.Record(b.ctx, registry.ApplicationID(id)); err != nil || len(r.Portrait.Data)+len(r.Signature.Data) != 0 {
			t.Errorf("the pictures of a withdrawn record are kept, %v", err)
		}
	}
	if a := b.application(held); a.Application.Held != "investigation" || a.Application.State != registry.Queued {
		t.Errorf("held: %+v", a.Application)
	}
	for _, id := range []string{corrected, renewed} { // approved anew
		if a := b.application(id); a.Application.State != registry.PrintReady || a.Application.Version != 2 || a.Application.ApprovedBy != "" || a.Order != nil {
			t.Errorf("superseded: %+v", a.Application)
		}
	}
	who, err := b.center.Resident(corrected)
	must(t, err)
	r, err := b.Registry.Record(b.ctx, registry.ApplicationID(corrected))
	if err != nil || r.Version != 2 || r.Person.Street != who.Person.Street {
		t.Errorf("the record of version %d is kept, %v", r.Version, err)
	}

	must(t, b.center.Release(held, "investigation"))
	must(t, b.center.Repeat(withdrawn))   // nothing: its version is known
	must(t, b.center.Correct(idle))       // a tombstone is for good
	must(t, b.center.Hold(idle, "court")) // and is not held
	b.pulled()
	if a := b.application(held); a.Application.Held != "" || a.Order == nil {
		t.Errorf("released: %+v", a.Application)
	}
	b.reported()
	if got := refusals(b.line(idle)); !slices.Equal(got, []string{"replayed"}) {
		t.Errorf("a new version after the withdrawal: %v", got)
	}
	if a := b.application(idle); a.Application.State != registry.Withdrawn || a.Application.Version != 1 {
		t.Errorf("withdrawn: %+v", a.Application)
	}

	// A withdrawal that the center did not sign is not heeded, and the center is told.
	b.center.Behave(center.Behavior{Spoil: center.SpoilSignature})
	must(t, b.center.Withdraw(held, "moved"))
	b.pulled()
	b.reported()
	if a := b.application(held); a.Application.State != registry.Queued {
		t.Errorf("a forged withdrawal: %+v", a.Application)
	}
	if got := refusals(b.line(held)); !slices.Equal(got, []string{"signature_wrong"}) {
		t.Errorf("a forged withdrawal: %v", got)
	}
	b.center.Behave(center.Behavior{})
	must(t, b.center.Withdraw(held, "moved"))
	b.pulled()
	if a := b.application(held); a.Application.State != registry.Withdrawn {
		t.Errorf("the signed one: %+v", a.Application)
	}
}

// A process that ends in the middle of a page goes on with that page, and with no earlier one.
func TestRestartGoesOnByCursor(t *testing.T) {
	t.Parallel()
	shared := newCenter(t, center.Config{Records: 8, Broken: []string{"name_with_control", "photo_small"}})
	total := len(shared.center.Account())
	const page = 4
	for _, died := range []int{1, 5, 8} { // at this item
		t.Run(fmt.Sprint(died), func(t *testing.T) {
			c := *shared
			c.t = t
			b := c.opened(page)
			run, die := context.WithCancel(b.ctx)
			items := 0
			b.Station.Now = func() time.Time {
				if items++; items == died+1 { // the first asks for the keys
					die()
				}
				return b.clock.Now()
			}
			if err := b.pull(run); err == nil {
				t.Fatal("nothing died")
			}
			must(t, b.store.Close())
			*b.asked = nil
			b.open(page)
			if n := len(b.look().Applications); n >= total {
				t.Fatalf("all %d had arrived", n)
			}
			kept, err := b.Registry.FeedCursor(b.ctx)
			must(t, err)
			if (kept == "") != (died <= page) {
				t.Errorf("died at item %d with cursor %q", died, kept)
			}
			b.pulled()
			if len(*b.asked) == 0 || (*b.asked)[0] != kept {
				t.Errorf("asked for %q, not %q", *b.asked, kept)
			}
			if want := (total - (died-1)/page*page + page - 1) / page; len(*b.asked) != want {
				t.Errorf("%d pages, %d were left", len(*b.asked), want)
			}
			s, err := b.Registry.Summary(b.ctx)
			must(t, err)
			if s.Refused != 2 || s.Applications[registry.PrintReady] != total-2 {
				t.Errorf("%+v", s)
			}
			for _, l := range shared.center.Account() {
				if n := b.counted("record.received", l.ID); l.Broken == "" && n != 1 {
					t.Errorf("%s was received %d times", l.ID, n)
				}
			}
		})
	}
}
