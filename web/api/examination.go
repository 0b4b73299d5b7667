package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// examination is what a chip told when somebody brought its card. It names nobody.
type examination struct {
	Number      string    `json:"number"`
	At          time.Time `json:"at"`
	By          string    `json:"by"`
	Place       string    `json:"place,omitempty" doc:"Absent: the Dinas"`
	Chip        string    `json:"chip,omitempty" doc:"Absent: it was not read"`
	Application string    `json:"application,omitempty" doc:"Absent: a card that was not made here"`
	Cause       string    `json:"cause" doc:"Code of the finding"`
	State       string    `json:"state,omitempty" enum:"blank,claimed,written,active,blocked,terminated,foreign" doc:"Of the chip, as it told it; absent: it was not read"`
	Mark        string    `json:"mark" enum:"good,bad,warning"`
	Finding     string    `json:"finding" doc:"As it was told, in Indonesian"`
}

// examinationDetail is one with everything that was told.
type examinationDetail struct {
	Examination examination        `json:"examination"`
	Steps       []string           `json:"steps" nullable:"false"`
	Checks      []examinationCheck `json:"checks" nullable:"false"`
}

type examinationCheck struct {
	What string `json:"what"`
	Mark string `json:"mark" enum:"good,bad,warning"`
	Text string `json:"text"`
}

func examinations(a *api) {
	get(a, access.SeeApplications, "/v1/examinations", "listExaminations", "Cards whose chips were examined here, also those of others, in the order of their numbers",
		func(ctx context.Context, in *struct {
			Chip   string `query:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits"`
			Origin string `query:"origin" enum:"here,foreign" doc:"foreign: cards alone that this station did not make, and those that could not be read"`
			Paging
		},
		) (*answer[list[examination]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Examination, error) {
				return a.Registry.ExaminationsThat(ctx, registry.ExaminationFilter{Chip: ktp.ChipUID(in.Chip), Origin: in.Origin, After: after, Limit: limit})
			}, func(x registry.Examination) string { return x.Number }, examinationOf)
		})
	get(a, access.SeeApplications, "/v1/examinations/{examination}", "getExamination", "An examination with everything that was told",
		func(ctx context.Context, in *struct {
			Number string `path:"examination" pattern:"^PC-[0-9]{4}-[0-9]{6}$" patternDescription:"PC-YYYY-NNNNNN"`
		},
		) (*answer[examinationDetail], error) {
			x, err := a.Registry.Examination(ctx, in.Number)
			if err != nil {
				return nil, err
			}
			out := examinationDetail{examinationOf(x), append([]string{}, x.Told.Steps...), []examinationCheck{}}
			for _, c := range x.Told.Checks {
				out.Checks = append(out.Checks, examinationCheck(c))
			}
			return &answer[examinationDetail]{out}, nil
		})
}

func examinationOf(x registry.Examination) examination {
	return examination{x.Number, x.At.UTC(), x.By, x.Place, string(x.Chip), string(x.Application), x.Cause, string(x.State), x.Told.Mark, x.Told.Finding}
}
