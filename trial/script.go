package trial

import (
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/goccy/go-yaml"

	"blanko/emulator"
	"blanko/emulator/center"
)

// maxScript bounds a fault script, in bytes.
const maxScript = 1 << 20

// script is the fault script of the demo: none, some by the seed, or a file.
func (d *demo) script() ([]emulator.Fault, error) {
	switch d.Faults {
	case "", "none":
		return nil, nil
	case "some":
		var names []string
		for _, id := range d.lines {
			names = append(names, string(id))
		}
		return emulator.Some(uint64(d.Seed), names, d.Cards), nil
	}
	return readScript(d.Faults)
}

// readScript reads a fault script (YAML, a list of faults) strictly.
func readScript(path string) ([]emulator.Fault, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("--faults: none, some or a file: %w", err)
	}
	if info.Size() > maxScript {
		return nil, fmt.Errorf("--faults: %s has %d bytes, at most %d", path, info.Size(), maxScript)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var script struct {
		Faults []emulator.Fault `yaml:"faults"`
	}
	if err := yaml.UnmarshalWithOptions(text, &script, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("--faults: %s: %s", path, yaml.FormatError(err, false, false))
	}
	return script.Faults, nil
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
