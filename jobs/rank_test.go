package jobs

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The place of an order comes back from its text, to the microsecond in which the ledger keeps it.
func TestRankThereAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := Wanted{Priority: rapid.IntRange(0, 9).Draw(t, "priority"), Seq: rapid.Int64().Draw(t, "seq")}
		if micros := rapid.Int64Range(0, 1<<52).Draw(t, "due"); micros > 0 {
			w.Due = time.UnixMicro(micros)
		}
		r, ok := ParseRank(w.Rank().String())
		if !ok || r.Priority != w.Priority || !r.Due.Equal(w.Due) || r.Due.IsZero() != w.Due.IsZero() || r.Seq != w.Seq {
			t.Fatalf("%+v became %+v, %v", w.Rank(), r, ok)
		}
	})
}

// What no list gave is no place.
func TestNoRank(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "5", "5.0", "5.0.x", "5.0.1.2", "5.0.1 ", "a.b.c", "5..1", "5.0.99999999999999999999"} {
		if r, ok := ParseRank(text); ok {
			t.Errorf("%q is %+v", text, r)
		}
	}
}
