package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
)

// copyTo reads every table in one snapshot into a fresh ledger file. Nobody waits for it but who changes
// tables.
func (d *postgres) copyTo(ctx context.Context, path string) (err error) {
	const op = "store.Copy"
	file, err := blankFile(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	conn, err := d.patient(ctx)
	if err != nil {
		return d.failed(op, err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it has only read
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return d.failed(op, err)
	}
	// The snapshot is taken by the first question after this: of tables that stay as they are.
	if _, err := tx.Exec(ctx, `lock table goose_db_version, `+file.names()+` in access share mode`); err != nil {
		return d.failed(op, err)
	}
	if err := file.sameTables(ctx, d, tx); err != nil {
		return err
	}
	for _, t := range file.tables {
		if err := file.fill(ctx, d, tx, t); err != nil {
			return err
		}
	}
	if err := file.count(ctx, d, tx); err != nil {
		return err
	}
	return file.finish(ctx)
}

// patient is a connection whose work may take long.
func (d *postgres) patient(ctx context.Context) (*pgx.Conn, error) {
	cfg := d.cfg.Copy()
	for name, value := range map[string]string{
		"application_name": "blanko", "timezone": "UTC", "client_encoding": "UTF8", "search_path": "public",
		"statement_timeout": "0", "lock_timeout": "0", "idle_in_transaction_session_timeout": "0",
	} {
		cfg.RuntimeParams[name] = value
	}
	if err := d.withPassword(ctx, cfg); err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, cfg)
}

// table is one that both databases have.
type table struct {
	name    string
	columns []string
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

func (t table) list() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = quoted(c)
	}
	return strings.Join(names, ", ")
}

// ledgerFile is a ledger in a file whose tables are those of a server, while rows go from the one to the other.
type ledgerFile struct {
	db       *sql.DB
	tables   []table
	triggers []string // their texts, while they are away
}

// tablesOf opens a ledger file for that.
func tablesOf(ctx context.Context, path string, pragmas ...string) (f *ledgerFile, err error) {
	const op = "store.tablesOf"
	d := sqlite{path: path}
	db, err := d.open(url.Values{"_pragma": append(pragmas, "busy_timeout("+busyMillis+")")}, 1)
	if err != nil {
		return nil, cannotOpen.At(op, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(d.failed(op, err), db.Close())
		}
	}()
	list, err := names(ctx, db, `select name from sqlite_schema where type = 'table' and name not like 'sqlite%' and name <> 'goose_db_version' order by name`)
	if err != nil {
		return nil, err
	}
	f = &ledgerFile{db: db}
	for _, name := range list {
		t := table{name: name}
		if t.columns, err = names(ctx, db, `select name from pragma_table_info('`+name+`') order by cid`); err != nil {
			return nil, err
		}
		f.tables = append(f.tables, t)
	}
	return f, nil
}

// blankFile makes a ledger of the newest tables, without a row and without triggers: what they would do was
// done where the rows come from.
func blankFile(ctx context.Context, path string) (f *ledgerFile, err error) {
	const op = "store.blankFile"
	if err := os.Remove(path); err != nil {
		return nil, cannotOpen.At(op, err)
	}
	fresh, err := Open(ctx, path)
	if err != nil {
		_ = os.Remove(path + lockEnding) // it may not be there yet
		return nil, err
	}
	if err := errors.Join(fresh.Close(), os.Remove(path+lockEnding)); err != nil {
		return nil, cannotOpen.At(op, err)
	}
	// A copy that is broken off is thrown away.
	if f, err = tablesOf(ctx, path, "journal_mode(off)", "synchronous(off)", "foreign_keys(0)", "cache_size(-65536)"); err != nil {
		return nil, err
	}
	do := func(statement string) {
		if err == nil {
			_, err = f.db.ExecContext(ctx, statement)
		}
	}
	if f.triggers, err = names(ctx, f.db, `select sql from sqlite_schema where type = 'trigger'`); err != nil {
		return nil, errors.Join(sqlite{}.failed(op, err), f.db.Close())
	}
	away, err := names(ctx, f.db, `select name from sqlite_schema where type = 'trigger'`)
	for _, name := range away {
		do(`drop trigger ` + quoted(name))
	}
	for _, t := range f.tables {
		do(`delete from ` + quoted(t.name))
	}
	if err != nil {
		return nil, errors.Join(sqlite{}.failed(op, err), f.db.Close())
	}
	return f, nil
}

// Close gives the file back.
func (f *ledgerFile) Close() error { return f.db.Close() }

// names of its tables, as both databases read them.
func (f *ledgerFile) names() string {
	list := make([]string, len(f.tables))
	for i, t := range f.tables {
		list[i] = quoted(t.name)
	}
	return strings.Join(list, ", ")
}

const versionOfTables = `select max(version_id) from goose_db_version`

// sameTables refuses a server and a file whose tables are of different versions: a column that the other does not
// know would be lost.
func (f *ledgerFile) sameTables(ctx context.Context, d *postgres, tx pgx.Tx) error {
	const op = "store.sameTables"
	var server, file int64
	if err := tx.QueryRow(ctx, versionOfTables).Scan(&server); err != nil {
		return d.failed(op, err)
	}
	if err := f.db.QueryRowContext(ctx, versionOfTables).Scan(&file); err != nil {
		return sqlite{}.failed(op, err)
	}
	if server != file {
		return newerDatabase.At(op, nil).With("", "the tables of the server are of version %d, those of the file of %d", server, file)
	}
	return nil
}

// fill takes the rows of a table from a server.
func (f *ledgerFile) fill(ctx context.Context, d *postgres, tx pgx.Tx, t table) (err error) {
	const op = "store.Copy"
	rows, err := tx.Query(ctx, `select `+t.list()+` from `+quoted(t.name))
	if err != nil {
		return d.failed(op, err)
	}
	defer rows.Close()
	into, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return sqlite{}.failed(op, err)
	}
	defer func() {
		if err != nil {
			_ = into.Rollback() // the file is thrown away
		}
	}()
	insert, err := into.PrepareContext(ctx, `insert into `+quoted(t.name)+` (`+t.list()+`) values (?`+strings.Repeat(`, ?`, len(t.columns)-1)+`)`)
	if err != nil {
		return sqlite{}.failed(op, err)
	}
	for rows.Next() {
		row, err := rows.Values()
		if err != nil {
			return d.failed(op, err)
		}
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return sqlite{}.failed(op, err)
		}
	}
	if err := rows.Err(); err != nil {
		return d.failed(op, err)
	}
	if err := into.Commit(); err != nil {
		return sqlite{}.failed(op, err)
	}
	return nil
}

// count goes on with the numbers of a server: one that was given out is never given again.
func (f *ledgerFile) count(ctx context.Context, d *postgres, tx pgx.Tx) error {
	const op = "store.Copy"
	rows, err := tx.Query(ctx, numberedTables)
	if err != nil {
		return d.failed(op, err)
	}
	given, err := pgx.CollectRows(rows, pgx.RowToStructByPos[givenNumbers])
	if err != nil {
		return d.failed(op, err)
	}
	for _, t := range given {
		if t.Last == nil { // none was given yet
			continue
		}
		var counts bool // where not, the next number is that after the highest
		if err := f.db.QueryRowContext(ctx, `select sql like '%autoincrement%' from sqlite_schema where type = 'table' and name = ?`, t.Table).Scan(&counts); err != nil {
			return sqlite{}.failed(op, err)
		}
		if !counts {
			continue
		}
		if _, err := f.db.ExecContext(ctx, `delete from sqlite_sequence where name = ?`, t.Table); err != nil {
			return sqlite{}.failed(op, err)
		}
		if _, err := f.db.ExecContext(ctx, `insert into sqlite_sequence (name, seq) values (?, ?)`, t.Table, *t.Last); err != nil {
			return sqlite{}.failed(op, err)
		}
	}
	return nil
}

// givenNumbers is a column whose numbers the server gives, and the last one that it gave.
type givenNumbers struct {
	Table, Column string
	Last          *int64
}

const numberedTables = `select t.relname, a.attname, pg_sequence_last_value(pg_get_serial_sequence(quote_ident(t.relname), a.attname)::regclass)
	from pg_attribute a join pg_class t on t.oid = a.attrelid
	where a.attidentity <> '' and t.relkind = 'r' and t.relnamespace = current_schema()::regnamespace`

// finish puts the triggers back.
func (f *ledgerFile) finish(ctx context.Context) error {
	for _, text := range f.triggers {
		if _, err := f.db.ExecContext(ctx, text); err != nil {
			return sqlite{}.failed("store.Copy", err)
		}
	}
	return nil
}
