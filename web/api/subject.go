package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/audit"
)

// subjectCopy is everything that the station holds about one person, for that person.
type subjectCopy struct {
	Request      string               `json:"request" doc:"Its number"`
	GivenAt      time.Time            `json:"givenAt"`
	GivenBy      string               `json:"givenBy"`
	Resident     *subjectResident     `json:"resident,omitempty" doc:"Row of the list of obliged residents"`
	Applications []subjectApplication `json:"applications" nullable:"false"`
}

type subjectResident struct {
	List      string     `json:"list" doc:"Its version"`
	Row       string     `json:"row"`
	Person    shown      `json:"person"`
	MarriedOn *time.Time `json:"marriedOn,omitempty"`
	StayUntil *time.Time `json:"stayUntil,omitempty"`
}

type subjectApplication struct {
	Application   string               `json:"application"`
	Type          string               `json:"type"`
	State         string               `json:"state"`
	Word          string               `json:"word,omitempty"`
	Due           time.Time            `json:"due"`
	Record        *shown               `json:"record,omitempty" doc:"As the center sent it; absent: none, or erased"`
	Intake        *subjectIntake       `json:"intake,omitempty" doc:"As it was taken at the counter"`
	Attachments   []attachment         `json:"attachments" nullable:"false" doc:"Their content is given on paper"`
	Capture       *captureInfo         `json:"capture,omitempty"`
	Confirmations []confirmation       `json:"confirmations" nullable:"false"`
	Sukets        []suket              `json:"sukets" nullable:"false"`
	Cards         []subjectCard        `json:"cards" nullable:"false"`
	Tries         []subjectTry         `json:"tries" nullable:"false" doc:"Of the holder's fingers"`
	HandOver      *subjectHandover     `json:"handover,omitempty"`
	ForeignCards  []subjectForeignCard `json:"foreignCards" nullable:"false" doc:"Cards of others that were given up"`
	Fines         []fine               `json:"fines" nullable:"false"`
	Complaints    []complaintDetail    `json:"complaints" nullable:"false"`
	Events        []subjectEvent       `json:"events" nullable:"false"`
}

type subjectIntake struct {
	Receipt      string            `json:"receipt"`
	Place        string            `json:"place,omitempty"`
	Delivery     string            `json:"delivery"`
	Standard     string            `json:"standard"`
	Person       shown             `json:"person"`
	PoliceLetter string            `json:"policeLetter,omitempty"`
	Requirements map[string]string `json:"requirements" doc:"Each with the number of its paper"`
}

type subjectCard struct {
	Chip      string     `json:"chip"`
	State     string     `json:"state"`
	Held      string     `json:"held,omitempty"`
	Cause     string     `json:"cause,omitempty"`
	MadeAt    time.Time  `json:"madeAt"`
	InForceAt *time.Time `json:"inForceAt,omitempty"`
	RetiredAt *time.Time `json:"retiredAt,omitempty"`
}

type subjectTry struct {
	At     time.Time `json:"at"`
	Place  string    `json:"place"`
	Finger int       `json:"finger" doc:"ISO/IEC 19794-2 position; 0: none was shown"`
	Score  int       `json:"score"`
	Result string    `json:"result"`
}

type subjectHandover struct {
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	Exception string    `json:"exception,omitempty"`
	Matched   bool      `json:"matched"`
	Old       string    `json:"old" doc:"What became of the card of before"`
	Proxy     string    `json:"proxy,omitempty" doc:"Who took it"`
}

type subjectForeignCard struct {
	Kind    string    `json:"kind"`
	State   string    `json:"state"`
	At      time.Time `json:"at"`
	Printed string    `json:"printed,omitempty" doc:"Number and name on it"`
}

type subjectEvent struct {
	At    time.Time `json:"at"`
	Code  string    `json:"code"`
	Actor string    `json:"actor"`
}

// exportSubject answers with everything about a person once it is written down that it is given away.
func exportSubject(a *api) {
	type subjectWish struct {
		Keyed
		Body struct {
			NIK     string `json:"nik" pattern:"^[0-9]{16}$" patternDescription:"16 digits"`
			Request string `json:"request" pattern:"^[A-Z0-9][A-Z0-9./-]{0,59}$" patternDescription:"capitals, digits, . / -" doc:"Number of the request"`
		}
	}
	op := a.posting(registry.RowOf("person.export"), usualBody, "/v1/subject-exports", "exportSubject", "Everything about one person, for that person; that it is given is written down")
	register(a, op, func(ctx context.Context, in *subjectWish) (*answer[subjectCopy], error) {
		nik := ktp.NIK(in.Body.NIK)
		if _, err := a.Registry.Do(ctx, actor(ctx), registry.ExportSubject{NIK: nik, Request: in.Body.Request}, in.Key); err != nil {
			return nil, err
		}
		d, err := a.Registry.SubjectData(ctx, nik)
		if err != nil {
			return nil, err
		}
		out := subjectCopy{Request: in.Body.Request, GivenAt: a.Now().UTC(), GivenBy: actor(ctx).ID, Applications: []subjectApplication{}}
		if r := d.Resident; r != nil {
			out.Resident = &subjectResident{d.List, r.ID, shownOf(r.Person), moment(r.MarriedOn), moment(r.StayUntil)}
		}
		for _, x := range d.Applications {
			out.Applications = append(out.Applications, subjectOf(x))
		}
		return &answer[subjectCopy]{out}, nil
	})
}

func subjectOf(x registry.SubjectApplication) subjectApplication {
	out := subjectApplication{
		Application: string(x.ID), Type: x.Type, State: x.State, Word: string(x.Word), Due: x.Due.UTC(),
		Attachments: each(x.Attachments, attachmentOf), Confirmations: each(x.Confirmed, confirmationOf), Sukets: each(x.Sukets, suketOf), Fines: each(x.Fines, fineOf),
		Cards: each(x.Cards, func(c registry.Card) subjectCard {
			return subjectCard{string(c.Chip), string(c.State), c.Held, c.Cause, c.MadeAt.UTC(), moment(c.InForceAt), moment(c.RetiredAt)}
		}),
		Tries: each(x.Tries, func(t registry.MatchTry) subjectTry {
			return subjectTry{t.At.UTC(), t.Place, int(t.Finger), t.Score, t.Result}
		}),
		ForeignCards: each(x.Foreign, func(f registry.ForeignCard) subjectForeignCard {
			return subjectForeignCard{f.Kind, f.State, f.At.UTC(), f.Detail}
		}),
		Complaints: each(x.Complaints, func(c registry.Complaint) complaintDetail {
			return complaintDetail{complaintOf(c), c.Content.Receipt, c.Content.Name, c.Content.Contact, c.Content.Text, c.Content.Matter, c.Content.Answer}
		}),
		Events: each(x.Events, func(e audit.Event) subjectEvent { return subjectEvent{e.At.UTC(), e.Code, e.Actor} }),
	}
	if x.Person.NIK != "" {
		p := shownOf(x.Person)
		out.Record = &p
	}
	if c := x.Capture; c != nil {
		info := captureInfoOf(*c)
		out.Capture = &info
	}
	if in := x.Intake; in != nil {
		out.Intake = &subjectIntake{in.Receipt, in.Place, in.Delivery, in.Standard, shownOf(in.Person), in.Detail.PoliceLetter, map[string]string{}}
		for _, r := range x.Requirements {
			out.Intake.Requirements[r.ID] = r.Number
		}
	}
	if h := x.Handover; h != nil {
		out.HandOver = &subjectHandover{h.At.UTC(), h.Actor, h.Exception, h.Matched, string(h.Old), h.Proxy.Name}
	}
	return out
}
