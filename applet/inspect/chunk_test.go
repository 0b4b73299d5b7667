package inspect_test

import (
	"bytes"
	"context"
	"testing"

	"blanko/applet/inspect"
)

// A reader that cuts long answers: a line that found it out while it wrote the card checks it with
// the chunk that it wrote with, and does not take a good card for a bad one.
func TestRecheckOnNarrowReader(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	plan := s.plan(t, s.signed(t, 0))
	card := s.active(t, plan)
	const carries = 200
	cut := func(_, rapdu []byte) []byte {
		if len(rapdu) <= carries {
			return rapdu
		}
		return append(bytes.Clone(rapdu[:carries-2]), rapdu[len(rapdu)-2:]...)
	}
	for chunk, want := range map[int]bool{0: false, 112: true} {
		expect := s.expect(plan)
		expect.Chunk = chunk
		report, err := inspect.Recheck(context.Background(), &field{card: card, alter: cut}, s.keys, s.profile, expect)
		if got := err == nil && report.Genuine && report.Passed(); got != want {
			t.Errorf("chunk %d: genuine %v, %v, failed: %s", chunk, got, err, failed(report))
		}
	}
}
