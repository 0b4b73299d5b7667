// Package station is the only composition root of the product: it reads the configuration,
// opens the ledger, binds devices and keys to lines, runs the loops and says what is missing.
//
// What lives here: wiring. What may not: rules of the service (registry), of a card
// (personalize), the virtual world (trial joins it from outside). cmd/blanko and trial call
// it. Start reading at station.go.
package station
