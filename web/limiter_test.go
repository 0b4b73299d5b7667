package web

import (
	"strconv"
	"testing"
	"time"
)

// Who has used everything up is not let in again by many others that come: while there is no room for another name,
// those who come share what one may do. When those who were there have something left, there is room again.
func TestLimiterThatIsFull(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := NewLimiter(60, 2, func() time.Time { return now })
	for l.Try("guesses") {
	}
	for i := range mostNames {
		l.Take(strconv.Itoa(i))
	}
	if l.May("guesses") {
		t.Error("the others gave it something")
	}
	if len(l.buckets) > mostNames+1 {
		t.Errorf("%d names are known", len(l.buckets))
	}
	if !l.Try("stranger 1") || l.Try("stranger 2") { // the last of the others had no room, either
		t.Error("those who have no room do not share two")
	}
	if !l.Try("0") {
		t.Error("who was there lost what was left")
	}
	now = now.Add(time.Minute)
	for _, name := range []string{"guesses", "stranger 1", "stranger 2", "stranger 3"} {
		if !l.Try(name) || !l.Try(name) || l.Try(name) {
			t.Errorf("%s: not two of its own after a minute", name)
		}
	}
	if len(l.buckets) > mostNames/2 {
		t.Errorf("%d names are still known", len(l.buckets))
	}
}
