package console_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/url"
	"strings"
	"testing"

	"blanko/web/console"
)

// A page turn keeps whatever the address says, on every page: each filter and the place of each other list; but not the row
// that was seen last, and nothing that is asked for once.
func TestPageTurnKeepsTheFilters(t *testing.T) {
	t.Parallel()
	const said = "keadaan=print+ready&usulan=P-7&baru=a%26b&kosong=&sesudah=9&v=1f&periksa=ya"
	turned := 0
	for _, row := range console.PageRows() {
		path := row.Path
		for last, want := range map[string]string{
			"":    "?baru=a%26b&keadaan=print+ready&usulan=P-7",
			"1 0": "?baru=a%26b&keadaan=print+ready&sesudah=1+0&usulan=P-7",
		} {
			got := console.Turned(path, said, "A/1", "sesudah", last)
			to, query, _ := strings.Cut(got, "?")
			if "?"+query != want {
				t.Errorf("%s leads to %s, want %s", path, got, want)
			}
			if _, err := url.Parse(got); err != nil || strings.Contains(to, "{") || strings.Count(to, "/") != strings.Count(path, "/") {
				t.Errorf("%s leads to %s: %v", path, got, err)
			}
			turned++
		}
		if got := console.Turned(path, "sesudah=9", "A/1", "sesudah", ""); strings.Contains(got, "?") {
			t.Errorf("the beginning of %s is %s", path, got)
		}
	}
	if turned < 40 {
		t.Errorf("%d turns", turned)
	}
}

// No list makes these addresses by itself.
func TestPagesAreTurnedInOnePlace(t *testing.T) {
	t.Parallel()
	set := token.NewFileSet()
	list, err := parser.ParseDir(set, ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0) //nolint:staticcheck // build tags do not matter here
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for name, file := range list["console"].Files {
		ast.Inspect(file, func(n ast.Node) bool {
			a, is := n.(*ast.AssignStmt)
			if !is {
				return true
			}
			for _, l := range a.Lhs {
				s, is := l.(*ast.SelectorExpr)
				if !is || s.Sel.Name != "More" && s.Sel.Name != "First" {
					continue
				}
				if found++; name != "paging.go" {
					t.Errorf("%s: %s", set.Position(s.Pos()), s.Sel.Name)
				}
			}
			return true
		})
	}
	if found < 2 {
		t.Errorf("%d addresses", found)
	}
}
