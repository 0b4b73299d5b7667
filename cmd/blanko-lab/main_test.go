package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"blanko-lab": main})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"fields": fields, "occupy": occupy},
	})
}

// A value that cannot be is a wrong command line, as an unknown flag is; a failure is none.
func TestExitStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args string
		want int
	}{
		{"demo --cards 0", exitUsage},
		{"demo --lines 65", exitUsage},
		{"demo --speed=-1", exitUsage},
		{"demo --chip 16k", exitUsage},
		{"demo --nonsense", exitUsage},
		{"demo --listen 0.0.0.0:8080", exitFailed},
		{"doctor --config none.yaml", exitFailed},
		{"version", exitDone},
		{"--help", exitDone},
	} {
		if got := (Main{Args: strings.Fields(c.args), Out: io.Discard, Err: io.Discard}).Run(t.Context()); got != c.want {
			t.Errorf("%s: exit status %d, want %d", c.args, got, c.want)
		}
	}
}

// fields looks for members of the JSON in a file: "fields summary.json made lines".
func fields(ts *testscript.TestScript, neg bool, args []string) {
	var m map[string]any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &m); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	for _, name := range args[1:] {
		if _, there := m[name]; there == neg {
			ts.Fatalf("%s: there: %v", name, there)
		}
	}
}

// occupy takes a free port until the script ends and puts its address into ADDRESS.
func occupy(ts *testscript.TestScript, _ bool, _ []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = ln.Close() })
	ts.Setenv("ADDRESS", ln.Addr().String())
}

// After the table the demo goes on serving the same ledger until it is interrupted.
func TestDemoGoesOnServing(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	told, pipe := io.Pipe()
	var out bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- Main{Args: []string{"demo", "--cards", "1", "--lines", "1", "--listen", "127.0.0.1:0", "--json"}, Out: &out, Err: pipe}.Run(ctx)
		_ = pipe.Close()
	}()
	var seen strings.Builder
	buf := make([]byte, 4096)
	url := ""
	for url == "" {
		n, err := told.Read(buf)
		if err != nil {
			t.Fatalf("%v: %s", err, &seen)
		}
		seen.Write(buf[:n])
		if _, rest, ok := strings.Cut(seen.String(), "http://"); ok && strings.Contains(rest, "/v1 ") {
			address, _, _ := strings.Cut(rest, "/")
			url = "http://" + address
		}
	}
	read := make(chan struct{})
	go func() { _, _ = io.Copy(&seen, told); close(read) }()
	resp, err := http.Get(url + "/v1/summary")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var s struct {
		Made int `json:"made"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil || resp.StatusCode != http.StatusOK || s.Made != 1 {
		t.Errorf("%d, %+v, %v", resp.StatusCode, s, err)
	}
	stop()
	status := <-ended
	if <-read; status != 0 {
		t.Errorf("status %d: %s", status, &seen)
	}
	var summary map[string]any
	if err := json.Unmarshal(out.Bytes(), &summary); err != nil {
		t.Errorf("standard output is not JSON alone: %v", err)
	}
}

// A demo that is interrupted says so in one line, whatever it was at.
func TestDemoInterrupted(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, told bytes.Buffer
	status := Main{Args: []string{"demo", "--cards", "1", "--lines", "1", "--listen", "127.0.0.1:0", "--exit"}, Out: &out, Err: &told}.Run(ctx)
	if status != exitFailed || told.String() != "blanko-lab: "+errInterrupted.Error()+"\n" || out.Len() > 0 {
		t.Errorf("status %d, %q, %q", status, &told, &out)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// A summary that nobody got is no success.
func TestDemoToFullDisk(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer
	status := Main{Args: []string{"demo", "--cards", "1", "--lines", "1", "--listen", "127.0.0.1:0", "--exit"}, Out: fullDisk{}, Err: &told}.Run(t.Context())
	if status != exitFailed || !strings.Contains(told.String(), syscall.ENOSPC.Error()) {
		t.Errorf("status %d, %q", status, &told)
	}
}
