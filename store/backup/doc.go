// Package backup makes sealed copies of a ledger and opens them again.
//
// What lives here: the form of a copy (an age file, age-encryption.org/v1, around a tar with what it is of
// and the database), sealing one and opening one. What may not: when copies are made and proved, where they
// are kept, what a station does after one was put back. Its caller is station. Start reading at seal.go.
package backup
