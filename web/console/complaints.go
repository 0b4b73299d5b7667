package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

var complaintActions = []action{
	{Path: "/pengaduan", Page: "complaints", Op: func(f *form) (registry.Operation, error) {
		return registry.RegisterComplaint{
			Channel: f.needed("channel"), Subject: f.needed("subject"), Text: f.needed("text"), FullName: f.text("full_name"), Contact: f.text("contact"),
			Application: registry.ApplicationID(f.text("application")), ForeignNumber: f.text("foreign_number"),
		}, nil
	}},
	{Path: "/pengaduan/tugaskan", Page: "complaints", Op: func(f *form) (registry.Operation, error) {
		return registry.AssignComplaint{Complaint: f.needed("complaint"), Person: f.needed("person")}, nil
	}},
	{Path: "/pengaduan/verifikasi", Page: "complaints", Op: func(f *form) (registry.Operation, error) {
		return registry.VerifyComplaint{Complaint: f.needed("complaint"), Finding: f.needed("finding"), Matter: f.needed("text")}, nil
	}},
	{Path: "/pengaduan/jawab", Page: "complaints", Op: func(f *form) (registry.Operation, error) {
		return registry.AnswerComplaint{Complaint: f.needed("complaint"), Text: f.needed("text")}, nil
	}},
	{Path: "/pengaduan/tutup", Page: "complaints", Op: func(f *form) (registry.Operation, error) {
		return registry.CloseComplaint{Complaint: f.needed("complaint")}, nil
	}},
}

// complaints are cases by their clock, without their content.
func (v *view) complaints() (templ.Component, error) {
	list, err := v.Registry.ListComplaints(v.ctx(), registry.ComplaintFilter{Limit: listed})
	if err != nil {
		return nil, err
	}
	std, err := v.Registry.Standard(v.ctx())
	if err != nil {
		return nil, err
	}
	var channels, subjects, findings []option
	for _, c := range std.Complaints.Channels {
		channels = append(channels, option{c.ID, v.Say("channel", c.ID)})
	}
	for _, s := range []string{"card", "data", "waiting", "officer", "fee", "other"} {
		subjects = append(subjects, option{s, v.T("subject." + s)})
	}
	for _, s := range []string{"right", "wrong", "unclear"} {
		findings = append(findings, option{s, v.T("finding." + s)})
	}
	t := tableView{
		Title: v.T("complaints.list"), Empty: v.T("complaints.none"),
		Heads: []string{v.T("field.complaint"), v.T("field.channel"), v.T("field.subject"), v.T("head.state"), v.T("complaints.with"), v.T("head.due"), v.T("head.application")},
	}
	for _, c := range list {
		due := cell{Text: v.Day(c.Due)}
		if c.AnsweredAt.IsZero() && v.Now().After(c.Due) {
			due = cell{Text: v.Day(c.Due) + " · " + v.T("head.late"), Class: "state bad"}
		}
		app := cell{Text: orDash(string(c.Application))}
		if c.Application != "" {
			app.Link = v.applicationPath(c.Application)
		}
		t.Rows = append(t.Rows, []cell{
			{Text: c.ID, Class: "mono"}, {Text: v.Say("channel", c.Channel)}, {Text: v.T("subject." + c.Subject)}, {Text: v.Say("complaint", string(c.State))}, {Text: orDash(c.AssignedTo)}, due, app,
		})
	}
	which, text := input{Name: "complaint", Needed: true}, input{Name: "text", Kind: "text", Needed: true}
	return stack(table(v, t), columns(
		v.sheetOf("register", "/pengaduan", registry.RegisterComplaint{}, input{Name: "channel", Kind: "select", Options: channels}, input{Name: "subject", Kind: "select", Options: subjects}, text,
			input{Name: "full_name"}, input{Name: "contact"}, input{Name: "application"}, input{Name: "foreign_number"}),
		v.sheetOf("assign", "/pengaduan/tugaskan", registry.AssignComplaint{}, which, input{Name: "person", Needed: true}),
		v.sheetOf("verify", "/pengaduan/verifikasi", registry.VerifyComplaint{}, which, input{Name: "finding", Kind: "select", Options: findings}, text),
		v.sheetOf("answer", "/pengaduan/jawab", registry.AnswerComplaint{}, which, text),
		v.sheetOf("close", "/pengaduan/tutup", registry.CloseComplaint{}, which),
	)), nil
}
