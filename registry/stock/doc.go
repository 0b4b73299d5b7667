// Package stock is the ledger of blanks: how many and where.
//
// What lives here: lots, blanks, movements with two sides, the deny list. What may not: why a
// blank moves (the core of registry decides), any other writer of a blank's place. registry
// calls it. Start reading at place.go, then blank.go.
package stock
