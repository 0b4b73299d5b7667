package station

import (
	"database/sql"
	"testing"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/registry"
)

// A ledger that does not take an item, here by a trigger of somebody, is the ledger's fault: nothing is passed
// over, after some tries the inbox says so, and when the trigger is gone all comes in.
func TestInboxThatIsStuck(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]string{
		"refuses":      `select raise(abort, 'no')`,
		"cannot be":    `update record set person = json_set(person, '$.NIK', '1') where application = new.application and json_valid('{') + json_extract('{', '$')`,
		"breaks a key": `insert into event_head (one, id, hash, latest) values (1, 1, x'00', 1)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const records = 3
			b := newCenter(t, center.Config{Records: records}).openedAt("", 0) // it is a file that is spoiled
			b.Name = "BLANKO-01"
			db, err := sql.Open("sqlite", "file:"+b.path+"?_pragma=busy_timeout(5000)")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(`create trigger foreign_rule after insert on record begin ` + does + `; end`); err != nil {
				t.Fatal(err)
			}
			inboxIs := func(want registry.HealthState) {
				t.Helper()
				list, err := b.Registry.HealthOf(t.Context(), "", 10)
				if err != nil || len(list) > 1 || want == "" && len(list) > 0 {
					t.Fatal(list, err)
				}
				if want != "" && (len(list) == 0 || list[0].Device != "blanko-01.inbox" || list[0].State != want) {
					t.Errorf("the inbox is %+v, want %s", list, want)
				}
			}
			for try := 1; try <= stuckAfter+1; try++ {
				err := b.pull(t.Context())
				b.inboxWorks(t.Context(), err)
				if err == nil || fault.Is(err, InboxStuck) != (try >= stuckAfter) || (b.Stuck() != nil) != (try >= stuckAfter) {
					t.Fatalf("try %d: %v; %v", try, err, b.Stuck())
				}
				if cursor, err := b.Registry.FeedCursor(t.Context()); err != nil || cursor != "" {
					t.Fatalf("try %d passed over something: %q, %v", try, cursor, err)
				}
				if try < stuckAfter {
					inboxIs("")
				}
			}
			inboxIs(registry.HealthDown)
			if err := (&lineRunner{station: b.Station}).gate(t.Context()); !fault.Is(err, InboxStuck) {
				t.Errorf("the line begins a card: %v", err)
			}
			if _, err := db.Exec(`drop trigger foreign_rule`); err != nil {
				t.Fatal(err)
			}
			b.clock.pass(afterStuck)
			err = b.pull(t.Context())
			b.inboxWorks(t.Context(), err)
			if err != nil || b.Stuck() != nil || len(b.look().Applications) != records {
				t.Errorf("%v, %v, %d applications", err, b.Stuck(), len(b.look().Applications))
			}
			inboxIs(registry.HealthWorks)
		})
	}
}
