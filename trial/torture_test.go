package trial

import (
	"os"
	"strings"
	"testing"
)

// The page on the torture names everything that may happen, and every broken station.
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
}
