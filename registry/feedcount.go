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
	Stood    bool  // the line was started anew since, with nothing in work
}

// mostUnread bounds what a printer can have fed between two readings of its counter: no hopper holds more.
const mostUnread = 500

// countFeeds holds the feed counter of the line's printer against the blanks that the ledger saw leave its
// hopper since the counter was last read. What the printer fed besides between two cards has left the hopper
// all the same: nobody read it, and the way out leads to the reject tray, so that it is counted there until it
// is read. What it counted while the line stood may be blanks or the cards of a cleaning: it is in doubt.
// Another printer, and a counter that was set back or leapt further than a hopper holds between two cards,
// prove nothing of what was before. A printer that does not say which it is leaves no mark.
func (w *work) countFeeds(printer string, cards *int) error {
	if cards == nil || w.t.Kind == jobs.Desktop {
		return nil
	}
	line := w.t.Line
	now := feedMark{Printer: printer, Cards: *cards}
	before, found, err := feedMarkOf(w.tx, line)
	if err != nil {
		return err
	}
	if found {
		if wait, err := w.sinceMark(before, now); err != nil || wait {
			return err
		}
	}
	if printer == "" {
		return dropFeedMark(w.tx, line)
	}
	if now.Movement, err = newestMovement(w.tx); err != nil {
		return err
	}
	return now.save(w.tx, line)
}

// sinceMark accounts for what the counter says beyond the ledger. Wait: the mark stays, since by the ledger
// more left than was counted.
func (w *work) sinceMark(before, now feedMark) (wait bool, err error) {
	switch {
	case before.Printer != now.Printer:
		return false, w.markDropped(w.t.Line, before, &now, markAnother)
	case now.Cards < before.Cards:
		return false, w.markDropped(w.t.Line, before, &now, markBack)
	}
	out, err := leftHopper(w.tx, w.t.Line, before.Movement)
	if err != nil {
		return false, err
	}
	unread := now.Cards - before.Cards - out
	if unread < 0 && now.Cards > before.Cards { // by the ledger more left than the printer counted, which does count
		twice, err := w.countedTwice(-unread, before.Movement)
		if err != nil {
			return false, err
		}
		unread += twice
	}
	switch {
	// A card was met before it was counted, or a feed in doubt never happened: the mark stays until the counter
	// has caught up, so that the next feed is not taken for one that nobody read. Until then one such feed hides.
	case unread < 0:
		return true, nil
	case unread == 0:
		return false, nil
	case before.Stood:
		return false, w.fedStanding(before, now, unread)
	case unread > mostUnread:
		return false, w.markDropped(w.t.Line, before, &now, markLeapt)
	}
	for range unread {
		if err := w.unseen(); err != nil {
			return false, err
		}
	}
	return false, nil
}

// Why a mark was dropped: what was fed before cannot be told.
const (
	markAnother = "printer_changed"
	markBack    = "counter_back"
	markLeapt   = "counter_leapt"
	markEmpty   = "hopper_empty"
	markLoaded  = "loaded_anew"
)

// markDropped tells that the mark proves nothing any more; now is nil where the counter was not read.
func (a *act) markDropped(line jobs.LineID, before feedMark, now *feedMark, cause string) error {
	detail := map[string]string{"cause": cause, "printer": before.Printer, "counter": strconv.Itoa(before.Cards)}
	if now != nil {
		detail["now"] = strconv.Itoa(now.Cards)
		if now.Printer != before.Printer {
			detail["other"] = now.Printer
		}
	}
	return a.tell(audit.Event{Code: "feed.mark_dropped", Line: string(line), Detail: detail})
}

// countedTwice: by the ledger more blanks left the hopper than the printer fed. One that was counted out unread
// while it was inside all the time, unseen, was fed to an attempt later: it does not lie in the reject tray as
// well. A blank in doubt proves nothing, since it may never have left. It gives how many were put back.
func (w *work) countedTwice(most int, since int64) (n int, err error) {
	doubts, err := doubtedFeeds(w.tx, w.t.Line, since)
	if err != nil {
		return 0, err
	}
	line := string(w.t.Line)
	from, to := stock.On(stock.Reject, line), stock.On(stock.Hopper, line)
	for ; n < most-doubts; n++ {
		found, err := stock.Uncount(w.tx, from, reasonCounted, to, w.why("counted_twice"))
		if err != nil || !found {
			return n, err
		}
		if err := w.tell(audit.Event{Code: "stock.moved", Line: line, Detail: map[string]string{
			"from": from.String(), "to": to.String(), "reason": "counted_twice",
		}}); err != nil {
			return n, err
		}
	}
	return n, nil
}

// reasonCounted is that of the movement of a blank which the feed counter alone tells of.
const reasonCounted = "counted"

// unseen counts a blank out of the hopper and into the reject tray.
func (w *work) unseen() error {
	line := string(w.t.Line)
	from, to := stock.On(stock.Hopper, line), stock.On(stock.Reject, line)
	explained, err := stock.Stray(w.tx, line, "", to, w.why(reasonCounted))
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
