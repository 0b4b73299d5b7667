package registry

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"blanko/jobs"
)

// namesOf are the names of a table's states or events as texts.
func namesOf[T ~string](lists ...[]T) (texts []string) {
	for _, t := range slices.Concat(lists...) {
		if t != "absent" {
			texts = append(texts, string(t))
		}
	}
	return texts
}

// families are the codes that are made of a room and the state or the event of a table.
func families() map[string][]string {
	var attempts []string
	for _, k := range jobs.Kinds {
		attempts = append(attempts, namesOf(jobs.Attempts(k).States())...)
	}
	return map[string][]string{
		"application.": namesOf(Applications.Events()),
		"attempt.":     slices.DeleteFunc(attempts, func(s string) bool { return s == string(jobs.Open) }), // nothing leads there
		"card.":        namesOf(Cards.States()),
		"consignment.": namesOf(Consignments.Events()),
		"destruction.": namesOf(Destructions.Events()),
		"complaint.":   namesOf(Complaints.Events()),
		"breach.":      namesOf(Breaches.Events()),
		"incident.":    namesOf(Incidents.States()),
		"fine.":        namesOf(Fines.States()),
		"roll.":        namesOf([]RollState{RollDestroyed, RollSent, RollLost}),
		"line.":        namesOf([]jobs.Wish{jobs.Running, jobs.Paused, jobs.Stopped}),
	}
}

// inSource are the expressions after Code: of every audit.Event of this room, and the codes given to tell.
func inSource(t *testing.T) (list []ast.Expr) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
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
			switch n := n.(type) {
			case *ast.CompositeLit:
				if types.ExprString(n.Type) != "audit.Event" {
					break
				}
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && types.ExprString(kv.Key) == "Code" {
						list = append(list, kv.Value)
					}
				}
			case *ast.CallExpr:
				if types.ExprString(n.Fun) == "tell" {
					list = append(list, n.Args...)
				}
			case *ast.AssignStmt:
				if types.ExprString(n.Lhs[0]) == "code" && len(n.Rhs) == 1 {
					if lit, ok := n.Rhs[0].(*ast.BasicLit); ok && strings.Contains(lit.Value, ".") {
						list = append(list, lit)
					}
				}
			}
			return true
		})
	}
	return list
}

// Every code that this room can write has words in both languages, and nothing else has.
func TestEveryEventHasItsWords(t *testing.T) {
	t.Parallel()
	codes := map[string]bool{}
	for _, row := range Operations {
		codes[row.Event] = true
	}
	for room, list := range families() {
		for _, w := range list {
			codes[room+codeOf(w)] = true
		}
	}
	for _, e := range inSource(t) {
		text := types.ExprString(e)
		literal, err := strconv.Unquote(text)
		room, _, _ := strings.Cut(text, " + ")
		of, isFamily := families()[strings.Trim(room, `"`)]
		switch {
		case err == nil:
			codes[literal] = true
		case strings.HasSuffix(text, "ow.Event"), strings.HasPrefix(text, "RowOf("): // of the table of operations
		case room == "applicationEvents", isFamily && len(of) > 0:
		case text == "code": // assigned, or an argument of tell: both are read above
		default:
			t.Errorf("no test knows which codes %s may be", text)
		}
	}
	if len(codes) < 190 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if w := EventWords[code]; w.ID == "" || w.EN == "" || w.ID == code || w.EN == code {
			t.Errorf("%s has no words: %+v", code, w)
		}
	}
	for code := range EventWords {
		if !codes[code] {
			t.Errorf("%s has words, and nothing writes it", code)
		}
	}
	t.Logf("%d codes", len(codes))
}
