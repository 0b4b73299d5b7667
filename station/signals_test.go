//go:build unix

package station

import (
	"os/signal"
	"syscall"
	"testing"
)

// A terminal that is closed ends the program in order; a pipe that nobody reads ends nothing.
//
//nolint:paralleltest // signals reach the whole process
func TestUntilStopped(t *testing.T) {
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("started with nohup")
	}
	ctx, stop := UntilStopped(t.Context())
	defer stop()
	defer signal.Reset(syscall.SIGPIPE)
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGPIPE); err != nil {
		t.Fatal(err)
	}
	if err := ctx.Err(); err != nil {
		t.Errorf("a lost reader: %v", err)
	}
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
}
