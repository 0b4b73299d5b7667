package console

import (
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
)

var deviceActions = []action{
	{Path: "/perangkat/gangguan", Page: "devices", Op: func(f *form) (registry.Operation, error) {
		return registry.OpenIncident{Cause: f.text("incident_cause"), Place: f.text("place"), Code: f.text("code"), BeganAt: f.began()}, nil
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
	places, err := v.Registry.Places(v.ctx())
	if err != nil {
		return nil, err
	}
	where := input{Name: "place", Kind: "select", Options: append([]option{{"", v.T("place.everywhere")}}, v.placeOptions(registry.Dinas, places)...)}
	return stack(v.LivePart("perangkat"), columns(
		v.sheetOf("open", "/perangkat/gangguan", registry.OpenIncident{}, v.incidentCause(""), where, input{Name: "code"}, input{Name: "began_at", Kind: "datetime-local"}),
		v.sheetOf("clock", "/perangkat/jam", registry.SetClock{}),
	), v.LivePart("gangguan-selesai")), nil
}

func (v *view) overIncidents() (templ.Component, error) {
	v.keepPage()
	t, err := v.incidents(true)
	return stack(filled(v, t)), err
}

func (v *view) deviceState() (templ.Component, error) {
	v.keepPage()
	health, err := v.Registry.HealthOf(v.ctx(), "", listed+1)
	if err != nil {
		return nil, err
	}
	open, err := v.incidents(false)
	if err != nil {
		return nil, err
	}
	t := v.healthTable(health)
	t.Title, t.Empty = v.T("devices.health"), v.T("devices.none")
	t.Rows = short(&t, t.Rows)
	told, err := v.readings()
	if err != nil {
		return nil, err
	}
	return stack(told, table(v, t), table(v, open)), nil
}
