package applet_test

import (
	"context"
	"testing"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/keys"
)

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
