package store

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"blanko/fault"
)

// behind is a database as a program of an earlier version knows it: with the migrations up to that one.
type behind struct {
	dialect
	version int64
}

func (b behind) migrations() (goose.Dialect, fs.FS, error) {
	name, files, err := b.dialect.migrations()
	if err != nil {
		return name, nil, err
	}
	some := fstest.MapFS{}
	names, err := fs.Glob(files, "*.sql")
	for _, n := range names {
		v, err := goose.NumericComponent(n)
		if err != nil {
			return name, nil, err
		}
		if v > b.version {
			continue
		}
		text, err := fs.ReadFile(files, n)
		if err != nil {
			return name, nil, err
		}
		some[n] = &fstest.MapFile{Data: text}
	}
	return name, some, err
}

// A column that a migration brings may hold what an older data key alone opens. A program that works with the tables and
// does not know the column retires no key, however many migrations of this kind there will be.
func TestOlderProgramsRetireNoDataKey(t *testing.T) {
	t.Parallel()
	key, err := NewRoot(make([]byte, RootSize))
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(sqliteMigrations, "migrations/sqlite/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, file := range files {
		v, err := goose.NumericComponent(file)
		if err != nil {
			t.Fatal(err)
		}
		text, err := fs.ReadFile(sqliteMigrations, file)
		if err != nil {
			t.Fatal(err)
		}
		if v <= 116 || !strings.Contains(withoutComments(up(string(text))), "sealed_") {
			continue
		}
		looked++
		d := sqlite{path: filepath.Join(t.TempDir(), "blanko.db"), relaxed: true}
		begin := func(d dialect) (*Store, error) {
			return open(t.Context(), d, settings{clock: time.Now, to: v, roots: []Root{key}})
		}
		retire := func(s *Store) (retired []int64) {
			t.Helper()
			if err := s.Write(t.Context(), func(tx *Tx) (err error) { retired, _, err = tx.RetireDataKeys(nil); return err }); err != nil {
				t.Error(file, err)
			}
			return retired
		}
		s, err := begin(d)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close() //nolint:errcheck // the test ends
		if err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.NewDataKey(); return err }); err != nil {
			t.Fatal(err)
		}
		old, err := begin(behind{d, v - 1})
		switch {
		case fault.CodeOf(err) == "store.newer_database": // it is refused altogether
		case err != nil:
			t.Fatal(err)
		default:
			if gone := retire(old); len(gone) > 0 {
				t.Errorf("%s: a program of before retires %v", file, gone)
			}
			if err := old.Close(); err != nil {
				t.Error(err)
			}
		}
		if gone := retire(s); !slices.Equal(gone, []int64{1}) {
			t.Errorf("%s: who knows all columns retires %v", file, gone)
		}
	}
	if looked == 0 {
		t.Error("no such migration was found")
	}
}
