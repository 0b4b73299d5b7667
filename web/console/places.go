package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

var placeActions = []action{{Path: "/tempat", Page: "places", Op: func(f *form) (registry.Operation, error) {
	return registry.SetPlace{
		ID: f.needed("place_id"), Kind: registry.PlaceKind(f.needed("place_kind")), PlaceName: f.needed("place_name"), Parent: f.text("parent"), Region: f.text("region"), Active: f.yes("place_active"),
	}, nil
}}}

// places is renewed as a whole: what a colleague writes of a place stands in its form, too.
func (v *view) places() (templ.Component, error) { return v.LivePart("tempat"), nil }

// placeList are where applications are taken and cards are handed over, and the form of one.
func (v *view) placeList() (templ.Component, error) {
	v.keepPage()
	list, err := v.Registry.Places(v.ctx())
	if err != nil {
		return nil, err
	}
	at := v.r.URL.Query().Get("kode")
	p := registry.Place{Active: true, Kind: registry.PlaceKecamatan}
	above := []option{{"", "–"}}
	t := tableView{Title: v.T("places.list"), Empty: v.T("places.none"), Heads: []string{v.T("field.place_id"), v.T("account.name"), v.T("head.type"), v.T("field.parent"), v.T("field.region"), v.T("head.state")}}
	for _, x := range list {
		if x.ID == at {
			p = x
		}
		above = append(above, option{x.ID, x.Name})
		state := v.T("places.closed")
		if x.Active {
			state = v.T("places.open")
		}
		t.Rows = append(t.Rows, []cell{{Text: x.ID, Link: "/tempat?kode=" + escaped(x.ID) + "#place"}, {Text: x.Name}, {Text: v.T("placekind." + string(x.Kind))}, {Text: orDash(x.Parent)}, {Text: orDash(x.Region)}, {Text: state}})
	}
	kind := chooseOf(v, "place_kind", "placekind", registry.PlaceDinas, registry.PlaceKecamatan, registry.PlaceKelurahan, registry.PlaceDirectorate, registry.PlaceOtherDinas)
	kind.Value = string(p.Kind)
	if !v.Can(registry.SetPlace{}) {
		return table(v, t), nil
	}
	f := v.formOf("place", "/tempat", registry.SetPlace{}, input{Name: "place_id", Value: p.ID, Needed: true}, kind, input{Name: "place_name", Value: p.Name, Needed: true},
		input{Name: "parent", Kind: "select", Options: above, Value: p.Parent}, input{Name: "region", Value: p.Region}, input{Name: "place_active", Kind: "check", Checked: p.Active})
	f.Shows = true
	return stack(table(v, t), sheet(v, f)), nil
}
