package inspect_test

import (
	"slices"
	"testing"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/fault"
)

// Commands of the proofs under secure messaging (Doc 9303-11, 6.1 and 6.2).
func isAA(capdu []byte) bool { return capdu[0] == 0x0C && capdu[1] == 0x88 }
func isCA(capdu []byte) bool { return capdu[0] == 0x0C && capdu[1] == 0x22 }

// isBAC is the EXTERNAL AUTHENTICATE of Basic Access Control.
func isBAC(capdu []byte) bool { return capdu[0] == 0x00 && capdu[1] == 0x82 }

// A chip that fails where it is to prove its keys, in every way and as often as it likes, is never called
// good, and one failure makes no copy of it.
func TestFailingProofs(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	const always = 100
	type proof struct{ active, chip inspect.Finding }
	for _, c := range []struct {
		name    string
		at      func(capdu []byte) bool
		plain   int // plain status words first
		lost    int // then lost so often
		kind    error
		sam     bool
		cause   inspect.Cause
		also    []inspect.Cause
		verdict inspect.Verdict
		proof   proof
		retries int
	}{
		{"mute at AA, always", isAA, 0, always, applet.CardMute.At("field", nil), false, inspect.CopyNotExcluded, nil, inspect.VerdictNotChecked, proof{inspect.NotChecked, inspect.NotChecked}, 2},
		{"gone at AA, always", isAA, 0, always, applet.CardRemoved.At("field", nil), false, inspect.CopyNotExcluded, nil, inspect.VerdictNotChecked, proof{inspect.NotChecked, inspect.NotChecked}, 2},
		{"mute at AA, always, with a SAM that knows the chip", isAA, 0, always, applet.CardMute.At("field", nil), true, inspect.WornAntenna, []inspect.Cause{inspect.HandOverUnknown}, inspect.VerdictHandOverUnknown, proof{inspect.NotChecked, inspect.NotChecked}, 2},
		{"mute at CA, always: AA has proved it", isCA, 0, always, applet.CardMute.At("field", nil), false, inspect.WornAntenna, []inspect.Cause{inspect.CenterNotChecked}, inspect.VerdictCenterNotChecked, proof{inspect.Good, inspect.NotChecked}, 2},
		{"mute at AA, once", isAA, 0, 1, applet.CardMute.At("field", nil), false, inspect.CenterNotChecked, nil, inspect.VerdictCenterNotChecked, proof{inspect.Good, inspect.Good}, 1},
		{"a plain word at AA, once", isAA, 1, 0, nil, false, inspect.CenterNotChecked, nil, inspect.VerdictCenterNotChecked, proof{inspect.Good, inspect.Good}, 1},
		{"a plain word at CA, once", isCA, 1, 0, nil, false, inspect.CenterNotChecked, nil, inspect.VerdictCenterNotChecked, proof{inspect.Good, inspect.Good}, 1},
		{"a plain word at AA, twice", isAA, 2, 0, nil, false, inspect.Copy, nil, inspect.VerdictNotGenuine, proof{inspect.Bad, inspect.NotChecked}, 0},
		{"a plain word at CA, twice", isCA, 2, 0, nil, false, inspect.Copy, nil, inspect.VerdictNotGenuine, proof{inspect.Good, inspect.Bad}, 0},
		{"a plain word at AA, then mute, always", isAA, 1, always, applet.CardMute.At("field", nil), false, inspect.CopyNotExcluded, nil, inspect.VerdictNotChecked, proof{inspect.NotChecked, inspect.NotChecked}, 1},
	} {
		seen := 0
		f := &field{card: card}
		f.refuse = func(capdu []byte) error {
			if c.at(capdu) {
				if seen++; seen > c.plain && seen <= c.plain+c.lost {
					return c.kind
				}
			}
			return nil
		}
		f.alter = func(capdu, rapdu []byte) []byte {
			if c.at(capdu) && seen <= c.plain {
				return []byte{0x6F, 0x00}
			}
			return rapdu
		}
		var sam applet.KeySource
		if c.sam {
			sam = s.keys
		}
		e := s.examine(t, f, sam, zoneOf(t, r), s.trust())
		got := proof{e.ChipProof.ActiveAuthentication, e.ChipProof.ChipAuthentication}
		if e.Cause != c.cause || !slices.Equal(e.Also, c.also) || e.Verdict != c.verdict || got != c.proof || e.Genuine != c.sam || !e.Reading.Complete {
			t.Errorf("%s: %s %v, %q, %+v, complete %v", c.name, e.Cause, e.Also, e.Verdict, got, e.Reading.Complete)
		}
		if e.Reading.Retries != c.retries || e.Station.Result != inspect.Good {
			t.Errorf("%s: %+v, station %s", c.name, e.Reading, e.Station.Result)
		}
		for _, name := range []string{"active authentication", "chip authentication"} {
			if n := countChecks(e, name); n != 1 {
				t.Errorf("%s: %d checks %q", c.name, n, name)
			}
		}
		if opened := countChecks(e, "ICAO view opens"); opened != 1 {
			t.Errorf("%s: the ICAO view is told to open %d times", c.name, opened)
		}
	}
}

func countChecks(e inspect.Examination, name string) (n int) {
	for _, c := range e.Checks {
		if c.Name == name {
			n++
		}
	}
	return n
}

// A chip that leaves for good when it was to prove its keys twice is not just a card that was taken; one
// that leaves at the first time is.
func TestLeavesAtProof(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	for proofs, want := range map[int]inspect.Cause{1: inspect.CardTaken, 2: inspect.CopyNotExcluded} {
		l := &lifted{field{card: card}, 1 << 20}
		seen := 0
		l.refuse = func(capdu []byte) error {
			if !isAA(capdu) {
				return nil
			}
			if seen++; seen == proofs {
				l.after = l.count
			}
			return applet.CardRemoved.At("field.Transmit", nil)
		}
		if e := s.examine(t, l, nil, zoneOf(t, r), s.trust()); e.Cause != want || len(e.Also) > 0 || e.Verdict != inspect.VerdictNotChecked || e.Reading.Complete {
			t.Errorf("after %d proofs: %s %v, %q, %+v", proofs, e.Cause, e.Also, e.Verdict, e.Reading)
		}
	}
}

// A chip that fails at a proof and refuses the password afterwards has not proved anything.
func TestRefusesAfterProof(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.bac, s.noPACE = true, true, true
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	for name, mute := range map[string]bool{"a plain word": false, "mute": true} {
		failed, tries := false, 0
		f := &field{card: card}
		f.refuse = func(capdu []byte) error {
			if failed = failed || isAA(capdu); mute && isAA(capdu) {
				return applet.CardMute.At("field.Transmit", nil)
			}
			return nil
		}
		f.alter = func(capdu, rapdu []byte) []byte {
			switch {
			case isAA(capdu):
				return []byte{0x6F, 0x00}
			case failed && isBAC(capdu):
				tries++
				return []byte{0x63, 0x00}
			}
			return rapdu
		}
		e := s.examine(t, f, nil, zoneOf(t, r), s.trust())
		if e.Cause != inspect.CopyNotExcluded || e.Verdict != inspect.VerdictNotChecked || tries != 1 {
			t.Errorf("%s: %s %v, %q, %d tries", name, e.Cause, e.Also, e.Verdict, tries)
		}
	}
}

// The second proof is asked of the same card.
func TestCardChangedForProof(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	plan := s.plan(t, r)
	one, two := s.active(t, plan), s.active(t, s.plan(t, r))
	f := &field{card: one}
	f.alter = func(capdu, rapdu []byte) []byte {
		if isAA(capdu) && f.card == one {
			f.card = two
			return []byte{0x6F, 0x00}
		}
		return rapdu
	}
	if e, err := inspect.Examine(t.Context(), f, nil, zoneOf(t, r), s.trust()); !fault.Is(err, inspect.CardChanged) {
		t.Errorf("%v; %s, %q", err, e.Cause, e.Verdict)
	}
}

// A card without keys to prove is told to be a copy perhaps, unless a SAM knows it; it is no worse for that.
func TestNoKeysToProve(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	inForce := s.trust()
	inForce.Status = s.list(t, uid(card), `"standing":"in_force"`)
	noAnchor := s.trust()
	noAnchor.CSCAs = nil
	for _, c := range []struct {
		name    string
		keys    applet.KeySource
		access  icao.Access
		trust   inspect.Trust
		cause   inspect.Cause
		also    []inspect.Cause
		verdict inspect.Verdict
	}{
		{"zone", nil, zoneOf(t, r), inForce, inspect.CenterNotChecked, []inspect.Cause{inspect.CopyNotExcluded}, inspect.VerdictCenterNotChecked},
		{"zone and SAM", s.keys, zoneOf(t, r), inForce, inspect.CardGenuine, nil, inspect.VerdictGenuine},
		{"SAM", s.keys, icao.Access{}, inForce, inspect.CardGenuine, nil, inspect.VerdictGenuine},
		{"nothing read", nil, icao.Access{}, inForce, inspect.ContentUnread, nil, inspect.VerdictNotChecked},
		{"zone, nothing to believe", nil, zoneOf(t, r), noAnchor, inspect.ContentUnread, nil, inspect.VerdictNotChecked},
	} {
		e := s.examine(t, &field{card: card}, c.keys, c.access, c.trust)
		// What outweighs it in the table of causes does not push it to the front.
		if e.Cause != c.cause || !slices.Equal(e.Also, c.also) || e.Verdict != c.verdict || !e.Cause.Explain().Sound {
			t.Errorf("%s: %s %v, %q", c.name, e.Cause, e.Also, e.Verdict)
		}
	}
}
