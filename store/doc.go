// Package store is the database kernel: open, transaction, dialect, wake-up, check, migrations.
//
// What lives here: everything that is true of the database as such. What may not: a query about
// a subject (each room keeps its own in its *_sql.go), a rule of the register. jobs and registry
// call it, station opens it. Start reading at store.go, then tx.go.
package store
