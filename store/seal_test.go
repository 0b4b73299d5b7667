package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/store"
	"blanko/store/storetest"
)

var (
	nameColumn  = store.TextColumn("person", "sealed_name", "id")
	valueColumn = store.BytesColumn("secret", "value", "name")
	columns     = []store.Column{nameColumn, valueColumn}
)

func root(t *testing.T, n byte) store.Root {
	t.Helper()
	r, err := store.NewRoot(bytes.Repeat([]byte{n}, store.RootSize))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// ledger opens a file; no roots: without any.
func ledger(t *testing.T, path string, roots ...store.Root) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.WithRelaxedDurability(), store.WithRoots(roots...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func put(tx *store.Tx, id, name string) error {
	if _, err := tx.Exec(`insert into person (id, sealed_name, roles, place, active, since) values (?, ?, '[]', '', 1, 0)`, id, nameColumn.Seal(name, id)); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into secret (name, value) values (?, ?)`, id, valueColumn.SealBytes([]byte(name), id))
	return err
}

func get(tx *store.Tx, id string) (name string, err error) {
	_, err = tx.Get([]any{nameColumn.Open(&name, id)}, `select sealed_name from person where id = ?`, id)
	var value []byte
	if err == nil {
		_, err = tx.Get([]any{valueColumn.OpenBytes(&value, id)}, `select value from secret where name = ?`, id)
	}
	if err == nil && string(value) != name {
		err = fmt.Errorf("%q and %q", name, value)
	}
	return name, err
}

func commit(t *testing.T, s *store.Store, do func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func tells(t *testing.T, s *store.Store, want map[string]string) {
	t.Helper()
	if err := s.Read(t.Context(), func(tx *store.Tx) error {
		for id, name := range want {
			if got, err := get(tx, id); err != nil || got != name {
				t.Errorf("%s: %q, %v", id, got, err)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// Values of every length come back on both databases, and the ledger holds none of them in clear. What says
// that something was erased stays as it is.
func TestSealedValues(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		want := map[string]string{"a": "SITI RAHAYU", "b": "", "c": strings.Repeat("x", 100_000), "d": "AAEAAAABSITI", "e": "\x00\x01\x00\x00\x00\x01\x00"}
		commit(t, s, func(tx *store.Tx) error {
			for id, name := range want {
				if err := put(tx, id, name); err != nil {
					return err
				}
			}
			return nil
		})
		tells(t, s, want)
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			for id, name := range want {
				var text string
				var value []byte
				if _, err := tx.Get([]any{&text, &value}, `select sealed_name, value from person join secret on name = id where id = ?`, id); err != nil {
					return err
				}
				if name != "" && (strings.Contains(text, name) || bytes.Contains(value, []byte(name))) {
					t.Errorf("%s stands in clear", id)
				}
				if n := tx.ClearLength(len(value)); n != len(name) {
					t.Errorf("%s: %d bytes, %d wanted", id, n, len(name))
				}
			}
			for _, erased := range []string{"", "{}", "[]", "null"} {
				if _, err := tx.Get([]any{nameColumn.Open(&erased, "x")}, `select ?`, erased); err != nil {
					t.Errorf("%q: %v", erased, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// A value that was moved to another row or column, cut, changed, or put there in clear is refused, by a
// whole station as by one that has the wrong root key or none.
func TestSealedValuesStayInTheirRow(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "blanko.db")
	s := ledger(t, path, root(t, 1))
	for _, c := range []struct {
		what, change string
		wrong        []string
	}{
		{"moved to another row", `update person set sealed_name = (select sealed_name from person where id = 'b') where id = 'a'`, []string{"a"}},
		{"exchanged", `update person set sealed_name = (select sealed_name from person p where p.id <> person.id and p.id in ('a', 'b')) where id in ('a', 'b')`, []string{"a", "b"}},
		{"put in clear", `update person set sealed_name = 'SITI' where id = 'a'`, []string{"a"}},
		{"put in clear with the look of a sealed one", `update person set sealed_name = substr(sealed_name, 1, 8) || 'SITI' where id = 'a'`, []string{"a"}},
		{"cut", `update secret set value = substr(value, 1, length(value) - 1) where name = 'a'`, []string{"a"}},
		{"bytes in clear", `update secret set value = cast('SITI' as blob) where name = 'a'`, []string{"a"}},
		{"of another column", `update secret set value = (select cast(sealed_name as blob) from person where id = 'a') where name = 'a'`, []string{"a"}},
	} {
		undone := errors.New("undone")
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			for _, id := range []string{"a", "b", "c"} {
				if err := put(tx, id, "NAME OF "+id); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(c.change); err != nil {
				return err
			}
			for _, id := range []string{"a", "b", "c"} {
				name, err := get(tx, id)
				if slices.Contains(c.wrong, id) {
					if fault.CodeOf(err) != "store.value_damaged" || name == "NAME OF a" && id != "a" {
						t.Errorf("%s: %s is %q, %v", c.what, id, name, err)
					}
					return undone // the transaction is over
				} else if err != nil {
					t.Errorf("%s: %s: %v", c.what, id, err)
				}
			}
			return undone
		})
		if err == nil {
			t.Errorf("%s: saved", c.what)
		}
	}
	commit(t, s, func(tx *store.Tx) error { return put(tx, "a", "SITI RAHAYU") })
	if _, err := store.Open(t.Context(), path, store.WithRoots(root(t, 9))); fault.CodeOf(err) != "store.data_key_missing" {
		t.Errorf("with another root key: %v", err)
	}
	bare := ledger(t, path)
	if err := bare.Read(t.Context(), func(tx *store.Tx) error { _, err := get(tx, "a"); return err }); fault.CodeOf(err) != "store.data_key_missing" {
		t.Errorf("read without a root key: %v", err)
	}
	if err := bare.Write(t.Context(), func(tx *store.Tx) error { return put(tx, "z", "CLEAR") }); fault.CodeOf(err) != "store.data_key_missing" {
		t.Errorf("written without a root key: %v", err)
	}
}

func reseal(t *testing.T, s *store.Store, limit int) (done int) {
	t.Helper()
	for _, c := range columns {
		var after []any
		for more := true; more; more = after != nil {
			var last []any
			var n int
			commit(t, s, func(tx *store.Tx) (err error) { last, n, err = tx.Reseal(c, after, limit); return err })
			after, done = last, done+n
		}
	}
	return done
}

// The data key is exchanged while two stations work: what one of them seals, the other reads at once. The old
// key goes only when no row is under it, and nothing is lost on the way.
func TestDataKeyIsExchanged(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		one, two := db.Open(t), db.Open(t)
		want := map[string]string{}
		add := func(s *store.Store, id string) {
			t.Helper()
			want[id] = "NAME OF " + id
			commit(t, s, func(tx *store.Tx) error { return put(tx, id, want[id]) })
		}
		for n := range 7 {
			add(one, fmt.Sprint("old", n))
		}
		tells(t, two, want)
		commit(t, one, func(tx *store.Tx) error { _, err := tx.NewDataKey(); return err })
		add(two, "new")
		add(one, "newer")
		tells(t, one, want)
		tells(t, two, want)
		retire := func(s *store.Store) (gone []int64, left int) {
			t.Helper()
			commit(t, s, func(tx *store.Tx) (err error) { gone, left, err = tx.RetireDataKeys(columns); return err })
			return gone, left
		}
		if gone, left := retire(two); len(gone) != 0 || left != len(columns) {
			t.Errorf("retired %v while rows of %d columns are under it", gone, left)
		}
		if n := reseal(t, two, 3); n != 2*7 {
			t.Errorf("%d values sealed anew", n)
		}
		if n := reseal(t, one, 3); n != 0 {
			t.Errorf("%d values sealed again", n)
		}
		if gone, left := retire(two); !slices.Equal(gone, []int64{1}) || left != 0 {
			t.Errorf("retired %v, %d left", gone, left)
		}
		add(one, "last")
		tells(t, db.Open(t), want) // a station that starts now has the new key alone
	})
}

// A root key is exchanged station by station: each wraps the data keys under what it knows, no data key is
// made that another could not open, and what the old one opened is removed only when it is asked for.
func TestRootKeyIsExchanged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "blanko.db")
	old, next := root(t, 1), root(t, 2)
	one := ledger(t, path, old)
	want := map[string]string{"a": "SITI RAHAYU"}
	commit(t, one, func(tx *store.Tx) error { return put(tx, "a", want["a"]) })
	two := ledger(t, path, next, old)
	if err := one.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.NewDataKey(); return err }); fault.CodeOf(err) != "store.root_key_unknown" {
		t.Errorf("a data key that another station could not open: %v", err)
	}
	commit(t, two, func(tx *store.Tx) error { _, err := tx.NewDataKey(); return err })
	tells(t, one, want)
	alone := ledger(t, path, next)
	tells(t, alone, want)
	var gone []string
	commit(t, alone, func(tx *store.Tx) (err error) { gone, err = tx.ForgetRoots(); return err })
	if !slices.Equal(gone, []string{old.ID()}) {
		t.Errorf("forgotten: %v", gone)
	}
	if _, err := store.Open(t.Context(), path, store.WithRoots(old)); fault.CodeOf(err) != "store.data_key_missing" {
		t.Errorf("the old root key still opens it: %v", err)
	}
	tells(t, alone, want)
}

// A ledger in clear is sealed in one transaction: cut off in the middle it is as before, and begins again.
// A clear text that looks like a sealed one is a text like others.
func TestClearLedgerIsSealed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "blanko.db")
	clear := ledger(t, path)
	want := map[string]string{"a": "SITI RAHAYU", "b": "AAEAAAAB", "c": "AAEAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "d": ""}
	commit(t, clear, func(tx *store.Tx) error {
		for id, name := range want {
			if err := put(tx, id, name); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`insert into event (id, at, actor, code, application, card_order, attempt, chip, line, detail, prev, hash)
			values (1, 0, '', '', '', '', '', '', '', '', x'', x'00')`) // a ledger in use, which no start seals by itself
		return err
	})
	s := ledger(t, path, root(t, 1))
	cut := errors.New("cut")
	for _, end := range []error{cut, nil} {
		sealed := 0
		if err := s.Write(t.Context(), func(tx *store.Tx) error {
			n, err := tx.SealLedger(columns)
			sealed = n
			return errors.Join(err, end)
		}); !errors.Is(err, end) || sealed != 6 {
			t.Fatalf("%d values, %v", sealed, err)
		}
		tells(t, s, want)
	}
	tells(t, ledger(t, path, root(t, 1)), want)
	if err := s.EmptyLog(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("SITI")) {
			t.Errorf("%s still tells the name", filepath.Base(file))
		}
	}
	if err := s.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.SealLedger(columns); return err }); err != nil {
		t.Errorf("sealed again: %v", err)
	}
	tells(t, s, want)
}
