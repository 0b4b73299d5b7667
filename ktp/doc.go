// Package ktp is the vocabulary of the civil record and of the house: NIK, regions, person,
// enumerations, finger codes, identifiers, the state table.
//
// What lives here: values and their rules. What may not: I/O, a clock, a log, a goroutine,
// an import from any other room. Every room may call it. Start reading at Record.
package ktp
