package registry

import (
	"strconv"

	"blanko/jobs"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// feedMark is what the feed counter of a line said when it was last held against the ledger.
type feedMark struct {
	Printer  string // serial number
	Cards    int
	Movement int64 // newest movement of blanks
}

// mostUnread bounds what a printer can have fed between two readings of its counter: no hopper holds more.
const mostUnread = 500

// countFeeds holds the feed counter of the line's printer against the blanks that the ledger saw leave its
// hopper since the counter was last read. What the printer fed besides has left the hopper all the same:
// nobody read it, and the way out leads to the reject tray, so that it is counted there until it is read.
// Another printer, one that does not say which it is, and a counter that was set back or leapt further than
// a hopper holds, prove nothing of what was before.
func (w *work) countFeeds(printer string, cards *int) error {
	if cards == nil || w.t.Kind == jobs.Desktop {
		return nil
	}
	now := feedMark{Printer: printer, Cards: *cards}
	before, found, err := feedMarkOf(w.tx, w.t.Line)
	if err != nil {
		return err
	}
	if found && printer != "" && before.Printer == printer && before.Cards <= *cards {
		out, err := leftHopper(w.tx, w.t.Line, before.Movement)
		if err != nil {
			return err
		}
		unread := *cards - before.Cards - out
		if unread <= mostUnread {
			now.Cards = max(now.Cards, before.Cards+out) // what was met before it was counted
			for range unread {
				if err := w.unseen(); err != nil {
					return err
				}
			}
		}
	}
	if now.Movement, err = newestMovement(w.tx); err != nil {
		return err
	}
	return now.save(w.tx, w.t.Line)
}

// unseen counts a blank out of the hopper and into the reject tray.
func (w *work) unseen() error {
	line := string(w.t.Line)
	from, to := stock.On(stock.Hopper, line), stock.On(stock.Reject, line)
	explained, err := stock.Stray(w.tx, line, "", to, w.why("counted"))
	if !explained {
		from = stock.At(stock.Found)
	}
	if err != nil {
		return err
	}
	return w.tell(audit.Event{Code: "card.found", Line: line, Detail: map[string]string{
		"from": from.String(), "to": to.String(), "known": strconv.FormatBool(false), "proof": "feed_counter",
	}})
}
