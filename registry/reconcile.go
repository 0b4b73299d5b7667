package registry

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// Standing is what one side thinks of a record.
type Standing struct {
	ID      ApplicationID `json:"id"`
	Version int           `json:"version"`
	Word    Word          `json:"word,omitempty"`
	State   State         `json:"state,omitempty"` // the station's own
	// Waiting: a report of the record has not reached the center.
	Waiting bool `json:"waiting,omitempty"`
	// Later: it came after the day that is compared; the center need not name it.
	Later bool `json:"-"`
}

// Disagreement is how the two sides differ.
type Disagreement string

const (
	OnlyCenter     Disagreement = "only_center"     // the ledger never had it
	OnlyStation    Disagreement = "only_station"    // the center does not name it
	NotTaken       Disagreement = "not_taken"       // the ledger refused it, or knows only its withdrawal
	VersionDiffers Disagreement = "version_differs" //
	WordDiffers    Disagreement = "word_differs"    //
	NamedTwice     Disagreement = "named_twice"     // by the center
)

// Difference is one record on which the two sides do not agree. A side that does not have it has
// version 0. Pending: a report on its way explains it.
type Difference struct {
	ID      ApplicationID `json:"id"`
	What    Disagreement  `json:"what"`
	Center  Standing      `json:"center"`
	Station Standing      `json:"station"`
	Pending bool          `json:"pending"`
}

// Compare holds what the center thinks against what the station thinks, by id. Rejected are records
// that the ledger knows and did not take.
func Compare(center, station []Standing, rejected map[ApplicationID]bool) (list []Difference) {
	here := make(map[ApplicationID]Standing, len(station))
	for _, s := range station {
		here[s.ID] = s
	}
	seen := make(map[ApplicationID]bool, len(center))
	for _, c := range center {
		s, known := here[c.ID]
		d := Difference{ID: c.ID, Center: c, Station: s, Pending: s.Waiting}
		switch {
		case seen[c.ID]:
			d.What, d.Pending = NamedTwice, false
		case !known && rejected[c.ID]:
			d.What = NotTaken
		case !known:
			d.What = OnlyCenter
		case c.Version != s.Version:
			d.What, d.Pending = VersionDiffers, false // no report changes the center's version
		case c.Word != s.Word:
			d.What = WordDiffers
		}
		seen[c.ID] = true
		if d.What != "" {
			list = append(list, d)
		}
	}
	for _, s := range station {
		if !seen[s.ID] && !s.Later {
			list = append(list, Difference{ID: s.ID, What: OnlyStation, Station: s})
		}
	}
	slices.SortStableFunc(list, func(a, b Difference) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// ReconcileCenter holds what the center thinks of the office's records at the end of a day against
// the ledger, and keeps the report of it. The same day again replaces the report; nothing else changes:
// a person decides what a difference means. In a ledger that was put back to an older copy, what the center
// knows to be further is held.
type ReconcileCenter struct {
	Day    string // yyyy-mm-dd
	Center []Standing
}

func (ReconcileCenter) Name() Name { return opReconcileCenter }

func (o ReconcileCenter) run(a *act) error {
	day, err := time.Parse(time.DateOnly, o.Day)
	if err != nil {
		return badOperation.At("registry.ReconcileCenter", nil).With("day", "yyyy-mm-dd")
	}
	station, err := standings(a.tx, day.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	rejected, err := notTaken(a.tx)
	if err != nil {
		return err
	}
	rep := Reconciliation{Day: o.Day, At: a.now(), Center: len(o.Center), Station: len(station), Differences: Compare(o.Center, station, rejected)}
	if err := rep.save(a.tx); err != nil {
		return err
	}
	if err := a.holdAhead(rep.Differences); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"day": o.Day, "differences": strconv.Itoa(len(rep.Differences))}})
}

// Reconciliation is the report of one day.
type Reconciliation struct {
	Day         string
	At          time.Time
	Center      int // records that the center named
	Station     int // records that the ledger has
	Differences []Difference
}

// Reconciliations are the reports of the days before a day, newest first; "" from the newest on.
func (r *Registry) Reconciliations(ctx context.Context, before string, limit int) (list []Reconciliation, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = reconciliations(tx, `where (? = '' or day < ?) order by day desc limit ?`, before, before, limit)
		return err
	})
	return list, err
}
