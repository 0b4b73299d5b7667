package station_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"

	"blanko/internal/rig"
	"blanko/station"

	_ "pgregory.net/rapid" // its flags
)

func TestMain(m *testing.M) {
	if config := os.Getenv(station.ServesFor); config != "" {
		os.Exit(serveUntilAlone(config))
	}
	if err := rig.PreparePCSC(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := flag.Set("rapid.checks", lives); err != nil { // before the command line, which may say otherwise
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// lives is how many random lives of a request are played by default.
const lives = "15"

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
