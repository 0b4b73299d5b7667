package applettest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// Bench is one blank card in a reader with what is needed to make it.
type Bench struct {
	Transport applet.Transport
	Keys      applet.KeySource
	Profile   *chipdata.Profile
	Signer    chipdata.Signer
}

// at is when the plans are sealed.
var at = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// attempts of the suite.
var (
	ours   = ktp.AttemptID{0xA1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	theirs = ktp.AttemptID{0xB2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
)

// RunEncoder proves the personalization sequence on a kind of card. Each case takes a blank card
// from open and leaves it in any state.
func RunEncoder(t *testing.T, open func(t *testing.T) Bench) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(t *testing.T, b Bench, e *applet.Encoder)
	}{
		{"the whole life of a card", wholeLife},
		{"every step may be repeated", repeated},
		{"a torn write is written again from the start", tornWrite},
		{"a card of another attempt is not touched", foreignAttempt},
		{"steps out of order are refused", outOfOrder},
		{"a spoiled card is terminated", spoiled},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			defer func() { _ = b.Transport.Close() }() // some cases have closed it
			c.run(t, b, &applet.Encoder{Transport: b.Transport, Keys: b.Keys, Profile: b.Profile})
		})
	}
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func refused(t *testing.T, what string, err error, want fault.Entry) {
	t.Helper()
	if !fault.Is(err, want) {
		t.Errorf("%s: %v, want %s", what, err, want.Code)
	}
}

func probe(t *testing.T, e *applet.Encoder, want applet.State) applet.Probe {
	t.Helper()
	p, err := e.Probe(context.Background())
	must(t, "probe", err)
	if p.State != want {
		t.Fatalf("the card is %s, expected %s", p.State, want)
	}
	return p
}

// makeWritten takes a probed card to the state written.
func makeWritten(t *testing.T, b Bench, e *applet.Encoder) *chipdata.Plan {
	t.Helper()
	ctx := context.Background()
	plan := Plan(t, b.Profile, 1)
	must(t, "claim", e.Claim(ctx, ours))
	_, err := e.Write(ctx, ours, plan, b.Signer, at)
	must(t, "write", err)
	_, err = e.ReadBack(ctx, plan)
	must(t, "read back", err)
	must(t, "finish", e.Finish(ctx))
	return plan
}

func wholeLife(t *testing.T, b Bench, e *applet.Encoder) {
	ctx := context.Background()
	blank := probe(t, e, applet.Blank)
	if !blank.Attempt.IsZero() || len(blank.UID) != 20 || len(blank.ATR) < 2 {
		t.Errorf("blank card: attempt %s, uid %s", blank.Attempt, blank.UID)
	}
	plan := Plan(t, b.Profile, 1)
	must(t, "claim", e.Claim(ctx, ours))
	hashes, err := e.Write(ctx, ours, plan, b.Signer, at)
	must(t, "write", err)
	if len(hashes) != len(plan.Files) || len(hashes) != len(b.Profile.Files)-1 {
		t.Errorf("%d hashes of %d files", len(hashes), len(plan.Files))
	}
	back, err := e.ReadBack(ctx, plan)
	must(t, "read back", err)
	for _, f := range plan.Files {
		if !bytes.Equal(back[f.FID], f.Data) {
			t.Errorf("%s came back with %d bytes, %d planned", f.Name, len(back[f.FID]), len(f.Data))
		}
	}
	must(t, "finish", e.Finish(ctx))
	if p := probe(t, e, applet.Written); p.Attempt != ours || p.UID != blank.UID {
		t.Errorf("written card: attempt %s, uid %s", p.Attempt, p.UID)
	}
	_, err = e.ReadBackHashes(ctx, hashes)
	must(t, "read back by hashes", err)
	must(t, "activate", e.Activate(ctx, ours))
	probe(t, e, applet.Active)
	must(t, "activate again", e.Activate(ctx, ours))
	refused(t, "claim of an active card", e.Claim(ctx, ours), applet.WrongState)
	must(t, "block", e.Block(ctx))
	probe(t, e, applet.Blocked)
	must(t, "block again", e.Block(ctx))
	refused(t, "activate a blocked card", e.Activate(ctx, ours), applet.WrongState)
	must(t, "terminate", e.Terminate(ctx))
	probe(t, e, applet.Terminated)
	must(t, "terminate again", e.Terminate(ctx))
	refused(t, "block a terminated card", e.Block(ctx), applet.WrongState)
}

func repeated(t *testing.T, b Bench, e *applet.Encoder) {
	ctx := context.Background()
	probe(t, e, applet.Blank)
	must(t, "claim", e.Claim(ctx, ours))
	must(t, "claim again", e.Claim(ctx, ours))
	probe(t, e, applet.Claimed)
	must(t, "claim in a new channel", e.Claim(ctx, ours))
	plan := makeWritten(t, b, e)
	must(t, "finish again", e.Finish(ctx))
	probe(t, e, applet.Written)
	_, err := e.ReadBack(ctx, plan)
	must(t, "read back in a new channel", err)
	must(t, "claim of a written card", e.Claim(ctx, ours))
	probe(t, e, applet.Written)
	plan = makeWritten(t, b, e) // from written: the marker goes back, keys for life are replaced
	probe(t, e, applet.Written)
	_, err = e.ReadBack(ctx, plan)
	must(t, "read back of the second write", err)
	must(t, "activate", e.Activate(ctx, ours))
}

func tornWrite(t *testing.T, b Bench, e *applet.Encoder) {
	ctx := context.Background()
	probe(t, e, applet.Blank)
	must(t, "claim", e.Claim(ctx, ours))
	_, err := e.Write(ctx, ours, Plan(t, b.Profile, 9), b.Signer, at)
	must(t, "write", err)
	if p := probe(t, e, applet.Claimed); p.Attempt != ours {
		t.Fatalf("the card holds %s", p.Attempt)
	}
	makeWritten(t, b, e) // another content: nothing of the first may be left
	must(t, "activate", e.Activate(ctx, ours))
}

func foreignAttempt(t *testing.T, b Bench, e *applet.Encoder) {
	ctx := context.Background()
	probe(t, e, applet.Blank)
	must(t, "claim", e.Claim(ctx, theirs))
	probe(t, e, applet.Claimed)
	refused(t, "claim", e.Claim(ctx, ours), applet.ForeignAttempt)
	_, err := e.Write(ctx, ours, Plan(t, b.Profile, 1), b.Signer, at)
	refused(t, "write", err, applet.ForeignAttempt)
	refused(t, "activate", e.Activate(ctx, ours), applet.ForeignAttempt)
	if p := probe(t, e, applet.Claimed); p.Attempt != theirs {
		t.Errorf("the card holds %s", p.Attempt)
	}
}

func outOfOrder(t *testing.T, b Bench, e *applet.Encoder) {
	ctx := context.Background()
	plan := Plan(t, b.Profile, 1)
	refused(t, "claim before probe", e.Claim(ctx, ours), applet.NotProbed)
	refused(t, "finish before probe", e.Finish(ctx), applet.NotProbed)
	refused(t, "activate before probe", e.Activate(ctx, ours), applet.NotProbed)
	refused(t, "block before probe", e.Block(ctx), applet.NotProbed)
	refused(t, "terminate before probe", e.Terminate(ctx), applet.NotProbed)
	_, err := e.ReadBack(ctx, plan)
	refused(t, "read back before probe", err, applet.NotProbed)
	probe(t, e, applet.Blank)
	refused(t, "claim without an attempt", e.Claim(ctx, ktp.AttemptID{}), applet.Misuse)
	refused(t, "finish a blank card", e.Finish(ctx), applet.Misuse)
	refused(t, "activate a blank card", e.Activate(ctx, ours), applet.ForeignAttempt)
	refused(t, "block a blank card", e.Block(ctx), applet.WrongState)
	_, err = e.ReadBack(ctx, plan)
	refused(t, "read back a blank card", err, applet.WrongState)
	must(t, "claim", e.Claim(ctx, ours))
	refused(t, "activate a claimed card", e.Activate(ctx, ours), applet.WrongState)
	probe(t, e, applet.Claimed)
}

func spoiled(t *testing.T, b Bench, e *applet.Encoder) {
	probe(t, e, applet.Blank)
	makeWritten(t, b, e)
	must(t, "terminate", e.Terminate(context.Background()))
	probe(t, e, applet.Terminated)
}
