package chip

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// Every state is reachable from blank, every state but terminated has a way to terminated, and
// blank and active are never entered but as the profile says.
func TestTransitionTableIsWhole(t *testing.T) {
	t.Parallel()
	reach := func(from state) map[state]bool {
		seen := map[state]bool{from: true}
		for changed := true; changed; {
			changed = false
			for _, r := range transitions {
				if seen[r.from] && !seen[r.to] {
					seen[r.to], changed = true, true
				}
			}
		}
		return seen
	}
	for s := range states {
		if !reach(stateBlank)[state(s)] {
			t.Errorf("%s cannot be reached", state(s))
		}
		if !reach(state(s))[stateTerminated] {
			t.Errorf("%s has no way to terminated", state(s))
		}
	}
	for _, r := range transitions {
		if r.to == stateBlank || r.from == stateTerminated || r.from >= stateActive && r.to < stateActive {
			t.Errorf("%s, %s leads to %s", r.from, r.on, r.to)
		}
	}
}

// Every (state, event) under every key and with every combination of facts: allowed exactly as
// the card profile 7.2 says, else refused and nothing changed.
func TestTransitionWalk(t *testing.T) {
	t.Parallel()
	// The transitions of 7.2, in words: "from event key" to "to, needed facts".
	allowed := map[string]struct {
		to    state
		needs facts
	}{
		"blank claim 30":       {stateClaimed, issuerAbsent},
		"claimed claim 30":     {stateClaimed, sameAttempt | issuerAbsent},
		"claimed claim 31":     {stateClaimed, sameAttempt},
		"written claim 31":     {stateWritten, sameAttempt},
		"claimed install 30":   {stateClaimed, claimShown | issuerAbsent},
		"claimed change 31":    {stateClaimed, claimShown},
		"written change 31":    {stateClaimed, claimShown},
		"claimed mark 31":      {stateWritten, claimShown | complete},
		"written mark 31":      {stateWritten, claimShown | complete},
		"written activate 31":  {stateActive, claimShown},
		"active activate 31":   {stateActive, activatedHere},
		"active deactivate 39": {stateBlocked, 0},
		"blocked activate 39":  {stateActive, 0},
		"blank terminate 30":   {stateTerminated, issuerAbsent},
		"claimed terminate 30": {stateTerminated, issuerAbsent},
		"claimed terminate 31": {stateTerminated, 0},
		"claimed terminate 39": {stateTerminated, 0},
		"written terminate 31": {stateTerminated, 0},
		"written terminate 39": {stateTerminated, 0},
		"active terminate 39":  {stateTerminated, 0},
		"blocked terminate 39": {stateTerminated, 0},
	}
	used := map[string]bool{}
	const allFacts = issuerAbsent | sameAttempt | claimShown | complete | activatedHere
	for s := range states {
		for e := range events {
			for _, key := range kvns {
				name := fmt.Sprintf("%s %s %02X", state(s), event(e), key)
				row, ok := allowed[name]
				used[name] = ok
				for have := facts(0); have <= allFacts; have++ {
					to, allowed := transition(state(s), event(e), key, have)
					wantTo, want := state(s), ok && have&row.needs == row.needs
					if want {
						wantTo = row.to
					}
					if allowed != want || to != wantTo {
						t.Errorf("%s with facts %05b: %v to %s, want %v to %s", name, have, allowed, to, want, wantTo)
					}
				}
			}
		}
	}
	for name := range allowed {
		if !used[name] {
			t.Errorf("%s was not walked", name)
		}
	}
}

// acts are the commands of 7.2 and 7.3 on a live card.
var acts = map[string]func(*host) (uint16, error){
	"claim same": func(h *host) (uint16, error) {
		_, sw, err := h.send(0xD6, 0x94, 0, claimData(testID), -1)
		return sw, err
	},
	"claim other": func(h *host) (uint16, error) {
		_, sw, err := h.send(0xD6, 0x94, 0, claimData([16]byte{9}), -1)
		return sw, err
	},
	"create": func(h *host) (uint16, error) {
		_, sw, err := h.send(0xE0, 0, 0, []byte{0x62, 17, 0x80, 2, 0, 9, 0x82, 1, 1, 0x83, 2, 2, 3, 0x88, 1, 0x13 << 3, 0x8A, 1, 3}, -1)
		return sw, err
	},
	"update": func(h *host) (uint16, error) {
		_, sw, err := h.send(0xD6, 0x81, 0, []byte{0x61}, -1)
		return sw, err
	},
	"put data": func(h *host) (uint16, error) {
		_, sw, err := h.send(0xDA, 0, 0xD1, []byte("123456"), -1)
		return sw, err
	},
	"put key 31": func(h *host) (uint16, error) {
		_, sw, err := h.send(0xD8, 0, 0x81, h.keyBlock(0x31, 0x30), -1)
		return sw, err
	},
	"mark": func(h *host) (uint16, error) {
		_, sw, err := h.send(0xD6, 0x94, 26, []byte{2}, -1)
		return sw, err
	},
	"activate":   func(h *host) (uint16, error) { _, sw, err := h.send(0x44, 0, 0, nil, -1); return sw, err },
	"deactivate": func(h *host) (uint16, error) { _, sw, err := h.send(0x04, 0, 0, nil, -1); return sw, err },
	"terminate":  func(h *host) (uint16, error) { _, sw, err := h.send(0xE6, 0, 0, nil, -1); return sw, err },
}

// The table of the card profile 7.3 on live cards: per situation what SELECT, INITIALIZE UPDATE
// and every act answer under every key that opens. An act that is not listed is refused with
// 6985 and leaves the card as it was.
func TestWhatEachStateAnswers(t *testing.T) {
	t.Parallel()
	type row struct {
		lcs    byte
		sw     uint16            // SELECT
		open   map[byte]uint16   // INITIALIZE UPDATE where it is not 9000
		accept map[byte][]string // acts answered with 9000 before the claim was shown
		claims map[byte][]string // acts answered with 9000 after it was
		leads  map[string]string // to which state an accepted act leads, where it moves
	}
	rows := map[situation]row{
		inBlank: {
			0x03, 0x9000,
			map[byte]uint16{0x31: 0x6A88, 0x38: 0x6A88, 0x39: 0x6A88},
			map[byte][]string{0x30: {"claim same", "claim other", "terminate"}},
			nil,
			map[string]string{"claim same": "claimed", "claim other": "claimed", "terminate": "terminated"},
		},
		inClaimed: {
			0x03, 0x9000,
			map[byte]uint16{0x31: 0x6A88, 0x38: 0x6A88, 0x39: 0x6A88},
			map[byte][]string{0x30: {"claim same", "terminate"}},
			map[byte][]string{0x30: {"claim same", "put key 31", "terminate"}},
			map[string]string{"terminate": "terminated"},
		},
		inClaimed31: {
			0x03, 0x9000,
			map[byte]uint16{0x38: 0x6A88, 0x39: 0x6A88},
			map[byte][]string{0x31: {"claim same", "terminate"}},
			map[byte][]string{0x31: {"claim same", "create", "update", "put data", "terminate"}},
			map[string]string{"terminate": "terminated"},
		},
		inClaimedKeys: {
			0x03, 0x9000,
			map[byte]uint16{0x30: 0x6A88, 0x38: 0x6985},
			map[byte][]string{0x31: {"claim same", "terminate"}, 0x39: {"terminate"}},
			map[byte][]string{0x31: {"claim same", "create", "update", "put data", "mark", "terminate"}},
			map[string]string{"mark": "written", "terminate": "terminated"},
		},
		inWritten: {
			0x03, 0x9000,
			map[byte]uint16{0x30: 0x6A88, 0x38: 0x6985},
			map[byte][]string{0x31: {"claim same", "terminate"}, 0x39: {"terminate"}},
			map[byte][]string{0x31: {"claim same", "create", "update", "put data", "mark", "activate", "terminate"}},
			map[string]string{"create": "claimed", "update": "claimed", "put data": "claimed", "activate": "active", "terminate": "terminated"},
		},
		inActive: {
			0x05, 0x9000,
			map[byte]uint16{0x30: 0x6A88, 0x31: 0x6985},
			map[byte][]string{0x39: {"deactivate", "terminate"}},
			nil,
			map[string]string{"deactivate": "blocked", "terminate": "terminated"},
		},
		inBlocked: {
			0x04, 0x6283,
			map[byte]uint16{0x30: 0x6985, 0x31: 0x6985, 0x38: 0x6985},
			map[byte][]string{0x39: {"activate", "terminate"}},
			nil,
			map[string]string{"activate": "active", "terminate": "terminated"},
		},
		inTerminated: {0x0C, 0x6285, map[byte]uint16{0x30: 0x6985, 0x31: 0x6985, 0x38: 0x6985, 0x39: 0x6985}, nil, nil, nil},
	}
	for _, s := range situations {
		want := rows[s]
		t.Run(string(s), func(t *testing.T) {
			t.Parallel()
			h := hostIn(t, s)
			fci, sw, err := h.selectIssuer()
			if err != nil || sw != want.sw || fci[13] != want.lcs {
				t.Errorf("SELECT: %04X, life cycle %02X, %v", sw, fci[13], err)
			}
			for _, kvn := range kvns {
				wantSW, refused := want.open[kvn]
				var got swError
				switch err := h.open(kvn, 0x33); {
				case refused && (!errors.As(err, &got) || got.sw != wantSW):
					t.Errorf("key %02X: %v, want %04X", kvn, err, wantSW)
				case !refused && err != nil:
					t.Errorf("key %02X: %v", kvn, err)
				}
				if refused {
					continue
				}
				for _, shown := range []bool{false, true} {
					accepted := want.accept[kvn]
					if shown {
						if accepted = want.claims[kvn]; accepted == nil {
							continue
						}
					}
					for name, act := range acts {
						h := hostIn(t, s)
						if err := h.open(kvn, 0x33); err != nil {
							t.Fatal(err)
						}
						if shown {
							if err := h.claim(testID); err != nil {
								t.Fatal(err)
							}
						}
						before := h.card.View()
						sw, err := act(h)
						wantSW := uint16(0x6985)
						wantState := before.State
						if name == "put key 31" && kvn == 0x31 && shown {
							wantSW = 0x6A80 // the set is there, and P1 does not say that it is replaced
						}
						if slices.Contains(accepted, name) {
							wantSW = 0x9000
							if to := want.leads[name]; to != "" {
								wantState = to
							}
						}
						after := h.card.View()
						if err != nil || sw != wantSW || after.State != wantState {
							t.Errorf("key %02X, claim shown %v, %s: %04X, %s to %s, %v; want %04X, %s",
								kvn, shown, name, sw, before.State, after.State, err, wantSW, wantState)
						}
						if wantSW != 0x9000 && (after.Attempt != before.Attempt || after.Marker != before.Marker || len(after.Files) != len(before.Files)) {
							t.Errorf("key %02X, claim shown %v, %s: refused, but the card has changed", kvn, shown, name)
						}
					}
				}
			}
		})
	}
}

// ACTIVATE again in its own channel is success; nothing else is possible there any more.
func TestActivateTwiceInOneChannel(t *testing.T) {
	t.Parallel()
	h := hostIn(t, inWritten)
	if err := errors.Join(h.open(0x31, 0x33), h.claim(testID)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := h.want("ACTIVATE", 0x44, 0, 0, nil, -1); err != nil {
			t.Fatal(err)
		}
	}
	for name, act := range acts {
		if name == "activate" {
			continue
		}
		if sw, err := act(h); err != nil || sw != 0x6985 {
			t.Errorf("%s after ACTIVATE: %04X, %v", name, sw, err)
		}
	}
	if v := h.card.View(); v.State != "active" || v.Marker != 2 {
		t.Errorf("state %s, marker %d", v.State, v.Marker)
	}
}

// A change of a written card takes the marker back; it can be marked again.
func TestChangeOfWrittenCard(t *testing.T) {
	t.Parallel()
	h := hostIn(t, inWritten)
	if err := errors.Join(h.open(0x31, 0x33), h.claim(testID)); err != nil {
		t.Fatal(err)
	}
	if v := h.card.View(); v.State != "written" || v.Marker != 2 {
		t.Fatalf("claim shown: state %s, marker %d", v.State, v.Marker)
	}
	if _, err := h.want("DELETE", 0xE4, 0, 0, []byte{0x83, 2, 0x01, 0x1D}, -1); err != nil {
		t.Fatal(err)
	}
	if v := h.card.View(); v.State != "claimed" || v.Marker != 1 || v.Files[0x0204][26] != 1 {
		t.Fatalf("after DELETE: state %s, marker %d", v.State, v.Marker)
	}
	for _, step := range []string{"no SOD", "empty SOD"} {
		if sw, err := acts["mark"](h); err != nil || sw != 0x6985 {
			t.Errorf("mark with %s: %04X, %v", step, sw, err)
		}
		if step == "no SOD" {
			if err := h.create(testFile{0x011D, 0x1D, make([]byte, 9)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := h.update(testFile{0x011D, 0x1D, []byte{0x77}}); err != nil {
		t.Fatal(err)
	}
	if sw, err := acts["mark"](h); err != nil || sw != 0x9000 {
		t.Errorf("mark: %04X, %v", sw, err)
	}
}

// Below level 33 a channel opens but gives no right.
func TestRightsNeedFullLevel(t *testing.T) {
	t.Parallel()
	for _, level := range []byte{0x01, 0x03, 0x11, 0x13} {
		h := hostIn(t, inActive)
		if err := h.open(0x38, level); err != nil {
			t.Fatal(err)
		}
		if _, sw, err := h.send(0xB0, 0x81, 0, nil, 9); err != nil || sw != 0x6982 {
			t.Errorf("READ at level %02X: %04X, %v", level, sw, err)
		}
		h = hostIn(t, inActive)
		if err := h.open(0x39, level); err != nil {
			t.Fatal(err)
		}
		if sw, err := acts["deactivate"](h); err != nil || sw != 0x6982 {
			t.Errorf("DEACTIVATE at level %02X: %04X, %v", level, sw, err)
		}
		for _, kvn := range []byte{0x38, 0x39} { // active: writing is 6985 always, whatever the channel
			for _, name := range []string{"create", "update", "put data", "claim same", "mark"} {
				h = hostIn(t, inActive)
				if err := h.open(kvn, level); err != nil {
					t.Fatal(err)
				}
				if sw, err := acts[name](h); err != nil || sw != 0x6985 {
					t.Errorf("%s under %02X at level %02X: %04X, %v", name, kvn, level, sw, err)
				}
			}
		}
		h = hostIn(t, inBlank)
		if err := h.open(0x30, level); err != nil {
			t.Fatal(err)
		}
		if sw, err := acts["claim same"](h); err != nil || sw != 0x6982 {
			t.Errorf("claim at level %02X: %04X, %v", level, sw, err)
		}
	}
}
