package audit

import (
	"fmt"
	"slices"

	"blanko/store"
)

// Harm is what was done to the log behind the program.
type Harm string

const (
	Altered   Harm = "altered"   // the row is there, its content is not what was written
	Removed   Harm = "removed"   // the row is gone
	Reordered Harm = "reordered" // the row stands in another place
	Inserted  Harm = "inserted"  // the row was never written by the program
	HeadWrong Harm = "head"      // the end of the chain is not where the head says
	Unmoored  Harm = "anchor"    // the chain is sound in itself, but not the one that was anchored
)

// Finding locates one harm. At is the id of the place in the log; of removed rows To is the last.
type Finding struct {
	Harm Harm
	At   int64
	To   int64
	Note string
}

func (f Finding) String() string {
	if f.To > f.At {
		return fmt.Sprintf("%s: events %d to %d: %s", f.Harm, f.At, f.To, f.Note)
	}
	return fmt.Sprintf("%s: event %d: %s", f.Harm, f.At, f.Note)
}

// Report of a verification.
type Report struct {
	Events   int64
	Head     Head
	Findings []Finding
}

// Sound reports whether nothing was found.
func (r Report) Sound() bool { return len(r.Findings) == 0 }

// Verify walks the whole chain, compares it with its head and with anchors kept elsewhere, and
// says which rows were altered, removed, reordered or inserted. A chain that was recomputed from
// some row on is found by an anchor alone.
func Verify(tx *store.Tx, anchors ...Anchor) (Report, error) {
	head, err := HeadOf(tx)
	if err != nil {
		return Report{}, err
	}
	return walk(func(fn func(Event) error) error { return each(tx, fn) }, head, anchors)
}

// rows reads every row of a log, in the order of their ids.
type rows func(fn func(Event) error) error

func walk(log rows, head Head, anchors []Anchor) (Report, error) {
	r := Report{Head: head}
	sound := true
	var last Event
	moored := make(map[Anchor]bool, len(anchors))
	for _, a := range anchors {
		moored[a] = false
	}
	err := log(func(e Event) error {
		r.Events++
		if e.ID != r.Events || e.Prev != last.Hash || e.sum(e.ID) != e.Hash {
			sound = false
		}
		if here := (Anchor{e.ID, e.Hash}); len(anchors) > 0 {
			if _, asked := moored[here]; asked {
				moored[here] = true
			}
		}
		last = e
		return nil
	})
	if err != nil {
		return r, err
	}
	if !sound || last.ID != head.ID || last.Hash != head.Hash {
		if r.Findings, err = diagnose(log, head); err != nil {
			return r, err
		}
	}
	for _, a := range anchors {
		if !moored[a] {
			r.Findings = append(r.Findings, Finding{Harm: Unmoored, At: a.ID, Note: "the anchored event is not in this log"})
		}
	}
	return r, nil
}

// link is a row with what the diagnosis learns of it.
type link struct {
	Event
	place int64 // its place in the chain as written, 0: not found there
}

// fits reports whether the row was written by the program for place id.
func (l *link) fits(id int64) bool { return l.sum(id) == l.Hash }

// diagnose follows the chain from its beginning by hash, not by id, so that every row finds the
// place it was written for.
func diagnose(log rows, head Head) ([]Finding, error) {
	var rows []*link
	if err := log(func(e Event) error {
		rows = append(rows, &link{Event: e})
		return nil
	}); err != nil {
		return nil, err
	}
	var out []Finding
	byPrev := map[Hash][]*link{}
	byID := map[int64]*link{}
	for _, l := range rows {
		byPrev[l.Prev] = append(byPrev[l.Prev], l)
		byID[l.ID] = l
	}
	var cur Hash
	place := int64(1)
	for place <= head.ID {
		if next := follow(byPrev[cur], byPrev, place); next != nil {
			next.place, cur = place, next.Hash
			place++
			continue
		}
		// Nothing was written for this place behind that hash. A row with this id that links
		// back rightly had its content changed; one that is sound in itself but links elsewhere
		// shows that the row before it was changed together with its hash.
		at := byID[place]
		if at != nil && at.place == 0 && at.Prev == cur {
			at.place, cur = place, at.Hash
			out = append(out, Finding{Harm: Altered, At: place, Note: "the content does not fit the row's hash"})
			place++
			continue
		}
		if at != nil && at.place == 0 && at.fits(place) && place > 1 && !written(rows, at.Prev, place-1) {
			if n := len(out); n == 0 || out[n-1].Harm != Altered || out[n-1].At != place-1 {
				out = append(out, Finding{Harm: Altered, At: place - 1, Note: "content and hash were changed together"})
			}
			at.place, cur = place, at.Hash
			place++
			continue
		}
		next := later(rows, place)
		if next == nil {
			out = append(out, Finding{Harm: Removed, At: place, To: head.ID, Note: "the rows that were written here are gone"})
			cur = head.Hash
			break
		}
		out = append(out, Finding{Harm: Removed, At: place, To: next.place - 1, Note: "the rows that were written here are gone"})
		place, cur = next.place+1, next.Hash
	}
	if cur != head.Hash {
		out = append(out, Finding{Harm: HeadWrong, At: head.ID, Note: "the head names another last event"})
	}
	return append(out, misplaced(rows)...), nil
}

// follow is the row among candidates that was written for the place. A forged row may fit as
// well as the true one; only the true one is linked to by the row behind it.
func follow(candidates []*link, byPrev map[Hash][]*link, place int64) *link {
	var best *link
	for _, l := range candidates {
		if l.place == 0 && l.fits(place) && (best == nil || len(byPrev[l.Hash]) > 0 && len(byPrev[best.Hash]) == 0) {
			best = l
		}
	}
	return best
}

// later is the row written for the nearest place behind the given one.
func later(rows []*link, place int64) *link {
	var best *link
	for _, l := range rows {
		if l.place != 0 {
			continue
		}
		// Where ids were renumbered after a removal the true place lies a little behind the id.
		for p := max(place+1, l.ID); p <= l.ID+int64(len(rows)); p++ {
			if best != nil && p >= best.place {
				break
			}
			if l.fits(p) {
				if best != nil {
					best.place = 0
				}
				l.place, best = p, l
				break
			}
		}
	}
	return best
}

// written reports whether some row carries the hash and was written for the place.
func written(rows []*link, h Hash, place int64) bool {
	return slices.ContainsFunc(rows, func(l *link) bool { return l.Hash == h && l.fits(place) })
}

// misplaced names rows that belong nowhere in the chain, and rows that stand where they were
// not written. A whole tail that is shifted follows from a removed or inserted row and is no
// finding of its own.
func misplaced(rows []*link) []Finding {
	var out []Finding
	var shift, latest int64
	for i, l := range rows {
		if l.place == 0 {
			out = append(out, Finding{Harm: Inserted, At: l.ID, Note: "the program never wrote this row"})
			continue
		}
		moved := l.place - l.ID
		alone := moved != shift && !shifted(rows[i+1:], moved)
		if alone || l.place < latest {
			out = append(out, Finding{Harm: Reordered, At: l.ID, Note: fmt.Sprintf("it was written as event %d", l.place)})
			continue
		}
		shift, latest = moved, l.place
	}
	return out
}

// shifted reports whether the next row that has a place is moved as far, or there is none.
func shifted(rest []*link, moved int64) bool {
	for _, l := range rest {
		if l.place != 0 {
			return l.place-l.ID == moved
		}
	}
	return moved > 0
}
