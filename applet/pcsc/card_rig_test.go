//go:build cgo

package pcsc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/ktp"
)

var ours = ktp.AttemptID{0xC0, 0xFF, 0xEE, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}

// produce does with a card what a line does: it probes and goes on from what the card says (card
// profile KTPEL-OP 1, section 8.5), to the end or to the first error.
func produce(ctx context.Context, w *workshop, e *applet.Encoder, plan *chipdata.Plan) error {
	p, err := e.Probe(ctx)
	if err != nil {
		return err
	}
	switch {
	case p.State == applet.Active && p.Attempt == ours:
		return nil
	case p.State == applet.Written && p.Attempt == ours && plan.Sealed():
		if _, err := e.ReadBack(ctx, plan); err != nil {
			return err
		}
		return e.Activate(ctx, ours)
	}
	if err := e.Claim(ctx, ours); err != nil {
		return err
	}
	if _, err := e.Write(ctx, ours, plan, w.signer, at); err != nil {
		return err
	}
	if _, err := e.ReadBack(ctx, plan); err != nil {
		return err
	}
	if err := e.Finish(ctx); err != nil {
		return err
	}
	return e.Activate(ctx, ours)
}

// made says what is wrong with a card that should be made, or "".
func made(c *chip.Card, plan *chipdata.Plan) string {
	v := c.View()
	if v.State != "active" || v.Attempt != ours {
		return fmt.Sprintf("it is %s and holds %x", v.State, v.Attempt)
	}
	for _, f := range plan.Files {
		if !bytes.Equal(v.Files[f.FID], f.Data) {
			return f.Name + " differs from the plan"
		}
	}
	return ""
}

// No card, a card that says nothing and a card of another kind are three things.
func TestNoCardMuteAndUnknown(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	muted, dying, stranger := w.blank(), w.blank(), w.blank()
	for _, c := range []struct {
		card  *chip.Card
		fault chip.Kind
	}{{muted, chip.Mute}, {dying, chip.Die}, {stranger, chip.ForeignCard}} {
		if err := c.card.Inject(chip.Fault{Kind: c.fault}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name  string
		card  *chip.Card
		codes []fault.Code // of the outermost error and beneath, one after the other
	}{
		{"no card", nil, []fault.Code{"pcsc.no_card", "applet.card_removed"}},
		{"mute in a command", muted, []fault.Code{"applet.card_mute"}},
		{"dead from a command on", dying, []fault.Code{"applet.card_mute"}},
		{"another kind", stranger, []fault.Code{"applet.no_application"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := take(t)
			tr := p.open(t)
			if c.card != nil {
				p.put(t, tr, c.card)
			}
			e := &applet.Encoder{Transport: tr, Keys: w.keys, Profile: w.profile}
			_, err := e.Probe(soon(t))
			var got []fault.Code
			for f, ok := errors.AsType[*fault.Error](err); ok; f, ok = errors.AsType[*fault.Error](f.Err) {
				got = append(got, f.Code)
			}
			if fmt.Sprint(got) != fmt.Sprint(c.codes) {
				t.Errorf("%v, want %v: %v", got, c.codes, err)
			}
		})
	}
}

// The card leaves the reader at every single command of a personalization, before the card does it
// or after. It comes back, says where it is, and the second visit makes it.
func TestRemovedAtEveryCommand(t *testing.T) {
	t.Parallel()
	const commands, readers = 97, 12
	w := newWorkshop(t, "ktpel-op-1-8k")
	stride := 1
	if testing.Short() || raceDetector { // each instant takes a second and more, in which pcscd looks twice for the card
		stride = 6
	}
	instants := make(chan int)
	go func() {
		defer close(instants)
		for n := 1; n <= commands; n++ {
			if n%stride == 1%stride {
				instants <- n
			}
		}
	}()
	var all sync.WaitGroup
	for range readers {
		p, on := take(t), &pad{}
		tr := p.open(t)
		on.lay(w.blank())
		if err := p.slot.Insert(on); err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			if err := tr.WaitCard(soon(t)); err != nil {
				t.Error(err)
			}
			for n := range instants {
				removedAt(t, w, on, tr, n)
			}
		})
	}
	all.Wait()
}

func removedAt(t *testing.T, w *workshop, on *pad, tr *Transport, n int) {
	card := w.blank()
	if err := card.Inject(chip.Fault{Kind: chip.FieldLoss, APDU: n, After: n%2 == 0}); err != nil {
		t.Error(err)
	}
	on.lay(card)
	e, plan := &applet.Encoder{Transport: tr, Keys: w.keys, Profile: w.profile}, applettest.Plan(t, w.profile, 3)
	if err := produce(soon(t), w, e, plan); !fault.Is(err, applet.CardRemoved) || fault.KindOf(err) != fault.InDoubt {
		t.Errorf("command %d: %v", n, err)
	}
	if r, err := tr.Transmit(soon(t), selectApplet(w)); !fault.Is(err, applet.CardRemoved) {
		t.Errorf("command %d: a card that was not reset answers %X, %v", n, r, err)
	}
	if err := errors.Join(tr.WaitRemoval(soon(t)), tr.WaitCard(soon(t))); err != nil {
		t.Errorf("command %d: the card goes and comes: %v", n, err)
		return
	}
	if err := produce(soon(t), w, e, plan); err != nil {
		t.Errorf("command %d, second visit: %v", n, err)
	} else if wrong := made(card, plan); wrong != "" {
		t.Errorf("command %d: %s", n, wrong)
	}
}

// Eight readers make cards at the same time, while somebody watches and the memory is tidied up.
func TestEightReaders(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-32k")
	watcher, err := Watch()
	if err != nil {
		t.Fatal(err)
	}
	defer watcher.Close()
	const readers, each = 8, 2
	var all sync.WaitGroup
	var places []*place
	for range readers {
		places = append(places, take(t))
	}
	for _, p := range places {
		tr, on := p.open(t), &pad{}
		on.lay(w.blank())
		all.Go(func() {
			p.put(t, tr, on)
			for range each {
				card := w.blank()
				on.lay(card)
				e, plan := &applet.Encoder{Transport: tr, Keys: w.keys, Profile: w.profile}, applettest.Plan(t, w.profile, 3)
				if err := produce(soon(t), w, e, plan); err != nil {
					t.Errorf("%s: %v", p.Name, err)
				} else if wrong := made(card, plan); wrong != "" {
					t.Errorf("%s: %s", p.Name, wrong)
				}
				runtime.GC()
			}
		})
	}
	all.Wait()
}

// A command that hangs in the card releases its caller, and the reader is out of use until the card
// has finished.
func TestCancelInACommand(t *testing.T) {
	t.Parallel()
	w, p, on := newWorkshop(t, "ktpel-op-1-8k"), take(t), &pad{}
	on.lay(w.blank())
	tr := p.open(t)
	p.put(t, tr, on)
	if _, err := tr.Reset(soon(t)); err != nil {
		t.Fatal(err)
	}
	begun, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	on.watch(func([]byte) error { once.Do(func() { close(begun) }); <-release; return nil })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-begun; cancel() }()
	if r, err := tr.Transmit(ctx, selectApplet(w)); !fault.Is(err, ReaderStuck) || !fault.Is(err, applet.ReaderAway) || !errors.Is(err, context.Canceled) {
		t.Errorf("%X, %v", r, err)
	}
	if r, err := tr.Transmit(soon(t), selectApplet(w)); !fault.Is(err, applet.CardRemoved) {
		t.Errorf("the next command: %X, %v", r, err)
	}
	if _, err := tr.Reset(soon(t)); !fault.Is(err, ReaderStuck) {
		t.Errorf("a reset while the card is at work: %v", err)
	}
	if _, err := OpenReader(soon(t), p.Name); !fault.Is(err, ReaderStuck) {
		t.Errorf("another transport while the card is at work: %v", err)
	}
	close(release)
	ctx = soon(t)
	for {
		_, err := tr.Reset(ctx)
		if err == nil {
			break
		}
		if !fault.Is(err, ReaderStuck) {
			t.Fatalf("afterwards: %v", err)
		}
	}
	if _, err := tr.Transmit(ctx, selectApplet(w)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// An answer that comes just after the context has ended is an answer: the card did the command.
func TestCancelInAShortCommand(t *testing.T) {
	t.Parallel()
	w, p, on := newWorkshop(t, "ktpel-op-1-8k"), take(t), &pad{}
	on.lay(w.blank())
	tr := p.open(t)
	p.put(t, tr, on)
	if _, err := tr.Reset(soon(t)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	on.watch(func([]byte) error { cancel(); return nil })
	if r, err := tr.Transmit(ctx, selectApplet(w)); err != nil || len(r) < leastAnswer {
		t.Errorf("%X, %v", r, err)
	}
	if _, err := tr.Transmit(soon(t), selectApplet(w)); err != nil {
		t.Errorf("the next command: %v", err)
	}
}

// Waiting ends with its context, and the transport goes on.
func TestCancelInAWait(t *testing.T) {
	t.Parallel()
	w, p := newWorkshop(t, "ktpel-op-1-8k"), take(t)
	tr := p.open(t)
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		if err := tr.WaitCard(ctx); !errors.Is(err, context.Canceled) || fault.CodeOf(err) != "" {
			t.Fatalf("a wait: %v", err)
		}
	}
	p.put(t, tr, w.blank())
	if _, err := tr.Reset(soon(t)); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if err := tr.WaitRemoval(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a wait: %v", err)
	}
	if _, err := tr.Transmit(soon(t), selectApplet(w)); err != nil {
		t.Errorf("a command after a wait: %v", err)
	}
}

// A reader belongs to one transport, and to one program.
func TestReaderIsExclusive(t *testing.T) {
	t.Parallel()
	w, p := newWorkshop(t, "ktpel-op-1-8k"), take(t)
	tr := p.open(t)
	if _, err := OpenReader(soon(t), p.Name); !fault.Is(err, ReaderBusy) {
		t.Errorf("a second transport: %v", err)
	}
	p.put(t, tr, w.blank())
	if _, err := tr.Reset(soon(t)); err != nil {
		t.Fatal(err)
	}
	other, err := establish()
	if err != nil {
		t.Fatal(err)
	}
	defer other.release()
	if _, err := other.connect(p.Name, exclusive); !errors.Is(err, sharingViolation) {
		t.Errorf("another program beside: %v", err)
	}
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	h, err := other.connect(p.Name, exclusive)
	if err != nil {
		t.Fatalf("after the transport was closed: %v", err)
	}
	late := p.open(t)
	if _, err := late.Reset(soon(t)); !fault.Is(err, ReaderBusy) || !fault.Is(err, applet.ReaderAway) {
		t.Errorf("beside another program: %v", err)
	}
	list, err := List(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.Name == p.Name && (!r.Busy || !r.Card) {
			t.Errorf("the list shows %+v", r)
		}
	}
	if err := h.disconnect(leaveCard); err != nil {
		t.Fatal(err)
	}
	if _, err := late.Reset(soon(t)); err != nil {
		t.Errorf("when the other program has gone: %v", err)
	}
}

// A warm and a cold reset both forget the selection; only the cold one takes the power.
func TestResets(t *testing.T) {
	t.Parallel()
	w, p, on := newWorkshop(t, "ktpel-op-1-8k"), take(t), &pad{}
	card := w.blank()
	on.lay(card)
	tr := p.open(t)
	p.put(t, tr, on)
	cold, err := tr.Reset(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	powered := card.View().Resets
	warm, err := tr.WarmReset(soon(t))
	if err != nil || !bytes.Equal(warm, cold) {
		t.Errorf("ATR %X, then %X: %v", cold, warm, err)
	}
	if n := card.View().Resets; n <= powered {
		t.Errorf("%d resets, then %d", powered, n)
	}
	if l := tr.Limits(); l != (applet.Limits{}) {
		t.Errorf("a reader that says nothing of lengths: %+v", l)
	}
}
