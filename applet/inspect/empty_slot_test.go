package inspect_test

import (
	"testing"

	"blanko/ktp"
)

// A card with an empty finger slot, or with none at all, is as genuine as any: the file that is not
// there answers as absent.
func TestEmptyFingerSlots(t *testing.T) {
	t.Parallel()
	defaults := [2]ktp.Finger{ktp.RightIndex, ktp.LeftIndex}
	for _, name := range profiles {
		for _, empty := range [][]int{{0}, {1}, {0, 1}} {
			s := newShop(t, name)
			r := record(t, 0)
			for _, n := range empty {
				r.Fingers[n] = ktp.FingerSlot{}
				r.Exceptions = append(r.Exceptions, ktp.FingerException{Finger: defaults[n], Reason: ktp.FingerMissing})
			}
			s.center.sign(t, &r)
			plan := s.plan(t, r)
			if report := s.recheck(t, s.active(t, plan), s.expect(plan)); !report.Genuine {
				t.Errorf("%s, slots %v empty: %s", name, empty, failed(report))
			}
		}
	}
}
