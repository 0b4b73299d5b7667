package floors

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"go/ast"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
)

//go:embed allow.yaml
var allowYAML []byte

type allowList struct {
	Rooms     map[string][]string `yaml:"rooms"`
	Tests     map[string][]string `yaml:"tests"`
	NoFault   []string            `yaml:"no_fault"`
	Pure      []string            `yaml:"pure"`
	Libraries map[string][]string `yaml:"libraries"`
}

type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
	GoFiles      []string
	CgoFiles     []string
}

const module = "blanko/"

func load(t *testing.T) (allowList, []goPackage) {
	t.Helper()
	var allow allowList
	if err := yaml.UnmarshalWithOptions(allowYAML, &allow, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	list, err := packages()
	if err != nil {
		t.Fatal(err)
	}
	return allow, list
}

// packages are those of the module, which go list reads once.
var packages = sync.OnceValues(func() (list []goPackage, err error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports,GoFiles,CgoFiles", "./...")
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
})

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func matches(pattern, room string) bool {
	if pattern == "..." {
		return true
	}
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return room == base || strings.HasPrefix(room, base+"/")
	}
	return room == pattern
}

func oneOf(patterns []string, room string) bool {
	for _, p := range patterns {
		if matches(p, room) {
			return true
		}
	}
	return false
}

// TestFloors compares every direct import of non-test code with the allow-list.
func TestFloors(t *testing.T) {
	t.Parallel()
	allow, list := load(t)
	for _, p := range list {
		room, inside := strings.CutPrefix(p.ImportPath, module)
		if !inside || len(p.GoFiles)+len(p.CgoFiles) == 0 {
			continue
		}
		may, listed := allow.Rooms[room]
		if !listed {
			t.Errorf("room %s is not on the list", room)
			continue
		}
		for _, imp := range p.Imports {
			if other, own := strings.CutPrefix(imp, module); own {
				if other == "fault" && !oneOf(allow.NoFault, room) {
					continue
				}
				if !oneOf(may, other) {
					t.Errorf("%s may not import %s", room, other)
				}
				continue
			}
			for lib, rooms := range allow.Libraries {
				if (imp == lib || strings.HasPrefix(imp, lib+"/")) && !oneOf(rooms, room) {
					t.Errorf("%s may not import %s: only %s may", room, imp, strings.Join(rooms, ", "))
				}
			}
		}
	}
}

// TestFloorsOfTests compares the imports of tests with the list, so that no test ties rooms
// together that are kept apart, and the emulator's tests stay as independent as the emulator.
func TestFloorsOfTests(t *testing.T) {
	t.Parallel()
	allow, list := load(t)
	for _, p := range list {
		room := strings.TrimPrefix(p.ImportPath, module)
		may := slices.Concat(allow.Rooms[room], allow.Tests[room], []string{room})
		if !slices.Contains(allow.NoFault, room) {
			may = append(slices.Concat(may, allow.Tests["every"]), "fault")
		}
		for _, imp := range slices.Concat(p.TestImports, p.XTestImports) {
			if other, own := strings.CutPrefix(imp, module); own && !oneOf(may, other) {
				t.Errorf("the tests of %s may not import %s", room, other)
			}
		}
	}
}

// TestListIsTrue proves that no row names a room that its own rule could never meet.
func TestListIsTrue(t *testing.T) {
	t.Parallel()
	allow, list := load(t)
	built := map[string]bool{}
	for _, p := range list {
		if len(p.GoFiles)+len(p.CgoFiles) > 0 {
			built[strings.TrimPrefix(p.ImportPath, module)] = true
		}
	}
	for lib, rooms := range allow.Libraries {
		for _, room := range rooms {
			if !built[room] {
				t.Errorf("%s may import %s, and there is no such room", room, lib)
			}
		}
	}
	for room, may := range allow.Rooms {
		if !built[room] {
			t.Errorf("%s has a row, and there is no such room", room)
		}
		for _, m := range may {
			base, all := strings.CutSuffix(m, "...")
			if _, listed := allow.Rooms[strings.TrimSuffix(base, "/")]; !listed && !all {
				t.Errorf("%s may import %s, which is no room", room, m)
			}
		}
	}
	for _, room := range slices.Concat(allow.NoFault, allow.Pure) {
		if _, listed := allow.Rooms[room]; !listed {
			t.Errorf("%s has a rule and no row", room)
		}
	}
}

// TestPureRooms proves that the pure rooms have no file, network, log, clock or goroutine.
func TestPureRooms(t *testing.T) {
	t.Parallel()
	allow, _ := load(t)
	forbidden := []string{"os", "os/...", "net", "net/...", "log", "log/...", "context", "database/sql", "io/fs"}
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick"}
	fset, all := sources(t)
	seen := 0
	for _, s := range all {
		if !slices.Contains(allow.Pure, s.room) {
			continue
		}
		seen++
		for _, f := range s.files {
			for _, imp := range f.Imports {
				if name := strings.Trim(imp.Path.Value, `"`); oneOf(forbidden, name) {
					t.Errorf("%s is pure and may not import %s", s.room, name)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s: a pure room starts no goroutine", fset.Position(n.Pos()))
				case *ast.SelectorExpr:
					if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains(clock, n.Sel.Name) {
						t.Errorf("%s: a pure room has no clock", fset.Position(n.Pos()))
					}
				}
				return true
			})
		}
	}
	if seen != len(allow.Pure) {
		t.Errorf("%d pure rooms found, %d listed", seen, len(allow.Pure))
	}
}
