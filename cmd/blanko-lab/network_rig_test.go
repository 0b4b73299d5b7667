package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"blanko/internal/rig"
)

// The scripts that need network namespaces, and a database that is reached over them.
func TestNetworkScripts(t *testing.T) {
	t.Parallel()
	rig.NeedNetwork(t)
	rig.NeedPostgres(t)
	testscript.Run(t, testscript.Params{Dir: "testdata/network", RequireExplicitExec: true, RequireUniqueNames: true})
}
