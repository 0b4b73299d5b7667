package trial

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The page on the torture names everything that may happen, and every broken station, for which make torture asks.
func TestTortureIsTold(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/torture.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(Mischiefs(), Variants()...) {
		if !strings.Contains(string(page), name) {
			t.Errorf("%q is not told of", name)
		}
	}
	work, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Variants() {
		if !strings.Contains(string(work), name) {
			t.Errorf("make torture does not ask for %s", name)
		}
	}
}

// What a broken station shows are words that an account or a torture says: none waits for a difference that nobody
// tells any more.
func TestBrokenStationsShowWhatIsSaid(t *testing.T) {
	t.Parallel()
	said := ""
	for _, pattern := range []string{"account.go", "promises.go", "torture_*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range files {
			if name == "torture_broken.go" || strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			said += string(text)
		}
	}
	empty := strings.NewReplacer("print was begun", "%s was begun", "is spoiled,", "is %s,", "is lost,", "is %s,")
	for _, v := range variants {
		if len(v.shows) == 0 {
			t.Errorf("%s shows nothing", v.name)
		}
		for _, words := range v.shows {
			if !strings.Contains(said, empty.Replace(words)) {
				t.Errorf("%s waits for %q, which nobody says", v.name, words)
			}
		}
	}
}
