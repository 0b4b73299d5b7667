package registry

import (
	"slices"
	"strings"
	"testing"

	"blanko/store"
)

// Every column whose name says so is sealed, and sealed anew when the data key is exchanged; its key tells
// one row.
func TestEverySealedColumnIsKnown(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		have := map[string]bool{}
		s.must(s.r.store.Read(bg, func(tx *store.Tx) error {
			query := `select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name like 'sealed_%'`
			if tx.SkipLocked() != "" {
				query = `select table_name, column_name from information_schema.columns where table_schema = current_schema() and column_name like 'sealed_%'`
			}
			return tx.Each(func(scan func(...any) error) error {
				var table, column string
				err := scan(&table, &column)
				have[table+"."+column] = true
				return err
			}, query)
		}))
		if !have["intake.sealed_person"] {
			t.Fatalf("the columns: %v", have)
		}
		known := map[string]bool{}
		for _, c := range SealedColumns() {
			if known[c.String()] {
				t.Errorf("%s stands twice in the list", c)
			}
			known[c.String()] = true
			if strings.HasPrefix(c.Name, "sealed_") && !have[c.String()] {
				t.Errorf("%s is no column", c)
			}
		}
		for c := range have {
			if !known[c] {
				t.Errorf("%s is not in SealedColumns", c)
			}
		}
		s.must(s.r.store.Write(bg, func(tx *store.Tx) error { // its statements are right on both databases
			for _, c := range SealedColumns() {
				key := slices.Repeat([]any{"x"}, len(c.Key))
				if c.Table == "gallery" || c.Table == "confirmation" || c.Table == "note" {
					key[len(key)-1] = 1
				}
				for _, after := range [][]any{nil, key} {
					if _, n, err := tx.Reseal(c, after, 10); err != nil || n != 0 {
						t.Errorf("%s: %d, %v", c, n, err)
					}
				}
			}
			return nil
		}))
	})
}
