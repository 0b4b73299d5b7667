package rig

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a rig waits for a program of the machine, which may be busy.
const patience = 2 * time.Minute

// Await waits for what a kernel or a daemon does by itself, and fails the test where it does not come.
func Await(t testing.TB, what string, ok func() bool) {
	t.Helper()
	if err := await(what, ok); err != nil {
		t.Fatal(err)
	}
}

// await polls until ok, and says what was awaited when that never comes.
func await(what string, ok func() bool) error {
	const step = 5 * time.Millisecond
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(step) {
		if ok() {
			return nil
		}
	}
	return fmt.Errorf("waited %v in vain for %s", patience, what)
}

// Receive gives what comes over a channel, and fails the test where nothing does: what hangs ends its own test.
func Receive[T any](t testing.TB, what string, from <-chan T) (got T) {
	t.Helper()
	tired := time.NewTimer(patience)
	defer tired.Stop()
	select {
	case got = <-from:
	case <-tired.C:
		t.Fatalf("waited %v in vain for %s", patience, what)
	}
	return got
}

// stop asks a program to end, and ends it when it does not.
func stop(c *exec.Cmd) {
	if c.Process == nil {
		return
	}
	_ = c.Process.Signal(syscall.SIGTERM)
	done := make(chan struct{})
	go func() { _ = c.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		_ = c.Process.Kill()
		<-done
	}
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// nobody is Debian's user and group nobody and nogroup.
const nobody = 65534

// unprivileged is whom a daemon runs as where the test is root, nil elsewhere.
func unprivileged() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	return &syscall.Credential{Uid: nobody, Gid: nobody}
}
