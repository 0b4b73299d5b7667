package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// complaint is what somebody complains of, without its content.
type complaint struct {
	ID            string     `json:"id"`
	Number        string     `json:"number" doc:"Given to who complains"`
	Channel       string     `json:"channel"`
	State         string     `json:"state" enum:"received,verified,answered,closed"`
	Subject       string     `json:"subject" enum:"card,data,waiting,officer,fee,other"`
	Application   string     `json:"application,omitempty"`
	Chip          string     `json:"chip,omitempty"`
	Verifiable    bool       `json:"verifiable" doc:"false: anonymous"`
	ForeignNumber string     `json:"foreignNumber,omitempty" doc:"Of LAPOR!"`
	ReceivedAt    time.Time  `json:"receivedAt"`
	AssignedTo    string     `json:"assignedTo,omitempty"`
	Due           time.Time  `json:"due" doc:"Of the answer"`
	Finding       string     `json:"finding,omitempty" enum:"right,wrong,unclear"`
	AnsweredAt    *time.Time `json:"answeredAt,omitempty"`
	ClosedAt      *time.Time `json:"closedAt,omitempty"`
}

// complaintDetail is one with its content: personal data.
type complaintDetail struct {
	Complaint complaint `json:"complaint"`
	Receipt   string    `json:"receipt,omitempty" doc:"As who complains wrote it"`
	Name      string    `json:"name,omitempty"`
	Contact   string    `json:"contact,omitempty"`
	Text      string    `json:"text,omitempty"`
	Matter    string    `json:"matter,omitempty"`
	Answer    string    `json:"answer,omitempty"`
}

// ComplaintName names a complaint.
type ComplaintName struct {
	ID string `path:"complaint" pattern:"^[0-9a-f]{20}$" patternDescription:"20 hex digits"`
}

// ComplaintKeyed names a complaint, with a key.
type ComplaintKeyed struct {
	Keyed
	ComplaintName
}

type complaintWish struct {
	Channel       string `json:"channel" enum:"in_person,telephone,box,letter,website,lapor"`
	Subject       string `json:"subject" enum:"card,data,waiting,officer,fee,other"`
	Text          string `json:"text" minLength:"1" maxLength:"4000"`
	Name          string `json:"name,omitempty" maxLength:"120"`
	Contact       string `json:"contact,omitempty" maxLength:"200"`
	Application   string `json:"application,omitempty" maxLength:"64"`
	Chip          string `json:"chip,omitempty" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits"`
	Receipt       string `json:"receipt,omitempty" maxLength:"20" doc:"As who complains wrote it; one that was never given out is kept, and links nothing"`
	ForeignNumber string `json:"foreignNumber,omitempty" maxLength:"60" doc:"Of LAPOR!"`
}

func complaints(a *api) {
	change(a, registry.RegisterComplaint{}, "/v1/complaints", "registerComplaint", "Write a complaint down; the answer is the number that is given out",
		func(_ context.Context, in *struct {
			Keyed
			Body complaintWish
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.RegisterComplaint{
				Channel: b.Channel, Subject: b.Subject, Text: b.Text, FullName: b.Name, Contact: b.Contact, Application: registry.ApplicationID(b.Application),
				Chip: ktp.ChipUID(b.Chip), Receipt: b.Receipt, ForeignNumber: b.ForeignNumber,
			}, nil
		})
	change(a, registry.AssignComplaint{}, "/v1/complaints/{complaint}/assignment", "assignComplaint", "Give it to an officer of the team",
		func(_ context.Context, in *struct {
			ComplaintKeyed
			Body struct {
				Person string `json:"person" minLength:"1" maxLength:"64"`
			}
		},
		) (registry.Operation, error) {
			return registry.AssignComplaint{Complaint: in.ID, Person: in.Body.Person}, nil
		})
	change(a, registry.VerifyComplaint{}, "/v1/complaints/{complaint}/verification", "verifyComplaint", "Say what looking into it found",
		func(_ context.Context, in *struct {
			ComplaintKeyed
			Body struct {
				Finding string `json:"finding" enum:"right,wrong,unclear"`
				Matter  string `json:"matter" minLength:"1" maxLength:"4000"`

				Application string `json:"application,omitempty" maxLength:"64" doc:"That it is about, where it was not linked, or to another"`
				Chip        string `json:"chip,omitempty" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.VerifyComplaint{
				Complaint: in.ID, Finding: b.Finding, Matter: b.Matter, Application: registry.ApplicationID(b.Application), Chip: ktp.ChipUID(b.Chip),
			}, nil
		})
	change(a, registry.AnswerComplaint{}, "/v1/complaints/{complaint}/answer", "answerComplaint", "Give the answer",
		func(_ context.Context, in *struct {
			ComplaintKeyed
			Body struct {
				Text string `json:"text" minLength:"1" maxLength:"4000"`
			}
		},
		) (registry.Operation, error) {
			return registry.AnswerComplaint{Complaint: in.ID, Text: in.Body.Text}, nil
		})
	change(a, registry.ReopenComplaint{}, "/v1/complaints/{complaint}/reopening", "reopenComplaint", "Take an answered one up again",
		func(_ context.Context, in *struct {
			ComplaintKeyed
			Body struct {
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.ReopenComplaint{Complaint: in.ID, Because: in.Body.why()}, nil
		})
	change(a, registry.CloseComplaint{}, "/v1/complaints/{complaint}/closing", "closeComplaint", "End an answered one",
		func(_ context.Context, in *ComplaintKeyed) (registry.Operation, error) {
			return registry.CloseComplaint{Complaint: in.ID}, nil
		})
	get(a, access.SeeComplaints, "/v1/complaints", "listComplaints", "Complaints in the order of their ids, without their content",
		func(ctx context.Context, in *struct {
			State       string `query:"state" enum:"received,verified,answered,closed"`
			Application string `query:"application" maxLength:"64"`
			Assigned    string `query:"assigned" maxLength:"64"`
			Late        bool   `query:"late" doc:"Those alone whose answer is overdue"`
			Paging
		},
		) (*answer[list[complaint]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Complaint, error) {
				return a.Registry.ListComplaints(ctx, registry.ComplaintFilter{
					State: registry.ComplaintState(in.State), Application: registry.ApplicationID(in.Application), Assigned: in.Assigned, Late: in.Late, After: after, Limit: limit,
				})
			}, func(c registry.Complaint) string { return c.ID }, complaintOf)
		})
	get(a, access.AnswerComplaints, "/v1/complaints/{complaint}", "getComplaint", "A complaint with its content; personal data",
		func(ctx context.Context, in *ComplaintName) (*answer[complaintDetail], error) {
			c, err := a.Registry.ComplaintByID(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			x := c.Content
			return &answer[complaintDetail]{complaintDetail{complaintOf(c), x.Receipt, x.Name, x.Contact, x.Text, x.Matter, x.Answer}}, nil
		})
	type suspect struct {
		Kind  string `json:"kind" enum:"line,lot,roll"`
		Item  string `json:"item"`
		Count int    `json:"count"`
	}
	get(a, access.SeeComplaints, "/v1/complaints/suspects", "listSuspects", "Lines, lots and rolls whose cards are complained of, most first",
		func(ctx context.Context, in *struct {
			Period
			Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
		},
		) (*answer[list[suspect]], error) {
			all, err := a.Registry.Suspects(ctx, in.period(), in.Limit)
			if err != nil {
				return nil, err
			}
			out := &answer[list[suspect]]{list[suspect]{Items: []suspect{}}}
			for _, s := range all {
				out.Body.Items = append(out.Body.Items, suspect{s.Kind, s.Item, s.Count})
			}
			return out, nil
		})
}

func complaintOf(c registry.Complaint) complaint {
	return complaint{
		c.ID, c.Number, c.Channel, string(c.State), c.Subject, string(c.Application), string(c.Chip), c.Verifiable, c.ForeignNumber, c.ReceivedAt.UTC(), c.AssignedTo,
		c.Due.UTC(), c.Finding, moment(c.AnsweredAt), moment(c.ClosedAt),
	}
}
