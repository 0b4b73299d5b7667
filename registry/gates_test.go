package registry

import (
	"slices"
	"testing"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/store/storetest"
)

// rereads is what the workflow promises: "The intents of feed, print and activate re-read withdrawals, holds and the
// deny list in the same transaction."
var rereads = []jobs.Step{jobs.Feed, jobs.Print, jobs.Activate}

// TestGatesAreThoseOfTheWorkflow: what is promised stands in the table.
func TestGatesAreThoseOfTheWorkflow(t *testing.T) {
	t.Parallel()
	for _, step := range rereads {
		if gates[step] != (gate{Withdrawn: true, Held: true, Denied: true}) {
			t.Errorf("%s re-reads %+v", step, gates[step])
		}
	}
}

// TestIntentReadsAgain: what changed in the world since the last step stops the line at every step whose gate says so,
// and at no other.
func TestIntentReadsAgain(t *testing.T) {
	t.Parallel()
	changes := []struct {
		name  string
		reads func(gate) bool
		code  fault.Code
		turn  func(s *room, chip ktp.ChipUID)
	}{
		{"withdrawn", func(g gate) bool { return g.Withdrawn }, RecordWithdrawn.Code, func(s *room, _ ktp.ChipUID) {
			s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "moved"})
		}},
		{"held", func(g gate) bool { return g.Held }, RecordHeld.Code, func(s *room, _ ktp.ChipUID) {
			s.do(center, HoldRecord{ID: appID(1), Reason: "fraud"})
		}},
		{"denied", func(g gate) bool { return g.Denied }, BlankDenied.Code, func(s *room, chip ktp.ChipUID) {
			s.do(keeper, DenyBlank{chip, Because{Reason: "stolen"}})
		}},
	}
	stages := jobs.Stages(jobs.Inline)
	for i, step := range stages {
		if step == jobs.ReadBack || step == jobs.Recheck { // they only look, without an intent
			continue
		}
		for _, c := range changes {
			t.Run(string(step)+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				s := newRoom(t, storetest.Any(t))
				s.queued(1)
				o, chip := s.next(line1), s.chip()
				for _, before := range stages[:i] {
					s.step(o, before, chip)
				}
				c.turn(s, chip)
				want := fault.Code("")
				if c.reads(gates[step]) {
					want = c.code
				}
				s.wants(s.intend(o, step, jobs.Evidence{Chip: chip}), want)
				if slices.Contains(rereads, step) && want == "" {
					t.Error("lets it pass")
				}
			})
		}
	}
}
