package trial

import (
	"fmt"
	"maps"
	"slices"
)

// judge lists what is not true at the end.
func (s *scene) judge(sum Summary) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	wrong := slices.Clone(sum.Differences)
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	t := s.Then
	for _, n := range []struct {
		what      string
		got, want int
	}{
		{"made", sum.Made, t.Made}, {"in_doubt", sum.InDoubt, t.InDoubt}, {"withdrawn", sum.Withdrawn, t.Withdrawn}, {"waiting", sum.Waiting, t.Waiting},
	} {
		if n.got != n.want {
			say("%s: %d, should be %d", n.what, n.got, n.want)
		}
	}
	for _, n := range []struct {
		what      string
		got, want map[string]int
	}{
		{"spoiled", sum.SpoiledByCause, t.Spoiled}, {"blocked", sum.BlockedByCause, t.Blocked}, {"refused", sum.RefusedByCause, t.Refused},
	} {
		if !maps.Equal(n.got, n.want) {
			say("%s: %v, should be %v", n.what, n.got, n.want)
		}
	}
	for _, w := range t.Waits {
		if !s.waits[w] {
			say("waits: no line waited for %s; they waited for %v", w, sortedKeys(s.waits))
		}
	}
	for _, p := range t.Mended {
		if !s.mended[p] {
			say("mended: nobody saw to %s; persons saw to %v", p, sortedKeys(s.mended))
		}
	}
	for _, place := range sortedKeys(t.Places) {
		if got := sum.BlanksByPlace[place]; got != t.Places[place] {
			say("places: %d at %s, should be %d; there are %v", got, place, t.Places[place], sum.BlanksByPlace)
		}
	}
	for i, done := range s.done {
		if !done {
			say("events[%d]: the moment never came", i+1)
		}
	}
	if s.pending > 0 {
		say("faults: %d did not strike", s.pending)
	}
	if s.failed != nil {
		say("%v", s.failed)
	}
	return wrong
}
