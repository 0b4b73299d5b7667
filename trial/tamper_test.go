package trial

import (
	"context"
	"database/sql"
	"io"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/zap"
	_ "modernc.org/sqlite"

	"blanko/store"
)

// Somebody who can write into the database changes the person of every record between the check at
// the door and the line. The center's own signature over the person betrays it before a blank is
// used, also where he has the data key; found by the recheck alone, every card would be active and lost.
func TestAlteredLedgerUsesNoBlank(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "blanko.db")
	const cards = 2
	for name, change := range map[string]string{
		"name": `json_set(person, '$.Names[0]', 'ORANG LAIN')`,
		"NIK":  `json_set(person, '$.NIK', '6105010101900001')`,
	} {
		t.Run(name, func(t *testing.T) {
			path := data + name
			o := Options{Cards: cards, Lines: 1, Faults: "none", Seed: 5, Chip: "8k", Data: path, Serve: func(*House) (func(), error) {
				db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
				if err != nil {
					return nil, err
				}
				_, err = db.Exec(`create trigger tamper after insert on record begin
					update record set person = ` + change + ` where application = new.application; end`)
				return func() { _ = db.Close() }, err
			}}
			o.opened = func(now func() time.Time) (*store.Store, error) { // in clear: in a sealed one the value would be damaged
				return store.Open(context.Background(), path, store.WithClock(now))
			}
			sum, err := Demo(context.Background(), o, &Screen{Out: io.Discard}, zap.NewNop())
			if err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			held := one(t, db, `select count(*) from application where state = 'on hold' and cause = 'personalize.identity_unproved'`)
			used := one(t, db, `select count(*) from attempt where fed = 1`)
			if sum.Made != 0 || sum.Blocked != 0 || held != "2" || used != "0" {
				t.Errorf("made %d, blocked %d, held %s, blanks used %s", sum.Made, sum.Blocked, held, used)
			}
		})
	}
}
