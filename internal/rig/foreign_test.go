package rig

import (
	"os/exec"
	"strings"
	"testing"
)

// TestForeignReadersBuild: without a reader they say what they want.
func TestForeignReadersBuild(t *testing.T) {
	t.Parallel()
	for _, name := range []string{BAC, PACE} {
		out, err := exec.Command(ForeignReader(t, name)).CombinedOutput()
		if err == nil || !strings.HasPrefix(string(out), "usage: "+name) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
