package console_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web/console/words"
)

// Why an operation that a person may do has no form of its own.
const (
	byCenter  = "comes from the data center; a file of it is taken in by blanko import"
	byStation = "the station does it by itself"
	byDesk    = "the desk proves it with its devices; the word of a page does not count"
	byScript  = "the page of capture hands it to the API, with pictures that no form holds"
	byToken   = "a key that no page reaches signs it"
	byPicture = "a form that brings pictures keeps them before the operation that they prove"
	byAnswer  = "the API answers a page with the copy that it makes"
	byFile    = "a button of the page answers with the file, whose making the operation writes down"
	byForms   = "every form of an operation of two persons does it"
)

// elsewhere are the operations of persons that no form makes.
var elsewhere = map[registry.Name]string{
	"record.receive": byCenter, "record.refuse": byCenter, "record.refill": byCenter, "record.withdraw": byCenter, "record.push": byCenter, "record.update": byCenter,
	"record.cancel": byCenter, "record.hold": byCenter, "record.release": byCenter, "center.reconcile": byCenter, "enrolment.take": byCenter, "enrolment.refuse": byCenter, "uniqueness.receive": byCenter,
	"uniqueness.search": byStation, "health.report": byStation,
	"handover.verify": byDesk, "handover.show": byDesk, "handover.match_later": byDesk, "chip.examine": byDesk,
	"application.capture": byScript, "application.verify_capture": byScript, "application.confirm": byScript,
	"record.issue":  byToken,
	"picture.keep":  byPicture,
	"person.export": byAnswer,
	"audit.export":  byFile,
	"proposal.make": byForms,
}

// byPersons reports whether somebody of flesh and blood may do an operation.
func byPersons(r registry.Row) bool {
	return slices.ContainsFunc(access.Matrix[r.Who], func(role access.Role) bool { return role != access.System && role != access.DeskAgent })
}

// Every operation that a person may do is made by a form of the console, with its words, or stands above with
// the reason why not.
func TestEveryOperationHasAPage(t *testing.T) {
	t.Parallel()
	made := operationsOfForms(t)
	printed := papersOfPages(t)
	for _, r := range registry.Operations {
		paper, isPaper := r.Of.(registry.IssuePaper)
		form := made[reflect.TypeOf(r.Of).Name()] || isPaper && printed[string(paper.Kind)]
		why := elsewhere[r.Name]
		switch {
		case byPersons(r) && !form && why == "":
			t.Errorf("%s has no page", r.Name)
		case form && why != "":
			t.Errorf("%s has a page; it was: %s", r.Name, why)
		case form && !isPaper && !words.Has("op."+string(r.Name)):
			t.Errorf("no words for what %s is called", r.Name)
		}
	}
	for n := range elsewhere {
		if !slices.ContainsFunc(registry.Operations, func(r registry.Row) bool { return r.Name == n }) {
			t.Errorf("%s is no operation", n)
		}
	}
}

// operationsOfForms are the names of the types that the actions of pages make, by the source.
func operationsOfForms(t *testing.T) map[string]bool {
	t.Helper()
	made := map[string]bool{}
	for name, text := range sources(t, ".go") {
		file, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if !makesOperations(d) {
				continue
			}
			ast.Inspect(d, func(n ast.Node) bool {
				if lit, is := n.(*ast.CompositeLit); is {
					if of, is := lit.Type.(*ast.SelectorExpr); is {
						made[of.Sel.Name] = true
					}
				}
				return true
			})
		}
	}
	return made
}

// makesOperations reports whether a declaration is a list of actions, or a function that answers an operation.
func makesOperations(d ast.Decl) bool {
	switch x := d.(type) {
	case *ast.GenDecl:
		for _, s := range x.Specs {
			if v, is := s.(*ast.ValueSpec); is && strings.HasSuffix(v.Names[0].Name, "Actions") {
				return true
			}
		}
	case *ast.FuncDecl:
		if x.Type.Results == nil {
			return false
		}
		of, is := x.Type.Results.List[0].Type.(*ast.SelectorExpr)
		return is && slices.Contains([]string{"Operation", "RegisterUnmatched"}, of.Sel.Name)
	}
	return false
}

// papersOfPages are the kinds of papers that pages offer, by the source.
func papersOfPages(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "registry", "paper.go"))
	if err != nil {
		t.Fatal(err)
	}
	kinds, printed := map[string]string{}, map[string]bool{}
	for _, m := range regexp.MustCompile(`(Paper\w+) +PaperKind += "(\w+)"`).FindAllStringSubmatch(string(text), -1) {
		kinds[m[1]] = m[2]
	}
	for _, text := range sources(t, ".go") {
		for _, m := range regexp.MustCompile(`printable\{Kind: registry\.(Paper\w+)|\{Kind: registry\.(Paper\w+), Path`).FindAllStringSubmatch(text, -1) {
			kind := kinds[m[1]+m[2]]
			printed[kind] = true
			if !words.Has("paper." + kind) {
				t.Errorf("no name of the paper %s", kind)
			}
		}
	}
	return printed
}
