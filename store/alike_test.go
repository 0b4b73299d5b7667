package store_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"blanko/store"
	"blanko/store/storetest"
)

// lines reads a query of text columns, a row to a line.
func lines(t *testing.T, s *store.Store, columns int, query string) (list [][]string) {
	t.Helper()
	if err := s.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Each(func(scan func(...any) error) error {
			row, dest := make([]string, columns), make([]any, columns)
			for i := range row {
				dest[i] = &row[i]
			}
			list = append(list, row)
			return scan(dest...)
		}, query)
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

// plain writes an expression the one way that both databases can be brought to.
func plain(expression string) string {
	e := strings.ToLower(expression)
	e = regexp.MustCompile(`--[^\n]*`).ReplaceAllString(e, "")
	e = regexp.MustCompile(`::(text|bigint|integer|bytea)(\[\])?`).ReplaceAllString(e, "")
	e = regexp.MustCompile(`(\w+) between (\S+) and (\w+)`).ReplaceAllString(e, "$1 >= $2 and $1 <= $3")
	e = strings.NewReplacer("= any (array[", "in ([", "<> all (array[", "not in ([", "!=", "<>").Replace(e)
	return regexp.MustCompile(`[\s()\[\]]+`).ReplaceAllString(e, "")
}

// checksOf takes the conditions out of the text of a table, each with the parentheses around it.
func checksOf(table string) (list []string) {
	for rest := table; ; {
		_, after, found := strings.Cut(rest, "check (")
		if !found {
			return list
		}
		depth, end := 1, 0
		for ; depth > 0; end++ {
			switch after[end] {
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		list = append(list, plain(after[:end-1]))
		rest = after[end:]
	}
}

// sqliteTables tells what a SQLite database is made of, a fact to a line.
func sqliteTables(t *testing.T, s *store.Store) (facts []string) {
	for _, c := range lines(t, s, 4, `select m.name, p.name, lower(p.type), case when p."notnull" + p.pk > 0 then 'filled' else 'may be null' end
		from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table' and m.name not like 'sqlite%'`) {
		facts = append(facts, "column "+strings.Join(c, " "))
	}
	keys := map[string][]string{}
	for _, c := range lines(t, s, 2, `select m.name, p.name from sqlite_master m, pragma_table_info(m.name) p
		where m.type = 'table' and m.name not like 'sqlite%' and p.pk > 0 order by m.name, p.pk`) {
		keys[c[0]] = append(keys[c[0]], c[1])
	}
	for table, columns := range keys {
		facts = append(facts, "unique "+table+" ("+strings.Join(columns, ", ")+") ")
	}
	columns := map[string][]string{}
	for _, c := range lines(t, s, 2, `select l.name, i.name || case i.desc when 1 then ' desc' else '' end
		from sqlite_master m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) i where m.type = 'table' and i.key = 1 order by l.name, i.seqno`) {
		columns[c[0]] = append(columns[c[0]], c[1])
	}
	for _, c := range lines(t, s, 4, `select m.name, l.name, case l."unique" when 1 then 'unique' else 'index' end,
			coalesce((select x.sql from sqlite_master x where x.name = l.name), '')
		from sqlite_master m, pragma_index_list(m.name) l where m.type = 'table' and l.origin <> 'pk'`) {
		_, where, _ := strings.Cut(strings.ToLower(strings.Join(strings.Fields(c[3]), " ")), " where ")
		facts = append(facts, c[2]+" "+c[0]+" ("+strings.Join(columns[c[1]], ", ")+") "+plain(where))
		if c[3] != "" {
			facts = append(facts, "index named "+c[1])
		}
	}
	for _, c := range lines(t, s, 4, `select m.name, f."from", f."table", coalesce(f."to", (select p.name from pragma_table_info(f."table") p where p.pk = 1))
		from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table'`) {
		facts = append(facts, "reference "+strings.Join(c, " "))
	}
	for _, c := range lines(t, s, 2, `select name, sql from sqlite_master where type = 'table' and name not like 'sqlite%'`) {
		for _, check := range checksOf(c[1]) {
			facts = append(facts, "check "+c[0]+" "+check)
		}
	}
	for _, c := range lines(t, s, 2, `select name, tbl_name from sqlite_master where type = 'trigger'`) {
		facts = append(facts, "trigger "+c[0]+" "+c[1])
	}
	return facts
}

// postgresTables tells the same of a PostgreSQL database.
func postgresTables(t *testing.T, s *store.Store) (facts []string) {
	const here = `current_schema()::regnamespace`
	for _, c := range lines(t, s, 4, `select t.relname, a.attname, case format_type(a.atttypid, a.atttypmod) when 'bigint' then 'integer' when 'bytea' then 'blob' else format_type(a.atttypid, a.atttypmod) end,
			case when a.attnotnull then 'filled' else 'may be null' end
		from pg_attribute a join pg_class t on t.oid = a.attrelid where t.relkind = 'r' and t.relnamespace = `+here+` and a.attnum > 0 and not a.attisdropped`) {
		facts = append(facts, "column "+strings.Join(c, " "))
	}
	for _, c := range lines(t, s, 6, `select t.relname, i.relname, case when x.indisunique then 'unique' else 'index' end,
			(select string_agg(pg_get_indexdef(x.indexrelid, n, true) || case when x.indoption[n - 1] & 1 = 1 then ' desc' else '' end, ', ' order by n) from generate_series(1, x.indnkeyatts) n),
			coalesce(pg_get_expr(x.indpred, x.indrelid), ''), case when exists (select 1 from pg_constraint c where c.conindid = x.indexrelid) then '' else 'by itself' end
		from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid where t.relnamespace = `+here+``) {
		facts = append(facts, c[2]+" "+c[0]+" ("+c[3]+") "+plain(c[4]))
		if c[5] != "" {
			facts = append(facts, "index named "+c[1])
		}
	}
	for _, c := range lines(t, s, 4, `select c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname
		from pg_constraint c cross join lateral unnest(c.conkey, c.confkey) as k (x, y)
			join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.x join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.y
		where c.contype = 'f' and c.connamespace = `+here) {
		facts = append(facts, "reference "+strings.Join(c, " "))
	}
	for _, c := range lines(t, s, 2, `select conrelid::regclass::text, pg_get_expr(conbin, conrelid) from pg_constraint where contype = 'c' and connamespace = `+here) {
		facts = append(facts, "check "+c[0]+" "+plain(c[1]))
	}
	truncates := map[string]bool{}
	triggers := lines(t, s, 2, `select tgname, tgrelid::regclass::text from pg_trigger where not tgisinternal`)
	for _, c := range triggers {
		if name, is := strings.CutSuffix(c[0], "_truncate"); is {
			truncates[name] = true
		} else {
			facts = append(facts, "trigger "+c[0]+" "+c[1])
		}
	}
	for _, c := range triggers {
		if name, is := strings.CutSuffix(c[0], "_delete"); is && !truncates[name] {
			t.Errorf("%s: rows that cannot be deleted can be truncated", c[1])
		}
	}
	return facts
}

// Both dialects make the same tables, columns, keys, references, checks, indexes and triggers.
func TestBothDialectsAreAlike(t *testing.T) {
	t.Parallel()
	own := func(facts []string) (list []string) { // without the table of the migrations itself
		for _, f := range facts {
			if !strings.Contains(f, "goose_db_version") {
				list = append(list, f)
			}
		}
		slices.Sort(list)
		return list
	}
	here := own(sqliteTables(t, storetest.SQLite(t).Open(t)))
	there := own(postgresTables(t, storetest.PostgreSQLOnce(t).Open(t)))
	if len(here) < 300 {
		t.Fatalf("only %d facts", len(here))
	}
	for _, f := range here {
		if !slices.Contains(there, f) {
			t.Errorf("only SQLite: %s", f)
		}
	}
	for _, f := range there {
		if !slices.Contains(here, f) {
			t.Errorf("only PostgreSQL: %s", f)
		}
	}
}
