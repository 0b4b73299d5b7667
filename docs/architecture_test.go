// Package docs_test keeps the documents true: what can be drawn from the code is drawn from it,
// and what they point to is there.
package docs_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/doc"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"blanko/applet"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
)

var update = flag.Bool("update", false, "draw the generated parts anew")

const architecture = "architecture.md"

// TestGeneratedParts compares what stands between the markers of architecture.md with the code.
func TestGeneratedParts(t *testing.T) {
	t.Parallel()
	parts := map[string]func(*testing.T) string{
		"rooms":              rooms,
		"imports":            imports,
		"attempt-inline":     func(*testing.T) string { return diagram(jobs.Attempts(jobs.Inline)) },
		"attempt-inline_eye": func(*testing.T) string { return diagram(jobs.Attempts(jobs.InlineEye)) },
		"attempt-one_way":    func(*testing.T) string { return diagram(jobs.Attempts(jobs.OneWay)) },
		"attempt-desktop":    func(*testing.T) string { return diagram(jobs.Attempts(jobs.Desktop)) },
		"application":        func(*testing.T) string { return diagram(registry.Applications) },
		"card":               func(*testing.T) string { return diagram(registry.Cards) },
		"consignment":        func(*testing.T) string { return diagram(registry.Consignments) },
		"destruction":        func(*testing.T) string { return diagram(registry.Destructions) },
		"incident":           func(*testing.T) string { return diagram(registry.Incidents) },
		"fine":               func(*testing.T) string { return diagram(registry.Fines) },
		"chip":               func(*testing.T) string { return diagram(applet.LifeCycle) },
	}
	old, err := os.ReadFile(architecture)
	if err != nil {
		t.Fatal(err)
	}
	text := string(old)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		begin, end := "<!-- generated: "+name+" -->\n", "<!-- end: "+name+" -->\n"
		before, rest, ok := strings.Cut(text, begin)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed || strings.Contains(after, begin) {
			t.Fatalf("the part %q does not stand exactly once between its markers", name)
		}
		text = before + begin + parts[name](t) + end + after
	}
	if found := strings.Count(text, "<!-- generated: "); found != len(parts) {
		t.Errorf("%d generated parts, and %d are drawn", found, len(parts))
	}
	if text == string(old) {
		return
	}
	if !*update {
		t.Fatal("architecture.md is stale; draw it anew with: make docs")
	}
	if err := os.WriteFile(architecture, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// crowd is from how many states an event must lead to the same one to be told instead of drawn.
const crowd = 5

// diagram is a state table as Mermaid, with its crowds as a list.
func diagram[S, E ~string](table ktp.Table[S, E]) string {
	from := map[ktp.Row[S, E]][]string{} // by the row without its origin
	var order []ktp.Row[S, E]
	for _, r := range table.Rows {
		state := string(r.From)
		r.From = ""
		if from[r] == nil {
			order = append(order, r)
		}
		from[r] = append(from[r], state)
	}
	drawn := table
	drawn.Rows = slices.DeleteFunc(slices.Clone(table.Rows), func(r ktp.Row[S, E]) bool {
		r.From = ""
		return len(from[r]) >= crowd
	})
	var b strings.Builder
	b.WriteString("```mermaid\n" + drawn.Mermaid() + "```\n")
	for _, r := range order {
		if len(from[r]) < crowd {
			continue
		}
		needs := ""
		if r.Guard+r.Needs != "" {
			needs = " (" + strings.Trim(r.Guard+"; "+r.Needs, "; ") + ")"
		}
		fmt.Fprintf(&b, "\nNot drawn: *%s*%s leads to *%s* from %s.\n", r.Event, needs, r.To, strings.Join(from[r], ", "))
	}
	return b.String()
}

type goPackage struct {
	ImportPath, Doc string
	GoFiles         []string
	CgoFiles        []string
}

// list is every room, in the order of their paths.
func list(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Doc,GoFiles,CgoFiles", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles)+len(p.CgoFiles) > 0 {
			p.ImportPath = strings.TrimPrefix(p.ImportPath, "blanko/")
			all = append(all, p)
		}
	}
}

// rooms is the table of rooms with the first sentence of their comments.
func rooms(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| room | in a sentence |\n|---|---|\n")
	for _, p := range list(t) {
		var pkg doc.Package
		words := strings.SplitN(pkg.Synopsis(p.Doc), " ", 3) // "Package x is ..."
		if len(words) < 3 {
			t.Fatalf("%s has no package comment", p.ImportPath)
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", p.ImportPath, words[2])
	}
	return b.String()
}

// imports is the allow-list as a table, for the rooms that are built.
func imports(t *testing.T) string {
	raw, err := os.ReadFile("../internal/floors/allow.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var allow struct {
		Rooms     map[string][]string `yaml:"rooms"`
		Libraries map[string][]string `yaml:"libraries"`
	}
	if err := yaml.Unmarshal(raw, &allow); err != nil {
		t.Fatal(err)
	}
	built := map[string]bool{}
	var b strings.Builder
	b.WriteString("| room | may import |\n|---|---|\n")
	for _, p := range list(t) {
		built[p.ImportPath] = true
		may := "nothing"
		if m := allow.Rooms[p.ImportPath]; len(m) > 0 {
			may = "`" + strings.Join(m, "`, `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", p.ImportPath, strings.ReplaceAll(may, "`...`", "everything"))
	}
	b.WriteString("\n| library | only in |\n|---|---|\n")
	for _, lib := range slices.Sorted(maps.Keys(allow.Libraries)) {
		var in []string
		for _, room := range allow.Libraries[lib] {
			if built[room] {
				in = append(in, "`"+room+"`")
			}
		}
		if len(in) > 0 {
			fmt.Fprintf(&b, "| `%s` | %s |\n", lib, strings.Join(in, ", "))
		}
	}
	return b.String()
}

var (
	link     = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)
	testLink = regexp.MustCompile("\\[`((?:Test|Fuzz|Example)[A-Za-z0-9_]*)`\\]\\(([^)]+)\\)")
)

// TestLinks proves that every file a document points to is there, and every test it names.
func TestLinks(t *testing.T) {
	t.Parallel()
	documents := []string{"../README.md", "../CONTRIBUTING.md", "../CHANGELOG.md"}
	for _, pattern := range []string{"*.md", "*/*.md"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, more...)
	}
	tests := 0
	for _, document := range documents {
		raw, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(raw), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(document), m[1])); err != nil {
				t.Errorf("%s points to %s, which is not there", document, m[1])
			}
		}
		for _, m := range testLink.FindAllStringSubmatch(string(raw), -1) {
			tests++
			source, err := os.ReadFile(filepath.Join(filepath.Dir(document), m[2]))
			if err == nil && !strings.Contains(string(source), "func "+m[1]+"(") {
				t.Errorf("%s names %s, which is not in %s", document, m[1], m[2])
			}
		}
	}
	if tests < 10 {
		t.Errorf("the documents name %d tests: this test sees too little", tests)
	}
}
