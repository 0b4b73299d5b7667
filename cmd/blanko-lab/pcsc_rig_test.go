package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"blanko/internal/rig"
)

// The scripts that need a PC/SC service of their own.
func TestPCSCScripts(t *testing.T) {
	t.Parallel()
	rig.NeedPCSC(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/pcsc", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", os.Getenv("HOME")) // where the driver was unpacked
			e.Setenv("XDG_CACHE_HOME", os.Getenv("XDG_CACHE_HOME"))
			e.Setenv("TMPDIR", os.TempDir()) // which pcscd, another user, can read
			return nil
		},
	})
}
