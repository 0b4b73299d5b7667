package bench

import (
	"regexp"
	"slices"
	"testing"
)

var verb = regexp.MustCompile(`%[a-z]`)

// What is told says the same in both languages, about the same things in the same order.
func TestBothLanguagesTellTheSame(t *testing.T) {
	t.Parallel()
	for _, all := range []map[string][2]string{words, told} {
		for key, w := range all {
			if w[0] == "" || w[1] == "" || !slices.Equal(verb.FindAllString(w[0], -1), verb.FindAllString(w[1], -1)) {
				t.Errorf("%s: %q and %q", key, w[0], w[1])
			}
		}
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	s := Told("scene", "line-1", 2, Told("scene.person", Code{"problem", "jam"}, Code{"act", "sing"}))
	if got := s.In("id"); got != "line-1, kartu 2: seseorang melihat kartu macet: sing" {
		t.Errorf("told %q", got)
	}
	if got := (Code{"problem", "jam"}).In("en"); got != "a jam" {
		t.Errorf("told %q", got)
	}
}
