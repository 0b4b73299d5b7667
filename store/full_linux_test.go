package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"blanko/internal/rig"
	"blanko/store"
)

// ballast takes what room is left on a disk.
func ballast(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{1 << 16, 1 << 12} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
}

// On a disk that is full (ENOSPC) a write says so and changes nothing; what was written before is there. When there is
// room again the same store goes on, and so does one that is opened anew.
func TestDiskThatIsFull(t *testing.T) {
	t.Parallel()
	folder := rig.SmallDisk(t, 16<<20)
	path, weight := filepath.Join(folder, "blanko.db"), filepath.Join(folder, "ballast")
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ballast(t, weight)
	lots := fillUp(t, s)
	if err := os.Remove(weight); err != nil {
		t.Fatal(err)
	}
	if err := addLong(t, s, lots); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n := count(t, s, `select count(*) from lot`); n != lots+1 {
		t.Errorf("%d lots of %d", n, lots+1)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
