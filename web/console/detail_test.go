package console

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"blanko/jobs"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/web/console/words"
)

// written are the words of details and the values that the source gives them, by what writes events.
func written(t *testing.T) map[string][]string {
	t.Helper()
	said := map[string][]string{}
	names := []string{"detail", "all", "also", "Detail"}
	for _, room := range []string{"../../registry", "../../registry/stock"} {
		files, err := filepath.Glob(room + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			keep := func(key, value ast.Expr) {
				if k, is := key.(*ast.BasicLit); is {
					word, _ := strconv.Unquote(k.Value)
					said[word] = append(said[word], literal(value)...)
				}
			}
			keepAll := func(e ast.Expr) {
				if m, is := e.(*ast.CompositeLit); is {
					for _, x := range m.Elts {
						if kv, is := x.(*ast.KeyValueExpr); is {
							keep(kv.Key, kv.Value)
						}
					}
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch x := n.(type) {
				case *ast.KeyValueExpr: // of an event
					if k, is := x.Key.(*ast.Ident); is && k.Name == "Detail" {
						keepAll(x.Value)
					}
				case *ast.CallExpr: // of what tells an event
					if f, is := x.Fun.(*ast.SelectorExpr); is && (strings.HasPrefix(f.Sel.Name, "move") || f.Sel.Name == "retire") {
						for _, arg := range x.Args {
							keepAll(arg)
						}
					}
				case *ast.AssignStmt:
					for i, left := range x.Lhs {
						switch l := left.(type) {
						case *ast.Ident:
							if slices.Contains(append(names, "with"), l.Name) && i < len(x.Rhs) {
								keepAll(x.Rhs[i])
							}
						case *ast.SelectorExpr:
							if slices.Contains(names, l.Sel.Name) {
								keepAll(x.Rhs[i])
							}
						case *ast.IndexExpr:
							if of, is := l.X.(*ast.Ident); is && slices.Contains(names, of.Name) {
								keep(l.Index, x.Rhs[i])
							} else if of, is := l.X.(*ast.SelectorExpr); is && slices.Contains(names, of.Sel.Name) {
								keep(l.Index, x.Rhs[i])
							}
						}
					}
				}
				return true
			})
		}
	}
	return said
}

// literal is a text that stands in the source.
func literal(e ast.Expr) []string {
	if l, is := e.(*ast.BasicLit); is && l.Kind == token.STRING {
		text, _ := strconv.Unquote(l.Value)
		return []string{text}
	}
	return nil
}

// No detail of an event is shown by the word of the program: each has a name and a way to say its value.
func TestEveryDetailHasWords(t *testing.T) {
	t.Parallel()
	said := written(t)
	if len(said) < 100 || len(said["reason"]) == 0 {
		t.Fatalf("%d words of details", len(said))
	}
	v := &view{Lang: words.English, console: &console{}}
	for word, values := range said {
		how, known := details[word]
		if !known {
			t.Errorf("how to say %q?", word)
		}
		if v.detailName(word) == word {
			t.Errorf("no name of the detail %q", word)
		}
		for _, value := range values {
			if len(how.Groups) > 0 && sayOf(v, how.Groups, value) == "" {
				t.Errorf("no words for %s %q", word, value)
			}
		}
	}
	for word := range details {
		if v.detailName(word) == word {
			t.Errorf("no name of the detail %q", word)
		}
	}
}

// texts are the codes of a type as texts.
func texts[T ~string](list ...T) (all []string) {
	for _, x := range list {
		all = append(all, string(x))
	}
	return all
}

// Every state, place, step and answer that an event may name is said in words.
func TestEveryCodeOfADetailHasWords(t *testing.T) {
	t.Parallel()
	var attempts []string
	for _, k := range jobs.Kinds {
		attempts = append(attempts, texts(jobs.Attempts(k).States()...)...)
	}
	places := texts(stock.Supplier, stock.Found, stock.Received, stock.Store, stock.Testing, stock.Spoiled, stock.Doubt, stock.Quarantine, stock.Shipped, stock.Delivered, stock.Elsewhere, stock.Holder, stock.Returned,
		stock.Lost, stock.Destroyed)
	for _, k := range []stock.Kind{stock.Hopper, stock.Path, stock.Tray, stock.Reject} {
		places = append(places, stock.On(k, "line-1").String())
	}
	for _, of := range []struct {
		event, word string
		codes       []string
	}{
		{"application.check", "state", texts(registry.Applications.States()...)},
		{"application.check", "from", texts(registry.Applications.States()...)},
		{"attempt.fed", "state", attempts},
		{"attempt.fed", "from", attempts},
		{"card.made", "state", texts(registry.Cards.States()...)},
		{"complaint.close", "state", texts(registry.Complaints.States()...)},
		{"consignment.seal", "state", texts(registry.Consignments.States()...)},
		{"destruction.open", "state", texts(registry.Destructions.States()...)},
		{"fine.assessed", "state", texts(registry.Fines.States()...)},
		{"proposal.decided", "state", texts(registry.ProposalOpen, registry.ProposalCarriedOut, registry.ProposalRefused, registry.ProposalTakenBack)},
		{"person.set", "state", []string{"active", "left"}},
		{"stock.moved", "from", places},
		{"stock.moved", "to", places},
		{"attempt.matched", "match", texts(jobs.Matched, jobs.EqualByHash, jobs.WrongPerson)},
		{"match.tried", "result", []string{registry.TryMatched, registry.TryNoMatch, registry.TryNotGenuine, registry.TryException}},
		{"uniqueness.read", "result", texts(registry.ResultUnique, registry.ResultDuplicate, registry.ResultAdjudicate, registry.ResultEnrollFailure, registry.ResultSearchFailure)},
		{"question.answered", "ask", texts(registry.BlankToReader, registry.CardToReader, registry.CardToPrinter, registry.CardToOutput, registry.CardToReject)},
		{"question.answered", "kind", texts(registry.AskFace, registry.AskHandOff)},
		{"uniqueness.read", "answer", []string{registry.AnswerNew, registry.AnswerUnchanged, registry.AnswerSuperseded}},
		{"book", "at", []string{registry.Dinas}},
		{"match.tried", "second_finger", []string{"1", "10"}},
	} {
		for _, lang := range []words.Language{words.Indonesian, words.English} {
			v := &view{Lang: lang, console: &console{}, r: httptest.NewRequest("GET", "/", nil)}
			for _, code := range of.codes {
				got := v.detail(audit.Event{Code: of.event, Detail: map[string]string{of.word: code}})
				if _, said, _ := strings.Cut(got, ": "); said == code && !sameInBoth(code) || strings.Contains(got, "absent") || strings.Contains(got, "_") || strings.Contains(got, "/") {
					t.Errorf("%s in %s: %q", of.event, lang, got)
				}
			}
		}
	}
}

// sameInBoth are codes that are English words, and say what they mean.
func sameInBoth(code string) bool {
	for _, group := range []string{"state", "attempt", "cardstate", "complaint", "shipment", "destruction", "finestate", "proposal", "place", "said", "result", "answer"} {
		if key := group + "." + strings.ReplaceAll(code, " ", "_"); words.Has(key) && words.Of(words.English, key) == code {
			return true
		}
	}
	return false
}
