package console

import (
	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/standard"
	"blanko/web/console/words"
)

// ofComplaint is an action of the page of one complaint.
func ofComplaint(path string, op func(*form, string) registry.Operation) action {
	return action{Path: "/pengaduan/{complaint}/" + path, Page: "complaint", Op: func(f *form) (registry.Operation, error) {
		return op(f, f.r.PathValue("complaint")), nil
	}}
}

var complaintActions = []action{
	{Path: "/pengaduan", Page: "complaints", Op: func(f *form) (registry.Operation, error) {
		return registry.RegisterComplaint{
			Channel: f.needed("channel"), Subject: f.needed("subject"), Text: f.needed("text"), FullName: f.text("full_name"), Contact: f.text("contact"),
			Application: registry.ApplicationID(f.text("application")), Receipt: f.text("application_receipt"), ForeignNumber: f.text("foreign_number"),
		}, nil
	}},
	ofComplaint("tugaskan", func(f *form, id string) registry.Operation {
		return registry.AssignComplaint{Complaint: id, Person: f.needed("person")}
	}),
	ofComplaint("verifikasi", func(f *form, id string) registry.Operation {
		return registry.VerifyComplaint{
			Complaint: id, Finding: f.needed("finding"), Matter: f.needed("text"), Application: registry.ApplicationID(f.text("application")), Chip: ktp.ChipUID(upper(f.text("chip"))),
		}
	}),
	ofComplaint("jawab", func(f *form, id string) registry.Operation {
		return registry.AnswerComplaint{Complaint: id, Text: f.needed("text")}
	}),
	ofComplaint("buka", func(f *form, id string) registry.Operation {
		return registry.ReopenComplaint{Complaint: id, Because: f.because()}
	}),
	ofComplaint("tutup", func(_ *form, id string) registry.Operation { return registry.CloseComplaint{Complaint: id} }),
}

// complaints are cases by their clock, without their content.
func (v *view) complaints() (templ.Component, error) {
	std, err := v.Registry.Standard(v.ctx())
	if err != nil {
		return nil, err
	}
	var channels []option
	for _, c := range std.Complaints.Channels {
		channels = append(channels, option{c.ID, v.channel(std, c.ID)})
	}
	return stack(v.LivePart("pengaduan"), v.sheetOf("register", "/pengaduan", registry.RegisterComplaint{}, input{Name: "channel", Kind: "select", Options: channels},
		chooseOf(v, "subject", "subject", "card", "data", "waiting", "officer", "fee", "other"), input{Name: "text", Kind: "text", Needed: true},
		input{Name: "full_name"}, input{Name: "contact"}, input{Name: "application"}, input{Name: "application_receipt"}, input{Name: "foreign_number"}), v.LivePart("pengaduan-selesai")), nil
}

// channel is a way in which complaints come, in the words of the console, else in those of the service standard.
func (v *view) channel(std standard.Standard, id string) string {
	c, known := std.Channel(id)
	if known && !words.Has("channel."+id) {
		return v.Both(c.Text.ID, c.Text.EN)
	}
	return v.Say("channel", id)
}

func (v *view) openComplaints() (templ.Component, error) {
	v.keepPage()
	t, err := v.complaintList(false)
	return table(v, t), err
}

func (v *view) overComplaints() (templ.Component, error) {
	v.keepPage()
	t, err := v.complaintList(true)
	return stack(filled(v, t)), err
}

// complaintList are those that wait for an answer, the most urgent first, or those that have one, newest first.
func (v *view) complaintList(over bool) (tableView, error) {
	t := tableView{
		Title: v.T("complaints.list"), Empty: v.T("complaints.none"),
		Heads: []string{v.T("field.complaint"), v.T("field.channel"), v.T("field.subject"), v.T("head.state"), v.T("complaints.with"), v.T("head.due"), v.T("head.application")},
	}
	if over {
		t.Title, t.Older = v.T("complaints.over"), true
	}
	std, err := v.Registry.Standard(v.ctx())
	if err != nil {
		return t, err
	}
	list, err := worklist(v, &t, registry.Worklist{Over: over}, v.Registry.ComplaintsIn, func(c registry.Complaint) string { return c.ID })
	for _, c := range list {
		due := cell{Text: v.Day(c.Due)}
		if c.AnsweredAt.IsZero() && v.Now().After(c.Due) {
			due = cell{Text: v.Day(c.Due) + " · " + v.T("head.late"), Class: "state bad"}
		}
		t.Rows = append(t.Rows, []cell{
			{Text: c.Number, Link: "/pengaduan/" + escaped(c.ID)}, {Text: v.channel(std, c.Channel)}, {Text: v.T("subject." + c.Subject)}, {Text: v.T("complaint." + string(c.State))}, {Text: orDash(c.AssignedTo)}, due, v.applicationCell(c.Application),
		})
	}
	return t, err
}

// complaint is one case: its course for who may see complaints, its content for who answers it, and what comes
// next.
func (v *view) complaint() (templ.Component, error) {
	return stack(v.LivePart("satu-pengaduan"), v.LivePart("pengaduan-langkah")), nil
}

func (v *view) complaintState() (templ.Component, error) {
	c, err := v.Registry.ComplaintByID(v.ctx(), v.r.PathValue("complaint"))
	if err != nil {
		return nil, err
	}
	std, err := v.Registry.Standard(v.ctx())
	if err != nil {
		return nil, err
	}
	about := []fact{
		{Name: v.T("field.complaint"), Value: c.Number, Class: "mono"},
		{Name: v.T("field.channel"), Value: v.channel(std, c.Channel)},
		{Name: v.T("field.subject"), Value: v.T("subject." + c.Subject)},
		{Name: v.T("head.state"), Value: v.T("complaint." + string(c.State))},
		{Name: v.T("complaints.with"), Value: orDash(c.AssignedTo)},
		{Name: v.T("head.due"), Value: v.Day(c.Due)},
	}
	if c.Application != "" {
		about = append(about, fact{Name: v.T("head.application"), Value: string(c.Application), Link: v.applicationPath(c.Application)})
	}
	if c.Chip != "" {
		about = append(about, fact{Name: v.T("print.chip"), Value: string(c.Chip), Class: "mono", Link: cardPath(c.Chip)})
	}
	var content templ.Component
	if v.May(access.AnswerComplaints) {
		content = complaintContent(v, c)
		if c.Content.Receipt != "" {
			about = append(about, fact{Name: v.T("head.receipt"), Value: c.Content.Receipt, Class: "mono"})
		}
	}
	return stack(facts(about), content), nil
}

func (v *view) complaintNext() (templ.Component, error) {
	c, err := v.Registry.ComplaintByID(v.ctx(), v.r.PathValue("complaint"))
	if err != nil {
		return nil, err
	}
	at, text, person := "/pengaduan/"+escaped(c.ID), input{Name: "text", Kind: "text", Needed: true}, input{Name: "person", Value: v.Actor.ID, Needed: true}
	var next []templ.Component
	switch c.State {
	case registry.ComplaintReceived:
		next = append(next, v.sheetOf("verify", at+"/verifikasi", registry.VerifyComplaint{}, chooseOf(v, "finding", "finding", "right", "wrong", "unclear"), text, input{Name: "application"}, input{Name: "chip"}))
	case registry.ComplaintVerified:
		next = append(next, v.sheetOf("answer", at+"/jawab", registry.AnswerComplaint{}, text))
	case registry.ComplaintAnswered:
		next = append(next, v.sheetOf("close", at+"/tutup", registry.CloseComplaint{}), v.sheetOf("reopen", at+"/buka", registry.ReopenComplaint{}))
	}
	if c.State != registry.ComplaintClosed {
		next = append(next, v.sheetOf("assign", at+"/tugaskan", registry.AssignComplaint{}, person))
	}
	return stack(columns(next...), papers(v, v.printables(printable{Kind: registry.PaperComplaint, Path: "/v1/complaints/" + c.ID + "/papers/slip"}))), nil
}
