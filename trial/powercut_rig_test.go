package trial

import (
	"os/exec"
	"path/filepath"
	"testing"

	"blanko/internal/rig"
)

// TestPowerCuts judges a few dozen power cuts of a station's disk, and shows that the judge sees a loss:
// of the same disk deaf to flushes, and of a ledger that asks for none. `make powercut` is the long form.
func TestPowerCuts(t *testing.T) {
	t.Parallel()
	rig.NeedAsked(t, "powercut", "a machine under emulation takes half a minute")
	rig.Need(t, "powercut", rig.PowerCutTools()...)
	program := filepath.Join(t.TempDir(), "blanko-lab")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-w", "-o", program, "blanko/cmd/blanko-lab").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	record := func(o PowerCutOptions) *rig.Disk {
		disk, err := o.record(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return disk
	}
	sound := PowerCutOptions{Cuts: 48, Cards: 1, Seed: 1, Program: []string{program, "powercut-station"}}
	deaf, relaxed := sound, sound
	deaf.Deaf, deaf.Cuts = true, 24
	relaxed.Relaxed, relaxed.Cuts = true, 24
	disk := record(sound)
	for _, c := range []struct {
		name  string
		o     PowerCutOptions
		disk  *rig.Disk
		loses bool
	}{
		{"the product", sound, disk, false},
		{"a disk that is deaf to flushes", deaf, disk, true},
		{"a ledger that asks for no flush", relaxed, record(relaxed), true},
	} {
		r, err := c.o.cut(t.Context(), c.disk)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		t.Logf("%s: %+v", c.name, r)
		if r.Cuts != c.o.Cuts || r.Words == 0 || r.Cuts == r.Early || (r.Lost > 0) != c.loses {
			t.Errorf("%s: %d cuts of %d, %d words, %d lost: %v", c.name, r.Cuts, c.o.Cuts, r.Words, r.Lost, r.First)
		}
	}
}
