package console

import (
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
)

var deviceActions = []action{
	{Path: "/perangkat/gangguan", Page: "devices", Op: func(f *form) (registry.Operation, error) {
		op := registry.OpenIncident{Reported: f.text("reported"), Cause: f.text("incident_cause"), Place: f.text("place"), Code: f.text("code")}
		if f.text("began_at") != "" {
			op.BeganAt = f.moment("began_at")
		}
		return op, nil
	}},
	{Path: "/perangkat/selesai", Page: "devices", Op: func(f *form) (registry.Operation, error) {
		return registry.EndIncident{Incident: f.needed("incident")}, nil
	}},
	{Path: "/perangkat/bukan", Page: "devices", Op: func(f *form) (registry.Operation, error) {
		return registry.DismissIncident{Incident: f.needed("incident"), Because: f.because()}, nil
	}},
	{Path: "/perangkat/uji", Page: "devices", Op: func(f *form) (registry.Operation, error) {
		return registry.AskDevice{Device: f.needed("device")}, nil
	}},
	{Path: "/perangkat/jam", Page: "devices", Op: func(*form) (registry.Operation, error) { return registry.SetClock{}, nil }},
}

// outagePlace is where an outage is: the Dinas is one place of many.
func (v *view) outagePlace(id string) string {
	if id == "" {
		return v.T("place.everywhere")
	}
	return v.placeName(id)
}

// healthText is how a device or link is, and of a SAM what it may still be used for.
func (v *view) healthText(h registry.Health) string {
	text := v.Say("health", string(h.State))
	switch {
	case h.Uses != nil:
		text += " · " + v.T("sams.left_is", *h.Uses)
	case strings.HasSuffix(h.Device, ".sam"):
		text += " · " + v.T("sams.left_untold")
	}
	return text
}

// healthTable is what devices and links say of themselves.
func (v *view) healthTable(list []registry.Health) tableView {
	t := tableView{Heads: []string{v.T("field.place"), v.T("field.device"), v.T("head.state"), v.T("head.why"), v.T("head.since"), v.T("account.seen"), v.T("head.do")}}
	for _, h := range list {
		t.Rows = append(t.Rows, []cell{{Text: v.outagePlace(h.Place)}, {Text: h.Device}, {Text: v.healthText(h)}, {Text: orDash(v.causeText(h.Code))}, {Text: v.Time(h.Since)}, {Text: v.Ago(h.SeenAt)}, {Part: healthTest(v, h)}})
	}
	return t
}

// devices shows what every device and link says of itself, and the incidents that stop a clock.
func (v *view) devices() (templ.Component, error) {
	health, err := v.Registry.HealthOf(v.ctx(), "", listed)
	if err != nil {
		return nil, err
	}
	incidents, err := v.Registry.ListIncidents(v.ctx(), registry.IncidentFilter{Limit: listed})
	if err != nil {
		return nil, err
	}
	t := v.healthTable(health)
	t.Title, t.Empty = v.T("devices.health"), v.T("devices.none")
	i := tableView{Title: v.T("devices.incidents"), Empty: v.T("devices.no_incidents"), Heads: []string{v.T("field.incident"), v.T("field.incident_cause"), v.T("field.place"), v.T("head.state"), v.T("field.began_at"), v.T("devices.ended")}}
	for _, x := range incidents {
		i.Rows = append(i.Rows, []cell{{Text: x.ID, Link: "/perangkat/gangguan/" + escaped(x.ID), Class: "mono"}, {Text: v.T("outage." + x.Cause)}, {Text: v.outagePlace(x.Place)}, {Text: v.Say("incident", string(x.State))}, {Text: v.Time(x.BeganAt)}, {Text: v.Time(x.EndedAt)}})
	}
	var causes []option
	for _, c := range registry.IncidentCauses {
		causes = append(causes, option{c, v.T("outage." + c)})
	}
	places, err := v.Registry.Places(v.ctx())
	if err != nil {
		return nil, err
	}
	where := input{Name: "place", Kind: "select", Options: append([]option{{"", v.T("place.everywhere")}}, v.placeOptions(registry.Dinas, places)...)}
	which := input{Name: "incident", Needed: true}
	told, err := v.readings()
	if err != nil {
		return nil, err
	}
	return stack(told, table(v, t), table(v, i), columns(
		v.sheetOf("open", "/perangkat/gangguan", registry.OpenIncident{}, input{Name: "incident_cause", Kind: "select", Options: causes}, where, input{Name: "code"}, input{Name: "began_at", Kind: "datetime-local"}, input{Name: "reported"}),
		v.sheetOf("end", "/perangkat/selesai", registry.EndIncident{}, which),
		v.sheetOf("dismiss", "/perangkat/bukan", registry.DismissIncident{}, which),
		v.sheetOf("clock", "/perangkat/jam", registry.SetClock{}),
	)), nil
}
