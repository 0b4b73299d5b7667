package trial

import (
	"maps"

	qa "blanko/web/bench"
)

// judge lists what is not true at the end.
func (s *scene) judge(sum Summary) (wrong []qa.Sentence) {
	s.mu.Lock()
	defer s.mu.Unlock()
	say := func(key string, about ...any) { wrong = append(wrong, qa.Told(key, about...)) }
	for _, d := range sum.Differences {
		say("wrong.difference", d)
	}
	t := s.Then
	for _, n := range []struct {
		what      string
		got, want int
	}{
		{"made", sum.Made, t.Made}, {"in_doubt", sum.InDoubt, t.InDoubt}, {"withdrawn", sum.Withdrawn, t.Withdrawn}, {"waiting", sum.Waiting, t.Waiting},
	} {
		if n.got != n.want {
			say("wrong.number", n.what, n.got, n.want)
		}
	}
	for _, n := range []struct {
		what      string
		got, want map[string]int
	}{
		{"spoiled", sum.SpoiledByCause, t.Spoiled}, {"blocked", sum.BlockedByCause, t.Blocked}, {"refused", sum.RefusedByCause, t.Refused},
	} {
		if !maps.Equal(n.got, n.want) {
			say("wrong.causes", n.what, n.got, n.want)
		}
	}
	for _, w := range t.Waits {
		if !s.waits[w] {
			say("wrong.waits", w, sortedKeys(s.waits))
		}
	}
	for _, p := range t.Mended {
		if !s.mended[p] {
			say("wrong.mended", p, sortedKeys(s.mended))
		}
	}
	for _, place := range sortedKeys(t.Places) {
		if got := sum.BlanksByPlace[place]; got != t.Places[place] {
			say("wrong.places", got, place, t.Places[place], sum.BlanksByPlace)
		}
	}
	for i, done := range s.done {
		if !done {
			say("wrong.events", i+1)
		}
	}
	for _, id := range s.lines() {
		if c := s.carriers[id]; c != nil && len(c.wrong) > 0 {
			say("wrong.unasked", id)
		}
	}
	if s.pending > 0 {
		say("wrong.faults", s.pending)
	}
	if s.failed != nil {
		say("wrong.failed", s.failed)
	}
	return wrong
}
