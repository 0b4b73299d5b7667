package console

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What is generated from a page is what is committed.
func TestGeneratedPagesAreFresh(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("*.templ")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	copied := t.TempDir()
	for _, p := range pages {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(copied, p), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	made := exec.CommandContext(t.Context(), "go", "tool", "templ", "generate", "-include-version=false", "-path", copied)
	if out, err := made.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, p := range pages {
		name := strings.TrimSuffix(p, ".templ") + "_templ.go"
		want, err := os.ReadFile(filepath.Join(copied, name))
		if err != nil {
			t.Fatal(err)
		}
		if have, err := os.ReadFile(name); err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s is not what %s gives (%v): go generate ./web/console", name, p, err)
		}
	}
}
