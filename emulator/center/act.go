package center

import (
	"fmt"
	"slices"
	"time"

	"blanko/ktp"
)

// AddRecords gives an office so many more good records and returns their ids.
func (c *Center) AddRecords(office string, count int) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.offices[office]
	if !ok {
		return nil, fmt.Errorf("no office %s", office)
	}
	var ids []string
	for range count {
		ids = append(ids, c.newGood(o).id)
	}
	return ids, nil
}

// AddBroken gives an office a record of a kind of Broken and returns its id. Good records that
// the fault needs before it come first in the feed.
func (c *Center) AddBroken(office, kind string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.offices[office]
	if !ok {
		return "", fmt.Errorf("no office %s", office)
	}
	k, ok := kindOf(kind)
	if !ok {
		return "", fmt.Errorf("%q is no kind of broken record", kind)
	}
	return c.newBroken(o, k).id, nil
}

// AddImpostor gives an office a record that is whole and well signed, but whose second
// impressions are another person's: no check of the record can tell, the 1:1 after writing must.
func (c *Center) AddImpostor(office string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.offices[office]
	if !ok {
		return "", fmt.Errorf("no office %s", office)
	}
	r := c.newRequest(o, o.whole(), nil)
	c.issue(r, 1, nil).impostor = true
	return r.id, nil
}

// Withdraw takes a request back for one of Reasons.
func (c *Center) Withdraw(id, reason string) error {
	if !slices.Contains(Reasons, reason) {
		return fmt.Errorf("%q is no reason of a withdrawal", reason)
	}
	return c.mark(id, itemWithdrawal, reason)
}

// Hold stops a request until Release.
func (c *Center) Hold(id, reason string) error {
	return c.mark(id, itemHold, reason)
}

// Release ends a hold.
func (c *Center) Release(id, reason string) error {
	return c.mark(id, itemRelease, reason)
}

func (c *Center) mark(id, kind, reason string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.requests[id]
	if !ok {
		return fmt.Errorf("no request %s", id)
	}
	c.put(r, kind, reason)
	return nil
}

// put appends a withdrawal, hold or release to the feed. The caller holds the lock.
func (c *Center) put(r *request, kind, reason string) {
	switch kind {
	case itemWithdrawal:
		r.withdrawn = reason
	case itemHold:
		r.held = true
	case itemRelease:
		r.held = false
	}
	r.office.append(&entry{kind: kind, request: r, version: r.latest().version, reason: reason, epoch: len(c.epochs) - 1})
}

// Correct issues the next version of a request, with the address changed.
func (c *Center) Correct(id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.requests[id]
	if !ok {
		return fmt.Errorf("no request %s", id)
	}
	c.correct(r)
	return nil
}

func (c *Center) correct(r *request) {
	e := c.issue(r, r.latest().version+1, nil)
	e.corrected++
}

// Renew issues the next version of a request with the same data and a new validity.
func (c *Center) Renew(id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.requests[id]
	if !ok {
		return fmt.Errorf("no request %s", id)
	}
	c.issue(r, r.latest().version+1, nil)
	return nil
}

// Repeat puts the latest version of a request into the feed once more, unchanged.
func (c *Center) Repeat(id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.requests[id]
	if !ok {
		return fmt.Errorf("no request %s", id)
	}
	again := *r.latest()
	r.office.append(&again)
	return nil
}

// StatusList is the list of chips not to be honored. It replaces the one before.
type StatusList struct {
	Number int
	Date   time.Time
	Chips  []ktp.ChipUID
}

// PublishStatusList sends a list to an office.
func (c *Center) PublishStatusList(office string, list StatusList) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.offices[office]
	if !ok {
		return fmt.Errorf("no office %s", office)
	}
	list.Chips = slices.Clone(list.Chips)
	o.append(&entry{kind: itemStatusList, version: list.Number, list: &list, epoch: len(c.epochs) - 1})
	return nil
}

// ChangeKeys signs everything issued from now on with new keys; the old ones stay valid for a
// grace period.
func (c *Center) ChangeKeys(grace time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.cfg.Now()
	next, err := newEpoch(c.cfg.Seed, len(c.epochs), now, now.Add(keyLife))
	if err != nil {
		return err
	}
	old := &c.epochs[len(c.epochs)-1]
	end := now.Add(grace).UTC().Truncate(time.Second)
	old.record.NotAfter, old.identity.NotAfter, old.enrolment.NotAfter = end, end, end
	c.epochs = append(c.epochs, next)
	return nil
}

// ExpireCursors forgets every cursor handed out so far: they are answered with 410.
func (c *Center) ExpireCursors() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cursors = c.cursors.renewed()
}

// Keys lists the public keys of the center as its key document does.
func (c *Center) Keys() []Key {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []Key
	for _, e := range c.epochs {
		out = append(out, e.record.Key, e.identity.Key, e.enrolment.Key)
	}
	return append(out, c.odd.retired.Key, c.odd.early.Key)
}

// Anchor is the public key that signs the key document; a station has it from installation.
func (c *Center) Anchor() Key { return c.anchor.Key }

// Moment is an act of the center that waits for a report: when an office reports Word or State
// for a request (empty: any), the center does Act. ID empty: every request, or every Every-th
// one in the order in which they were made.
type Moment struct {
	ID          string
	Every       int
	Word, State string
	Act         string // withdraw, hold, release, correct
	Reason      string // of a withdrawal one of Reasons
}

// At adds a moment.
func (c *Center) At(m Moment) error {
	if err := m.check(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moments = append(c.moments, m)
	return nil
}

func (m Moment) check() error {
	switch {
	case !slices.Contains([]string{"withdraw", "hold", "release", "correct"}, m.Act):
		return fmt.Errorf("%q is no act of a moment", m.Act)
	case m.Act == "withdraw" && !slices.Contains(Reasons, m.Reason):
		return fmt.Errorf("%q is no reason of a withdrawal", m.Reason)
	}
	return nil
}

// strike does what the moments want after a report. Each strikes a request once. The caller
// holds the lock.
func (c *Center) strike(r *request, rep Report) {
	for i, m := range c.moments {
		switch {
		case m.ID != "" && m.ID != r.id, m.Word != "" && m.Word != rep.Word, m.State != "" && m.State != rep.State:
			continue
		case m.ID == "" && m.Every > 1 && r.resident%m.Every != m.Every-1:
			continue
		case r.struck[i]:
			continue
		}
		if r.struck == nil {
			r.struck = map[int]bool{}
		}
		r.struck[i] = true
		switch m.Act {
		case "withdraw":
			c.put(r, itemWithdrawal, m.Reason)
		case "hold":
			c.put(r, itemHold, m.Reason)
		case "release":
			c.put(r, itemRelease, m.Reason)
		case "correct":
			c.correct(r)
		}
	}
}
