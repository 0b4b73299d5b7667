package registry

import (
	"context"
	"time"

	"blanko/store"
)

// StoppedClock is a clock of an application that an incident stopped.
type StoppedClock struct {
	Application ApplicationID
	Clock                     // as it stands by every incident
	Here        time.Duration // for which this one stopped it
}

// StoppedBy is an incident and the clocks that it stopped, in the order of their applications from the one after a
// given one: limit of them, with the rest of the last application's, or all that there are.
func (r *Registry) StoppedBy(ctx context.Context, incident string, after ApplicationID, limit int) (i Incident, list []StoppedClock, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		if i, err = a.incident(incident); err != nil || i.State != IncidentOpen && i.State != IncidentEnded {
			return err
		}
		for more := true; more && len(list) < limit; {
			rows, err := ranDuring(tx, i, after, limit)
			if err != nil {
				return err
			}
			for _, row := range rows {
				stopped, err := a.stoppedClocks(i, row)
				if err != nil {
					return err
				}
				list, after = append(list, stopped...), row.app.ID
			}
			more = len(rows) == limit
		}
		return nil
	})
	return i, list, err
}

func (a *act) stoppedClocks(i Incident, row ranAt) (list []StoppedClock, err error) {
	s, err := a.standardOf(row.in)
	if err != nil {
		return nil, err
	}
	all, err := stops(a.tx, orDinas(row.in.Place), row.in.CompleteAt)
	if err != nil {
		return nil, err
	}
	alone := clocksOf(s, row.app, row.in, []Incident{i}, a.now())
	for n, c := range clocksOf(s, row.app, row.in, all, a.now()) {
		if here := alone[n].Stopped; here > 0 {
			list = append(list, StoppedClock{row.app.ID, c, here})
		}
	}
	return list, nil
}
