package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/access"
)

// incident is one outage, and the clocks that it stopped for who may see applications.
func (v *view) incident() (templ.Component, error) {
	after := registry.ApplicationID(v.r.URL.Query().Get("sesudah"))
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
	if len(stopped) >= listed {
		t.More = "/perangkat/gangguan/" + escaped(i.ID) + "?sesudah=" + escaped(string(stopped[len(stopped)-1].Application))
	}
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
	}), clocks), nil
}
