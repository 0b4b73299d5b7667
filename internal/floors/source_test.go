package floors

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// source is one package as written: its files without tests, and with tests where it has nothing else.
type source struct {
	room  string // path inside the module; "" for the root
	name  string
	files []*ast.File
	tests bool // the package consists of tests
}

// doc is the package comment. A package has one, in one file.
func (s source) doc() string {
	var texts []string
	for _, f := range s.files {
		if f.Doc != nil {
			texts = append(texts, f.Doc.Text())
		}
	}
	return strings.Join(texts, "\n")
}

// sources reads every package of the module, for every build tag and system.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	base := root(t)
	fset := token.NewFileSet()
	dirs := map[string][]string{}
	for _, pattern := range []string{"*.go", "*/*.go", "*/*/*.go", "*/*/*/*.go"} {
		names, err := filepath.Glob(filepath.Join(base, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			dirs[filepath.Dir(name)] = append(dirs[filepath.Dir(name)], name)
		}
	}
	if len(dirs) < 20 {
		t.Fatalf("%d packages found below %s", len(dirs), base)
	}
	var out []source
	for dir, names := range dirs {
		if strings.Contains(dir, "/testdata") {
			continue
		}
		room, err := filepath.Rel(base, dir)
		if err != nil {
			t.Fatal(err)
		}
		s := source{room: strings.TrimPrefix(filepath.ToSlash(room), "."), tests: true}
		for _, name := range names {
			s.tests = s.tests && strings.HasSuffix(name, "_test.go")
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") && !s.tests {
				continue
			}
			f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			s.files, s.name = append(s.files, f), f.Name.Name
		}
		out = append(out, s)
	}
	return fset, out
}
