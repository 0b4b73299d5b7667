package printer

// Entry is how a card came into a card path. All but the first may happen without a host that asked
// for a card: a host then learns of it by the feed counter alone.
type Entry string

const (
	EntryFed       Entry = "fed"        // into an empty path
	EntryDragged   Entry = "dragged"    // two left the hopper at once: this is the second
	EntryCollided  Entry = "collided"   // into a card that the path sensor did not see
	EntryAfterHand Entry = "after hand" // as the first one since a person took the card before it out of the path
	EntryAfterLie  Entry = "after lie"  // as the first one since the path sensor showed a card where none was
)

// entry tells how the next card comes in. Called with m.mu held.
func (m *Machine) entry() Entry {
	switch {
	case m.dragging:
		return EntryDragged
	case len(m.path) > 0:
		return EntryCollided
	case m.handled:
		return EntryAfterHand
	case m.misled:
		return EntryAfterLie
	}
	return EntryFed
}
