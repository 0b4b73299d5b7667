package station_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"

	"blanko/internal/rig"
	"blanko/station"
)

func TestMain(m *testing.M) {
	if config := os.Getenv(station.ServesFor); config != "" {
		os.Exit(serveUntilAlone(config))
	}
	if err := rig.PreparePCSC(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// serveUntilAlone is "blanko serve" for a test, which kills it; it ends by itself when the test has gone.
func serveUntilAlone(config string) int {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	t := station.Terminal{Name: "blanko", Out: os.Stdout, Err: os.Stderr, Language: station.English}
	if err := (station.ServeCommand{ConfigFile: station.ConfigFile{Config: config}}).Run(context.Background(), t); err != nil {
		t.Fail(err)
		return 1
	}
	return 0
}
