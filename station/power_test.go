package station

import (
	"bufio"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/emulator/center"

	"blanko/fault"
	"blanko/internal/rig"
	"blanko/jobs"
	"blanko/personalize"
	"blanko/registry"
	"blanko/store"
	"blanko/ups"
)

// upsd answers every question for the status of a supply with the same words.
func upsd(t *testing.T) (address string, status *atomic.Pointer[string]) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	status = new(atomic.Pointer[string])
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				for in := bufio.NewScanner(c); in.Scan(); {
					answer := "ERR VAR-NOT-SUPPORTED\n"
					if in.Text() == "GET VAR eaton ups.status" {
						answer = *status.Load()
					}
					if _, err := c.Write([]byte(answer)); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String(), status
}

// An outage is told to the data center officer as one of the power; a line is refused for as long, before
// anything else that it needs is looked at.
func TestPowerAway(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "blanko.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	reg := registry.New(st, registry.Config{Office: testOffice}, zap.NewNop())
	address, status := upsd(t)
	s := New(Parts{Office: testOffice, Name: "BLANKO-01", Registry: reg, Power: PowerConfig{Daemon: address, Supply: "eaton", Card: time.Minute}.supply()})
	line := &lineRunner{station: s}
	for n, step := range []struct {
		status  string
		state   registry.HealthState
		code    fault.Code
		refused bool
	}{
		{`VAR eaton ups.status "OL"`, registry.HealthWorks, "", false},
		{`VAR eaton ups.status "OB DISCHRG"`, registry.HealthDown, ups.OnBattery.Code, true},
		{`ERR DATA-STALE`, registry.HealthLimps, ups.Wrong.Code, true}, // it ran on its battery
		{`VAR eaton ups.status "OL CHRG"`, registry.HealthWorks, "", false},
		{`ERR DRIVER-NOT-CONNECTED`, registry.HealthLimps, ups.Wrong.Code, false},
	} {
		text := step.status + "\n"
		status.Store(&text)
		if err := s.askPower(t.Context()); (err != nil) != (step.state == registry.HealthLimps) {
			t.Errorf("step %d: %v", n, err)
		}
		list, err := reg.HealthOf(t.Context(), "", 10)
		if err != nil || len(list) != 1 || list[0].Device != "blanko-01.ups" || list[0].Cause != causePower || list[0].State != step.state || list[0].Code != string(step.code) {
			t.Errorf("step %d: %+v, %v", n, list, err)
		}
		if err := line.power(t.Context()); fault.Is(err, ups.OnBattery) != step.refused || !step.refused && err != nil {
			t.Errorf("step %d, the line: %v", n, err)
		}
	}
}

// A desk is not asked for a blank any longer once a card would not be finished on the battery; the answer of
// who laid one before decides.
func TestBlankIsTakenBackOnBattery(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]fault.Code{"OB DISCHRG": "registry.question_closed", "OL": ""} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			b := newCenter(t, center.Config{}).opened(100)
			id := b.add(1)[0]
			b.pulled()
			b.queue(id)
			b.do(Actor, registry.DefineLine{Line: "desk-1", Kind: jobs.Desktop})
			o, err := b.Registry.Next(b.ctx, jobs.Session{Line: "desk-1"})
			must(t, err)
			must(t, b.Registry.Intend(b.ctx, o, jobs.Feed, jobs.Evidence{}))
			address, told := upsd(t)
			mains, now := `VAR eaton ups.status "OL"`+"\n", `VAR eaton ups.status "`+status+`"`+"\n"
			told.Store(&mains)
			s := New(Parts{Office: testOffice, Registry: b.Registry, Power: PowerConfig{Daemon: address, Supply: "eaton", Card: time.Minute}.supply()})
			r := &lineRunner{config: LineConfig{ID: "desk-1"}, station: s, svc: Service{Log: zap.NewNop(), look: time.Millisecond}}
			asked := make(chan error, 1)
			changed := b.Registry.Changed()
			go func() { asked <- r.hands(b.ctx, personalize.AskBlank) }()
			rig.Receive(t, "the question", changed)
			told.Store(&now)
			if want == "" {
				b.do(printer, registry.DoneHandOff{Attempt: o.Attempt, Question: 1})
			}
			if err := rig.Receive(t, "the answer", asked); fault.CodeOf(err) != want {
				t.Errorf("asked for a blank: %v", err)
			}
		})
	}
}
