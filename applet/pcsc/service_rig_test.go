//go:build cgo

package pcsc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/emulator/cable"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/internal/rig"
)

// child is set in the process that has a service of its own.
const child = "BLANKO_PCSC_CHILD"

// TestService runs the tests below in a process of its own, with a pcscd that they may kill: the
// library knows one service per process.
func TestService(t *testing.T) {
	t.Parallel()
	if os.Getenv(child) != "" {
		t.Skip("this is the child")
	}
	rig.PCSC(t) // or the reason why there is none
	args := []string{"-test.run=^TestOwnService$", "-test.v", "-test.timeout=5m"}
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), child+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// office is a pcscd with two devices of one model, of two slots each, and what lies in their first.
type office struct {
	*rig.PCSCD
	w     *workshop
	slots [2]*cable.Slot
	pads  [2]*pad
}

// models are the two devices.
var models = []string{"Maker Encoder (S1)", "Maker Encoder (S2)"}

// TestOwnService is one service, which the subtests kill one after the other.
func TestOwnService(t *testing.T) {
	if os.Getenv(child) == "" {
		t.Skip("runs in a process of its own")
	}
	d, err := rig.StartPCSC(rig.PCSCOptions{Readers: 4, Devices: models})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Stop(); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("PCSCLITE_CSOCK_NAME", d.Socket)
	o := &office{PCSCD: d, w: newWorkshop(t, "ktpel-op-1-8k")}
	for i := range o.slots {
		o.slots[i], o.pads[i] = cable.Plug(t.Context(), d.Readers()[2*i].Addr), &pad{}
		o.pads[i].lay(o.w.blank())
	}
	for _, c := range []struct {
		name string
		run  func(*testing.T, *office)
	}{
		{"nothing is left behind", nothingLeft},
		{"killed while idle", killedIdle},
		{"killed in a write", killedInWrite},
		{"away", serviceAway},
		{"by serial number after another order of plugging", bySerial},
		{"calibration, lost with the service", calibration},
		{"the service hangs", serviceHangs},
		{"no service", noService},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, o) })
	}
	for _, s := range o.slots {
		s.Close()
	}
}

func (o *office) start(t *testing.T) {
	t.Helper()
	if err := o.Start(); err != nil {
		t.Fatal(err)
	}
}

// insert puts the card of a device into its first slot and waits until it is seen.
func (o *office) insert(t *testing.T, device int) {
	t.Helper()
	if err := o.slots[device].Insert(o.pads[device]); err != nil && !errors.Is(err, cable.ErrOccupied) {
		t.Fatal(err)
	}
	o.await(t, device, (*Transport).WaitCard)
}

// remove takes it out, and waits until that is seen.
func (o *office) remove(t *testing.T, device int) {
	t.Helper()
	o.slots[device].Remove()
	o.await(t, device, (*Transport).WaitRemoval)
}

func (o *office) await(t *testing.T, device int, what func(*Transport, context.Context) error) {
	t.Helper()
	tr, err := OpenReader(soon(t), o.Readers()[2*device].Name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(what(tr, soon(t)), tr.Close()); err != nil {
		t.Fatal(err)
	}
}

func slotOf(n int) *int { return &n }

// threads of a process: pcscd has one for each context.
func threads(t *testing.T, pid int) int {
	t.Helper()
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// settle waits until a number is as it was.
func settle(t *testing.T, what string, want int, now func() int) {
	t.Helper()
	for end := soon(t); now() > want; runtime.Gosched() {
		if end.Err() != nil {
			t.Fatalf("%d %s, %d before", now(), what, want)
		}
	}
}

func nothingLeft(t *testing.T, o *office) {
	o.insert(t, 0)
	goroutines, contexts := runtime.NumGoroutine(), threads(t, o.Pid())
	for n := range 100 {
		tr, err := Open(soon(t), Binding{Serial: "S1", Slot: slotOf(0)})
		if err != nil {
			t.Fatal(n, err)
		}
		if _, err := tr.Reset(t.Context()); err != nil {
			t.Fatal(n, err)
		}
		if _, err := tr.Transmit(t.Context(), selectApplet(o.w)); err != nil {
			t.Fatal(n, err)
		}
		if n%10 == 0 { // a watcher, a failed opening and a wait that is broken off leave nothing either
			w, err := Watch()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Next(soon(t), 0); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(soon(t), Binding{Serial: "S1", Slot: slotOf(0)}); !fault.Is(err, ReaderBusy) {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			go cancel()
			if err := tr.WaitRemoval(ctx); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if err := tr.Close(); err != nil {
			t.Fatal(n, err)
		}
	}
	settle(t, "goroutines", goroutines, runtime.NumGoroutine)
	settle(t, "contexts in pcscd", contexts, func() int { return threads(t, o.Pid()) })
}

func killedIdle(t *testing.T, o *office) {
	o.insert(t, 0)
	tr, err := Open(soon(t), Binding{Serial: "S1", Slot: slotOf(0)})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	for _, connected := range []bool{false, true} {
		if connected {
			if _, err := tr.Reset(soon(t)); err != nil {
				t.Fatal(err)
			}
		}
		o.Kill()
		if connected {
			if r, err := tr.Transmit(soon(t), selectApplet(o.w)); !fault.Is(err, NoService) || !fault.Is(err, applet.ReaderAway) {
				t.Errorf("a command: %X, %v", r, err)
			}
		} else if _, err := tr.Reset(soon(t)); !fault.Is(err, NoService) || !fault.Is(err, applet.ReaderAway) {
			t.Errorf("a reset: %v", err)
		}
		o.start(t)
		if err := tr.WaitCard(soon(t)); err != nil {
			t.Fatalf("a wait when it is back: %v", err)
		}
		if _, err := tr.Reset(soon(t)); err != nil {
			t.Fatalf("a reset when it is back: %v", err)
		}
		if _, err := tr.Transmit(soon(t), selectApplet(o.w)); err != nil {
			t.Errorf("a command when it is back: %v", err)
		}
	}
}

// killedInWrite kills pcscd at commands of a personalization while the card is at them. The card is
// written to the end when the service is back, and what went wrong is not the card's fault.
func killedInWrite(t *testing.T, o *office) {
	o.insert(t, 0)
	tr, err := Open(soon(t), Binding{Serial: "S1", Slot: slotOf(0)})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	for _, n := range []int32{3, 20, 60, 96} {
		card := o.w.blank()
		o.pads[0].lay(card)
		var seen atomic.Int32
		killed := make(chan struct{})
		o.pads[0].watch(func([]byte) error {
			if seen.Add(1) == n {
				o.Kill()
				close(killed)
			}
			return nil
		})
		e, plan := &applet.Encoder{Transport: tr, Keys: o.w.keys, Profile: o.w.profile}, applettest.Plan(t, o.w.profile, 3)
		err := produce(soon(t), o.w, e, plan)
		if !fault.Is(err, NoService) || !fault.Is(err, applet.ReaderAway) || fault.Is(err, applet.CardMute) || fault.Is(err, applet.CardRemoved) {
			t.Fatalf("command %d: %v", n, err)
		}
		<-killed
		o.start(t)
		if err := tr.WaitCard(soon(t)); err != nil {
			t.Fatal(err)
		}
		if err := produce(soon(t), o.w, e, plan); err != nil {
			t.Errorf("command %d, second visit: %v", n, err)
		} else if wrong := made(card, plan); wrong != "" {
			t.Errorf("command %d: %s", n, wrong)
		}
	}
}

// serviceAway has a watcher see the service go and come, with its readers, and callers that give up
// while nobody serves.
func serviceAway(t *testing.T, o *office) {
	o.insert(t, 0)
	w, err := Watch()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, stop := context.WithCancel(soon(t))
	defer stop()
	events := make(chan Event)
	go func() {
		for e := range w.Events(ctx) {
			events <- e
		}
		close(events)
	}()
	expect := func(kinds map[Kind]int) {
		t.Helper()
		for n := 0; n < sum(kinds); n++ {
			e, ok := <-events
			if !ok {
				t.Fatalf("waited in vain for %v", kinds)
			}
			if kinds[e.Kind]--; kinds[e.Kind] < 0 {
				t.Fatalf("%s of %q, still expected %v", e.Kind, e.Reader.Name, kinds)
			}
			n--
		}
	}
	expect(map[Kind]int{Appeared: 4, CardIn: 1})
	o.Kill()
	expect(map[Kind]int{Vanished: 4, CardOut: 1, ServiceLost: 1})
	for range 3 { // nobody is left in the service's entry
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if _, err := List(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a list: %v", err)
		}
		if _, err := Open(ctx, Binding{Serial: "S1", Slot: slotOf(0)}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an opening: %v", err)
		}
		cancel()
	}
	o.start(t)
	expect(map[Kind]int{ServiceBack: 1, Appeared: 4, CardIn: 1})
	o.slots[0].Remove()
	expect(map[Kind]int{CardOut: 1})
	stop()
	for range events { //nolint:revive // until it has ended
	}
}

func sum(m map[Kind]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

// kddOf asks the card at a line's reader who it is.
func kddOf(t *testing.T, tr *Transport) [10]byte {
	t.Helper()
	if err := tr.WaitCard(soon(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := tr.Reset(soon(t)); err != nil {
		t.Fatal(err)
	}
	r, err := tr.Transmit(soon(t), []byte{0x80, 0xCA, 0x00, 0xCF, 0x00}) // GET DATA, KDD
	if err != nil || len(r) != 14 {
		t.Fatalf("KDD: %X, %v", r, err)
	}
	return [10]byte(r[2:12])
}

// check has a line reach the card of a device.
func (o *office) check(t *testing.T, w *Watcher, line string, device int) {
	t.Helper()
	tr, err := w.Open(soon(t), line)
	if err != nil {
		t.Errorf("line %s: %v", line, err)
		return
	}
	defer tr.Close()
	card := o.pads[device].card.(*chip.Card)
	if got, want := kddOf(t, tr), card.View().KDD; got != want {
		t.Errorf("line %s reaches the card %X; its own is %X", line, got, want)
	}
}

func bySerial(t *testing.T, o *office) {
	bindings := []Binding{{Line: "1", Name: "Maker Encoder", Serial: "S1", Slot: slotOf(0)}, {Line: "2", Serial: "S2", Slot: slotOf(0)}}
	w, err := Watch(bindings...)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for round := range 2 {
		o.insert(t, 0)
		o.insert(t, 1)
		o.check(t, w, "1", round) // S1 is the first device, then the second
		o.check(t, w, "2", 1-round)
		o.Kill()
		if err := o.Exchange(0, 1); err != nil {
			t.Fatal(err)
		}
		o.start(t)
	}
}

func calibration(t *testing.T, o *office) {
	bindings := []Binding{{Line: "1", Name: "Maker Enc*", Slot: slotOf(0)}, {Line: "2", Name: "Maker Encoder", Slot: slotOf(0)}}
	w, err := Watch(bindings...)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for round := range 2 {
		o.insert(t, 0) // a card that lies there already is no answer
		o.remove(t, 1)
		for _, line := range []string{"1", "2"} {
			if _, err := w.Open(soon(t), line); !fault.Is(err, ReaderAmbiguous) {
				t.Fatalf("round %d, line %s: %v", round, line, err)
			}
		}
		learnt := make(chan error, 1)
		show := func(line string, device int) {
			t.Helper()
			go func() { _, err := w.Calibrate(soon(t), line); learnt <- err }()
			for {
				o.remove(t, device)
				o.insert(t, device)
				select {
				case err := <-learnt:
					if err != nil {
						t.Fatalf("round %d, line %s: %v", round, line, err)
					}
					return
				default: // the person was quicker than the question
				}
			}
		}
		show("1", 1) // crosswise: names tell nothing
		if _, err := w.Find("2"); !fault.Is(err, ReaderAmbiguous) {
			t.Errorf("round %d: what is left is taken without being shown: %v", round, err)
		}
		show("2", 0)
		o.check(t, w, "1", 1)
		o.check(t, w, "2", 0)
		tr, err := w.Open(soon(t), "1")
		if err != nil {
			t.Fatal(err)
		}
		o.Kill()
		if err := o.Exchange(0, 1); err != nil {
			t.Fatal(err)
		}
		o.start(t)
		o.insert(t, 1)
		if _, err := tr.Reset(soon(t)); !fault.Is(err, NoService) {
			t.Errorf("round %d: the session that is over: %v", round, err)
		}
		ctx := soon(t)
		for err = nil; !fault.Is(err, ReaderAmbiguous); _, err = tr.Reset(ctx) { // until the watcher has seen the service go
			if err == nil && ctx.Err() != nil || ctx.Err() != nil {
				t.Fatalf("round %d: the reader was taken from the old calibration: %v", round, err)
			}
		}
		if err := tr.Close(); err != nil {
			t.Error(err)
		}
	}
}

// stands reports whether every thread of a process has been stopped.
func stands(t *testing.T, pid int) bool {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(threads) == 0 {
		t.Fatal(threads, err)
	}
	for _, file := range threads {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, state, found := strings.Cut(string(b), ") ") // the state stands behind the name (proc(5))
		if !found || state[0] != 'T' {
			return false
		}
	}
	return true
}

// serviceHangs stops pcscd without ending it: nobody who gives up waits longer, and all goes on when
// it does.
func serviceHangs(t *testing.T, o *office) {
	o.insert(t, 0)
	goroutines := runtime.NumGoroutine()
	w, err := Watch()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Next(soon(t), 0); err != nil {
		t.Fatal(err)
	}
	tr, err := Open(soon(t), Binding{Serial: "S1", Slot: slotOf(0)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.Reset(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(o.Pid(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	goOn := func() { _ = syscall.Kill(o.Pid(), syscall.SIGCONT) }
	defer goOn()
	for ctx := soon(t); !stands(t, o.Pid()); { // the signal stops its threads one by one
		if ctx.Err() != nil {
			t.Fatal("pcscd does not stop")
		}
		runtime.Gosched()
	}
	short := func() context.Context {
		ctx, stop := context.WithTimeout(t.Context(), 30*time.Millisecond)
		t.Cleanup(stop)
		return ctx
	}
	if r, err := tr.Transmit(short(), selectApplet(o.w)); !fault.Is(err, ReaderStuck) {
		t.Errorf("a command: %X, %v", r, err)
	}
	for range 20 { // a caller that comes again and again does not pile anything up
		if _, err := List(short()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a list: %v", err)
		}
		if _, err := tr.Reset(short()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a reset: %v", err)
		}
	}
	if n := runtime.NumGoroutine() - goroutines; n > 12 {
		t.Errorf("%d goroutines more than before", n)
	}
	if err := w.Close(); err != nil {
		t.Errorf("the watcher ends: %v", err)
	}
	goOn()
	ctx := soon(t)
	for {
		_, err := tr.Reset(ctx)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("when it goes on: %v", err)
		}
	}
	if err := tr.Close(); err != nil {
		t.Error(err)
	}
	settle(t, "goroutines", goroutines, runtime.NumGoroutine)
}

func noService(t *testing.T, o *office) {
	if err := o.CloseSocket(); err != nil {
		t.Fatal(err)
	}
	if _, err := List(soon(t)); !fault.Is(err, NoService) || fault.KindOf(err) != fault.Transient {
		t.Errorf("a list: %v", err)
	}
	if _, err := Open(soon(t), Binding{Serial: "S1"}); !fault.Is(err, NoService) {
		t.Errorf("an opening: %v", err)
	}
	w, err := Watch()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if s, err := w.Next(soon(t), 0); err != nil || !fault.Is(s.Err, NoService) || len(s.Readers) > 0 {
		t.Errorf("a watcher: %+v, %v", s, err)
	}
}
