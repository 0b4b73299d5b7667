package store

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// FillPostgres puts the ledger of a file, such as [Store.Copy] makes, into an empty database of a server: one
// without tables, or with those of a ledger in which nothing ever happened. All of it in one transaction: on
// an error nothing is there but empty tables. Errors: store.not_empty, store.claimed where a station serves
// on it, store.newer_database where this program knows fewer tables than the file has.
func FillPostgres(ctx context.Context, p Postgres, path string, opts ...Option) (err error) {
	const op = "store.FillPostgres"
	set := settingsOf(opts)
	cfg, err := p.config()
	if err != nil {
		return err
	}
	d := &postgres{cfg: cfg, passwordFile: p.PasswordFile, relaxed: set.relaxed}
	conn, err := d.patient(ctx)
	if err != nil {
		return d.failed(op, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // what counts is the commit
	if err := d.empty(ctx, conn); err != nil {                    // before a table of it is changed
		return err
	}
	for _, open := range []func() (*Store, error){
		func() (*Store, error) { return Open(ctx, path) },
		func() (*Store, error) {
			return open(ctx, &postgres{cfg: cfg, passwordFile: p.PasswordFile, relaxed: set.relaxed}, set)
		},
	} { // both brought to the newest tables, and the server looked at
		s, err := open()
		if err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return cannotOpen.At(op, err)
		}
	}
	file, err := tablesOf(ctx, path, "query_only(1)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return d.failed(op, err)
	}
	if err := d.fill(ctx, conn, tx, file); err != nil {
		return err // the transaction ends with its connection
	}
	if err := tx.Commit(ctx); err != nil {
		return d.failedCommit(op, err)
	}
	return nil
}

// asker is a connection or a transaction.
type asker interface {
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

// empty refuses a database in which something happened, or that is another program's, or that a station serves on.
func (d *postgres) empty(ctx context.Context, db asker) error {
	const op = "store.FillPostgres"
	var serving, tables, ours, events int
	if err := db.QueryRow(ctx, `select (select count(*) from pg_stat_activity where datname = current_database() and application_name like $1),
		(select count(*) from pg_tables where schemaname = current_schema()),
		(select count(*) from pg_tables where schemaname = current_schema() and tablename in ('goose_db_version', 'event', 'event_head'))`, claimSession+"%").
		Scan(&serving, &tables, &ours); err != nil {
		return d.failed(op, err)
	}
	switch {
	case serving > 0:
		return claimed.At(op, nil).With("database", "%d stations serve on it", serving)
	case tables == 0:
		return nil
	case ours < 3:
		return notEmpty.At(op, nil).With("database", "it has %d tables that are no ledger's", tables)
	}
	if err := db.QueryRow(ctx, `select count(*) from event`).Scan(&events); err != nil {
		return d.failed(op, err)
	}
	if events > 0 {
		return notEmpty.At(op, nil).With("database", "it is a ledger with %d events", events)
	}
	return nil
}

// fill takes every row of a file. Triggers and references are put away meanwhile: what triggers would do was
// done where the rows come from, and references are looked at when all rows are there.
func (d *postgres) fill(ctx context.Context, conn *pgx.Conn, tx pgx.Tx, file *ledgerFile) error {
	const op = "store.FillPostgres"
	var err error
	do := func(statement string) {
		if err == nil {
			_, err = tx.Exec(ctx, statement)
		}
	}
	do(`select pg_advisory_xact_lock(` + strconv.Itoa(migrationLock) + `)`)
	do(`lock table goose_db_version, ` + file.names() + ` in access exclusive mode`)
	if err != nil {
		return d.failed(op, err)
	}
	if err := d.empty(ctx, tx); err != nil {
		return err
	}
	if err := file.sameTables(ctx, d, tx); err != nil {
		return err
	}
	references, err := d.references(ctx, tx)
	if err != nil {
		return d.failed(op, err)
	}
	for _, r := range references {
		do(`alter table ` + r.table + ` drop constraint ` + r.name)
	}
	for _, t := range file.tables {
		do(`alter table ` + quoted(t.name) + ` disable trigger user`)
	}
	do(`truncate ` + file.names())
	if err != nil {
		return d.failed(op, err)
	}
	for _, t := range file.tables {
		if err := d.take(ctx, conn, file, t); err != nil {
			return err
		}
	}
	if err := d.count(ctx, tx, file); err != nil {
		return err
	}
	for _, r := range references {
		do(`alter table ` + r.table + ` add constraint ` + r.name + ` ` + r.text)
	}
	for _, t := range file.tables {
		do(`alter table ` + quoted(t.name) + ` enable trigger user`)
	}
	do(`analyze`)
	if err != nil {
		return d.failed(op, err)
	}
	return nil
}

// reference is a foreign key, in words of the server.
type reference struct{ table, name, text string }

func (d *postgres) references(ctx context.Context, tx pgx.Tx) ([]reference, error) {
	rows, err := tx.Query(ctx, `select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
		from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r reference, err error) {
		return r, row.Scan(&r.table, &r.name, &r.text)
	})
}

// take puts the rows of a table into the server.
func (d *postgres) take(ctx context.Context, conn *pgx.Conn, file *ledgerFile, t table) error {
	const op = "store.FillPostgres"
	rows, err := file.db.QueryContext(ctx, `select `+t.list()+` from `+quoted(t.name))
	if err != nil {
		return sqlite{}.failed(op, err)
	}
	defer func() { _ = rows.Close() }() // its error is that of the rows
	row, into := make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range row {
		into[i] = &row[i]
	}
	var unread error
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromFunc(func() ([]any, error) {
		if !rows.Next() {
			unread = rows.Err()
			return nil, unread
		}
		unread = rows.Scan(into...)
		for i, v := range row {
			if b, bytes := v.([]byte); bytes && b == nil { // empty, not null
				row[i] = []byte{}
			}
		}
		return row, unread
	})); unread != nil {
		return sqlite{}.failed(op, unread)
	} else if err != nil {
		return d.failed(op, err)
	}
	return nil
}

// count goes on with the numbers of the file.
func (d *postgres) count(ctx context.Context, tx pgx.Tx, file *ledgerFile) error {
	const op = "store.FillPostgres"
	rows, err := tx.Query(ctx, numberedTables)
	if err != nil {
		return d.failed(op, err)
	}
	given, err := pgx.CollectRows(rows, pgx.RowToStructByPos[givenNumbers])
	if err != nil {
		return d.failed(op, err)
	}
	for _, t := range given {
		var last int64
		if err := file.db.QueryRowContext(ctx, `select max(coalesce((select max(`+quoted(t.Column)+`) from `+quoted(t.Table)+`), 0),
			coalesce((select seq from sqlite_sequence where name = ?), 0))`, t.Table).Scan(&last); err != nil {
			return sqlite{}.failed(op, err)
		}
		if _, err := tx.Exec(ctx, `alter table `+quoted(t.Table)+` alter column `+quoted(t.Column)+` restart with `+strconv.FormatInt(last+1, 10)); err != nil {
			return d.failed(op, err)
		}
	}
	return nil
}
