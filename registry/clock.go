package registry

import (
	"context"
	"time"

	"blanko/registry/standard"
	"blanko/store"
)

// Clock is how an application of a counter stands against one limit of its service standard: the 14
// days, which never stop, or the 24 hours, which stop while an incident is open (Law 23/2006;
// Permendagri 19/2018).
type Clock struct {
	ID       string
	Limit    time.Duration
	Complete time.Time // it runs from the complete application
	Ready    time.Time // for collection; zero: not yet
	Due      time.Time // as far as the incidents are known
	Elapsed  time.Duration
	Stopped  time.Duration // by incidents
	By       []Incident    // these, in the order in which they began
	Late     time.Duration
}

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

// Clocks are those of an application, by the standard that it was taken under.
func (r *Registry) Clocks(ctx context.Context, id ApplicationID) (list []Clock, err error) {
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
		s, err := a.standardOf(in)
		if err != nil {
			return err
		}
		stopping, err := stops(tx, orDinas(in.Place), in.CompleteAt)
		list = clocksOf(s, app, in, stopping, tx.Now())
		return err
	})
	return list, err
}

// clocksOf measures until the card is ready, the application has ended, or now.
func clocksOf(s standard.Standard, app Application, in Intake, stopping []Incident, now time.Time) (list []Clock) {
	end := now
	switch {
	case !in.ReadyAt.IsZero():
		end = in.ReadyAt
	case !app.Open():
		end = app.Since
	}
	var outages []standard.Outage
	for _, i := range stopping {
		outages = append(outages, standard.Outage{Cause: i.Cause, From: i.BeganAt, To: i.EndedAt})
	}
	for _, c := range s.Clocks {
		r := c.Read(in.CompleteAt, end, outages)
		k := Clock{
			ID: c.ID, Limit: time.Duration(c.Hours) * time.Hour, Complete: in.CompleteAt, Ready: in.ReadyAt,
			Due: c.Due(in.CompleteAt, end, outages), Elapsed: r.Run, Stopped: r.Stopped, Late: r.Late,
		}
		for n, i := range stopping {
			if c.Read(in.CompleteAt, end, outages[n:n+1]).Stopped > 0 {
				k.By = append(k.By, i)
			}
		}
		list = append(list, k)
	}
	return list
}
