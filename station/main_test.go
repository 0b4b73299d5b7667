package station_test

import (
	"fmt"
	"os"
	"testing"

	"blanko/internal/rig"
)

func TestMain(m *testing.M) {
	if err := rig.PreparePCSC(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
