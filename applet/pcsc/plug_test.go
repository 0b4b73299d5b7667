//go:build cgo

package pcsc

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"blanko/applet"
	"blanko/fault"
)

// settled lets everything that can happen now happen, and the lookout look once more.
func settled(t *testing.T, w *Watcher) Snapshot {
	t.Helper()
	synctest.Wait()
	_ = w.p.lookout.fresh(t.Context()) // the snapshot tells why there is none
	return w.Now()
}

// Readers come and go, and so does the service; the watcher tells each change once.
func TestWatcherEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := &fakeUnit{name: "R (A) 00 00"}, &fakeUnit{name: "R (B) 01 00"}
		f, p := newFake(a)
		w, err := p.watch(nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var told []string
		go func() {
			for e := range w.Events(ctx) {
				told = append(told, fmt.Sprintf("%s %s", e.Kind, e.Reader.Serial))
			}
		}()
		for _, c := range []struct {
			name string
			do   func()
			want string
		}{
			{"begin", func() {}, "[appeared A]"},
			{"plug", func() { f.plug(b) }, "[appeared B]"},
			{"card", func() { f.insert(b) }, "[card_in B]"},
			{"another card", func() { f.remove(b); f.insert(b) }, "[card_out B card_in B]"},
			{"nothing", func() {}, "[]"},
			{"unplug with the card", func() { f.unplug(b) }, "[card_out B vanished B]"},
			{"card", func() { f.insert(a) }, "[card_in A]"},
			{"replug between two looks", func() { f.unplug(a); f.plug(a) }, "[card_out A vanished A appeared A]"},
			{"the service goes", func() { f.do(func() { f.epoch = 0 }) }, "[vanished A service_lost ]"},
			{"the service comes", func() { f.do(func() { f.epoch = 2 }) }, "[service_back  appeared A]"},
		} {
			c.do()
			settled(t, w)
			synctest.Wait()
			if got := fmt.Sprint(told); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
			told = nil
		}
		stop()
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if f.sessions != 0 || f.handles != 0 {
			t.Errorf("%d sessions and %d handles are left", f.sessions, f.handles)
		}
	})
}

// Two readers that nothing tells apart are used after a person has shown them, and not any more once
// they were out of sight.
func TestCalibrationAndReplugging(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := &fakeUnit{name: "R 00 00"}, &fakeUnit{name: "R 01 00"}
		f, p := newFake(a, b)
		w, err := p.watch([]Binding{{Line: "1", Name: "R"}, {Line: "2", Name: "R"}})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		show := func(line string, u *fakeUnit) error {
			done := make(chan error, 1)
			go func() { _, err := w.Calibrate(t.Context(), line); done <- err }()
			settled(t, w)
			f.insert(u)
			settled(t, w)
			return <-done
		}
		find := func() string {
			settled(t, w)
			var s []string
			for _, line := range []string{"1", "2"} {
				r, err := w.Find(line)
				s = append(s, r.Name+string(fault.CodeOf(err)))
			}
			return fmt.Sprint(s)
		}
		const unclear = "pcsc.reader_ambiguous"
		expect := func(what, want string) {
			t.Helper()
			if got := find(); got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		expect("at first", "["+unclear+" "+unclear+"]")
		if err := show("1", b); err != nil {
			t.Fatal(err)
		}
		expect("line 1 shown", "[R 01 00 "+unclear+"]")
		f.remove(a)
		f.remove(b)
		if err := show("2", a); err != nil {
			t.Fatal(err)
		}
		expect("both shown", "[R 01 00 R 00 00]")
		tr, err := w.Open(t.Context(), "1")
		if err != nil {
			t.Fatal(err)
		}
		defer tr.Close()
		f.insert(b)
		if _, err := tr.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}

		f.unplug(b)
		f.unplug(a)
		a.name, b.name = b.name, a.name // plugged in in the other order
		f.plug(b)
		f.plug(a)
		f.insert(a)
		f.insert(b)
		if r, err := tr.Transmit(t.Context(), []byte{0, 0, 0, 0}); !fault.Is(err, ReaderGone) || !fault.Is(err, applet.ReaderAway) {
			t.Errorf("a command to the reader that is gone: %X, %v", r, err)
		}
		if _, err := tr.Reset(t.Context()); !fault.Is(err, ReaderAmbiguous) || !fault.Is(err, applet.ReaderAway) {
			t.Errorf("a reset of the reader that is gone: %v", err)
		}
		expect("replugged", "["+unclear+" "+unclear+"]")
		f.unplug(a)
		expect("one is left", "["+unclear+" pcsc.reader_ambiguous]")
		f.plug(a)
		f.remove(b)
		if err := show("1", b); err != nil {
			t.Fatal(err)
		}
		if _, err := tr.Reset(t.Context()); err != nil || tr.Reader().Name != b.name {
			t.Errorf("after another calibration: %q, %v", tr.Reader().Name, err)
		}
		f.do(func() { f.epoch = 0 })
		settled(t, w)
		f.do(func() { f.epoch = 2 })
		expect("the service was away", "["+unclear+" "+unclear+"]")
	})
}

// A calibration is refused when nobody can know which reader was meant.
func TestCalibrationUnclear(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(f *fakeService, a, b *fakeUnit)
		code fault.Code
	}{
		{"two cards", func(f *fakeService, a, b *fakeUnit) {
			f.do(func() { a.card, b.card = true, true; a.moves++; b.moves++ })
		}, CalibrationUnclear.Code},
		{"both unplugged", func(f *fakeService, a, b *fakeUnit) { f.do(func() { f.units = nil }) }, NoReader.Code},
		{"the service ends", func(f *fakeService, a, b *fakeUnit) { f.do(func() { f.epoch = 0 }) }, NoService.Code},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a, b := &fakeUnit{name: "R 00 00"}, &fakeUnit{name: "R 01 00"}
				f, p := newFake(a, b)
				w, err := p.watch([]Binding{{Line: "1", Name: "R"}})
				if err != nil {
					t.Fatal(err)
				}
				defer w.Close()
				done := make(chan error, 1)
				go func() { _, err := w.Calibrate(t.Context(), "1"); done <- err }()
				settled(t, w)
				c.do(f, a, b)
				if err := <-done; fault.CodeOf(err) != c.code {
					t.Errorf("%v", err)
				}
				if _, err := w.Find("1"); err == nil {
					t.Error("it was kept")
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		a := &fakeUnit{name: "R 00 00", card: true, moves: 1}
		f, p := newFake(a, &fakeUnit{name: "R 01 00"})
		w, err := p.watch([]Binding{{Line: "1", Name: "R"}})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { _, err := w.Calibrate(ctx, "1"); done <- err }()
		settled(t, w)
		f.remove(a)                                              // a card that lay there and goes
		f.plug(&fakeUnit{name: "R 02 00", card: true, moves: 1}) // one that comes with its reader
		settled(t, w)
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

// A reader that keeps its serial number out of its name is asked once, and not while it is in use.
func TestSerialByAttribute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := &fakeUnit{name: "R 00 00", serial: "A"}, &fakeUnit{name: "R 01 00", serial: "B", busy: true}
		f, p := newFake(a, b)
		w, err := p.watch([]Binding{{Line: "1", Serial: "A"}, {Line: "2", Serial: "B"}})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		for range 3 {
			settled(t, w)
		}
		if r, err := w.Find("1"); err != nil || r.Name != a.name {
			t.Errorf("%+v, %v", r, err)
		}
		if _, err := w.Find("2"); !fault.Is(err, NoReader) {
			t.Errorf("a reader that cannot be asked: %v", err)
		}
		f.do(func() { b.busy = false })
		for range 3 {
			settled(t, w)
		}
		if r, err := w.Find("2"); err != nil || r.Name != b.name {
			t.Errorf("%+v, %v", r, err)
		}
		if f.asked != 2 {
			t.Errorf("asked %d times", f.asked)
		}
	})
}

// What the service refuses has a code of its own.
func TestServiceRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		refused status
		code    fault.Code
	}{
		{accessDenied, "pcsc.not_allowed"},
		{serviceAbsent, "pcsc.no_service"},
		{status(0x80100099), "pcsc.no_service"},
	} {
		f, p := newFake()
		f.refused = c.refused
		if _, err := p.readers(t.Context()); fault.CodeOf(err) != c.code {
			t.Errorf("%v: %v", c.refused, err)
		}
		if _, err := p.open(t.Context(), func(context.Context, []Reader) (Reader, error) { return Reader{}, nil }); fault.CodeOf(err) != c.code && c.code != "pcsc.no_service" {
			t.Errorf("%v: %v", c.refused, err)
		}
	}
}

// Every code of a command is told as what it means for the card, and an answer without a status word
// is a card that is gone.
func TestCommandCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rapdu []byte
		err   error
		is    fault.Entry
		code  fault.Code
	}{
		{nil, nil, applet.CardRemoved, "applet.card_removed"},
		{[]byte{0x90}, nil, applet.CardRemoved, "applet.card_removed"},
		{nil, cardRemoved, applet.CardRemoved, "applet.card_removed"},
		{nil, cardReset, applet.CardReset, "applet.card_reset"},
		{nil, noSmartcard, applet.CardRemoved, "applet.card_removed"},
		{nil, notTransacted, applet.CardMute, "applet.card_mute"},
		{nil, unresponsiveCard, applet.CardMute, "applet.card_mute"},
		{nil, unpoweredCard, applet.CardMute, "applet.card_mute"},
		{nil, internalError, applet.CardMute, "applet.card_mute"},
		{nil, status(0x80100099), applet.CardMute, "applet.card_mute"},
		{nil, insufficientBuffer, applet.LengthRefused, "applet.length_refused"},
		{nil, serviceAbsent, applet.ReaderAway, "pcsc.no_service"},
		{nil, serviceStopped, applet.ReaderAway, "pcsc.no_service"},
		{nil, invalidHandle, applet.ReaderAway, "pcsc.no_service"},
		{nil, communicationError, applet.ReaderAway, "pcsc.no_service"},
		{nil, readerUnavailable, applet.ReaderAway, "pcsc.reader_gone"},
		{nil, unknownReader, applet.ReaderAway, "pcsc.reader_gone"},
		{nil, accessDenied, applet.ReaderAway, "pcsc.not_allowed"},
	} {
		u := &fakeUnit{name: "R 00 00", card: true}
		u.answer = func([]byte) ([]byte, error) { return c.rapdu, c.err }
		_, p := newFake(u)
		tr, err := p.open(t.Context(), func(_ context.Context, readers []Reader) (Reader, error) { return readers[0], nil })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tr.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err = tr.Transmit(t.Context(), []byte{0, 0, 0, 0})
		if !fault.Is(err, c.is) || fault.CodeOf(err) != c.code {
			t.Errorf("%X, %v: %v", c.rapdu, c.err, err)
		}
		if _, err := tr.Transmit(t.Context(), []byte{0, 0, 0, 0}); !fault.Is(err, applet.CardRemoved) {
			t.Errorf("%v: a second command without a reset: %v", c.err, err)
		}
		if err := tr.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A reader says how long its APDUs may be in the properties of PC/SC part 10, 2.6.14.
func TestLimits(t *testing.T) {
	t.Parallel()
	features := []byte{0x06, 4, 0x42, 0x33, 0x00, 0x06, 0x12, 4, 0x42, 0x33, 0x00, 0x12}
	for _, c := range []struct {
		features, properties []byte
		want                 applet.Limits
	}{
		{nil, nil, applet.Limits{}},
		{features[:6], nil, applet.Limits{}},
		{features[:9], nil, applet.Limits{}},
		{features, nil, applet.Limits{}},
		{features, []byte{0x0A, 4, 0, 0, 0}, applet.Limits{}},
		{features, []byte{0x01, 2, 0, 0, 0x0A, 4, 0, 0, 0, 0}, applet.Limits{Command: 261, Answer: 258}},
		{features, []byte{0x0A, 4, 0x00, 0x01, 0, 0}, applet.Limits{Command: 261, Answer: 258}},
		{features, []byte{0x0A, 4, 0x00, 0x04, 0, 0}, applet.Limits{Command: 1033, Answer: 1026}},
		{features, []byte{0x0A, 4, 0x00, 0x00, 1, 0}, applet.Limits{Command: 65545, Answer: 65538}},
		{features, []byte{0x0A, 4, 0xFF, 0xFF, 0xFF, 0xFF}, applet.Limits{Command: 65545, Answer: 65538}},
	} {
		if got := limitsOf(controls{c.features, c.properties}); got != c.want {
			t.Errorf("%X, %X: %+v", c.features, c.properties, got)
		}
	}
}

// controls is a handle that answers control codes alone.
type controls struct{ features, properties []byte }

func (c controls) control(code uint32) ([]byte, error) {
	switch code {
	case featureRequest:
		return c.features, nil
	case 0x42330012:
		return c.properties, nil
	}
	return nil, invalidParameter
}
func (controls) begin() error                     { return nil }
func (controls) transmit([]byte) ([]byte, error)  { return nil, nil }
func (controls) reconnect(disposition) error      { return nil }
func (controls) status() (bool, []byte, error)    { return true, nil, nil }
func (controls) attribute(uint32) ([]byte, error) { return nil, nil }
func (controls) disconnect(disposition) error     { return nil }
