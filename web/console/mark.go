package console

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"blanko/registry/audit"
)

// markFor is how long a look at the ledger counts where this process changed nothing: another process may have.
const markFor = streamPoll / 2

// mark is a state of the ledger, as far as pages tell of it: its newest event, and what changes without one, which is the
// journal of lines with what they report, and what devices told.
type mark struct {
	newest        int64
	room, devices string
}

// Kinds of news that are no events. Those of events are the words of their codes before the dot.
const (
	newsOfAll     = "*" // anything may have changed
	newsOfThis    = "this"
	newsOfLines   = "lines"
	newsOfDevices = "devices"
)

// mostHeard bounds the events that are remembered for streams that have not told them yet.
const mostHeard = 1000

// marks is the last look at the ledger, for all who ask: thirty open pages wake at the same change.
type marks struct {
	sync.Mutex
	since <-chan struct{} // open as long as this process has changed nothing since
	at    time.Time
	last  mark
	heard []audit.Event // the newest, oldest first
	from  int64         // the event before the first of heard
}

// mark is the ledger as it is now. The ledger is asked once after each change, however many pages are open.
func (c *console) mark(ctx context.Context) (mark, error) {
	m := &c.marks
	m.Lock()
	defer m.Unlock()
	changed, now := c.Registry.Changed(), c.Now() // before the look, so that no change falls between
	if changed == m.since && now.Sub(m.at) < markFor {
		return m.last, nil
	}
	c.Work("mark")
	var next mark
	var err error
	if next.newest, err = c.Registry.NewestEvent(ctx); err == nil {
		next.room, err = c.Registry.RoomMark(ctx)
	}
	if err == nil {
		next.devices, err = c.Registry.DevicesMark(ctx)
	}
	if err == nil {
		err = c.hear(ctx, next.newest)
	}
	if err != nil {
		return mark{}, err
	}
	m.since, m.at, m.last = changed, now, next
	return next, nil
}

// hear remembers the events up to the newest; where they are too many, or none was heard before, it begins anew.
func (c *console) hear(ctx context.Context, newest int64) error {
	m := &c.marks
	last := m.from + int64(len(m.heard))
	if m.since == nil || newest < last || newest-last > mostHeard {
		m.heard, m.from = nil, newest
		return nil
	}
	if newest == last {
		return nil
	}
	list, err := c.Registry.Events(ctx, last, int(newest-last), audit.Filter{})
	if err != nil {
		return err
	}
	m.heard = append(m.heard, list...)
	if over := len(m.heard) - mostHeard; over > 0 {
		m.heard, m.from = slices.Clone(m.heard[over:]), m.from+int64(over)
	}
	return nil
}

// news are the kinds of what changed between two marks, each once: a page asks again for the parts that show such a thing.
// About is what the page is about; empty: nothing alone.
func (c *console) news(was, is mark, about string) string {
	m := &c.marks
	m.Lock()
	defer m.Unlock()
	if was.newest < m.from || was.newest > is.newest {
		return newsOfAll
	}
	var kinds []string
	tell := func(kind string) {
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	heard := int64(len(m.heard))
	for _, e := range m.heard[min(was.newest-m.from, heard):min(is.newest-m.from, heard)] {
		kind, _, _ := strings.Cut(e.Code, ".")
		tell(kind)
		if about != "" && concerns(e, about) {
			tell(newsOfThis)
		}
	}
	if was.room != is.room {
		tell(newsOfLines)
	}
	if was.devices != is.devices {
		tell(newsOfDevices)
	}
	return strings.Join(kinds, " ")
}

// concerns reports whether an event names something: an application, a chip, a line, or what one of its details says.
func concerns(e audit.Event, what string) bool {
	if strings.EqualFold(e.Application, what) || strings.EqualFold(string(e.Chip), what) || e.Line == what {
		return true
	}
	for _, value := range e.Detail {
		if strings.EqualFold(value, what) {
			return true
		}
	}
	return false
}
