// Package printertest is the conformance suite of printer.Printer and printer.Path: what every
// card printer must do, whatever language it speaks.
//
// What lives here: the cases and the Bench that a family hands in. What may not: a family's
// words, an emulator. Tests of the families call Run. Start reading at bench.go, then run.go.
package printertest
