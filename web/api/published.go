package api

import (
	"context"

	"blanko/ktp"
	"blanko/registry/standard"
)

// published is the service standard in force, as a district has to show it to everybody.
type published struct {
	Standard string                 `json:"standard" doc:"Id and version"`
	Title    publishedText          `json:"title"`
	Product  publishedText          `json:"product"`
	Free     publishedText          `json:"free" doc:"What the card costs: nothing"`
	Types    []publishedType        `json:"types" nullable:"false" doc:"What may be asked for, with what it needs"`
	Times    []publishedTime        `json:"times" nullable:"false" doc:"From complete receipt to ready for collection"`
	Fines    []publishedFine        `json:"fines" nullable:"false"`
	Duties   []publishedDuty        `json:"procedure" nullable:"false"`
	Channels []publishedChannel     `json:"complaintChannels" nullable:"false"`
	Contact  publishedComplaintDesk `json:"complaintDesk"`
}

type publishedText struct {
	Indonesian string `json:"indonesian"`
	English    string `json:"english"`
}

type publishedType struct {
	Type         string            `json:"type"`
	OnlyAtDinas  bool              `json:"onlyAtDinas"`
	Requirements [][]publishedText `json:"requirements" nullable:"false" doc:"All of them; of those that stand together any one does"`
}

type publishedTime struct {
	Text  publishedText `json:"text"`
	Hours int           `json:"hours"`
	Basis string        `json:"basis"`
}

type publishedFine struct {
	Text   publishedText `json:"text"`
	Rupiah int64         `json:"rupiah"`
	Basis  string        `json:"basis"`
}

type publishedDuty struct {
	Role string        `json:"role"`
	Text publishedText `json:"text"`
}

type publishedChannel struct {
	Channel string        `json:"channel"`
	Text    publishedText `json:"text"`
	Address string        `json:"address,omitempty"`
}

type publishedComplaintDesk struct {
	Team       publishedText `json:"team"`
	Officer    string        `json:"officer"`
	Telephone  string        `json:"telephone"`
	AnswerDays int           `json:"answerDays"`
}

func both(t standard.Text) publishedText { return publishedText{t.ID, t.EN} }

// each turns the rows of a list; never nil.
func each[A, B any](rows []A, turn func(A) B) []B {
	out := make([]B, 0, len(rows))
	for _, r := range rows {
		out = append(out, turn(r))
	}
	return out
}

func (a *api) published(ctx context.Context, _ *struct{}) (*answer[published], error) {
	s, err := a.Registry.Standard(ctx)
	if err != nil {
		return nil, a.Problems.Of(err)
	}
	p := published{
		Standard: s.ID + "/" + s.Version, Title: both(s.Title), Product: both(s.Product), Free: both(s.Free), Fines: []publishedFine{},
		Types: each(ktp.ApplicationTypes, func(row ktp.ApplicationRow) publishedType {
			t, needs, _ := s.TypeOf(row.Type)
			return publishedType{string(row.Type), t.OnlyAtDinas, each(needs, func(q standard.Requirement) []publishedText {
				return append([]publishedText{both(q.Text)}, each(q.Instead, func(other standard.Requirement) publishedText { return both(other.Text) })...)
			})}
		}),
		Times:    each(s.Clocks, func(c standard.Clock) publishedTime { return publishedTime{both(c.Text), c.Hours, c.Basis} }),
		Duties:   each(s.Procedure, func(d standard.Duty) publishedDuty { return publishedDuty{d.Role, both(d.Text)} }),
		Channels: each(s.Complaints.Channels, func(c standard.Channel) publishedChannel { return publishedChannel{c.ID, both(c.Text), c.Address} }),
		Contact: publishedComplaintDesk{
			both(s.Complaints.Team), s.Complaints.Officer.Name, s.Complaints.Officer.Telephone, s.Complaints.AnswerDays,
		},
	}
	for _, f := range s.Fines {
		if !f.Off {
			p.Fines = append(p.Fines, publishedFine{both(f.Text), f.Amount, f.Basis})
		}
	}
	return &answer[published]{p}, nil
}
