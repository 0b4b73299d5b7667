package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// examined is an examination of a chip.
type examined struct {
	Number      string     `json:"number"`
	At          time.Time  `json:"at"`
	By          string     `json:"by"`
	Place       string     `json:"place,omitempty" doc:"Service place of who examined; absent: the Dinas"`
	Chip        string     `json:"chip,omitempty" doc:"Absent: it was not read"`
	Application string     `json:"application,omitempty" doc:"Absent: no card of this register"`
	Cause       *web.Cause `json:"cause,omitempty"`
	Mark        string     `json:"mark" enum:"good,bad,warning"`
}

// papersOfChips are the examinations of chips and the slips of their holders.
func papersOfChips(a *api) {
	get(a, access.SeeApplications, "/v1/chip-examinations", "listChipExaminations", "Examinations of chips, in the order of their numbers",
		func(ctx context.Context, in *struct {
			Chip string `query:"chip" maxLength:"20"`
			Paging
		},
		) (*answer[list[examined]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Examination, error) {
				return a.Registry.Examinations(ctx, ktp.ChipUID(in.Chip), after, limit)
			}, func(x registry.Examination) string { return x.Number }, func(x registry.Examination) examined {
				return examined{x.Number, x.At.UTC(), x.By, x.Place, string(x.Chip), string(x.Application), a.Problems.Explain(x.Cause), x.Told.Mark}
			})
		})
	paperOf(a, registry.PaperChipCheck, "/v1/chip-examinations/{examination}/papers/slip", "printChipCheck", "The slip of an examination of a chip, for who brought the card", false,
		func(f *form, in *struct {
			Keyed
			Number string `path:"examination" pattern:"^PC-[0-9]{4}-[0-9]{6}$" patternDescription:"PC-YYYY-NNNNNN"`
		},
		) (filled, error) {
			return chipPaper(f, in.Number)
		})
}

var examinationMarks = map[string]paper.Mark{registry.MarkGood: paper.Good, registry.MarkBad: paper.Bad, registry.MarkWarning: paper.Warning}

func chipPaper(f *form, number string) (filled, error) {
	x, err := f.api.Registry.Examination(f.ctx, number)
	if err != nil {
		return filled{}, err
	}
	p := paper.ChipCheck{
		Number: x.Number, At: f.local(x.At), By: f.officer(x.By).Name, Chip: x.Chip, Code: x.Cause, Mark: examinationMarks[x.Told.Mark], Finding: x.Told.Finding, Steps: x.Told.Steps,
	}
	if x.Application != "" {
		who, _ := f.person(x.Application)
		p.NIK = who.NIK
	}
	for _, c := range x.Told.Checks {
		p.Checks = append(p.Checks, paper.Result{What: c.What, Mark: examinationMarks[c.Mark], Text: c.Text})
	}
	return filled{
		subject: x.Number, number: x.Number, content: p,
		draw: func(h paper.Heading) ([]byte, error) {
			c := p
			c.Office, c.Verify, c.Link = h.Office, h.Code, h.Link
			return paper.ChipCheckSlip(c)
		},
	}, nil
}
