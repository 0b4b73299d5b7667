package station

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"blanko/applet/inspect/inspecttest"
	"blanko/emulator/center"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/datacenter"
)

// manners are how a center may treat a batch of reports.
var manners = []string{"takes all", "loses the batch", "loses its answer", "takes every other one", "answers in another order", "answers twice", "answers for others", "answers too little", "cuts its answer"}

// forgetful is a center that keeps the reports it takes and treats each batch in its own manner.
type forgetful struct {
	mu     sync.Mutex
	manner string
	taken  map[string]int               // how often each was taken, by its key
	said   map[string]datacenter.Report // as it came first
	odd    []string
}

func (f *forgetful) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var body struct{ Reports []datacenter.Report }
	raw, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(raw, &body) != nil {
		f.odd = append(f.odd, "a body that is none")
	}
	if f.manner == "loses the batch" {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	var results []datacenter.Result
	for n, rep := range body.Reports {
		if before, known := f.said[rep.Key]; known && before != rep {
			f.odd = append(f.odd, fmt.Sprintf("%s says %+v, and said %+v", rep.Key, rep, before))
		}
		status := http.StatusOK
		if f.manner == "takes every other one" && n%2 == 0 {
			status = http.StatusServiceUnavailable
		} else {
			f.said[rep.Key] = rep
			f.taken[rep.Key]++
		}
		results = append(results, datacenter.Result{Key: rep.Key, Status: status})
	}
	switch f.manner {
	case "loses its answer":
		w.WriteHeader(http.StatusGatewayTimeout)
		return
	case "answers in another order":
		slices.Reverse(results)
	case "answers twice":
		results = append(results[:1:1], results[0])
	case "answers for others":
		results = []datacenter.Result{{Key: "nobody's", Status: http.StatusOK}}
	case "answers too little":
		results = results[:len(results)/2]
	}
	text, _ := json.Marshal(map[string]any{"results": results})
	if f.manner == "cuts its answer" {
		text = text[:len(text)/2]
	}
	w.WriteHeader(http.StatusMultiStatus)
	_, _ = w.Write(text)
}

// pending is everything that the ledger has put into the outbox so far.
type pending struct {
	*inbox
	all map[string]datacenter.Report
}

func (o pending) look() {
	o.t.Helper()
	waiting, err := o.Registry.Outbox(o.ctx, 1000)
	must(o.t, err)
	for _, r := range waiting {
		w := wire(r)
		w.At = w.At.UTC()
		o.all[r.Key] = w
	}
}

// Every state that a request gets, its end and that of its card are reported, whatever becomes of reports and answers
// on the way: each change by one key, always with the same content, at least once; and what the
// center did not take is not called taken.
func TestEveryChangeIsReported(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{}).opened(100)
	wild := &forgetful{taken: map[string]int{}, said: map[string]datacenter.Report{}}
	server := httptest.NewServer(wild)
	defer server.Close()
	s := New(Parts{Office: testOffice, Registry: b.Registry, Center: datacenter.New(datacenter.Config{URL: server.URL, Office: testOffice}), Now: b.clock.Now})
	o := pending{b, map[string]datacenter.Report{}}
	b.do(Actor, registry.DefineLine{Line: "line-1", Kind: jobs.Inline})
	keeper := access.Actor{ID: "keeper", Roles: []access.Role{access.StockKeeper}}
	const blanks = 5000
	b.do(keeper, registry.ReceiveBlanks{Lot: "LOT", Product: "ktp-el-wni", Quantity: blanks})
	b.do(keeper, registry.LoadHopper{Line: "line-1", Lot: "LOT", Quantity: blanks, Second: printer})
	matcher := access.Actor{ID: "matcher", Roles: []access.Role{access.KecamatanOperator}}
	clerk := access.Actor{ID: "clerk", Roles: []access.Role{access.ServiceOfficer}}
	second := access.Actor{ID: "second", Roles: []access.Role{access.Supervisor}}

	shown := func(who access.Actor, chip ktp.ChipUID) (p registry.Presence) {
		if c, err := b.Registry.ChallengeChip(b.ctx, who, chip); err == nil {
			p = registry.Presence{Challenge: c.Bytes[:], Answer: inspecttest.Answer(chip, c.Bytes)}
		}
		return p
	}
	rounds := 0
	rapid.Check(t, func(rt *rapid.T) {
		id := registry.ApplicationID(b.add(1)[0])
		b.pulled()
		chip := ktp.ChipUID("")
		acts := []struct {
			name string
			do   func() error
		}{
			{"approve", b.try(approver, registry.Approve{Application: id})},
			{"queue", b.try(printer, registry.Queue{Application: id})},
			{"make", func() error { var err error; chip, err = b.make(id, chip); return err }},
			{"match", func() error {
				return b.try(matcher, registry.VerifyHolder{
					Presence: shown(matcher, chip), Application: id, Chip: chip, OnChip: inspecttest.Chip(),
					Live: []registry.Live{{Finger: ktp.RightIndex, Template: inspecttest.Holder(ktp.RightIndex)}},
				})()
			}},
			{"hand over", func() error {
				return b.try(clerk, registry.HandOver{Application: id, Chip: chip, Confirmed: true, Presence: shown(clerk, chip)})()
			}},
			{"return", func() error {
				return b.try(clerk, registry.ReturnCard{Application: id, Chip: chip, Because: registry.Because{Reason: "damaged"}})()
			}},
			{"retire", func() error {
				_ = b.try(matcher, registry.ExamineChip{Chip: chip, State: registry.ChipBlocked, Cause: "inspect.blocked", Told: registry.Told{Mark: registry.MarkBad, Finding: "Chip diblokir.", Steps: []string{"Simpan."}}})()
				return b.try(printer, registry.RetireCard{Chip: chip, Because: registry.Because{Reason: "damaged"}, Second: approver})()
			}},
			{"make anew", b.try(printer, registry.Remake{Application: id, Because: registry.Because{Reason: "damaged"}, Second: second})},
			{"end", func() error {
				return b.try(clerk, registry.EndCard{Chip: chip, Because: registry.Because{Reason: "died"}, AtHand: true, Second: approver})()
			}},
			{"withdraw", b.try(centerActor, registry.WithdrawRecord{ID: id, Version: 1, Reason: "withdrawn"})},
		}
		o.look()
		for range rapid.IntRange(4, 16).Draw(rt, "acts") {
			// Most of the time what comes next; else anything.
			at := rapid.IntRange(0, 2*len(acts)).Draw(rt, "act")
			b.clock.pass(time.Second)
			before, err := b.Registry.Application(b.ctx, id)
			must(t, err)
			known := len(o.all)
			if at < len(acts) {
				_ = acts[at].do() // what may not be is refused, and tells nothing
			} else {
				for _, a := range acts[:5] {
					if a.do() == nil {
						break
					}
				}
			}
			o.look()
			after, err := b.Registry.Application(b.ctx, id)
			must(t, err)
			from, to := before.Application, after.Application
			if from.State != to.State && len(o.all) == known {
				rt.Fatalf("%s became %s and nobody is told", from.State, to.State)
			}
			if rapid.Bool().Draw(rt, "send") {
				wild.manner = rapid.SampledFrom(manners).Draw(rt, "manner")
				_ = s.report(b.ctx)
				rounds++
			}
		}
		wild.manner = "takes all"
		if err := s.report(b.ctx); err != nil {
			rt.Fatal(err)
		}
		waiting, err := b.Registry.Outbox(b.ctx, 10)
		must(t, err)
		if len(waiting) > 0 || len(wild.odd) > 0 || len(wild.said) != len(o.all) {
			rt.Fatalf("%d still wait, %d of %d arrived, %v", len(waiting), len(wild.said), len(o.all), wild.odd)
		}
		changes := map[string]string{}
		for key, want := range o.all {
			got := wild.said[key]
			if got.At = got.At.UTC(); got != want {
				rt.Fatalf("told %+v, was %+v", got, want)
			}
			one := fmt.Sprintf("%s %d %s %s", want.ID, want.Version, want.State, want.At)
			if other, twice := changes[one]; twice {
				rt.Fatalf("one change by two keys: %s and %s, %s", other, key, one)
			}
			changes[one] = key
		}
	})
	if len(wild.said) < rounds/10 {
		t.Errorf("only %d reports in %d rounds", len(wild.said), rounds)
	}
}

// try is an operation that may be refused.
func (b *inbox) try(who access.Actor, op registry.Operation) func() error {
	return func() error {
		_, err := b.Registry.Do(b.ctx, who, op, fmt.Sprintf("try-%d", rand.Uint64()))
		return err
	}
}

// make has the line make the card of an application that is first in the queue.
func (b *inbox) make(id registry.ApplicationID, had ktp.ChipUID) (ktp.ChipUID, error) {
	list, err := b.Registry.Orders(b.ctx, jobs.Waiting, 10)
	if err != nil || !slices.ContainsFunc(list, func(w jobs.Wanted) bool { return w.Application == string(id) && !w.NeedsRecord }) {
		return had, fmt.Errorf("nothing to make, %w", err)
	}
	o, err := b.Registry.Next(b.ctx, jobs.Session{Line: "line-1"})
	if err != nil {
		return had, err
	}
	chip := ktp.ChipUID(fmt.Sprintf("%020X", rand.Uint64()))
	for _, step := range jobs.Stages(jobs.Inline) {
		known := chip
		if step == jobs.Feed {
			known = ""
		}
		if step != jobs.ReadBack && step != jobs.Recheck {
			if err := b.Registry.Intend(b.ctx, o, step, jobs.Evidence{Chip: known}); err != nil {
				return chip, err
			}
		}
		out := jobs.Outcome{Result: jobs.Done, Chip: known}
		switch step {
		case jobs.Write:
			out.Hashes = inspecttest.Hashes()
		case jobs.ReadBack:
			out.Match, out.Score = jobs.Matched, 80
		case jobs.Eject:
			out.Tray = "output"
		}
		if err := b.Registry.Settle(b.ctx, o, step, out); err != nil {
			return chip, err
		}
	}
	return chip, nil
}
