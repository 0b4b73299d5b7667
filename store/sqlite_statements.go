package store

import (
	"context"
	"database/sql/driver"
)

// statements is how many statements a connection keeps. The texts of the rooms are some hundreds; a
// search that is put together from its filters adds to them.
const statements = 1000

// remembering opens connections that keep what they have parsed: half of what SQLite does for a short
// statement is to parse it.
type remembering struct{ driver.Connector }

func (c remembering) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &sqliteConn{whole: conn.(whole), kept: map[string]driver.Stmt{}}, nil
}

// whole is all that the driver's connections can do for database/sql.
type whole interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// sqliteConn is one connection with its statements. One statement is at work at a time, as [Tx.Each]
// demands: the same text has no two answers open.
type sqliteConn struct {
	whole
	kept map[string]driver.Stmt
}

func (c *sqliteConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (c *sqliteConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(driver.StmtQueryContext).QueryContext(ctx, args)
}

func (c *sqliteConn) prepared(ctx context.Context, query string) (driver.Stmt, error) {
	if s := c.kept[query]; s != nil {
		return s, nil
	}
	if len(c.kept) == statements {
		c.forget()
	}
	s, err := c.PrepareContext(ctx, query)
	if err == nil {
		c.kept[query] = s
	}
	return s, err
}

// forget ends every statement; what a statement still had to say was said when it was last used.
func (c *sqliteConn) forget() {
	for query, s := range c.kept {
		_ = s.Close()
		delete(c.kept, query)
	}
}

func (c *sqliteConn) Close() error {
	c.forget()
	return c.whole.Close()
}
