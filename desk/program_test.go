//go:build unix

package desk

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"blanko/fault"
)

// script is a maker's program in sh.
func script(t *testing.T, lines ...string) Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scanner")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+strings.Join(lines, "\n")+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return Program{FingerScanner, path}
}

// pipe is a named one, open until the test ends.
func pipe(t *testing.T) (path string, f *os.File) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return path, f
}

// A program that starts another and is cut off, or ends, leaves something behind that holds its output open. The desk
// waits for what it asked and not for that: it hung, and every device of the counter with it.
func TestProgramThatLeavesAnotherBehind(t *testing.T) {
	t.Parallel()
	t.Run("cut off", func(t *testing.T) {
		t.Parallel()
		silent, _ := pipe(t)
		begun, told := pipe(t)
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			_, _ = told.Read(make([]byte, 1))
			stop()
		}()
		if out, err := script(t, "cat "+silent+" &", "echo > "+begun, "wait").run(ctx, captureFor, "capture"); !fault.Is(err, ScanFailed) {
			t.Errorf("%q, %v", out, err)
		}
	})
	t.Run("ends", func(t *testing.T) {
		t.Parallel()
		silent, _ := pipe(t)
		if out, err := script(t, "cat "+silent+" &", "echo SN-1").run(t.Context(), captureFor, "serial"); string(out) != "SN-1\n" || err != nil {
			t.Errorf("%q, %v", out, err)
		}
	})
}

// A program that prints without end is cut off.
func TestProgramThatPrintsWithoutEnd(t *testing.T) {
	t.Parallel()
	if out, err := script(t, "exec cat /dev/zero").run(t.Context(), captureFor, "capture"); !fault.Is(err, ScanFailed) || len(out) > 0 {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}
