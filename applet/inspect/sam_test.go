package inspect_test

import (
	"context"
	"slices"
	"testing"

	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/keys/software"
)

// asSAM is a key source with one generation of the reading key, as a SAM has.
type asSAM struct{ *software.Source }

func (asSAM) Describe(context.Context) (kind string, production bool, kcv map[string]string, err error) {
	return "sam", true, nil, nil
}

// A SAM that lacks the generation of a genuine card says that it cannot judge it: the card is neither genuine
// nor forged, and what the bearer's password proves still counts. One that has the key judges as ever.
func TestSAMOfAnotherGeneration(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	other := asSAM{software.New([]byte("another generation"))}
	e := s.examine(t, &field{card: card}, other, icao.Access{}, s.trust())
	if e.Cause != inspect.SAMCannotJudge || !slices.Contains(e.Also, inspect.ContentUnread) || e.Verdict != inspect.VerdictNotChecked || e.ChipProof.Result != inspect.NotChecked || e.Genuine || failedChecks(e) != "" {
		t.Errorf("%s, also %v, %q, %+v, failed: %s", e.Cause, e.Also, e.Verdict, e.ChipProof, failedChecks(e))
	}
	e = s.examine(t, &field{card: card}, other, zoneOf(t, r), s.trust())
	if e.Cause != inspect.SAMCannotJudge || e.Verdict != inspect.VerdictNotChecked || e.ChipProof.Result != inspect.Good || e.Station.Result != inspect.Good {
		t.Errorf("with the zone: %s, also %v, %q, %+v", e.Cause, e.Also, e.Verdict, e.ChipProof)
	}
	if e := s.examine(t, &field{card: card}, asSAM{s.keys}, icao.Access{}, s.trust()); !e.Genuine || e.Reading.SAM != "good" {
		t.Errorf("with its own: %s, %q", e.Cause, e.Verdict)
	}
}
