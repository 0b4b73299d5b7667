package station

import (
	"context"
	"strings"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/datacenter"
)

// stuckAfter is how often the ledger may not take an item, for the same cause, before the inbox says so.
const stuckAfter = 5

// stuck counts how often one item in a row was not taken.
type stuck struct {
	sequence int64
	code     fault.Code
	times    int
}

// notTaken counts a failure of the ledger, which is not the item's: nothing behind it is taken in, so that nothing is
// passed over and the order of the center holds. After some tries it is station.inbox_stuck.
func (s *Station) notTaken(ctx context.Context, item datacenter.Item, err error) error {
	if ctx.Err() != nil || !ofTheLedger(err) {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if code := fault.CodeOf(err); s.stuck.sequence != item.Sequence || s.stuck.code != code {
		s.stuck = stuck{sequence: item.Sequence, code: code}
	}
	if s.stuck.times++; s.stuck.times < stuckAfter {
		return err
	}
	return s.stuck.fault(err)
}

func (k stuck) fault(cause error) error {
	return InboxStuck.At("station.pull", cause).With("sequence", "item %d of the feed, %d times: %s", k.sequence, k.times, k.code)
}

// Stuck is why nothing comes in from the center any more; nil: nothing is known.
func (s *Station) Stuck() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stuck.times < stuckAfter {
		return nil
	}
	return s.stuck.fault(nil)
}

// inboxWorks tells whether what the center sends comes into the ledger, by how a pull ended.
func (s *Station) inboxWorks(ctx context.Context, err error) {
	switch {
	case err == nil:
		s.mu.Lock()
		s.stuck = stuck{}
		s.mu.Unlock()
		s.tellHealth(ctx, "inbox", causeEquipment, registry.HealthWorks, "")
	case fault.Is(err, InboxStuck):
		s.mu.Lock()
		code := s.stuck.code
		s.mu.Unlock()
		s.tellHealth(ctx, "inbox", causeEquipment, registry.HealthDown, code)
	}
}

// ofTheLedger reports whether an error is the ledger's own, and so says nothing about what was to be written.
func ofTheLedger(err error) bool { return strings.HasPrefix(string(fault.CodeOf(err)), "store.") }
