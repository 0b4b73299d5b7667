package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"blanko/fault"
)

// A ledger in which nothing ever happened is no loss: who cannot bring its tables up to date is not told to restore
// a backup that there cannot be.
func TestNewLedgerThatIsNotFinished(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		to    int64
		event string
		want  fault.Code
	}{
		"cut off in the first": {1, "", "store.new_ledger_failed"},
		"one that was used": {1, `insert into event (at, actor, code, application, card_order, attempt, chip, line, detail, prev, hash)
			values (1, 'a', 'b', '', '', '', '', '', '{}', x'00', x'01')`, "store.migration_failed"},
	} {
		path := filepath.Join(t.TempDir(), "blanko.db")
		s := opened(t, path, c.to)
		if err := s.Write(context.Background(), func(tx *Tx) error {
			if _, err := tx.Exec(`create table lot (x integer) strict`); err != nil { // in the way of the next migration
				return err
			}
			if c.event == "" {
				return nil
			}
			_, err := tx.Exec(c.event)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := open(context.Background(), sqlite{path: path, relaxed: true}, settings{clock: time.Now})
		if fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	// Cut off by a signal before anything was made.
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := open(ctx, sqlite{path: filepath.Join(t.TempDir(), "blanko.db"), relaxed: true}, settings{clock: time.Now}); err == nil || fault.CodeOf(err) == "store.migration_failed" {
		t.Errorf("cut off at once: %v", err)
	}
}
