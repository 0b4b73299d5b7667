package standard

import (
	"testing"
	"time"
)

func TestShownFor(t *testing.T) {
	t.Parallel()
	for minutes, want := range map[int]time.Duration{0: 15 * time.Minute, 5: 5 * time.Minute} {
		if got := (Standard{Presence: Presence{minutes}}).ShownFor(); got != want {
			t.Errorf("%d minutes: %s", minutes, got)
		}
	}
	for _, name := range Names {
		for minutes, fits := range map[int]bool{-1: false, 0: true, 15: true, mostShown: true, mostShown + 1: false} {
			s := load(t, name)
			s.Presence.Minutes = minutes
			if got := len(s.Validate()) == 0; got != fits {
				t.Errorf("%s, %d minutes: %v", name, minutes, s.Validate())
			}
		}
	}
}
