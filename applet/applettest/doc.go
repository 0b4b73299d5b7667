// Package applettest is the conformance suite of applet: Run for every transport, RunEncoder for
// every kind of card that a transport reaches.
//
// What lives here: what the contracts of applet promise, as tests that any adapter inherits with
// about twenty lines. What may not: a transport or a card. Tests call it; on real hardware the
// caller asks for consent first, because RunEncoder uses up blanks. Start reading at Run.
package applettest
