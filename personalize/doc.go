// Package personalize is the line engine: one loop over the stages of a hardware line, with
// preparation ahead, evidence and recovery.
//
// What lives here: the loop, the recovery table, the Book and Clock ports. What may not: a
// database, the register, a page, a vendor's printer. station composes it. Start reading at
// book.go, then line.go.
package personalize
