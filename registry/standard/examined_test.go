package standard

import (
	"testing"
	"time"
)

// How long an examination counts is bound: what a chip told last month says nothing of it now.
func TestExaminedFor(t *testing.T) {
	t.Parallel()
	for minutes, want := range map[int]time.Duration{0: 8 * time.Hour, 30: 30 * time.Minute} {
		if got := (Standard{Examination: Examination{minutes}}).ExaminedFor(); got != want {
			t.Errorf("%d minutes: %s", minutes, got)
		}
	}
	for _, name := range Names {
		for minutes, fits := range map[int]bool{-1: false, 0: true, 1: true, mostExamined: true, mostExamined + 1: false} {
			s := load(t, name)
			s.Examination.Minutes = minutes
			if got := len(s.Validate()) == 0; got != fits {
				t.Errorf("%s, %d minutes: %v", name, minutes, s.Validate())
			}
		}
	}
}
