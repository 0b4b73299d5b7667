package console

import (
	"context"
	"sync"
	"time"
)

// markFor is how long a look at the ledger counts where this process changed nothing: another process may have.
const markFor = streamPoll / 2

// marks is the last look at the ledger, for all who ask: thirty open pages wake at the same change.
type marks struct {
	sync.Mutex
	since  <-chan struct{} // open as long as this process has changed nothing since
	at     time.Time
	newest int64
	room   string
}

// mark is the newest event, and what changes without one: the journal of lines and what they report. The ledger
// is asked once after each change, however many pages are open.
func (c *console) mark(ctx context.Context) (newest int64, room string, err error) {
	m := &c.marks
	m.Lock()
	defer m.Unlock()
	changed, now := c.Registry.Changed(), c.Now() // before the look, so that no change falls between
	if changed == m.since && now.Sub(m.at) < markFor {
		return m.newest, m.room, nil
	}
	c.Work("mark")
	if newest, err = c.Registry.NewestEvent(ctx); err == nil {
		room, err = c.Registry.RoomMark(ctx)
	}
	if err != nil {
		return 0, "", err
	}
	m.since, m.at, m.newest, m.room = changed, now, newest, room
	return newest, room, nil
}
