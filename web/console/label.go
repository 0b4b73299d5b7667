package console

import (
	"strings"

	"blanko/registry"
	"blanko/registry/access"
)

// labels name applications to who looks; masked, and without the person for who may not see persons.
func (v *view) labels(ids ...registry.ApplicationID) (map[registry.ApplicationID]registry.Label, error) {
	list, err := v.Registry.Labels(v.ctx(), ids...)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		v.rememberPlace(p.Place)
	}
	return list, nil
}

// holderOf is the masked name of a person.
func (v *view) holderOf(l registry.Label) string {
	if !v.May(access.SeePersons) {
		return "–"
	}
	return maskedName(l.Person)
}

// labelText tells what an application is: person, type, place, number of the receipt.
func (v *view) labelText(l registry.Label) string {
	parts := []string{v.holderOf(l), v.Say("type", l.Type), v.placeName(l.Place.ID)}
	if l.Receipt != "" {
		parts = append(parts, l.Receipt)
	}
	return strings.Join(parts, " · ")
}

func (v *view) rememberPlace(p registry.Place) {
	if v.placeNames == nil {
		v.placeNames = map[string]string{}
	}
	if p.Name != "" {
		v.placeNames[p.ID] = p.Name
	}
}

// placeName is the name of a place by its id.
func (v *view) placeName(id string) string {
	if id == "" || id == registry.Dinas {
		return v.T("place.dinas")
	}
	if _, known := v.placeNames[id]; !known {
		v.rememberPlace(registry.Place{ID: id, Name: id}) // asked for once, whatever comes of it
		if list, err := v.Registry.Places(v.ctx()); err == nil {
			for _, p := range list {
				v.rememberPlace(p)
			}
		}
	}
	return v.placeNames[id]
}
