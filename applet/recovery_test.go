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
	"blanko/keys"
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

// A card under unknown keys is tried once, and never again by this encoder: not by a second
// claim, not after a new probe. The card's own failure counter is not touched.
func TestWrongKeyIsTriedOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-8k")
	card := w.blank()
	if err := card.Inject(chip.Fault{Kind: chip.WrongTransportKey}); err != nil {
		t.Fatal(err)
	}
	e := w.encoder(card)
	if _, err := e.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if err := e.Claim(ctx, ours); !fault.Is(err, applet.AuthFailed) {
		t.Fatalf("claim: %v", err)
	}
	once := card.View()
	if once.Sequences[0x30] != 1 || once.Failures[0x30] != 0 || once.State != "blank" {
		t.Errorf("after one try: %d openings, %d failures, %s", once.Sequences[0x30], once.Failures[0x30], once.State)
	}
	if err := e.Claim(ctx, ours); !fault.Is(err, applet.AuthFailed) {
		t.Errorf("second claim: %v", err)
	}
	if v := card.View(); v.APDUs != once.APDUs {
		t.Errorf("%d commands were sent for the second claim", v.APDUs-once.APDUs)
	}
	if _, err := e.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if err := e.Terminate(ctx); !fault.Is(err, applet.AuthFailed) {
		t.Errorf("terminate: %v", err)
	}
	if v := card.View(); v.Sequences[0x30] != 1 {
		t.Errorf("%d openings", v.Sequences[0x30])
	}
	// The next card in the same reader is another card.
	next := w.blank()
	e.Transport.(*field).card = next
	if err := line(w, e, applettest.Plan(t, w.profile, 1)); err != nil {
		t.Errorf("the next card: %v", err)
	}
}

// spoiledHost gives a wrong host cryptogram.
type spoiledHost struct{ applet.KeySource }

func (s spoiledHost) Open(ctx context.Context, kvn byte, kdd [10]byte, challenge [8]byte, level byte, answer []byte) (int, []byte, error) {
	handle, command, err := s.KeySource.Open(ctx, kvn, kdd, challenge, level, answer)
	if err == nil {
		command[5] ^= 1
	}
	return handle, command, err
}

// A cryptogram that the card refuses costs one failure on its counter and no second.
func TestHostCryptogramRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-8k")
	card := w.blank()
	e := w.encoder(card)
	e.Keys = spoiledHost{w.keys}
	if _, err := e.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := e.Claim(ctx, ours); !fault.Is(err, applet.AuthFailed) {
			t.Errorf("%v", err)
		}
	}
	if v := card.View(); v.Failures[0x30] != 1 {
		t.Errorf("%d failures on the card", v.Failures[0x30])
	}
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
		e, plan := w.encoder(card), applettest.Plan(t, w.profile, 1)
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

// A card is terminated with the key that its state wants, from every state.
func TestTerminateFromEveryState(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-8k")
	none := func(*applet.Encoder) error { return nil }
	whole := func(e *applet.Encoder) error { return line(w, e, applettest.Plan(t, w.profile, 1)) }
	for _, c := range []struct {
		state applet.State
		cut   int // number of the command at which the power goes; 0: never
		bring func(e *applet.Encoder) error
	}{
		{applet.Blank, 0, none},
		{applet.Claimed, 7, whole},  // claimed, issuer keys not there yet
		{applet.Claimed, 40, whole}, // issuer keys there, files partial
		{applet.Claimed, 89, whole}, // keys for life there
		{applet.Written, 93, whole}, // before activation
		{applet.Active, 0, whole},
		{applet.Blocked, 0, func(e *applet.Encoder) error {
			if err := whole(e); err != nil {
				return err
			}
			return e.Block(ctx)
		}},
	} {
		card := w.blank()
		if c.cut > 0 {
			injected(t, card, chip.Fault{Kind: chip.FieldLoss, APDU: c.cut})
		}
		e := w.encoder(card)
		if err := c.bring(e); err != nil && c.cut == 0 {
			t.Fatalf("%s: %v", c.state, err)
		}
		p, err := e.Probe(ctx)
		if err != nil || p.State != c.state {
			t.Fatalf("cut at %d: the card is %s, %v; want %s", c.cut, p.State, err, c.state)
		}
		if err := e.Terminate(ctx); err != nil {
			t.Errorf("%s, cut at %d: %v", c.state, c.cut, err)
		}
		if v := card.View(); v.State != "terminated" {
			t.Errorf("%s, cut at %d: the card is %s", c.state, c.cut, v.State)
		}
	}
}

// Chips whose counter skips commands without data work with a key source that knows it. With one
// that does not, the answers to READ BINARY, the first commands without data, decipher wrongly
// in their first block: the read back says so and nothing is activated.
func TestCounterQuirk(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	host := func(quirk bool) *keys.Host {
		masters := map[keys.Role]keys.Master{}
		for _, role := range keys.Roles {
			m, err := keys.NewMaster(w.keys.Master(role))
			if err != nil {
				t.Fatal(err)
			}
			masters[role] = m
		}
		return keys.NewHost(keys.Config{
			Kind: "test", Masters: masters, CounterOnlyWithData: quirk,
			Challenge: func() (c [8]byte, err error) { return c, nil },
		})
	}
	for _, quirk := range []bool{true, false} {
		serial := [8]byte{0xEE, byte(w.made)}
		w.made++
		card := chip.New(chip.Config{
			Serial: serial, Size: w.size, CounterOnlyWithData: true,
			TransportKey: chip.Diversify(w.keys.Master(keys.Transport), chip.KDD(serial)),
		})
		e := w.encoder(card)
		e.Keys = host(quirk)
		err := line(w, e, applettest.Plan(t, w.profile, 1))
		if quirk && err != nil || !quirk && !fault.Is(err, applet.ReadbackMismatch) {
			t.Errorf("quirk known %v: %v", quirk, err)
		}
		if v := card.View(); (v.State == "active") != quirk {
			t.Errorf("quirk known %v: the card is %s", quirk, v.State)
		}
	}
}

// The journal's hashes stand in for a plan that is gone; any difference is named.
func TestReadBackHashes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-32k")
	card := w.blank()
	e, plan := w.encoder(card), applettest.Plan(t, w.profile, 1)
	if _, err := e.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	hashes, err := e.Write(ctx, ours, plan, w.signer, at)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := e.ReadBackHashes(ctx, hashes); err != nil || len(got) != len(plan.Files) {
		t.Errorf("%d files, %v", len(got), err)
	}
	for name, change := range map[string]func(map[string]string){
		"one hash other":           func(h map[string]string) { h["0101"] = h["0102"] },
		"one hash empty":           func(h map[string]string) { h["0101"] = "" },
		"a file not planned":       func(h map[string]string) { delete(h, "010B") },
		"a file that is not there": func(h map[string]string) { h["0999"] = h["0102"] },
	} {
		changed := map[string]string{}
		for k, v := range hashes {
			changed[k] = v
		}
		change(changed)
		if _, err := e.ReadBackHashes(ctx, changed); !fault.Is(err, applet.ReadbackMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A read back that the way to the card interrupts says so, and nothing about the files.
func TestReadBackInterrupted(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-8k")
	plan := applettest.Plan(t, w.profile, 1)
	for name, c := range map[string]struct {
		kind chip.Kind
		want fault.Entry
	}{
		"power":  {chip.FieldLoss, applet.CardRemoved},
		"mute":   {chip.Mute, applet.CardMute},
		"answer": {chip.Garble, applet.ChannelDead},
	} {
		for offset := 1; offset <= 38; offset += 3 {
			for which, read := range map[string]func(e *applet.Encoder, h map[string]string) error{
				"plan":   func(e *applet.Encoder, _ map[string]string) error { _, err := e.ReadBack(ctx, plan); return err },
				"hashes": func(e *applet.Encoder, h map[string]string) error { _, err := e.ReadBackHashes(ctx, h); return err },
			} {
				card := w.blank()
				e := w.encoder(card)
				if _, err := e.Probe(ctx); err != nil {
					t.Fatal(err)
				}
				hashes, err := e.Write(ctx, ours, plan, w.signer, at)
				if err != nil {
					t.Fatal(err)
				}
				injected(t, card, chip.Fault{Kind: c.kind, APDU: card.View().APDUs + offset})
				if err := read(e, hashes); fault.CodeOf(err) != c.want.Code {
					t.Errorf("%s at %d, by %s: %v", name, offset, which, err)
				}
			}
		}
	}
}

// liar answers every SELECT of the application with the life cycle byte that the card had before.
type liar struct{ field }

func (l *liar) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	const active = 0x05
	r, err := l.field.Transmit(ctx, capdu)
	if err == nil && capdu[1] == 0xA4 && len(r) > 14 {
		r[13] = active // 6F L 84 07 AID(7) 8A 01
	}
	return r, err
}

// That a card is blocked or terminated is believed when the card says so itself, not because the
// command was answered with 9000.
func TestProofOfBlocking(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-8k")
	for name, act := range map[string]func(*applet.Encoder) error{
		"block":     func(e *applet.Encoder) error { return e.Block(ctx) },
		"terminate": func(e *applet.Encoder) error { return e.Terminate(ctx) },
	} {
		card := w.blank()
		e := w.encoder(card)
		if err := line(w, e, applettest.Plan(t, w.profile, 1)); err != nil {
			t.Fatal(err)
		}
		e = w.encoder(card)
		e.Transport = &liar{field{card: card}}
		if p, err := e.Probe(ctx); err != nil || p.State != applet.Active {
			t.Fatalf("%s: %s, %v", name, p.State, err)
		}
		err := act(e)
		if !fault.Is(err, applet.WrongState) && !fault.Is(err, applet.UnexpectedStatus) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// counted is a key source that knows how many channels are open.
type counted struct {
	applet.KeySource
	open map[int]bool
}

func (c *counted) Open(ctx context.Context, kvn byte, kdd [10]byte, challenge [8]byte, level byte, answer []byte) (int, []byte, error) {
	handle, command, err := c.KeySource.Open(ctx, kvn, kdd, challenge, level, answer)
	if err == nil {
		c.open[handle] = true
	}
	return handle, command, err
}

func (c *counted) Close(handle int) {
	delete(c.open, handle)
	c.KeySource.Close(handle)
}

// Every channel that was opened is closed, whatever happens: when the card is done, and when the
// power went at any command.
func TestChannelsAreClosed(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	for n := 0; n <= 97; n += 4 {
		card := w.blank()
		if n > 0 {
			injected(t, card, chip.Fault{Kind: chip.FieldLoss, APDU: n})
		}
		e, source := w.encoder(card), &counted{KeySource: w.keys, open: map[int]bool{}}
		e.Keys = source
		err := line(w, e, applettest.Plan(t, w.profile, 1))
		if (err == nil) != (n == 0) || len(source.open) != 0 {
			t.Errorf("cut at %d: %v, %d channels left open", n, err, len(source.open))
		}
	}
	e, source := w.encoder(w.blank()), &counted{KeySource: w.keys, open: map[int]bool{}}
	e.Keys = source
	if _, err := e.Probe(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := e.Claim(context.Background(), ours); err != nil || len(source.open) != 1 {
		t.Errorf("%v, %d channels open after the claim", err, len(source.open))
	}
	e.Close()
	if len(source.open) != 0 {
		t.Errorf("%d channels left open after Close", len(source.open))
	}
	if err := e.Claim(context.Background(), ours); err != nil {
		t.Errorf("claim after Close: %v", err)
	}
}

// otherChecks expects other key check values than the card will answer.
type otherChecks struct{ applet.KeySource }

func (o otherChecks) KeyBlock(ctx context.Context, handle int, target byte, kdd [10]byte) ([]byte, [3][3]byte, error) {
	data, kcv, err := o.KeySource.KeyBlock(ctx, handle, target, kdd)
	kcv[1][2] ^= 1
	return data, kcv, err
}

// The key check values that the card answers are compared with those that were sent.
func TestKeyCheckValues(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorkshop(t, "ktpel-op-1-8k")
	card := w.blank()
	e := w.encoder(card)
	e.Keys = otherChecks{w.keys}
	if _, err := e.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if err := e.Claim(ctx, ours); !fault.Is(err, applet.KeyCheckDiffers) {
		t.Errorf("%v", err)
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
