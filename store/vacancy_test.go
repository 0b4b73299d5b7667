package store

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"blanko/fault"
)

// What a killed station leaves beside a ledger is a part of that one: where the ledger alone was taken away, SQLite would
// lay it over the next one of its name. So none is begun or put there, and what is left stays as it is.
func TestNoLedgerBesideWhatIsLeftOfAnother(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link, other := filepath.Join(dir, "blanko.db"), filepath.Join(t.TempDir(), "by another name.db"), filepath.Join(dir, "other.db")
	s := opened(t, path, 0)
	if err := s.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec(`insert into lot (id, product, received_at) values ('A', 'ktp-el-wni', 0)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadFile(path + "-wal") // as a kill would leave it
	if err != nil || len(left) == 0 {
		t.Fatal(len(left), err)
	}
	if err := errors.Join(s.Close(), opened(t, other, 0).Close(), os.Remove(path), os.Symlink(path, link)); err != nil {
		t.Fatal(err)
	}
	for _, ending := range asides {
		if err := os.WriteFile(path+ending, left, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{path, link} {
			if s, err := Open(t.Context(), name); fault.CodeOf(err) != "store.left_over" {
				t.Errorf("%s, %s begun: %v, %v", ending, name, s, err)
			}
			if place, err := HoldVacancy(t.Context(), name); fault.CodeOf(err) != "store.left_over" {
				t.Errorf("%s, %s put: %v, %v", ending, name, place, err)
			}
		}
		if now, err := os.ReadFile(path + ending); err != nil || !bytes.Equal(now, left) {
			t.Errorf("%s was changed, %v", ending, err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a ledger was begun: %v", ending, err)
		}
		if err := os.Remove(path + ending); err != nil {
			t.Fatal(err)
		}
	}

	place, err := HoldVacancy(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other+"-wal", left, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := place.Fill(other); fault.CodeOf(err) != "store.cannot_open" {
		t.Errorf("half of it is in its log: %v", err)
	}
	if err := errors.Join(os.Remove(other+"-wal"), place.Fill(other)); err != nil {
		t.Fatal(err)
	}
	if err := place.Fill(other); !errors.Is(err, fs.ErrExist) {
		t.Errorf("put twice: %v", err)
	}
	place.Release()
	if _, err := HoldVacancy(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a ledger is there: %v", err)
	}
	s = opened(t, link, 0)
	defer s.Close()
	var lots int
	if err := s.Read(t.Context(), func(tx *Tx) error {
		_, err := tx.Get([]any{&lots}, `select count(*) from lot`)
		return err
	}); err != nil || lots != 0 {
		t.Errorf("%d lots, %v", lots, err)
	}
}

// A station that serves keeps its place, also where its file was taken away under it.
func TestPlaceOfAStationThatServes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := sqlite{path: filepath.Join(t.TempDir(), "blanko.db")}
		if err := d.prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		release, err := d.claim(t.Context(), "", always, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(d.path); err != nil {
			t.Fatal(err)
		}
		if err := d.prepare(t.Context()); fault.CodeOf(err) != "store.claimed" {
			t.Errorf("under a station: %v", err)
		}
		if _, err := os.Lstat(d.path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a ledger was begun: %v", err)
		}
		release()
		if _, err := d.claim(t.Context(), "", always, nil); fault.CodeOf(err) != "store.cannot_open" {
			t.Errorf("a file that is gone was claimed: %v", err)
		}
		if err := d.prepare(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
