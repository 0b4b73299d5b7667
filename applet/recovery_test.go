package applet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/ktp"
)

// ours is the attempt of these tests.
var ours = ktp.AttemptID{0xC0, 0xFF, 0xEE, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}

// line does with a card what a line does: it probes and goes on from what the card says (card
// profile KTPEL-OP 1, section 8.5), to the end or to the first error.
func line(w *workshop, e *applet.Encoder, plan *chipdata.Plan) error {
	ctx := context.Background()
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

// complete says what is wrong with a card that should be made, or "".
func complete(v chip.View, plan *chipdata.Plan) string {
	switch {
	case v.State != "active":
		return "it is " + v.State
	case v.Attempt != ours:
		return fmt.Sprintf("it holds %x", v.Attempt)
	case fmt.Sprintf("%x", v.Keys) != "313839":
		return fmt.Sprintf("it has key sets %x", v.Keys)
	case len(v.Files) != len(plan.Files)+1:
		return fmt.Sprintf("it has %d files", len(v.Files))
	}
	for _, f := range plan.Files {
		if !bytes.Equal(v.Files[f.FID], f.Data) {
			return f.Name + " differs from the plan"
		}
	}
	for kvn, n := range v.Failures {
		if n != 0 {
			return fmt.Sprintf("key set %x counted %d failures", kvn, n)
		}
	}
	return ""
}

// The power goes at every single command of the sequence, before the card does it and after. The
// card says where it is, and the second visit makes it.
func TestPowerCutAtEveryCommand(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	const commands = 97
	for n := 1; n <= commands; n++ {
		for _, after := range []bool{false, true} {
			card := w.blank()
			if err := card.Inject(chip.Fault{Kind: chip.FieldLoss, APDU: n, After: after}); err != nil {
				t.Fatal(err)
			}
			e, plan := w.encoder(card), applettest.Plan(t, w.profile, 3)
			if err := line(w, e, plan); !fault.Is(err, applet.CardRemoved) || fault.KindOf(err) != fault.InDoubt {
				t.Fatalf("command %d, after %v: %v", n, after, err)
			}
			if err := e.Activate(context.Background(), ours); !fault.Is(err, applet.NotProbed) {
				t.Errorf("command %d, after %v: the encoder goes on without a probe: %v", n, after, err)
			}
			if err := line(w, e, plan); err != nil {
				t.Fatalf("command %d, after %v, second visit: %v", n, after, err)
			}
			if wrong := complete(card.View(), plan); wrong != "" {
				t.Errorf("command %d, after %v: %s", n, after, wrong)
			}
		}
	}
}

// The same on the large profile, where the card makes keys and the plan is sealed anew: at the
// commands around every change of step, and with a station that has forgotten its plan.
func TestPowerCutLargeChip(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-32k")
	for _, n := range []int{5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 20, 100, 103, 104, 105, 150, 192, 193, 194, 195, 196, 197, 201, 202} {
		for _, after := range []bool{false, true} {
			card := w.blank()
			if err := card.Inject(chip.Fault{Kind: chip.FieldLoss, APDU: n, After: after}); err != nil {
				t.Fatal(err)
			}
			if err := line(w, w.encoder(card), applettest.Plan(t, w.profile, 3)); !fault.Is(err, applet.CardRemoved) {
				t.Fatalf("command %d, after %v: %v", n, after, err)
			}
			before := card.View()
			plan := applettest.Plan(t, w.profile, 4)
			if err := line(w, w.encoder(card), plan); err != nil {
				t.Fatalf("command %d, after %v, second visit: %v", n, after, err)
			}
			if before.State == "active" {
				continue // the first plan is on it for good
			}
			if wrong := complete(card.View(), plan); wrong != "" {
				t.Errorf("command %d, after %v: %s", n, after, wrong)
			}
		}
	}
}

// Whatever goes wrong, whenever: the card ends complete and active, or not active and with an
// error that has a code. A card whose content is not the planned one is never activated.
func TestNothingWrongIsActivated(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	made := applettest.Plan(t, w.profile, 5)
	rapid.Check(t, func(t *rapid.T) {
		card := w.blank()
		for range rapid.IntRange(1, 3).Draw(t, "faults") {
			f := chip.Fault{Kind: rapid.SampledFrom([]chip.Kind{chip.FieldLoss, chip.Mute, chip.Garble, chip.NVMError, chip.Corrupt}).Draw(t, "kind")}
			paged := f.Kind == chip.FieldLoss || f.Kind == chip.NVMError || f.Kind == chip.Corrupt
			if paged && rapid.Bool().Draw(t, "at page") {
				f.Page = rapid.IntRange(1, 140).Draw(t, "page")
			} else {
				f.APDU = rapid.IntRange(1, 130).Draw(t, "command")
			}
			if err := card.Inject(f); err != nil {
				t.Fatal(err)
			}
		}
		e, plan := w.encoder(card), &chipdata.Plan{Profile: made.Profile, Files: slices.Clone(made.Files)}
		var err error
		for range 8 {
			if err = line(w, e, plan); err == nil || fault.KindOf(err) == fault.Device {
				break
			}
		}
		v := card.View()
		switch wrong := complete(v, plan); {
		case err == nil && wrong != "":
			t.Fatalf("made without an error, but %s", wrong)
		case err != nil && fault.CodeOf(err) == "":
			t.Fatalf("an error without a code: %v", err)
		case v.State == "active" && wrong != "":
			t.Fatalf("active, but %s (%v)", wrong, err)
		}
	})
}

// Cards that are not what was expected are named and left as they are.
func TestForeignCards(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-8k")
	for _, c := range []struct {
		name  string
		fault chip.Fault
		probe fault.Entry // of the probe; none: it succeeds
		state applet.State
		claim fault.Entry
	}{
		{"another make", chip.Fault{Kind: chip.ForeignCard}, applet.NoApplication, "", fault.Entry{}},
		{"claimed by another attempt", chip.Fault{Kind: chip.ForeignAttempt, Attempt: [16]byte{9}}, fault.Entry{}, applet.Claimed, applet.ForeignAttempt},
		{"active under another attempt", chip.Fault{Kind: chip.AlreadyActive, Attempt: [16]byte{9}}, fault.Entry{}, applet.Active, applet.ForeignAttempt},
		{"active under our attempt", chip.Fault{Kind: chip.AlreadyActive, Attempt: ours}, fault.Entry{}, applet.Active, applet.WrongState},
	} {
		card := w.blank()
		if err := card.Inject(c.fault); err != nil {
			t.Fatal(err)
		}
		e := w.encoder(card)
		p, err := e.Probe(ctx)
		if c.probe.Code != "" {
			if !fault.Is(err, c.probe) {
				t.Errorf("%s: %v", c.name, err)
			}
			if err := e.Claim(ctx, ours); !fault.Is(err, applet.NotProbed) {
				t.Errorf("%s: claim: %v", c.name, err)
			}
			continue
		}
		if err != nil || p.State != c.state {
			t.Fatalf("%s: %s, %v", c.name, p.State, err)
		}
		before := card.View()
		if err := e.Claim(ctx, ours); !fault.Is(err, c.claim) {
			t.Errorf("%s: claim: %v", c.name, err)
		}
		if v := card.View(); v.APDUs != before.APDUs || v.Attempt != before.Attempt {
			t.Errorf("%s: the card was touched", c.name)
		}
	}
}

// The claim that another attempt has already made is refused by the card itself too (6985).
func TestCardRefusesForeignClaim(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-8k")
	card := w.blank()
	e := w.encoder(card)
	if _, err := e.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if err := card.Inject(chip.Fault{Kind: chip.ForeignAttempt, Attempt: [16]byte{9}}); err != nil { // after the probe
		t.Fatal(err)
	}
	err := e.Claim(ctx, ours)
	if !fault.Is(err, applet.ForeignAttempt) || !errors.Is(err, applet.SWConditionsOfUse) {
		t.Errorf("%v", err)
	}
	if v := card.View(); v.Attempt != ([16]byte{9}) {
		t.Errorf("the card holds %x", v.Attempt)
	}
}

func TestMemoryFaults(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	for _, c := range []struct {
		name string
		make func() *chip.Card
		want fault.Entry
	}{
		{"6581 while writing", func() *chip.Card { return injected(t, w.blank(), chip.Fault{Kind: chip.NVMError, Page: 40}) }, applet.MemoryFailure},
		{"a wrong bit", func() *chip.Card { return injected(t, w.blank(), chip.Fault{Kind: chip.Corrupt, Page: 40}) }, applet.ReadbackMismatch},
		{"a smaller chip", func() *chip.Card { small := *w; small.size = 3000; return small.blank() }, applet.NoSpace},
	} {
		card := c.make()
		if err := line(w, w.encoder(card), applettest.Plan(t, w.profile, 1)); !fault.Is(err, c.want) || fault.KindOf(err) != fault.Device {
			t.Errorf("%s: %v", c.name, err)
		}
		if v := card.View(); v.State != "claimed" {
			t.Errorf("%s: the card is %s", c.name, v.State)
		}
	}
}

func injected(t *testing.T, card *chip.Card, f chip.Fault) *chip.Card {
	t.Helper()
	if err := card.Inject(f); err != nil {
		t.Fatal(err)
	}
	return card
}

// An answer that was altered on its way ends the channel; the step says so and is repeatable.
func TestAlteredAnswer(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	for _, n := range []int{6, 7, 10, 11, 12, 13, 30, 60, 90} { // claim, put key, claim, BAC keys, first file, its content, update, read, last key
		card := injected(t, w.blank(), chip.Fault{Kind: chip.Garble, APDU: n})
		e, plan := w.practised(t, card), applettest.Plan(t, w.profile, 1)
		if err := line(w, e, plan); !fault.Is(err, applet.ChannelDead) || fault.KindOf(err) != fault.Transient {
			t.Errorf("command %d: %v", n, err)
		}
		if err := line(w, e, plan); err != nil {
			t.Errorf("command %d, second visit: %v", n, err)
		}
		if wrong := complete(card.View(), plan); wrong != "" {
			t.Errorf("command %d: %s", n, wrong)
		}
	}
}

// A plan of one profile is never written by an encoder of another.
func TestPlanOfAnotherProfile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	small, large := newWorkshop(t, "ktpel-op-1-8k"), newWorkshop(t, "ktpel-op-1-32k")
	card := small.blank()
	e := small.encoder(card)
	if _, err := e.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Write(ctx, ours, applettest.Plan(t, large.profile, 1), large.signer, at); !fault.Is(err, applet.Misuse) {
		t.Errorf("%v", err)
	}
	if v := card.View(); v.State != "blank" {
		t.Errorf("the card is %s", v.State)
	}
}

// The CAN is six digits; a wrong one is refused before anything of it reaches the card.
func TestCAN(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-32k")
	for can, ok := range map[string]bool{"123456": true, "": true, "12345": false, "1234567": false, "12345A": false} {
		card := w.blank()
		e := w.encoder(card)
		e.CAN = can
		if _, err := e.Probe(ctx); err != nil {
			t.Fatal(err)
		}
		_, err := e.Write(ctx, ours, applettest.Plan(t, w.profile, 1), w.signer, at)
		if ok != (err == nil) || !ok && !fault.Is(err, applet.Misuse) || card.View().CAN != ok {
			t.Errorf("CAN %q: %v", can, err)
		}
	}
	card := w.blank()
	e := w.encoder(card)
	e.Random = bytes.NewReader([]byte{255, 251, 7}) // ends too early
	if _, err := e.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Write(ctx, ours, applettest.Plan(t, w.profile, 1), w.signer, at); !fault.Is(err, applet.Misuse) {
		t.Errorf("%v", err)
	}
}
