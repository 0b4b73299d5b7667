package console

import (
	"time"

	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/access"
)

// ofIncident is an action of the page of one incident.
func ofIncident(path string, op func(*form, string) registry.Operation) action {
	return action{Path: "/perangkat/gangguan/{incident}/" + path, Page: "incident", Op: func(f *form) (registry.Operation, error) {
		return op(f, f.r.PathValue("incident")), nil
	}}
}

var incidentActions = []action{
	ofIncident("buka", func(f *form, id string) registry.Operation {
		return registry.OpenIncident{Reported: id, Cause: f.text("incident_cause"), BeganAt: f.began()}
	}),
	ofIncident("selesai", func(_ *form, id string) registry.Operation { return registry.EndIncident{Incident: id} }),
	ofIncident("bukan", func(f *form, id string) registry.Operation {
		return registry.DismissIncident{Incident: id, Because: f.because()}
	}),
}

// began is when an outage began; zero where it is not said.
func (f *form) began() (t time.Time) {
	if f.text("began_at") != "" {
		t = f.moment("began_at")
	}
	return t
}

// incidentCause chooses what an outage is of.
func (v *view) incidentCause(now string) input {
	return input{Name: "incident_cause", Kind: "select", Options: choices(v, "outage", registry.IncidentCauses...), Value: now}
}

func incidentPath(id string) string { return "/perangkat/gangguan/" + escaped(id) }

// incidents are those that were reported or are open, or those that are over, newest first.
func (v *view) incidents(over bool) (tableView, error) {
	t := tableView{
		Title: v.T("devices.incidents"), Empty: v.T("devices.no_incidents"), Older: true,
		Heads: []string{v.T("field.incident"), v.T("field.incident_cause"), v.T("field.place"), v.T("head.state"), v.T("field.began_at"), v.T("devices.ended")},
	}
	if over {
		t.Title = v.T("devices.incidents_over")
	}
	list, err := worklist(v, &t, registry.Worklist{Over: over}, v.Registry.IncidentsIn, func(i registry.Incident) string { return i.ID })
	for _, i := range list {
		t.Rows = append(t.Rows, []cell{{Text: i.ID, Link: incidentPath(i.ID), Class: "mono"}, {Text: v.T("outage." + i.Cause)}, {Text: v.outagePlace(i.Place)}, {Text: v.Say("incident", string(i.State))}, {Text: v.Time(i.BeganAt)}, {Text: v.Time(i.EndedAt)}})
	}
	return t, err
}

// incidentForms are what comes next for an incident in its state.
func (v *view) incidentForms(i registry.Incident) templ.Component {
	at := incidentPath(i.ID)
	switch i.State {
	case registry.IncidentReported:
		return columns(
			v.sheetOf("open", at+"/buka", registry.OpenIncident{}, v.incidentCause(i.Cause), input{Name: "began_at", Kind: "datetime-local"}),
			v.sheetOf("dismiss", at+"/bukan", registry.DismissIncident{}),
		)
	case registry.IncidentOpen:
		return columns(v.sheetOf("end", at+"/selesai", registry.EndIncident{}))
	}
	return nil
}

// incident is renewed as a whole: it is ended by others, too.
func (v *view) incident() (templ.Component, error) {
	if _, _, err := v.Registry.StoppedBy(v.ctx(), v.r.PathValue("incident"), "", 0); err != nil {
		return nil, err
	}
	return v.LivePart("gangguan"), nil
}

// outage is one incident, and the clocks that it stopped for who may see applications.
func (v *view) outage() (templ.Component, error) {
	v.keepPage()
	after := registry.ApplicationID(v.after("sesudah"))
	shown := 0
	if v.May(access.SeeApplications) {
		shown = listed
	}
	i, stopped, err := v.Registry.StoppedBy(v.ctx(), v.r.PathValue("incident"), after, shown)
	if err != nil {
		return nil, err
	}
	t := tableView{
		Title: v.T("incidents.stopped"), Empty: v.T("incidents.stopped_none"),
		Heads: []string{v.T("head.application"), v.T("head.clock"), v.T("incidents.here"), v.T("incidents.all"), v.T("head.due"), v.T("head.late")},
	}
	for _, c := range stopped {
		t.Rows = append(t.Rows, []cell{
			v.applicationCell(c.Application), {Text: v.Say("clock", c.ID)}, {Text: v.hours(c.Here)}, {Text: v.hours(c.Stopped)}, {Text: v.Time(c.Due)}, {Text: v.hours(c.Late)},
		})
	}
	last := ""
	if len(stopped) >= listed {
		last = string(stopped[len(stopped)-1].Application)
	}
	v.turns(&t, "sesudah", last)
	var clocks templ.Component
	if v.May(access.SeeApplications) {
		clocks = stack(table(v, t), soft(v.T("incidents.no_fines")))
	}
	return stack(facts([]fact{
		{Name: v.T("field.incident"), Value: i.ID, Class: "mono"},
		{Name: v.T("field.incident_cause"), Value: v.T("outage." + i.Cause)},
		{Name: v.T("field.code"), Value: orDash(v.causeText(i.Code))},
		{Name: v.T("field.place"), Value: v.outagePlace(i.Place)},
		{Name: v.T("field.device"), Value: orDash(i.Device)},
		{Name: v.T("head.state"), Value: v.Say("incident", string(i.State))},
		{Name: v.T("field.began_at"), Value: v.Time(i.BeganAt)},
		{Name: v.T("devices.ended"), Value: v.Time(i.EndedAt)},
		{Name: v.T("incidents.reported_by"), Value: orDash(i.ReportedBy)},
		{Name: v.T("incidents.opened_by"), Value: orDash(i.OpenedBy)},
		{Name: v.T("incidents.ended_by"), Value: orDash(i.EndedBy)},
	}), v.incidentForms(i), clocks), nil
}
