package main

import (
	"errors"
	"testing"

	"blanko/trial"
)

// A broken station is found by the difference that it was broken for: not by one that ended by itself, which a crash of
// the torture would be, too, and not by another. Of the product every difference counts.
func TestVerdict(t *testing.T) {
	t.Parallel()
	const (
		again = "after write: card P-7 was printed 2 times"
		crash = "station of line-1 ended by itself: exit status 2"
	)
	for name, c := range map[string]struct {
		broken string
		wrong  []string
		found  bool
		fails  bool
	}{
		"the product":                {"", nil, false, false},
		"the product differs":        {"", []string{again}, true, true},
		"the product ends by itself": {"", []string{crash}, true, true},
		"found out":                  {"prints-again", []string{crash, again}, true, true},
		"never found":                {"prints-again", nil, false, true},
		"it ended by itself":         {"prints-again", []string{crash}, false, true},
		"something else differs":     {"reads-no-withdrawal", []string{again}, false, true},
	} {
		err := verdict(trial.TortureResult{Broken: c.broken, Differences: c.wrong})
		if _, found := errors.AsType[finding](err); found != c.found || (err != nil) != c.fails {
			t.Errorf("%s: %v", name, err)
		}
	}
}
