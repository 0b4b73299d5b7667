package docs_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/internal/refused"
	"blanko/station"
)

const (
	securityPage = "security.md"
	refusalTable = "refusals.tsv"
)

// TestRefusals draws the table of refused starts and operations in docs/security.md: what is refused, the words that
// are said, and the test that saw it.
func TestRefusals(t *testing.T) {
	t.Parallel()
	rows, err := refused.Read(refusalTable)
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string]fault.Entry{}
	for _, e := range station.Entries() {
		entries[string(e.Code)] = e
	}
	var b strings.Builder
	b.WriteString("| refused | code | Indonesian | English | shown by |\n|---|---|---|---|---|\n")
	there := map[string]bool{}
	for _, r := range rows {
		e, known := entries[r.Code]
		file, test, ok := strings.Cut(r.Test, " ")
		text, err := os.ReadFile("../" + file)
		switch {
		case !known:
			t.Errorf("%s: %s is no code of the product", r.What, r.Code)
		case there[r.What+r.Test]:
			t.Errorf("%s stands twice", r.What)
		case !ok || err != nil || !strings.Contains(string(text), "func "+test+"("):
			t.Errorf("%s: no test %s", r.What, r.Test)
		}
		there[r.What+r.Test] = true
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | [`%s`](../%s) |\n", r.What, r.Code, e.ID, e.EN, test, file)
	}
	old, err := os.ReadFile(securityPage)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- generated: refusals -->\n", "<!-- end: refusals -->\n"
	before, rest, ok := strings.Cut(string(old), begin)
	_, after, closed := strings.Cut(rest, end)
	switch text := before + begin + b.String() + end + after; {
	case !ok || !closed:
		t.Fatal("the table does not stand between its markers")
	case text == string(old):
	case !*update:
		t.Errorf("%s is stale; draw it anew with: make docs", securityPage)
	default:
		if err := os.WriteFile(securityPage, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
