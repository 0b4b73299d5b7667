package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"blanko/fault"
)

// serverError is what may be told of an error of the server: its details hold values of rows.
type serverError struct {
	Code       string // SQLSTATE
	Message    string // without values
	Table      string
	Constraint string
}

func (e *serverError) Error() string {
	parts := []string{"SQLSTATE " + e.Code}
	for _, p := range []string{e.Message, e.Table, e.Constraint} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ": ")
}

// withoutValues drops what could be a value: messages of class 22 (data exceptions) repeat what was refused.
func withoutValues(e *pgconn.PgError) *serverError {
	out := &serverError{Code: e.Code, Message: e.Message, Table: e.TableName, Constraint: e.ConstraintName}
	if strings.HasPrefix(e.Code, "22") {
		out.Message = ""
	}
	return out
}

// States of PostgreSQL (Appendix A, PostgreSQL Error Codes) to the faults of this room. A whole
// class is named by its first two characters.
var states = map[string]fault.Entry{
	"23505": taken,
	"23514": forbiddenValue,
	"22003": forbiddenValue, // a number out of range
	"22021": noText,         // a zero byte, or no UTF-8
	"BLK01": appendOnly,     // keep_row of the migrations
	"40001": conflict,       // serialization failure
	"40P01": conflict,       // deadlock
	"0A000": conflict,       // a prepared query whose tables were changed by a migration
	"55P03": conflict,       // a row was not free in time
	"57014": busy,           // the statement took too long
	"53100": diskFull,
	"53":    busy, // insufficient resources
	"57":    unreachable,
	"08":    unreachable,
	"25P03": unreachable, // the transaction stood still too long
	"XX001": damaged,
	"XX002": damaged,
	"28":    cannotOpen, // who asks is refused
	"3D":    cannotOpen, // no such database
	"3F":    cannotOpen, // no such schema
	"42501": cannotOpen, // not allowed
}

func (d *postgres) failed(op string, err error) error {
	var sorted *fault.Error
	if errors.As(err, &sorted) { // of this room already
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return interrupted.At(op, err)
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		if d.lost(err) {
			return unreachable.At(op, err)
		}
		return failed.At(op, err)
	}
	entry, known := states[e.Code]
	if !known {
		entry, known = states[e.Code[:min(2, len(e.Code))]]
	}
	switch {
	case !known:
		return failed.At(op, withoutValues(e))
	case entry.Code != taken.Code:
		return entry.At(op, withoutValues(e))
	}
	name := d.uniques[e.ConstraintName]
	if name == "" {
		name = e.ConstraintName
	}
	return taken.At(op, withoutValues(e)).With(name, "the value exists already")
}

// failedCommit: where the server has not answered with a refusal, it may have committed.
func (d *postgres) failedCommit(op string, err error) error {
	var e *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrTxCommitRollback):
		return failed.At(op, err)
	case errors.As(err, &e) && !strings.HasPrefix(e.Code, "57") && !strings.HasPrefix(e.Code, "08"):
		return d.failed(op, err)
	case errors.As(err, &e):
		return outcomeUnknown.At(op, withoutValues(e))
	}
	return outcomeUnknown.At(op, err)
}

// lost reports whether there is no connection any more, or never was.
func (*postgres) lost(err error) bool {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		switch server.Code[:min(2, len(server.Code))] {
		case "57", "08":
			return true
		}
		return false
	}
	var network net.Error
	var connect *pgconn.ConnectError
	for _, gone := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, driver.ErrBadConn, sql.ErrConnDone, sql.ErrTxDone} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return errors.As(err, &network) || errors.As(err, &connect) || pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed")
}
