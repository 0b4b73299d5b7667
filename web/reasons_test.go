package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"blanko/fault"
)

// rooms whose refusals reach a page.
var roomsOfPages = []string{"../registry", "../registry/stock", "../registry/lists", "../registry/access", "../registry/audit", "../registry/standard", "../jobs", "../ktp", ".", "console"}

// refusers are the names of functions that take the name of a value and a format.
var refusers = []string{"With", "bad", "refuse"}

var (
	verb   = regexp.MustCompile(`%[-+# 0-9.]*[a-zA-Z]`)
	letter = regexp.MustCompile(`[a-zA-Z]{2}`)
)

// Every reason for which a page may refuse a value is said in Indonesian, with the same values in the same order.
func TestEveryReasonInBothLanguages(t *testing.T) {
	t.Parallel()
	found := 0
	for _, room := range roomsOfPages {
		files, err := filepath.Glob(filepath.Join(room, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", room, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				format, is := formatOf(n)
				if !is || !letter.MatchString(verb.ReplaceAllString(format, "")) {
					return true
				}
				found++
				if other, known := reasons[format]; !known || !slices.Equal(verb.FindAllString(other, -1), verb.FindAllString(format, -1)) {
					t.Errorf("%s: no Indonesian for %q: %q", name, format, other)
				}
				return true
			})
		}
	}
	if found < 300 {
		t.Errorf("only %d reasons were found", found)
	}
}

func formatOf(n ast.Node) (string, bool) {
	call, is := n.(*ast.CallExpr)
	if !is || len(call.Args) < 2 {
		return "", false
	}
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	text, is := call.Args[1].(*ast.BasicLit)
	if !slices.Contains(refusers, name) || !is || text.Kind != token.STRING {
		return "", false
	}
	format, err := strconv.Unquote(text.Value)
	return format, err == nil
}

func TestReason(t *testing.T) {
	t.Parallel()
	type state string
	e := BadParameter.At("web.test", nil).With("card", "the card is %s", state("retired"))
	if got := Reason(e); got != (Text{"kartu: dicabut", "the card is retired"}) {
		t.Errorf("%+v", got)
	}
	e = BadParameter.At("web.test", nil).With("count", "a whole number is needed")
	if p := NewProblems(nil, nil, nil).Of(e); p.Errors[0].ReasonID != "perlu bilangan bulat" || p.Errors[0].Reason != "a whole number is needed" {
		t.Errorf("%+v", p.Errors)
	}
	if got := Reason(&fault.Error{Format: "100 words that nobody knows", Detail: "100 words that nobody knows"}); got.ID != got.EN {
		t.Errorf("%+v", got)
	}
}
