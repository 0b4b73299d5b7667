package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// standing is what one side thinks of a record.
type standing struct {
	Version int    `json:"version" doc:"0: this side does not have it"`
	Word    string `json:"word,omitempty" doc:"National status word"`
	State   string `json:"state,omitempty" doc:"The station's own"`
}

// difference is one record on which center and ledger do not agree.
type difference struct {
	Application string   `json:"application"`
	What        string   `json:"what" enum:"only_center,only_station,not_taken,version_differs,word_differs,named_twice"`
	Center      standing `json:"center"`
	Station     standing `json:"station"`
	Pending     bool     `json:"pending" doc:"A report on its way explains it"`
}

// reconciliation is what center and ledger thought at the end of a day.
type reconciliation struct {
	Day         string       `json:"day" doc:"yyyy-mm-dd"`
	At          time.Time    `json:"at"`
	Center      int          `json:"center" doc:"Records that the center named"`
	Station     int          `json:"station" doc:"Records that the ledger has"`
	Differences []difference `json:"differences" nullable:"false"`
}

func reconciliations(a *api) {
	get(a, access.SeeOrders, "/v1/reconciliations", "listReconciliations", "What center and ledger thought of the records, and where they differed; newest day first",
		func(ctx context.Context, in *Paging) (*answer[list[reconciliation]], error) {
			return idPage(*in, func(before string, limit int) ([]registry.Reconciliation, error) {
				return a.Registry.Reconciliations(ctx, before, limit)
			}, func(r registry.Reconciliation) string { return r.Day }, reconciliationOf)
		})
}

func reconciliationOf(r registry.Reconciliation) reconciliation {
	out := reconciliation{Day: r.Day, At: r.At.UTC(), Center: r.Center, Station: r.Station, Differences: []difference{}}
	for _, d := range r.Differences {
		out.Differences = append(out.Differences, difference{
			Application: string(d.ID), What: string(d.What), Center: standingOf(d.Center), Station: standingOf(d.Station), Pending: d.Pending,
		})
	}
	return out
}

func standingOf(s registry.Standing) standing {
	return standing{Version: s.Version, Word: string(s.Word), State: string(s.State)}
}
