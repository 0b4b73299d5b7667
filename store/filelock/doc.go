// Package filelock takes a file for one process alone.
//
// What lives here: the lock of the operating system on an open file, which ends with the process however
// that ends. What may not: what a file is locked for, its name, how long somebody waits for it. Its callers
// are store and store/backup. Start reading at lock_unix.go.
package filelock
