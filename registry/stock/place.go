package stock

import "strings"

// Kind of a place. A line's own places carry its name.
type Kind string

const (
	Supplier   Kind = "supplier"   // outside: where lots come from
	Found      Kind = "found"      // outside: cards that came from nowhere the ledger knows
	Received   Kind = "received"   // delivered, not yet counted in
	Store      Kind = "store"      // counted in, under lock
	Hopper     Kind = "hopper"     // of a line
	Testing    Kind = "testing"    // drawn from the test stock for test cards
	Path       Kind = "path"       // of a line: being worked on
	Tray       Kind = "tray"       // of a line: made
	Reject     Kind = "reject"     // of a line: its reject bin
	Spoiled    Kind = "spoiled"    // set aside by hand, waits for destruction
	Doubt      Kind = "doubt"      // nobody can prove where
	Quarantine Kind = "quarantine" // kept apart by a finding
	Shipped    Kind = "shipped"    // in a consignment
	Delivered  Kind = "delivered"  // at a place of delivery
	Elsewhere  Kind = "elsewhere"  // with the Directorate General, or with another Dinas
	Holder     Kind = "holder"     // handed over
	Returned   Kind = "returned"   // came back, or retired and kept
	Lost       Kind = "lost"       // declared lost by two persons
	Destroyed  Kind = "destroyed"
)

// kinds lists every place inside, and whether each line has its own.
var kinds = []struct {
	Kind    Kind
	OfALine bool
}{
	{Received, false},
	{Store, false},
	{Hopper, true},
	{Testing, false},
	{Path, true},
	{Tray, true},
	{Reject, true},
	{Spoiled, false},
	{Doubt, false},
	{Quarantine, false},
	{Shipped, false},
	{Delivered, false},
	{Elsewhere, false},
	{Holder, false},
	{Returned, false},
	{Lost, false},
	{Destroyed, false},
}

// Place is where a blank is.
type Place struct {
	Kind Kind
	Line string // of a line's own place
}

// At is a place of the house.
func At(k Kind) Place { return Place{Kind: k} }

// On is a place of a line.
func On(k Kind, line string) Place { return Place{k, line} }

// String is "hopper/line-1" or "store".
func (p Place) String() string {
	if p.Line == "" {
		return string(p.Kind)
	}
	return string(p.Kind) + "/" + p.Line
}

// PlaceOf reads what String wrote.
func PlaceOf(s string) Place { return parsePlace(s) }

func parsePlace(s string) Place {
	k, line, _ := strings.Cut(s, "/")
	return Place{Kind(k), line}
}

// Heap reports whether blanks lie there to be counted at the turn of a shift: in the store, in a hopper, drawn for
// test cards.
func (p Place) Heap() bool { return p.Kind == Store || p.Kind == Hopper || p.Kind == Testing }

// outside reports whether the place is beyond the ledger: it never runs out.
func (p Place) outside() bool { return p.Kind == Supplier || p.Kind == Found }

// valid reports whether the place exists in the house.
func (p Place) valid() bool {
	for _, k := range kinds {
		if k.Kind == p.Kind {
			return k.OfALine == (p.Line != "")
		}
	}
	return false
}
