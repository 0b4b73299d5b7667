package trial

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"blanko/emulator"
	"blanko/emulator/center"

	"blanko/station"
)

// maxScript bounds a fault script, in bytes.
const maxScript = 1 << 20

// script is the fault script of the demo: none, some by the seed, a file, or that of a scenario.
func (d *demo) script() ([]emulator.Fault, error) {
	if d.scene != nil {
		return d.scene.Faults, nil
	}
	switch d.Faults {
	case "", "none":
		return nil, nil
	case "some":
		var names []string
		for _, id := range d.lines {
			names = append(names, string(id))
		}
		return emulator.SomeOf(d.maker(), uint64(d.Seed), names, d.Cards), nil
	}
	return readScript(d.Faults)
}

// readScript reads a fault script (YAML, a list of faults) strictly.
func readScript(path string) ([]emulator.Fault, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--faults: none, some or a file: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxScript+1)) // a device or a pipe tells no size
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("--faults: none, some or a file: %w", err)
	}
	if len(text) > maxScript {
		return nil, fmt.Errorf("--faults: %s has more than %d bytes", path, maxScript)
	}
	if err := station.PlainYAML(text); err != nil {
		return nil, fmt.Errorf("--faults: %s: %w", path, err)
	}
	if err := exact(text); err != nil {
		return nil, fmt.Errorf("--faults: %s: %w", path, err)
	}
	var script struct {
		Faults []emulator.Fault `yaml:"faults"`
	}
	if err := yaml.UnmarshalWithOptions(text, &script, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("--faults: %s: %s", path, yaml.FormatError(err, false, false))
	}
	if len(script.Faults) == 0 {
		return nil, fmt.Errorf("--faults: %s has no faults in it", path)
	}
	return script.Faults, nil
}

// exact refuses what the decoder would round or name without its place: a fraction where a number
// counts, and a time that is none.
func exact(text []byte) error {
	f, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil // the decoder says it better
	}
	var v exactVisitor
	for _, d := range f.Docs {
		if d.Body != nil {
			ast.Walk(&v, d.Body)
		}
	}
	return v.err
}

type exactVisitor struct{ err error }

func (v *exactVisitor) Visit(n ast.Node) ast.Visitor {
	m, pair := n.(*ast.MappingValueNode)
	if !pair || v.err != nil {
		return v
	}
	at, wrong := m.Value.GetToken(), ""
	switch m.Key.GetToken().Value {
	case "factor":
	case "delay", "mend":
		if _, err := time.ParseDuration(at.Value); err != nil {
			wrong = "a time with its unit is wanted, such as 90s"
		}
	default:
		if m.Value.Type() == ast.FloatType {
			wrong = "a whole number is wanted"
		}
	}
	if wrong != "" {
		v.err = fmt.Errorf("line %d, column %d: %s: %s", at.Position.Line, at.Position.Column, m.Key.GetToken().Value, wrong)
	}
	return v
}

// someBroken picks kinds of broken record by the seed.
func someBroken(seed int64, n int) []string {
	r := rand.New(rand.NewPCG(uint64(seed), 0xB40CE))
	order := r.Perm(len(center.Broken))
	var names []string
	for i := range min(n, len(order)) {
		names = append(names, center.Broken[order[i]].Name)
	}
	return names
}
