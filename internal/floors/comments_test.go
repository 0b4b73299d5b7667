package floors

import (
	"regexp"
	"strings"
	"testing"
)

// lines are what the comment of every room tells besides its caller, who comes between the last
// two in a sentence of its own ("station opens it", "trial and tests call it").
var lines = map[string]*regexp.Regexp{
	"what lives here": regexp.MustCompile(`What lives here: [a-zA-Z]`),
	"what may not":    regexp.MustCompile(`What may not: [a-zA-Z]`),
	"its caller":      regexp.MustCompile(`What may not: .+\. .+\. Start`),
	"where to start":  regexp.MustCompile(`Start reading at [a-zA-Z]`),
}

// TestPackageComments proves that every package says what it is, and every room the four lines
// of the house. A command's comment is its description; a package of tests needs no more.
func TestPackageComments(t *testing.T) {
	t.Parallel()
	_, all := sources(t)
	for _, s := range all {
		text := s.doc()
		documented := 0
		for _, f := range s.files {
			if f.Doc != nil {
				documented++
			}
		}
		switch {
		case documented != 1:
			t.Errorf("%s: %d files carry a package comment, want 1", s.room, documented)
			continue
		case s.name == "main":
			if !strings.HasPrefix(text, "Command ") {
				t.Errorf("%s: the comment of a command begins with \"Command\"", s.room)
			}
			continue
		case !strings.HasPrefix(text, "Package "+s.name+" "):
			t.Errorf("%s: the comment does not begin with \"Package %s\"", s.room, s.name)
		}
		if s.room == "" || s.tests {
			continue
		}
		flat := strings.Join(strings.Fields(text), " ")
		for what, line := range lines {
			if !line.MatchString(flat) {
				t.Errorf("%s: the package comment lacks %s", s.room, what)
			}
		}
	}
}
