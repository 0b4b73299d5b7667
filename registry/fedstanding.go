package registry

import (
	"context"
	"strconv"
	"time"

	"blanko/jobs"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// Reasons of the movements of blanks that a feed counter tells of after a stand.
const (
	reasonStood  = "stood"  // out of the hopper while the line stood, as it seems
	reasonStayed = "stayed" // it was in the hopper all the time: the printer counted something else
)

// FedStanding is what the printer of a line counted while the line stood, beyond what the ledger knows.
type FedStanding struct {
	Line   jobs.LineID
	Blanks int
	Since  time.Time // when it was seen
}

// fedStanding takes the blanks that the printer of a line fed while it stood into doubt: some counters also
// count what a person lays in, and the cards of a cleaning. No more than the hopper held can have left it.
func (w *work) fedStanding(before, now feedMark, counted int) error {
	line := string(w.t.Line)
	n, err := stock.Doubted(w.tx, line, counted, w.why(reasonStood))
	if err != nil {
		return err
	}
	if n == 0 {
		return w.markDropped(w.t.Line, before, &now, markEmpty)
	}
	return w.tell(audit.Event{Code: "stock.fed_standing", Line: line, Detail: map[string]string{
		"printer": now.Printer, "counter": strconv.Itoa(before.Cards), "now": strconv.Itoa(now.Cards),
		"counted": strconv.Itoa(counted), "blanks": strconv.Itoa(n),
	}})
}

// loadedAnew drops the mark of a line that stood, whose hopper the ledger knows to be empty: what is loaded
// into it now was not there before.
func (a *act) loadedAnew(line jobs.LineID) error {
	mark, found, err := feedMarkOf(a.tx, line)
	if err != nil || !found || !mark.Stood {
		return err
	}
	held, err := stock.Holds(a.tx, stock.On(stock.Hopper, string(line)))
	if err != nil || held > 0 {
		return err
	}
	if err := dropFeedMark(a.tx, line); err != nil {
		return err
	}
	return a.markDropped(line, mark, nil, markLoaded)
}

// SettleFed ends the doubt about blanks that the printer of a line counted while it stood: so many stayed in
// the hopper, so many were found and lie in the reject tray, so many are lost. By two persons.
type SettleFed struct {
	Line   jobs.LineID
	Stayed int
	Found  int
	Lost   int
	Second Actor
}

func (SettleFed) Name() Name      { return opSettleFed }
func (o SettleFed) second() Actor { return o.Second }

func (o SettleFed) thing(a *act) (any, error) {
	return stock.Standing(a.tx, string(o.Line), reasonStood)
}

func (o SettleFed) run(a *act) error {
	const op = "registry.SettleFed"
	if _, err := jobs.LineByID(a.tx, o.Line); err != nil {
		return err
	}
	open, err := stock.Standing(a.tx, string(o.Line), reasonStood)
	switch {
	case err != nil:
		return err
	case o.Stayed < 0 || o.Found < 0 || o.Lost < 0 || o.Stayed+o.Found+o.Lost == 0:
		return badOperation.At(op, nil).With("blanks", "how many stayed, were found, are lost")
	case o.Stayed+o.Found+o.Lost > len(open):
		return wrongState.At(op, nil).With("blanks", "%d of %s are in doubt", len(open), o.Line)
	}
	for _, part := range []struct {
		n      int
		to     stock.Place
		reason string
	}{
		{o.Stayed, stock.On(stock.Hopper, string(o.Line)), reasonStayed},
		{o.Found, stock.On(stock.Reject, string(o.Line)), "found"},
		{o.Lost, stock.At(stock.Lost), causeDeclaredLost},
	} {
		for _, b := range open[:part.n] {
			if err := stock.Settle(a.tx, b, part.to, a.why(part.reason)); err != nil {
				return err
			}
		}
		open = open[part.n:]
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Line: string(o.Line), Detail: map[string]string{
		"stayed": strconv.Itoa(o.Stayed), "found": strconv.Itoa(o.Found), "lost": strconv.Itoa(o.Lost), "open": strconv.Itoa(len(open)),
	}})
}

// FedStanding lists the lines with blanks in doubt that their printer counted while they stood.
func (r *Registry) FedStanding(ctx context.Context) (list []FedStanding, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list = nil
		lines, err := jobs.Lines(tx)
		if err != nil {
			return err
		}
		for _, l := range lines {
			open, err := stock.Standing(tx, string(l.ID), reasonStood)
			if err != nil {
				return err
			}
			if len(open) > 0 {
				list = append(list, FedStanding{l.ID, len(open), open[0].Since})
			}
		}
		return nil
	})
	return list, err
}
