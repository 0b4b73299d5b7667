package trial

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// cases of the field, FL-1 and so on.
const cases = 84

// The table of the cases of the field names every case once; the scenarios that it gives for a case are those whose files
// name the case; a case has a scenario or a reason why none shows it; and every test that it names stands in its file.
func TestCasesOfTheField(t *testing.T) {
	t.Parallel()
	shown := map[string][]string{}
	for _, name := range Scenarios() {
		s, err := ShippedScenario(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range s.Lessons {
			shown[l] = append(shown[l], name)
		}
	}
	docs := filepath.Join("..", "docs")
	page, err := os.ReadFile(filepath.Join(docs, "field-lessons.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\| (\d+) \| (.+?) \| (.*?) ?\| (.*?) ?\| (.*?) ?\|$`).FindAllStringSubmatch(string(page), -1)
	if len(rows) != cases {
		t.Errorf("%d rows, want %d", len(rows), cases)
	}
	named := regexp.MustCompile("\\[`(Test\\w+)`\\]\\(([^)]+)\\)")
	for i, row := range rows {
		id, scenarios, tests, why := "FL-"+row[1], row[3], row[4], row[5]
		if id != fmt.Sprintf("FL-%d", i+1) {
			t.Errorf("row %d is of %s", i+1, id)
		}
		if want := strings.Join(slices.Sorted(slices.Values(shown[id])), ", "); scenarios != want {
			t.Errorf("%s: the page gives %q, the files %q", id, scenarios, want)
		}
		if (scenarios == "") == (why == "") {
			t.Errorf("%s has scenarios %q and a reason %q: one of the two is wanted", id, scenarios, why)
		}
		links := named.FindAllStringSubmatch(tests, -1)
		if tests != "" && len(links) == 0 {
			t.Errorf("%s: %q names no test", id, tests)
		}
		for _, l := range links {
			text, err := os.ReadFile(filepath.Join(docs, l[2]))
			if err != nil || !strings.Contains(string(text), "\nfunc "+l[1]+"(") {
				t.Errorf("%s: %s is not in %s: %v", id, l[1], l[2], err)
			}
		}
		delete(shown, id)
	}
	for id, names := range shown {
		t.Errorf("%s of %q is no case", id, names)
	}
}
