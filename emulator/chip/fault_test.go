package chip

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// finished runs a plan to the end: personalization and activation, after a reset.
func (h *host) finished(p plan) error {
	if err := h.reset(); err != nil {
		return err
	}
	lcs, prof, err := h.probe()
	if err != nil {
		return err
	}
	if lcs == 3 || prof[26] != 2 {
		if err := h.personalize(p); err != nil {
			return err
		}
	}
	return h.activate(p.id)
}

// checkTorn holds for a card at any instant of a personalization: it is blank or belongs to the
// attempt, EF.PROF agrees with its state, and a written or active card carries exactly the
// planned files and keys.
func checkTorn(t *testing.T, where string, v View, p plan) {
	t.Helper()
	prof := v.Files[0x0204]
	if string(prof[:8]) != "KTPEL-OP" || !bytes.Equal(prof[10:26], v.Attempt[:]) || prof[26] != v.Marker {
		t.Errorf("%s: EF.PROF %X, attempt %X, marker %d", where, prof, v.Attempt, v.Marker)
	}
	if blank := v.State == "blank"; blank != (v.Attempt == [16]byte{}) || blank != (v.Marker == 0) {
		t.Errorf("%s: state %s, attempt %X, marker %d", where, v.State, v.Attempt, v.Marker)
	}
	if v.Attempt != ([16]byte{}) && v.Attempt != p.id {
		t.Errorf("%s: attempt %X", where, v.Attempt)
	}
	if v.State == "written" || v.State == "active" {
		for _, f := range p.files {
			if !bytes.Equal(v.Files[f.fid], f.data) {
				t.Errorf("%s: state %s, but file %04X is not as planned", where, v.State, f.fid)
			}
		}
		if !bytes.Equal(v.Keys, []byte{0x31, 0x38, 0x39}) {
			t.Errorf("%s: state %s with keys %X", where, v.State, v.Keys)
		}
	} else if v.State != "blank" && v.State != "claimed" {
		t.Errorf("%s: state %s", where, v.State)
	}
}

// nvmModes are the two ways of counting pages.
func nvmModes() map[string]Timing {
	touched := MidChip()
	touched.Touched = true
	return map[string]Timing{"buffered": MidChip(), "touched": touched}
}

// The power goes at every page and before and after every command of a personalization, and a
// second time three pages into the recovery; the card is never in a state that the profile does
// not know, and recovery always ends with the planned card.
func TestPowerCutEverywhere(t *testing.T) {
	t.Parallel()
	for mode, timing := range nvmModes() {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			p := smallPlan()
			whole := newHost(Config{Timing: timing})
			if err := whole.finished(p); err != nil {
				t.Fatal(err)
			}
			end := whole.card.View()
			var cuts []Fault
			for n := 1; n <= end.Pages; n++ {
				cuts = append(cuts, Fault{Kind: FieldLoss, Page: n})
			}
			for n := 1; n <= end.APDUs; n++ {
				cuts = append(cuts, Fault{Kind: FieldLoss, APDU: n}, Fault{Kind: FieldLoss, APDU: n, After: true})
			}
			torn := 0
			for _, cut := range cuts {
				h := newHost(Config{Timing: timing})
				if err := h.card.Inject(cut); err != nil {
					t.Fatal(err)
				}
				if err := h.finished(p); !errors.Is(err, ErrFieldLost) {
					t.Fatalf("%+v: %v", cut, err)
				}
				v := h.card.View()
				checkTorn(t, "cut", v, p)
				if v.Pending != 0 {
					t.Fatalf("%+v did not happen", cut)
				}
				for _, f := range p.files {
					if got, ok := v.Files[f.fid]; ok && !bytes.Equal(got, f.data) {
						torn++
					}
				}
				if err := h.card.Inject(Fault{Kind: FieldLoss, Page: v.Pages + 3}); err != nil {
					t.Fatal(err)
				}
				if err := h.finished(p); err != nil {
					if !errors.Is(err, ErrFieldLost) {
						t.Fatalf("%+v, recovery: %v", cut, err)
					}
					checkTorn(t, "second cut", h.card.View(), p)
					if err := h.finished(p); err != nil {
						t.Fatalf("%+v, second recovery: %v", cut, err)
					}
				}
				if v := h.card.View(); v.State != "active" {
					t.Errorf("%+v: ends %s", cut, v.State)
				} else {
					checkTorn(t, "end", v, p)
				}
			}
			if torn == 0 {
				t.Error("no cut left a torn file")
			}
		})
	}
}

// A torn UPDATE BINARY: the pages before the cut are new, the page of the cut is damaged, the
// rest is as it was.
func TestTornUpdate(t *testing.T) {
	t.Parallel()
	const page, size = 64, 200
	old := bytes.Repeat([]byte{0x11}, size)
	data := bytes.Repeat([]byte{0x22}, 150)
	const offset = 30 // pages 0, 1, 2
	for cut := range 3 {
		c := New(Config{})
		f := &file{data: bytes.Clone(old)}
		if err := c.Inject(Fault{Kind: FieldLoss, Page: cut + 1}); err != nil {
			t.Fatal(err)
		}
		if sw := c.program(f, offset, data); sw != swNone {
			t.Fatalf("cut at page %d: %04X", cut, sw)
		}
		want := bytes.Clone(old)
		for i := range data {
			if at := offset + i; at < (cut+1)*page {
				want[at] = 0x22
			}
		}
		for i := cut*page + page/2; i < min((cut+1)*page, size); i++ {
			want[i] = 0xFF
		}
		if !bytes.Equal(f.data, want) {
			t.Errorf("cut at page %d:\n%X, want\n%X", cut, f.data, want)
		}
	}
}

// memory is what a card keeps, counters apart.
func memory(c *Card) string {
	v := c.View()
	v.APDUs, v.BytesIn, v.BytesOut, v.Pages, v.Resets, v.Spent, v.Pending = 0, 0, 0, 0, 0, 0, 0
	v.Sequences, v.Failures = nil, nil
	return fmt.Sprintf("%+v, CAN %s, BAC %X", v, c.can, c.bac)
}

// Atomic commands happen wholly or not at all: cut at each of their pages nothing has changed,
// cut behind the command everything has, and the answer alone is missing.
func TestAtomicCommands(t *testing.T) {
	t.Parallel()
	del := func(data ...byte) func(*host) (uint16, error) {
		return func(h *host) (uint16, error) { _, sw, err := h.send(0xE4, 0, 0, data, -1); return sw, err }
	}
	for _, c := range []struct {
		name  string
		in    situation
		key   byte
		claim bool
		act   func(*host) (uint16, error)
		pages int
	}{
		{"claim", inBlank, 0x30, false, acts["claim same"], 1},
		{"PUT KEY 31", inClaimed, 0x30, true, acts["put key 31"], 2},
		{"PUT KEY 38", inClaimed31, 0x31, true, func(h *host) (uint16, error) {
			_, sw, err := h.send(0xD8, 0, 0x81, h.keyBlock(0x38, 0x31), -1)
			return sw, err
		}, 2},
		{"DELETE KEY 30", inClaimed31, 0x31, true, del(0xD2, 1, 0x30), 1},
		{"CREATE FILE", inClaimed31, 0x31, true, acts["create"], 1},
		{"CREATE FILE on a written card", inWritten, 0x31, true, acts["create"], 1},
		{"DELETE FILE", inClaimed31, 0x31, true, del(0x83, 2, 1, 2), 1},
		{"PUT DATA", inClaimed31, 0x31, true, acts["put data"], 1},
		{"GENERATE", inClaimed31, 0x31, true, func(h *host) (uint16, error) {
			_, sw, err := h.send(0x46, 0x80, 0, []byte{0xAC, 3, 0x80, 1, 1}, 0)
			return sw, err
		}, 2},
		{"mark", inClaimedKeys, 0x31, true, acts["mark"], 1},
		{"ACTIVATE", inWritten, 0x31, true, acts["activate"], 1},
		{"DEACTIVATE", inActive, 0x39, false, acts["deactivate"], 1},
		{"unblock", inBlocked, 0x39, false, acts["activate"], 1},
		{"TERMINATE", inActive, 0x39, false, acts["terminate"], 1},
	} {
		prepare := func() *host {
			h := hostIn(t, c.in)
			if err := h.open(c.key, 0x33); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if c.claim {
				if err := h.claim(testID); err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
			}
			return h
		}
		h := prepare()
		before, pages := memory(h.card), h.card.View().Pages
		if sw, err := c.act(h); err != nil || sw != 0x9000 {
			t.Fatalf("%s: %04X, %v", c.name, sw, err)
		}
		after := memory(h.card)
		if n := h.card.View().Pages - pages; n != c.pages || after == before {
			t.Errorf("%s: %d pages, want %d; changed: %v", c.name, n, c.pages, after != before)
		}
		for n := 1; n <= c.pages; n++ {
			for _, kind := range []Kind{FieldLoss, NVMError} {
				h := prepare()
				inject(t, h.card, Fault{Kind: kind, Page: pages + n})
				sw, err := c.act(h)
				if kind == FieldLoss && !errors.Is(err, ErrFieldLost) || kind == NVMError && (err != nil || sw != 0x6581) {
					t.Errorf("%s, %s at page %d: %04X, %v", c.name, kind, n, sw, err)
				}
				if got := memory(h.card); got != before {
					t.Errorf("%s, %s at page %d: the card has changed\n%s\n%s", c.name, kind, n, before, got)
				}
			}
		}
		h = prepare()
		inject(t, h.card, Fault{Kind: FieldLoss, APDU: h.card.View().APDUs + 1, After: true})
		if _, err := c.act(h); !errors.Is(err, ErrFieldLost) {
			t.Errorf("%s, cut behind it: %v", c.name, err)
		}
		if got := memory(h.card); got != after {
			t.Errorf("%s, cut behind it:\n%s\n%s", c.name, got, after)
		}
	}
}

// Every page that fails answers 6581 once; atomic commands have not happened, and the card can
// still be terminated.
func TestMemoryFailureEverywhere(t *testing.T) {
	t.Parallel()
	p := smallPlan()
	whole := newHost(Config{})
	if err := whole.finished(p); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= whole.card.View().Pages; n++ {
		h := newHost(Config{})
		if err := h.card.Inject(Fault{Kind: NVMError, Page: n}); err != nil {
			t.Fatal(err)
		}
		var refused swError
		if err := h.finished(p); !errors.As(err, &refused) || refused.sw != 0x6581 {
			t.Fatalf("page %d: %v", n, err)
		}
		v := h.card.View()
		checkTorn(t, "after 6581", v, p)
		key := byte(0x30)
		if slices.Contains(v.Keys, 0x31) {
			key = 0x31
		}
		if _, _, err := h.selectIssuer(); err != nil {
			t.Fatal(err)
		}
		if err := h.open(key, 0x33); err != nil {
			t.Fatalf("page %d: %v", n, err)
		}
		if _, err := h.want("TERMINATE", 0xE6, 0, 0, nil, -1); err != nil {
			t.Errorf("page %d: %v", n, err)
		}
	}
}

// A lasting memory failure stays.
func TestLastingMemoryFailure(t *testing.T) {
	t.Parallel()
	h := newHost(Config{})
	if err := h.card.Inject(Fault{Kind: NVMError, Lasting: true}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.probe(); err != nil {
		t.Fatal(err)
	}
	if err := h.open(0x30, 0x33); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"claim same", "terminate", "claim same"} {
		if sw, err := acts[name](h); err != nil || sw != 0x6581 {
			t.Errorf("%s: %04X, %v", name, sw, err)
		}
	}
	if v := h.card.View(); v.State != "blank" {
		t.Errorf("state %s", v.State)
	}
}

// Faults of the answer: mute until a reset, dead for good, an altered answer.
func TestAnswerFaults(t *testing.T) {
	t.Parallel()
	kdd := []byte{0x80, 0xCA, 0x00, 0xCF, 0x00}
	t.Run("mute", func(t *testing.T) {
		t.Parallel()
		h := newHost(Config{})
		inject(t, h.card, Fault{Kind: Mute, APDU: 2})
		for i, want := range []error{nil, ErrMute, ErrMute} {
			if _, _, err := h.raw(kdd); !errors.Is(err, want) {
				t.Errorf("command %d: %v, want %v", i+1, err, want)
			}
		}
		if err := h.reset(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.raw(kdd); err != nil {
			t.Errorf("after the reset: %v", err)
		}
	})
	t.Run("mute after ACTIVATE", func(t *testing.T) {
		t.Parallel()
		h := newHost(Config{})
		p := smallPlan()
		if err := h.personalize(p); err != nil {
			t.Fatal(err)
		}
		inject(t, h.card, Fault{Kind: Mute, APDU: h.card.View().APDUs + 6, After: true})
		if err := h.activate(p.id); !errors.Is(err, ErrMute) {
			t.Errorf("activation: %v", err)
		}
		if v := h.card.View(); v.State != "active" {
			t.Errorf("state %s", v.State)
		}
	})
	t.Run("die", func(t *testing.T) {
		t.Parallel()
		h := newHost(Config{})
		inject(t, h.card, Fault{Kind: Die, APDU: 3})
		for i, want := range []error{nil, nil, ErrMute} {
			if _, _, err := h.raw(kdd); !errors.Is(err, want) {
				t.Errorf("command %d: %v, want %v", i+1, err, want)
			}
		}
		if err := h.reset(); !errors.Is(err, ErrMute) {
			t.Errorf("reset: %v", err)
		}
		if v := h.card.View(); !v.Dead {
			t.Error("the card is not dead")
		}
	})
	t.Run("garble", func(t *testing.T) {
		t.Parallel()
		h := newHost(Config{})
		inject(t, h.card, Fault{Kind: Garble, APDU: 5})
		if _, _, err := h.probe(); err != nil {
			t.Fatal(err)
		}
		if err := h.open(0x30, 0x33); err != nil {
			t.Fatal(err)
		}
		if err := h.claim(testID); err == nil || err.Error() != "R-MAC is wrong" {
			t.Errorf("claim: %v", err)
		}
	})
	t.Run("corrupt", func(t *testing.T) {
		t.Parallel()
		h := newHost(Config{})
		inject(t, h.card, Fault{Kind: Corrupt})
		if err := h.personalize(smallPlan()); err == nil || err.Error() != "read back of 0101 differs" {
			t.Errorf("personalization: %v", err)
		}
	})
	t.Run("slow", func(t *testing.T) {
		t.Parallel()
		h := newHost(Config{})
		took := func() float64 {
			before := h.card.View().Spent
			if _, _, err := h.raw(kdd); err != nil {
				t.Fatal(err)
			}
			return (h.card.View().Spent - before).Seconds()
		}
		before := took()
		inject(t, h.card, Fault{Kind: Slow, Factor: 11})
		if got, want := took()-before, 10*MidChip().Turn.Seconds(); got < want*0.999 || got > want*1.001 {
			t.Errorf("%.6f s more, want %.6f", got, want)
		}
	})
}

func inject(t *testing.T, c *Card, f Fault) {
	t.Helper()
	if err := c.Inject(f); err != nil {
		t.Fatal(err)
	}
}

// States of delivery.
func TestDelivery(t *testing.T) {
	t.Parallel()
	other := [16]byte{0x0F, 0xE1}
	h := newHost(Config{})
	inject(t, h.card, Fault{Kind: WrongTransportKey})
	if _, _, err := h.probe(); err != nil {
		t.Fatal(err)
	}
	if err := h.open(0x30, 0x33); err == nil || err.Error() != "card cryptogram of 30 is wrong" {
		t.Errorf("wrong transport key: %v", err)
	}

	h = newHost(Config{})
	inject(t, h.card, Fault{Kind: ForeignAttempt, Attempt: other})
	if lcs, prof, err := h.probe(); err != nil || lcs != 3 || prof[26] != 1 || [16]byte(prof[10:26]) != other {
		t.Errorf("foreign attempt: %02X, %X, %v", lcs, prof, err)
	}
	if err := h.open(0x30, 0x33); err != nil {
		t.Fatal(err)
	}
	if sw, err := acts["claim same"](h); err != nil || sw != 0x6985 {
		t.Errorf("claim of a foreign card: %04X, %v", sw, err)
	}

	h = newHost(Config{})
	inject(t, h.card, Fault{Kind: AlreadyActive})
	lcs, prof, err := h.probe()
	if err != nil || lcs != 5 || prof[26] != 2 || [16]byte(prof[10:26]) == ([16]byte{}) {
		t.Errorf("already active: %02X, %X, %v", lcs, prof, err)
	}
	for kvn, want := range map[byte]uint16{0x30: 0x6A88, 0x31: 0x6985} {
		var refused swError
		if err := h.open(kvn, 0x33); !errors.As(err, &refused) || refused.sw != want {
			t.Errorf("already active, key %02X: %v", kvn, err)
		}
	}
	if err := h.open(0x38, 0x33); err == nil || err.Error() != "card cryptogram of 38 is wrong" {
		t.Errorf("already active, key 38: %v", err)
	}

	h = newHost(Config{})
	inject(t, h.card, Fault{Kind: ForeignATR, ATR: []byte{0x3B, 0x00}})
	if atr, err := h.card.Reset(context.Background()); err != nil || !bytes.Equal(atr, []byte{0x3B, 0x00}) {
		t.Errorf("foreign ATR: %X, %v", atr, err)
	}
	if _, _, err := h.probe(); err != nil {
		t.Errorf("foreign ATR: %v", err)
	}

	h = newHost(Config{})
	inject(t, h.card, Fault{Kind: ForeignCard})
	if atr, err := h.card.Reset(context.Background()); err != nil || !bytes.Equal(atr, unhex(t, "3B8180018080")) {
		t.Errorf("foreign card: %X, %v", atr, err)
	}
	for command, want := range map[string]uint16{
		"00A4040007F04B5450454C01": 0x6A82, "80CA00CF00": 0x6D00, "00B0940020": 0x6D00, "00A4020C02011C": 0x6A82,
		"8482330010" + "00000000000000000000000000000000": 0x6985,
	} {
		if _, sw, err := h.raw(unhex(t, command)); err != nil || sw != want {
			t.Errorf("foreign card, %s: %04X, %v", command, sw, err)
		}
	}
}

// What cannot be injected is an error and changes nothing.
func TestInjectRefuses(t *testing.T) {
	t.Parallel()
	c := New(Config{})
	for _, f := range []Fault{
		{},
		{Kind: "melt"},
		{Kind: FieldLoss, APDU: 1, Page: 1},
		{Kind: FieldLoss, Page: 1, After: true},
		{Kind: FieldLoss, APDU: -1},
		{Kind: Mute, Page: 1},
		{Kind: Slow},
		{Kind: Slow, Factor: -1},
		{Kind: Garble, APDU: 1, After: true},
		{Kind: WrongTransportKey, APDU: 1},
		{Kind: ForeignATR, Page: 1},
	} {
		if err := c.Inject(f); err == nil {
			t.Errorf("%+v was taken", f)
		}
	}
	if v := c.View(); v.Pending != 0 || v.State != "blank" {
		t.Errorf("%d faults, state %s", v.Pending, v.State)
	}
}

// A context that is done costs nothing and reaches no card; View may look on from elsewhere.
func TestContextAndView(t *testing.T) {
	t.Parallel()
	spent := time.Duration(0)
	h := newHost(Config{Spend: func(d time.Duration) { spent += d }})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.card.Transmit(ctx, []byte{0x80, 0xCA, 0, 0xCF, 0}); !errors.Is(err, context.Canceled) {
		t.Errorf("Transmit: %v", err)
	}
	if _, err := h.card.Reset(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Reset: %v", err)
	}
	if v := h.card.View(); v.APDUs != 0 || v.Resets != 0 || spent != 0 {
		t.Errorf("%d commands, %d resets, %v spent", v.APDUs, v.Resets, spent)
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				if v := h.card.View(); len(v.Files[0x0204]) != 32 {
					t.Error("View without EF.PROF")
					return
				}
			}
		}
	}()
	err := h.finished(smallPlan())
	close(stop)
	<-done
	if err != nil {
		t.Fatal(err)
	}
	if v := h.card.View(); v.Spent != spent {
		t.Errorf("spent %v, View says %v", spent, v.Spent)
	}
}
