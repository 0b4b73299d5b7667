package backup

import (
	"time"
)

// Format names the form of a copy.
const Format = "blanko/ledger-copy/1"

// Names inside the tar, in this order.
const (
	manifestName = "manifest.json"
	ledgerName   = "ledger.db"
)

// Manifest says what a copy is of. The head of the event log is that of the copy itself.
type Manifest struct {
	Format  string    `json:"format"`
	Office  string    `json:"office"`
	Station string    `json:"station"`
	Program string    `json:"program"` // version that made it
	At      time.Time `json:"at"`
	Events  int64     `json:"events"`
	Head    string    `json:"head"` // hash of the last event, 64 hex digits
}
