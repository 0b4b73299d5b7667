package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"blanko/fault"
	"blanko/internal/rig"
	"blanko/store"
	"blanko/store/storetest"
)

// copied makes a copy of a ledger and opens it.
func copied(t *testing.T, s *store.Store) (path string, file *store.Store) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "copy.db")
	if err := s.Copy(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	file, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if err := file.Check(t.Context()); err != nil {
		t.Error(err)
	}
	return path, file
}

// filled opens an empty database after a copy was put into it.
func filled(t *testing.T, url, path string) *store.Store {
	t.Helper()
	if err := store.FillPostgres(t.Context(), store.Postgres{URL: url}, path, store.WithRelaxedDurability()); err != nil {
		t.Fatal(err)
	}
	s := storetest.PostgresAt(url).Open(t)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	return s
}

// addMovement adds a lot and a movement of it, whose number the database gives, by a trigger counted nowhere else.
func addMovement(tx *store.Tx, lot string) error {
	if _, err := tx.Exec(addLot, lot); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into stock_movement (at, lot, blank, from_place, to_place, quantity, attempt, actor, reason) values (1, ?, 0, '', 'store', 1, '', 'a', '')`, lot)
	return err
}

// A copy of a server is one instant, taken while others write; put into an empty server it is the same ledger, whose
// numbers go on and whose triggers and references stand guard.
func TestCopyOfAServer(t *testing.T) {
	t.Parallel()
	s := storetest.PostgresAt(storetest.PostgresURL(t)).Open(t)
	ctx, end := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	wrote := make(chan struct{}, 1)
	for w := range 3 {
		writing.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				if err := s.Write(ctx, func(tx *store.Tx) error { return addMovement(tx, fmt.Sprintf("lot-%d-%d", w, n)) }); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
				select {
				case wrote <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 20 {
		<-wrote
	}
	path, file := copied(t, s)
	<-wrote
	end()
	writing.Wait()
	lots := count(t, file, `select count(*) from lot`)
	if lots < 20 || lots != count(t, file, `select count(*) from stock_movement`) || lots > count(t, s, `select count(*) from lot`) {
		t.Errorf("the copy has %d lots and %d movements", lots, count(t, file, `select count(*) from stock_movement`))
	}
	given := count(t, s, `select max(id) from stock_movement`)
	// The second way begins with the tables of a station that was started once.
	for name, url := range map[string]string{"no tables": storetest.PostgresEmptyURL(t), "empty tables": storetest.PostgresURL(t)} {
		put := filled(t, url, path)
		columns := storetest.Columns(t, file)
		if got, want := storetest.Rows(t, put, columns), storetest.Rows(t, file, columns); !reflect.DeepEqual(got, want) || len(columns) < 50 {
			t.Errorf("%s: %d tables differ", name, len(columns))
		}
		if err := put.Write(t.Context(), func(tx *store.Tx) error { return addMovement(tx, "next") }); err != nil {
			t.Fatal(err)
		}
		if next := count(t, put, `select max(id) from stock_movement`); next < count(t, file, `select max(id) from stock_movement`)+1 || next > given+20 {
			t.Errorf("%s: the next number is %d, %d were given", name, next, given)
		}
		if err := write(t, put, `delete from stock_movement`); !store.IsAppendOnly(err) {
			t.Errorf("%s: its triggers: %v", name, err)
		}
		if err := write(t, put, `insert into blank (id, lot, place, attempt, since) values (77, 'nowhere', 'store', '', 0)`); err == nil {
			t.Errorf("%s: its references are gone", name)
		}
	}
	if err := write(t, file, `delete from stock_movement`); !store.IsAppendOnly(err) {
		t.Errorf("the triggers of the copy: %v", err)
	}
}

// Counts that triggers keep are copied and not counted again; empty values stay empty, and what is null stays null.
func TestCopyCountsOnce(t *testing.T) {
	t.Parallel()
	s := storetest.PostgresAt(storetest.PostgresURL(t)).Open(t)
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Exec(addLot, "A"); err != nil {
			return err
		}
		for id := range 3 {
			if _, err := tx.Exec(`insert into blank (id, lot, place, attempt, since) values (?, 'A', 'store', '', 0)`, id+1); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`insert into event (id, at, actor, code, application, card_order, attempt, chip, line, detail, prev, hash) values (1, 0, '', '', '', '', '', '', '', '', ?, ?)`, []byte{}, []byte{1})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	path, file := copied(t, s)
	put := filled(t, storetest.PostgresEmptyURL(t), path)
	columns := storetest.Columns(t, file)
	want := storetest.Rows(t, s, columns)
	for name, copy := range map[string]*store.Store{"file": file, "server": put} {
		if got := storetest.Rows(t, copy, columns); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if n := count(t, copy, `select n from tally where subject = 'blank'`); n != 3 {
			t.Errorf("%s: %d blanks counted", name, n)
		}
	}
}

// A ledger in a file goes into a server, too.
func TestFileGoesIntoAServer(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t).Open(t)
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return addMovement(tx, "A") }); err != nil {
		t.Fatal(err)
	}
	path, file := copied(t, s)
	put := filled(t, storetest.PostgresEmptyURL(t), path)
	columns := storetest.Columns(t, file)
	if got, want := storetest.Rows(t, put, columns), storetest.Rows(t, s, columns); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// What is not empty is not written over, what is newer is not cut to what is known, and a connection that is lost
// half-way leaves nothing.
func TestCopiesThatAreRefused(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	wire := storetest.NewWire(t, url)
	s := storetest.PostgresAt(wire.URL).Open(t)
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return addMovement(tx, "A") }); err != nil {
		t.Fatal(err)
	}
	path, _ := copied(t, s)
	again := filepath.Join(t.TempDir(), "copy.db")
	refused := func(what string, err error, want fault.Code) {
		t.Helper()
		if fault.CodeOf(err) != want {
			t.Errorf("%s: %v", what, err)
		}
	}
	absent := func(what string) {
		t.Helper()
		if left, err := filepath.Glob(again + "*"); err != nil || len(left) > 0 {
			t.Errorf("%s: %v is left, %v", what, left, err)
		}
	}
	wire.CutAt(`from "stock_movement"`)
	refused("lost while copied", s.Copy(t.Context(), again), "store.unreachable")
	absent("lost while copied")
	wire.Mend()
	ctx, end := context.WithCancel(t.Context())
	end()
	refused("given up", s.Copy(ctx, again), "store.interrupted")
	absent("given up")
	refused("over another copy", s.Copy(t.Context(), path), "store.cannot_open")
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the other copy is gone: %v", err)
	}

	fill := func(url, path string) error {
		return store.FillPostgres(context.Background(), store.Postgres{URL: url}, path, store.WithRelaxedDurability())
	}
	sql := func(url, query string) {
		t.Helper()
		c, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Exec(t.Context(), query)
		if err := errors.Join(err, c.Close(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	sql(url, `insert into event (id, at, actor, code, application, card_order, attempt, chip, line, detail, prev, hash) values (1, 0, '', '', '', '', '', '', '', '', '', 'a')`)
	refused("a ledger", fill(url, path), "store.not_empty")
	if n := count(t, s, `select count(*) from lot where id = 'A'`); n != 1 {
		t.Errorf("%d lots", n)
	}
	others := storetest.PostgresEmptyURL(t)
	sql(others, `create table theirs (a int)`)
	refused("of another program", fill(others, path), "store.not_empty")

	target := storetest.PostgresEmptyURL(t)
	broken := storetest.NewWire(t, target)
	for _, at := range []string{`copy "lot"`, `add constraint`} {
		broken.CutAt(at)
		refused("lost while filled at "+at, fill(broken.URL, path), "store.unreachable")
		broken.Mend()
		if n := count(t, storetest.PostgresAt(target).Open(t), `select count(*) from lot`); n != 0 {
			t.Errorf("lost at %s: %d lots", at, n)
		}
	}
	station := storetest.PostgresAt(target).Open(t)
	release, err := station.Claim(t.Context(), "station", func(error) {})
	if err != nil {
		t.Fatal(err)
	}
	refused("a station serves", fill(target, path), "store.claimed")
	release()
	rig.Await(t, "the server to see the station gone", func() bool {
		return count(t, station, `select count(*) from pg_stat_activity where datname = current_database() and application_name like 'blanko station %'`) == 0
	})
	broken.LoseCommit(false)
	refused("lost at the end", fill(broken.URL, path), "store.outcome_unknown")
	broken.Mend()
	if err := fill(target, path); err != nil {
		t.Errorf("after all that: %v", err)
	}

	sql(url, `insert into goose_db_version (version_id, is_applied) values (99999, true)`)
	refused("tables of a newer program", s.Copy(t.Context(), again), "store.newer_database")
	absent("tables of a newer program")
}
