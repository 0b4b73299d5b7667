package floors

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestProductHoldsNoVirtualWorld proves on the linked binary, not on the source, that the
// product has neither the emulator, its bench nor software keys; the laboratory has them, so the test bites.
func TestProductHoldsNoVirtualWorld(t *testing.T) {
	t.Parallel()
	product, lab := symbols(t, "./cmd/blanko"), symbols(t, "./cmd/blanko-lab")
	for _, room := range []string{"blanko/emulator", "blanko/keys/software", "blanko/trial", "blanko/web/bench"} {
		if strings.Contains(product, room) {
			t.Errorf("the product's binary holds %s", room)
		}
		if !strings.Contains(lab, room) {
			t.Errorf("the laboratory's binary does not hold %s: this test proves nothing", room)
		}
	}
}

func symbols(t *testing.T, command string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), filepath.Base(command))
	build := exec.Command("go", "build", "-ldflags=-w", "-o", bin, command)
	build.Dir = root(t)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.Command("go", "tool", "nm", bin).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
