package filelock_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"blanko/store/filelock"
)

// One open file has the lock, whoever opened it, until it is closed.
func TestTake(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() }) // closed before, or at the end
		return f
	}
	first, second := open(), open()
	if err := filelock.Take(first); err != nil {
		t.Fatal(err)
	}
	if err := filelock.Take(second); !errors.Is(err, filelock.ErrHeld) {
		t.Errorf("taken twice: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := filelock.Take(second); err != nil {
		t.Errorf("after it was given back: %v", err)
	}
}
