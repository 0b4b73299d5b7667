package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"blanko/store"
)

// Columns are the tables of a ledger in a file, without those that a database keeps for itself, and their columns.
func Columns(t testing.TB, file *store.Store) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	each(t, file, 2, func(row []any) {
		table := row[0].(string)
		all[table] = append(all[table], row[1].(string))
	}, `select m.name, p.name from sqlite_schema m, pragma_table_info(m.name) p
		where m.type = 'table' and m.name not like 'sqlite%' and m.name <> 'goose_db_version' order by m.name, p.cid`)
	return all
}

// Rows are all rows of these tables, in order, a text to each: what two ledgers are compared by, whatever their databases.
func Rows(t testing.TB, s *store.Store, tables map[string][]string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for table, columns := range tables {
		list := `"` + strings.Join(columns, `", "`) + `"`
		each(t, s, len(columns), func(row []any) {
			text := make([]string, len(row))
			for i, v := range row {
				text[i] = fmt.Sprintf("%T %#v", v, v)
				if b, bytes := v.([]byte); bytes {
					text[i] = fmt.Sprintf("bytes %x", b)
				}
			}
			all[table] = append(all[table], strings.Join(text, "|"))
		}, `select `+list+` from "`+table+`" order by `+list)
	}
	return all
}

func each(t testing.TB, s *store.Store, columns int, do func(row []any), query string) {
	t.Helper()
	if err := s.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Each(func(scan func(...any) error) error {
			row, into := make([]any, columns), make([]any, columns)
			for i := range row {
				into[i] = &row[i]
			}
			if err := scan(into...); err != nil {
				return err
			}
			do(row)
			return nil
		}, query)
	}); err != nil {
		t.Fatal(err)
	}
}
