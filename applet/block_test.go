package applet_test

import (
	"context"
	"testing"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/emulator/chip"
	"blanko/fault"
)

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
