package station

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"blanko/applet/inspect"
	"blanko/paper"
	"blanko/registry"
)

// genuine is a card in force on list 12.
func genuine() inspect.Examination {
	return inspect.Examination{
		Cause: inspect.CardGenuine, Genuine: true, Person: &inspect.Person{NIK: "3173041708901234"},
		Station: inspect.StationSignature{Result: inspect.Good}, Center: inspect.CenterSignature{Result: inspect.Good, Anchor: inspect.AnchorCenter},
		Register: inspect.RegisterFacts{Known: true, Standing: inspect.InForce, List: 12, Date: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC), Signed: true},
	}
}

// A district's own key is never shown as the center's, and a zone that holds anything else than a NIK
// keeps nobody from a slip.
func TestSlipOf(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	c := CardVerifyCommand{By: "Rina Oktaviani"}
	slip := c.slipOf(Config{}, genuine(), "PC-1", at)
	if r := slip.Checks[centerProof]; r.Mark != paper.Good || r.Text != "sah" || strings.Contains(slip.Finding, "Dinas") || slip.NIK == "" {
		t.Errorf("the center's: %+v, %q", r, slip.Finding)
	}
	local := genuine()
	local.Center.Anchor, local.Person.NIK = inspect.AnchorLocal, "X123<"
	slip = c.slipOf(Config{}, local, "PC-1", at)
	if r := slip.Checks[centerProof]; r.Mark != paper.Warning || r.Text != "sah, jangkar lokal" || !strings.Contains(slip.Finding, "bukan pusat data") || slip.NIK != "" {
		t.Errorf("a district's: %+v, %q", r, slip.Finding)
	}
}

// What is kept of an examination is what the slip tells, and nothing of its holder.
func TestExaminationOfASlip(t *testing.T) {
	t.Parallel()
	slip := CardVerifyCommand{By: "Rina"}.slipOf(Config{}, genuine(), "PC-1", time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
	op := examinationOf(slip)
	text := fmt.Sprintf("%+v", op)
	if op.Cause != string(inspect.CardGenuine) || op.Told.Mark != registry.MarkGood || op.Told.Finding != slip.Finding || len(op.Told.Checks) != len(slip.Checks) || strings.Contains(text, slip.NIK.Digits()) {
		t.Errorf("%s\nof %+v", text, slip)
	}
	for _, c := range op.Told.Checks {
		if c.Mark == "" {
			t.Errorf("%s has no mark", c.What)
		}
	}
}

// Every cause asks something of the holder, and nothing that is the officer's to do.
func TestHolderSteps(t *testing.T) {
	t.Parallel()
	for _, e := range inspect.Explanations {
		steps := holderSteps[e.Cause]
		if len(steps) == 0 || strings.Contains(strings.Join(steps, " "), "jangan dikembalikan") {
			t.Errorf("%s: %q", e.Cause, steps)
		}
	}
}

func TestInRegister(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*inspect.RegisterFacts){
		"in force (list 12, 2026-11-24)":                 func(*inspect.RegisterFacts) {},
		"in force (list 12, 2026-11-24, not signed)":     func(r *inspect.RegisterFacts) { r.Signed = false },
		"in force (list 12, 2026-11-24, local anchor)":   func(r *inspect.RegisterFacts) { r.Local = true },
		"retired (list 12, 2026-11-24): lost, held":      func(r *inspect.RegisterFacts) { r.Standing, r.Reason, r.Held = inspect.Retired, "lost", true },
		"on the deny list (list 12, 2026-11-24): stolen": func(r *inspect.RegisterFacts) { r.Standing, r.Reason = inspect.Denied, "stolen" },
		"not named (list 12, 2026-11-24)":                func(r *inspect.RegisterFacts) { r.Known = false },
		"not known (no status list)":                     func(r *inspect.RegisterFacts) { *r = inspect.RegisterFacts{} },
	} {
		x := genuine()
		change(&x.Register)
		if got := inRegister(x); got.EN != want || got.ID == "" || got.ID == got.EN {
			t.Errorf("%q, expected %q; %q", got.EN, want, got.ID)
		}
	}
}
