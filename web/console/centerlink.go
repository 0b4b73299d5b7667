package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

// centerLink is how the links to the data center and the devices of the service places are, and what waits to go there.
func (v *view) centerLink() (templ.Component, error) {
	links, err := v.Registry.HealthTowardsCenter(v.ctx())
	if err != nil {
		return nil, err
	}
	places, err := v.Registry.HealthOfPlaces(v.ctx(), listed+1)
	if err != nil {
		return nil, err
	}
	ages, err := v.Registry.AgeingList(v.ctx())
	if err != nil {
		return nil, err
	}
	waits := v.T("centerlink.nothing")
	for _, a := range ages {
		if a.State == registry.Sent && a.Count > 0 {
			waits = v.T("centerlink.waits", v.Count(a.Count), v.Ago(a.Oldest))
		}
	}
	t := v.healthTable(append(links, places[:min(len(places), listed)]...))
	t.Title, t.Empty, t.Cut = v.T("centerlink.title"), v.T("centerlink.untold"), len(places) > listed
	list := []templ.Component{table(v, t)}
	if len(links) == 0 && len(t.Rows) > 0 {
		list = append(list, soft(v.T("centerlink.untold")))
	}
	return stack(append(list, facts([]fact{{Name: v.T("centerlink.queue"), Value: waits}}))...), nil
}
