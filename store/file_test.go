package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"blanko/fault"
	"blanko/store"
)

// foreign makes a SQLite file by statements.
func foreign(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		list = append(list, f.Name())
	}
	return list
}

// A file that is no ledger is refused, and neither it nor what lies beside it changes.
func TestFilesThatAreNoLedger(t *testing.T) {
	t.Parallel()
	content := func(s string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	made := func(statements ...string) func(*testing.T, string) {
		return func(t *testing.T, path string) { foreign(t, path, statements...) }
	}
	for name, lay := range map[string]func(*testing.T, string){
		"empty":                 content(""),
		"a short text":          content("not a database"),
		"a long text":           content(string(bytes.Repeat([]byte("not a database "), 100))),
		"zeros":                 content(string(make([]byte, 8192))),
		"SQLite without tables": made("pragma user_version = 1"),
		"SQLite of another":     made("create table event (id integer primary key)", "insert into event values (1)"),
		"one that uses goose":   made("create table goose_db_version (id integer primary key)"),
		"one with a log":        made("pragma journal_mode = wal", "create table note (id integer primary key)"),
		"GeoPackage":            made("pragma application_id = 0x47504B47", "create table gpkg_contents (id integer primary key)"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "blanko.db")
			lay(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.Open(context.Background(), path); fault.CodeOf(err) != "store.not_a_ledger" {
				t.Errorf("got %v", err)
			}
			after, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(before, after) {
				t.Errorf("the file was changed, %v", err)
			}
			if list := names(t, dir); !slices.Equal(list, []string{"blanko.db"}) {
				t.Errorf("beside it: %q", list)
			}
		})
	}
}

// A new ledger has the mark from the first byte on, and nothing is left of its making.
func TestNewLedgerIsMarked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "blanko.db")
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	header, err := os.ReadFile(path)
	if err != nil || len(header) < 72 || string(header[68:72]) != "BLNK" {
		t.Errorf("no mark, %v", err)
	}
	if list := names(t, dir); !slices.Equal(list, []string{"blanko.db", "blanko.db.lock"}) {
		t.Errorf("in the folder: %q", list)
	}
}

// A ledger that was made before there was a mark is taken, and gets it.
func TestLedgerWithoutMark(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "blanko.db")
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(write(t, s, addLot, "A"), s.Close()); err != nil {
		t.Fatal(err)
	}
	foreign(t, path, "pragma application_id = 0")
	if s, err = store.Open(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	var id, lots int
	if err := s.Read(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Get([]any{&id}, "pragma application_id"); err != nil {
			return err
		}
		_, err := tx.Get([]any{&lots}, "select count(*) from lot")
		return err
	}); err != nil || id != 0x424C4E4B || lots != 1 {
		t.Errorf("mark %#x, %d lots, %v", id, lots, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A file serves one station; whoever reads, or writes what a person enters, is not kept out.
func TestClaimOfAFile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "blanko.db"), filepath.Join(dir, "by another name.db")
	open := func(path string) *store.Store {
		s, err := store.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	first := open(path)
	release, err := first.Claim(ctx, "a station", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, other); err != nil {
		t.Fatal(err)
	}
	second := open(other)
	if _, err := second.Claim(ctx, "another station", nil); fault.CodeOf(err) != "store.claimed" {
		t.Errorf("a file that is held: %v", err)
	}
	if err := write(t, second, addLot, "A"); err != nil {
		t.Error(err)
	}
	if err := second.Check(ctx); err != nil {
		t.Error(err)
	}
	release()
	release, err = second.Claim(ctx, "another station", nil)
	if err != nil {
		t.Fatal(err)
	}
	release()
}

// holder names the ledger that a second process of this test claims.
const holder = "BLANKO_TEST_HOLDS"

func TestMain(m *testing.M) {
	path := os.Getenv(holder)
	if path == "" {
		os.Exit(m.Run())
	}
	s, err := store.Open(context.Background(), path)
	if err == nil {
		_, err = s.Claim(context.Background(), "a station", nil)
	}
	if err != nil {
		_, _ = os.Stdout.WriteString(err.Error())
		os.Exit(1)
	}
	_, _ = os.Stdout.WriteString("held")
	select {} // until it is killed
}

// The claim of a process ends when it is killed.
func TestClaimOfAKilledProcess(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "blanko.db")
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), holder+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told := make([]byte, 4)
	if _, err := out.Read(told); err != nil || string(told) != "held" {
		t.Fatalf("%q, %v", told, err)
	}
	if _, err := s.Claim(ctx, "a station", nil); fault.CodeOf(err) != "store.claimed" {
		t.Errorf("held by another process: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	release, err := s.Claim(ctx, "a station", nil)
	if err != nil {
		t.Fatal(err)
	}
	release()
}
