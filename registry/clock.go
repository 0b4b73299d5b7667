package registry

import (
	"context"
	"slices"
	"time"

	"blanko/store"
)

// Clock is how an application of a counter stands against the two limits: 14 days, which never stop,
// and 24 hours, which stop while an incident is open (Law 23/2006; Permendagri 19/2018).
type Clock struct {
	Application ApplicationID
	Complete    time.Time // both run from the complete application
	Ready       time.Time // for collection; zero: not yet
	Due         time.Time // of the 14 days
	Late        time.Duration
	Worked      time.Duration // of the 24 hours, without the time of incidents
	Stopped     time.Duration // by incidents
	HoursLate   time.Duration // beyond the 24 hours
	Causes      []string      // of the incidents, each once
}

// serviceHours is the limit of the 2018 rule.
const serviceHours = 24 * time.Hour

// ready notes when the card of an application can be collected: it arrived at its place, or was made
// where that is the counter of the Dinas.
func (a *act) ready(app Application) error {
	if app.Origin != originLocal || app.State != Delivered && app.State != Produced {
		return nil
	}
	if app.State == Produced {
		p, err := a.deliveryOf(app.ID)
		if err != nil || p.Kind != PlaceDinas {
			return err
		}
	}
	in, err := a.intake(app.ID)
	if err != nil || !in.ReadyAt.IsZero() {
		return err
	}
	in.ReadyAt = a.now()
	return in.save(a.tx)
}

// Clock is how an application stands against the two limits.
func (r *Registry) Clock(ctx context.Context, id ApplicationID) (c Clock, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		in, err := a.intake(id)
		if err != nil {
			return err
		}
		list, err := stops(tx, in.Place, in.CompleteAt)
		c = clockOf(app, in, list, tx.Now())
		return err
	})
	return c, err
}

// clockOf measures both clocks until the card is ready, the application has ended, or now.
func clockOf(app Application, in Intake, list []Incident, now time.Time) Clock {
	c := Clock{Application: app.ID, Complete: in.CompleteAt, Ready: in.ReadyAt, Due: app.Due}
	end := now
	switch {
	case !in.ReadyAt.IsZero():
		end = in.ReadyAt
	case !app.Open():
		end = app.Since
	}
	c.Stopped = stoppedBy(list, in.CompleteAt, end)
	c.Worked = end.Sub(in.CompleteAt) - c.Stopped
	c.HoursLate = max(0, c.Worked-serviceHours)
	c.Late = max(0, end.Sub(app.Due))
	for _, i := range list {
		if stoppedBy([]Incident{i}, in.CompleteAt, end) > 0 && !slices.Contains(c.Causes, i.Cause) {
			c.Causes = append(c.Causes, i.Cause)
		}
	}
	return c
}

// stoppedBy is for how long at least one of some incidents, in the order of their beginning, was open.
func stoppedBy(list []Incident, from, to time.Time) (total time.Duration) {
	covered := from
	for _, i := range list {
		begin, end := i.BeganAt, i.EndedAt
		if end.IsZero() || end.After(to) {
			end = to
		}
		if begin.Before(covered) {
			begin = covered
		}
		if end.After(begin) {
			total += end.Sub(begin)
			covered = end
		}
	}
	return total
}
