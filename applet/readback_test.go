package applet_test

import (
	"context"
	"testing"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/emulator/chip"
	"blanko/fault"
)

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
				e := w.practised(t, card)
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
