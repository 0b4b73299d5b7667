package floors

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

//go:embed allow.yaml
var allowYAML []byte

type allowList struct {
	Rooms     map[string][]string `yaml:"rooms"`
	NoFault   []string            `yaml:"no_fault"`
	Pure      []string            `yaml:"pure"`
	Libraries map[string][]string `yaml:"libraries"`
}

type goPackage struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
	CgoFiles   []string
}

const module = "blanko/"

func load(t *testing.T) (allowList, []goPackage) {
	t.Helper()
	var allow allowList
	if err := yaml.UnmarshalWithOptions(allowYAML, &allow, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,GoFiles,CgoFiles", "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []goPackage
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return allow, list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

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

// TestPureRooms proves that the pure rooms touch no clock, file, network or log by import.
func TestPureRooms(t *testing.T) {
	t.Parallel()
	forbidden := []string{"os", "os/exec", "net", "net/http", "log", "log/slog", "sync", "context", "database/sql"}
	allow, list := load(t)
	for _, p := range list {
		if !oneOf(allow.Pure, strings.TrimPrefix(p.ImportPath, module)) {
			continue
		}
		for _, imp := range p.Imports {
			for _, f := range forbidden {
				if imp == f && f != "sync" {
					t.Errorf("%s is pure and may not import %s", p.ImportPath, imp)
				}
			}
		}
	}
}
