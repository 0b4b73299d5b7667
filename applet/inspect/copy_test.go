package inspect_test

import (
	"strings"
	"testing"

	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/emulator/chip"
)

// What a forger copies from a large card passes for a small one, which has no keys to prove, as long as
// EF.COM alone is asked, which nobody signed. EF.SOD tells.
func TestCopyAsSmallCard(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	stolen := s.examine(t, &field{card: s.active(t, s.plan(t, r))}, nil, zoneOf(t, r), s.trust()).Content
	small := newShop(t, "ktpel-op-1-8k")
	small.size, small.icao, small.bac = chip.Size32K, true, true
	plan := small.plan(t, r)
	if err := plan.Seal(chipdata.ChipKeys{}, small.signer, at); err != nil {
		t.Fatal(err)
	}
	const fidCOM = 0x011E
	for n, f := range plan.Files {
		if data, ok := stolen[f.FID]; ok && f.FID != fidCOM {
			plan.Files[n].Data = data
		}
	}
	fake := small.active(t, plan)
	trust := s.trust()
	for _, standing := range []string{"", `"standing":"in_force"`} {
		if standing != "" {
			trust.Status = s.list(t, uid(fake), standing)
		}
		e := s.examine(t, &field{card: fake}, nil, zoneOf(t, r), trust)
		if e.Cause != inspect.ContentWrong || e.Verdict != inspect.VerdictNotGenuine || failedChecks(e) != "data groups listed in EF.SOD" {
			t.Errorf("%s: %s %v %q, failed %s", standing, e.Cause, e.Also, e.Verdict, failedChecks(e))
		}
	}
}

// A copy on a chip that knows nothing of active authentication refuses it without protection, which ends
// the channel: that is no worn antenna.
func TestCopyEndsTheChannel(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	copied, err := s.active(t, s.plan(t, r)).Clone()
	if err != nil {
		t.Fatal(err)
	}
	f := &field{card: copied, alter: func(capdu, rapdu []byte) []byte {
		if capdu[0] == 0x0C && capdu[1] == 0x88 {
			return []byte{0x6D, 0x00}
		}
		return rapdu
	}}
	want := inspect.ChipProof{Result: inspect.Bad, ChipAuthentication: inspect.NotChecked, ActiveAuthentication: inspect.Bad, SAMKey: inspect.NotChecked}
	if e := s.examine(t, f, nil, zoneOf(t, r), s.trust()); e.Cause != inspect.Copy || e.Verdict != inspect.VerdictNotGenuine || e.ChipProof != want {
		t.Errorf("%s %v %q, %+v", e.Cause, e.Also, e.Verdict, e.ChipProof)
	}
	report, err := inspect.Recheck(t.Context(), f, s.keys, s.profile, inspect.Expect{ICAOView: true, Access: zoneOf(t, r)})
	if err != nil {
		t.Fatal(err)
	}
	if report.Genuine || !strings.Contains(failed(report), "active authentication") {
		t.Errorf("recheck: failed %s", failed(report))
	}
}

// What the register has of a card is told also where nobody can check its content.
func TestStandingOfAnUnreadCard(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	card := s.active(t, s.plan(t, s.signed(t, 0)))
	trust := s.trust()
	for standing, want := range map[string]struct {
		cause   inspect.Cause
		verdict inspect.Verdict
	}{
		`"standing":"made"`:                    {inspect.NotHandedOver, "not checked, not handed over"},
		`"standing":"in_force"`:                {inspect.ContentUnread, "not checked"},
		`"standing":"in_force","held":true`:    {inspect.CardHeld, "not checked, held"},
		`"standing":"retired","reason":"lost"`: {inspect.CardRetired, "not checked, retired"},
	} {
		trust.Status = s.list(t, uid(card), standing)
		if e := s.examine(t, &field{card: card}, nil, icao.Access{}, trust); e.Cause != want.cause || e.Verdict != want.verdict || e.Genuine {
			t.Errorf("%s: %s %v %q", standing, e.Cause, e.Also, e.Verdict)
		}
	}
}
