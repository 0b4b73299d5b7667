package floors

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/applet/pcsc"
	"blanko/artwork"
	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
	"blanko/desk"
	"blanko/fault"
	"blanko/jobs"
	"blanko/keys"
	"blanko/keys/pkcs11"
	"blanko/keys/sam"
	"blanko/paper"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/printer/magicard"
	"blanko/printer/matica"
	"blanko/printer/spool"
	"blanko/printer/usb"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/registry/datacenter"
	"blanko/registry/lists"
	"blanko/registry/osia"
	"blanko/registry/standard"
	"blanko/registry/stock"
	"blanko/station"
	"blanko/store"
	"blanko/store/backup"
	"blanko/ups"
	"blanko/web"
)

// entries of every room that has any.
var entries = map[string][]fault.Entry{
	"applet":                   applet.Faults,
	"applet/inspect":           inspect.Faults,
	"applet/icao":              icao.Faults,
	"applet/pcsc":              pcsc.Faults,
	"artwork":                  artwork.Faults,
	"biometric/finger":         finger.Faults,
	"biometric/finger/extract": extract.Faults,
	"chipdata":                 chipdata.Faults,
	"chipdata/openjpeg":        openjpeg.Faults,
	"jobs":                     jobs.Faults,
	"keys":                     keys.Faults,
	"keys/pkcs11":              pkcs11.Faults,
	"keys/sam":                 sam.Faults,
	"desk":                     desk.Faults,
	"paper":                    paper.Faults,
	"personalize":              personalize.Faults,
	"printer":                  printer.Faults,
	"printer/evolis":           evolis.Faults,
	"printer/magicard":         magicard.Faults,
	"printer/matica":           matica.Faults,
	"printer/spool":            spool.Faults,
	"printer/usb":              usb.Faults,
	"registry":                 registry.Faults,
	"registry/audit":           audit.Faults,
	"registry/lists":           lists.Faults,
	"store/backup":             backup.Faults,
	"registry/datacenter":      datacenter.Faults,
	"registry/osia":            osia.Faults,
	"registry/standard":        standard.Faults,
	"registry/stock":           stock.Faults,
	"station":                  station.Faults,
	"store":                    store.Faults,
	"ups":                      ups.Faults,
	"web":                      web.Faults,
}

var (
	codeForm   = regexp.MustCompile(`^[a-z][a-z0-9]*\.[a-z0-9]+(_[a-z0-9]+)*$`)
	sentence   = regexp.MustCompile(`^[A-Z0-9].*([.!]|: blanko .+)$`) // a command to type ends without a dot
	unfinished = regexp.MustCompile(`(?i)\b(todo|tbd|fixme|xxx|lorem|placeholder|untranslated|belum diterjemahkan)\b|\.\.\.|\?\?|%[a-z]`)
)

// TestFaults walks every entry of the house: a code of its own in the form room.word, a kind, one
// sentence and the same number of steps in both languages.
func TestFaults(t *testing.T) {
	t.Parallel()
	shown := map[fault.Code]bool{}
	for _, e := range append(station.Entries(), desk.Faults...) { // a desk shows its own
		shown[e.Code] = true
	}
	seen := map[fault.Code]string{}
	for room, list := range entries {
		for _, e := range list {
			if !shown[e.Code] {
				t.Errorf("%s: the station does not know %s, and would show nothing of it", room, e.Code)
			}
			if other, twice := seen[e.Code]; twice {
				t.Errorf("%s: %s stands in %s too", room, e.Code, other)
			}
			seen[e.Code] = room
			name := room[strings.LastIndexByte(room, '/')+1:]
			if !codeForm.MatchString(string(e.Code)) || !strings.HasPrefix(string(e.Code), name+".") {
				t.Errorf("%s: code %q is not of the form %s.word", room, e.Code, name)
			}
			if e.Kind > fault.InDoubt {
				t.Errorf("%s: kind %d is unknown", e.Code, e.Kind)
			}
			if len(e.StepsID) == 0 || len(e.StepsID) != len(e.StepsEN) {
				t.Errorf("%s: %d steps in Indonesian, %d in English", e.Code, len(e.StepsID), len(e.StepsEN))
				continue
			}
			text(t, e.Code, e.ID, e.EN)
			for i := range e.StepsID {
				text(t, e.Code, e.StepsID[i], e.StepsEN[i])
			}
		}
	}
}

func text(t *testing.T, code fault.Code, id, en string) {
	t.Helper()
	for _, s := range []string{id, en} {
		if !sentence.MatchString(s) {
			t.Errorf("%s: %q is not a sentence", code, s)
		}
		if unfinished.MatchString(s) {
			t.Errorf("%s: %q is not finished", code, s)
		}
	}
	if id == en {
		t.Errorf("%s: %q is the same in both languages", code, id)
	}
}

// TestEveryEntryIsListed reads the source: an entry is a variable of its room, gives its kind
// and both texts by name, and is mentioned in Faults, so that nothing is raised that the walk
// above has not seen.
func TestEveryEntryIsListed(t *testing.T) {
	t.Parallel()
	_, all := sources(t)
	declared := 0
	for _, s := range all {
		if s.room == "fault" || s.tests {
			continue
		}
		holders, mentioned, hasFaults := map[string]bool{}, map[string]bool{}, false
		makers := entryMakers(s)
		for _, f := range s.files {
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if !makers[d.Name.Name] && makesEntries(d, makers) {
						t.Errorf("%s: %s makes an entry by itself; entries are variables", s.room, d.Name.Name)
					}
				case *ast.GenDecl:
					for _, spec := range d.Specs {
						v, ok := spec.(*ast.ValueSpec)
						if !ok {
							continue
						}
						for i, name := range v.Names {
							switch {
							case i >= len(v.Values):
							case name.Name == "Faults":
								hasFaults = true
								ast.Inspect(v.Values[i], func(n ast.Node) bool {
									if id, ok := n.(*ast.Ident); ok {
										mentioned[id.Name] = true
									}
									return true
								})
							case makesEntries(v.Values[i], makers):
								holders[name.Name] = true
							}
						}
					}
				}
			}
		}
		declared += len(holders)
		for name := range holders {
			if !mentioned[name] {
				t.Errorf("%s: %s is not in Faults", s.room, name)
			}
		}
		if _, walked := entries[s.room]; hasFaults != walked {
			t.Errorf("%s has Faults: %t; stands in the table of TestFaults: %t", s.room, hasFaults, walked)
		}
	}
	if declared < 100 {
		t.Errorf("only %d entries found in the source: this test sees too little", declared)
	}
}

// entryMakers are the functions of a package that return one entry.
func entryMakers(s source) map[string]bool {
	out := map[string]bool{}
	for _, f := range s.files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv == nil && fn.Type.Results != nil && len(fn.Type.Results.List) == 1 && isEntry(fn.Type.Results.List[0].Type) {
				out[fn.Name.Name] = true
			}
		}
	}
	return out
}

func isEntry(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Entry" {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && pkg.Name == "fault"
}

// makesEntries reports whether n holds an entry written out, or a call of a maker. An entry with
// neither code nor kind is the zero value, not an entry.
func makesEntries(n ast.Node, makers map[string]bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			found = found || isEntry(n.Type) && len(n.Elts) > 0
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok {
				found = found || makers[id.Name]
			}
		}
		return true
	})
	return found
}

// TestEntriesAreWhole proves that every entry written out names its kind: a kind left out would
// be Internal without anybody having meant it.
func TestEntriesAreWhole(t *testing.T) {
	t.Parallel()
	fset, all := sources(t)
	for _, s := range all {
		for _, f := range s.files {
			ast.Inspect(f, func(n ast.Node) bool {
				lit, ok := n.(*ast.CompositeLit)
				if !ok || !isEntry(lit.Type) || len(lit.Elts) == 0 {
					return true
				}
				given := map[string]bool{}
				for _, e := range lit.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						if key, ok := kv.Key.(*ast.Ident); ok {
							given[key.Name] = true
						}
					}
				}
				for _, field := range []string{"Code", "Kind", "ID", "EN", "StepsID", "StepsEN"} {
					if !given[field] {
						t.Errorf("%s: the entry has no %s", fset.Position(lit.Pos()), field)
					}
				}
				return true
			})
		}
	}
}
