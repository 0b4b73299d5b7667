package api

import (
	"context"

	"blanko/registry"
	"blanko/registry/access"
)

// batch is a set of applications that one person is about to approve together.
type batch struct {
	ID           string   `json:"id"`
	Applications []string `json:"applications" nullable:"false"`
	DrawnFor     string   `json:"drawnFor"`
	State        string   `json:"state" enum:"open,approved,dropped"`
	Sample       []string `json:"sample" nullable:"false" doc:"Drawn at random; each is opened before the batch can be approved"`
	Opened       []string `json:"opened" nullable:"false"`
}

type BatchName struct {
	ID string `path:"batch" pattern:"^[0-9a-f]{20}$" patternDescription:"20 hex digits"`
}

type batchKeyed struct {
	Keyed
	BatchName
}

func batches(a *api) {
	change(a, registry.DrawBatch{}, "/v1/batches", "drawBatch", "Put applications together for one approval",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Applications []string `json:"applications,omitempty" nullable:"false" maxItems:"500" doc:"Print ready, without warnings; where work is handed out, in the sender's hands"`
				Count        int      `json:"count,omitempty" minimum:"1" maximum:"500" doc:"Instead of them: so many at most, the first of the queue"`
			}
		},
		) (registry.Operation, error) {
			op := registry.DrawBatch{Count: in.Body.Count}
			for _, id := range in.Body.Applications {
				op.Applications = append(op.Applications, registry.ApplicationID(id))
			}
			return op, nil
		})
	get(a, access.Approve, "/v1/batches/{batch}", "getBatch", "A batch with its sample", func(ctx context.Context, in *BatchName) (*answer[batch], error) {
		b, err := a.Registry.Batch(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return &answer[batch]{batch{
			ID: b.ID, Applications: words(b.Applications), DrawnFor: b.DrawnFor, State: b.State, Sample: words(b.Sample), Opened: words(b.Opened),
		}}, nil
	})
	change(a, registry.OpenSample{}, "/v1/batches/{batch}/sample/{application}", "openSample", "Note that an application of the sample was opened",
		func(_ context.Context, in *struct {
			Keyed
			BatchName
			Application string `path:"application" maxLength:"64"`
		},
		) (registry.Operation, error) {
			return registry.OpenSample{Batch: in.ID, Application: registry.ApplicationID(in.Application)}, nil
		})
	change(a, registry.ApproveBatch{}, "/v1/batches/{batch}/approval", "approveBatch", "Approve all of a batch, or none",
		func(_ context.Context, in *batchKeyed) (registry.Operation, error) {
			return registry.ApproveBatch{Batch: in.ID}, nil
		})
}
