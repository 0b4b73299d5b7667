package standard

import (
	"testing"
	"time"
)

// How long what a chip showed counts is bound: a card is not here because it was this morning, and what a chip told last
// month says nothing of it now.
func TestBelievedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of   func(*Standard) *Believed
		is   func(Standard) time.Duration
		want map[int]time.Duration
		most int
	}{
		"presence": {
			func(s *Standard) *Believed { return &s.Presence }, Standard.ShownFor,
			map[int]time.Duration{0: 15 * time.Minute, 5: 5 * time.Minute}, 12 * 60,
		},
		"examination": {
			func(s *Standard) *Believed { return &s.Examination }, Standard.ExaminedFor,
			map[int]time.Duration{0: 8 * time.Hour, 30: 30 * time.Minute}, 7 * 24 * 60,
		},
	} {
		for minutes, want := range c.want {
			var s Standard
			c.of(&s).Minutes = minutes
			if got := c.is(s); got != want {
				t.Errorf("%s, %d minutes: %s", name, minutes, got)
			}
		}
		for _, standard := range Names {
			for minutes, fits := range map[int]bool{-1: false, 0: true, 1: true, 15: true, c.most: true, c.most + 1: false} {
				s := load(t, standard)
				c.of(&s).Minutes = minutes
				if got := len(s.Validate()) == 0; got != fits {
					t.Errorf("%s, %s, %d minutes: %v", standard, name, minutes, s.Validate())
				}
			}
		}
	}
}
