package registry

import (
	"context"

	"blanko/jobs"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// DefineLine tells the ledger of a line of a station's configuration. A line of another station moves
// to this one only while it has no card in work: another printer's counters and sensors would be
// taken for those of the attempt.
type DefineLine struct {
	Line    jobs.LineID
	Kind    jobs.Kind
	Station string // its serial; empty: the only one
}

func (DefineLine) Name() Name { return opDefineLine }

func (o DefineLine) run(a *act) error {
	if o.Line == "" {
		return badOperation.At("registry.DefineLine", nil).With("line", "a name is needed")
	}
	old, err := jobs.LineByID(a.tx, o.Line)
	if err == nil && old.Kind == o.Kind && old.Station == o.Station {
		a.res.Answer = AnswerUnchanged
		return nil
	}
	if err == nil && old.Station != "" && old.Station != o.Station {
		open, err := jobs.AttemptsOn(a.tx, o.Line)
		if err != nil {
			return err
		}
		if len(open) > 0 {
			return lineElsewhere.At("registry.DefineLine", nil).With("line", "%s has %d cards in work at station %s", o.Line, len(open), old.Station)
		}
	}
	if err := jobs.DefineLine(a.tx, o.Line, o.Kind, o.Station); err != nil {
		return err
	}
	a.res.Answer = AnswerDone
	detail := map[string]string{"kind": string(o.Kind)}
	if o.Station != "" {
		detail["station"] = o.Station
	}
	return a.tell(audit.Event{Code: a.row.Event, Line: string(o.Line), Detail: detail})
}

// PauseLine wishes a line to finish its card and feed nothing new.
type PauseLine struct {
	Line jobs.LineID
	Because
}

func (PauseLine) Name() Name { return opPauseLine }

func (o PauseLine) run(a *act) error {
	line, err := jobs.LineByID(a.tx, o.Line)
	if err != nil {
		return err
	}
	if line.Wish != jobs.Running { // a finding that stopped it stays the reason
		a.res.Answer = AnswerUnchanged
		return nil
	}
	a.res.Answer = AnswerDone
	return a.wish(o.Line, jobs.Paused, o.Reason)
}

// ResumeLine wishes a line to run. One that a finding stopped needs a supervisor.
type ResumeLine struct{ Line jobs.LineID }

func (ResumeLine) Name() Name { return opResumeLine }

func (o ResumeLine) run(a *act) error {
	line, err := jobs.LineByID(a.tx, o.Line)
	if err != nil {
		return err
	}
	if line.Wish == jobs.Stopped && !a.actor.May(access.ReopenLine) {
		return notAllowed.At("registry.ResumeLine", nil).With("line", "stopped by %s: needs a role for %s", line.Reason, access.ReopenLine)
	}
	if line.Wish == jobs.Running {
		a.res.Answer = AnswerUnchanged
		return nil
	}
	if line.Transfer.Spoils() {
		return TransferTemperature.At("registry.ResumeLine", nil).With("degrees", "%d", line.Transfer.Degrees)
	}
	a.res.Answer = AnswerDone
	return a.wish(o.Line, jobs.Running, "")
}

// wish writes what is wanted of a line and the event.
func (a *act) wish(id jobs.LineID, w jobs.Wish, reason string) error {
	if err := jobs.SetWish(a.tx, id, w, reason, a.actor.ID); err != nil {
		return err
	}
	detail := map[string]string{}
	if reason != "" {
		detail["cause"] = reason
	}
	return a.tell(audit.Event{Code: "line." + string(w), Line: string(id), Detail: detail})
}

// SetClock takes the clock as it is after it ran backward. By two persons; feeding goes on.
type SetClock struct{ Second Actor }

func (SetClock) Name() Name      { return opSetClock }
func (o SetClock) second() Actor { return o.Second }

func (o SetClock) run(a *act) error {
	head, err := audit.HeadOf(a.tx)
	if err != nil {
		return err
	}
	if err := a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"latest": head.Latest.Format(timeLayout), "now": a.now().Format(timeLayout),
	}}); err != nil {
		return err
	}
	return audit.SetLatest(a.tx)
}

// timeLayout is RFC 3339 in UTC with milliseconds.
const timeLayout = "2006-01-02T15:04:05.000Z"

// Observe writes what a line's loop reports of itself, at the station where the line stands. It is no event.
func (r *Registry) Observe(ctx context.Context, line jobs.LineID, station, state, reason string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error { return jobs.Observe(tx, line, station, state, reason) })
}

// Beat writes that a line's loop is there still, at the station where the line stands. It is no event, and no page is told.
func (r *Registry) Beat(ctx context.Context, line jobs.LineID, station string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error { return jobs.Beat(tx, line, station) })
}
