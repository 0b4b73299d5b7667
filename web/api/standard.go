package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// rules are what the service standard in force says of one type of application.
type rules struct {
	Standard     string            `json:"standard" doc:"Id and version"`
	Hash         string            `json:"hash" doc:"SHA-256, hex"`
	OnlyAtDinas  bool              `json:"onlyAtDinas"`
	OldCard      bool              `json:"oldCard" doc:"The card of before is surrendered at the hand-over"`
	Priority     int               `json:"priority"`
	Requirements []requirementRule `json:"requirements" nullable:"false"`
}

type requirementRule struct {
	ID          string `json:"id"`
	Indonesian  string `json:"indonesian"`
	English     string `json:"english"`
	Evidence    string `json:"evidence" enum:"seen,surrendered,scan,number,age"`
	Overridable bool   `json:"overridable" doc:"A second person may let it be missing"`
	Retires     bool   `json:"retires" doc:"It says that the card in force is lost, and ends it"`

	Instead []requirementRule `json:"instead,omitempty" doc:"Any of these does in its place"`
}

func requirementOf(q registry.RequirementRule) requirementRule {
	r := requirementRule{ID: q.ID, Indonesian: q.Text.ID, English: q.Text.EN, Evidence: string(q.Evidence), Overridable: q.Overridable, Retires: q.Retires}
	for _, other := range q.Instead {
		r.Instead = append(r.Instead, requirementOf(other))
	}
	return r
}

// standardVersion is a version of the service standard that was taken into use.
type standardVersion struct {
	ID         string    `json:"id"`
	Version    string    `json:"version"`
	Hash       string    `json:"hash"`
	ChangedBy  string    `json:"changedBy"`
	ApprovedBy string    `json:"approvedBy"`
	ActiveFrom time.Time `json:"activeFrom"`
}

// design is a version of what cards are made by, that two persons approved and the key token signed.
type design struct {
	Kind       string    `json:"kind" enum:"profile,artwork,standard"`
	Name       string    `json:"name"`
	Version    string    `json:"version"`
	Hash       string    `json:"hash" doc:"SHA-256, hex"`
	ChangedBy  string    `json:"changedBy"`
	ApprovedBy string    `json:"approvedBy"`
	ApprovedAt time.Time `json:"approvedAt"`
}

func standards(a *api) {
	get(a, access.SeeProduction, "/v1/designs", "listDesigns", "Card profiles, templates of the face and service standards that were approved, newest first",
		func(ctx context.Context, in *struct {
			Limit int `query:"limit" minimum:"1" maximum:"500" default:"100"`
		},
		) (*answer[list[design]], error) {
			all, err := a.Registry.Designs(ctx, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &answer[list[design]]{list[design]{Items: []design{}}}
			for _, d := range all {
				out.Body.Items = append(out.Body.Items, design{d.Kind, d.Name, d.Version, d.Hash, d.ChangedBy, d.ApprovedBy, d.ApprovedAt.UTC()})
			}
			return out, nil
		})
	get(a, access.TakePart, "/v1/standard/{type}", "getRules", "What an application of a type needs, by the service standard in force",
		func(ctx context.Context, in *struct {
			Type string `path:"type" enum:"new,old_paper,lost,damaged,data_change,moved_in,outside_domicile,foreign_new,foreign_extension,foreign_replacement"`
		},
		) (*answer[rules], error) {
			r, err := a.Registry.RulesOf(ctx, ktp.ApplicationType(in.Type))
			if err != nil {
				return nil, err
			}
			out := rules{r.Standard, r.Hash, r.OnlyAtDinas, r.OldCard, r.Priority, []requirementRule{}}
			for _, q := range r.Requirements {
				out.Requirements = append(out.Requirements, requirementOf(q))
			}
			return &answer[rules]{out}, nil
		})
	get(a, access.SeeApplications, "/v1/standard-versions", "listStandardVersions", "Versions of the service standard that were taken into use, newest first",
		func(ctx context.Context, in *struct {
			Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
		},
		) (*answer[list[standardVersion]], error) {
			all, err := a.Registry.StandardVersions(ctx, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &answer[list[standardVersion]]{list[standardVersion]{Items: []standardVersion{}}}
			for _, v := range all {
				out.Body.Items = append(out.Body.Items, standardVersion{v.ID, v.Version, v.Hash, v.ChangedBy, v.ApprovedBy, v.ActiveFrom.UTC()})
			}
			return out, nil
		})
	change(a, registry.UseStandard{}, "/v1/standard", "useStandard", "Take another service standard into use",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Content string `json:"content" minLength:"1" maxLength:"262144" doc:"YAML, as in the files that ship"`
			}
		},
		) (registry.Operation, error) {
			return registry.UseStandard{Content: in.Body.Content}, nil
		})
}
