package console

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
)

// centerLinks are the ends of the names of what a station has towards the data center.
var centerLinks = []string{".link.center", ".inbox"}

func towardsCenter(h registry.Health) bool {
	return h.Place == "" && slices.ContainsFunc(centerLinks, func(end string) bool { return strings.HasSuffix(h.Device, end) })
}

// centerLink is how the links to the data center and the devices of the service places are, and what waits to go there.
func (v *view) centerLink() (templ.Component, error) {
	all, err := v.Registry.HealthOf(v.ctx(), "", listed+1)
	if err != nil {
		return nil, err
	}
	cutOff := len(all) > listed
	all = all[:min(len(all), listed)]
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
	links := slices.DeleteFunc(slices.Clone(all), func(h registry.Health) bool { return !towardsCenter(h) })
	t := v.healthTable(append(links, slices.DeleteFunc(all, func(h registry.Health) bool { return h.Place == "" })...))
	t.Title, t.Empty, t.Cut = v.T("centerlink.title"), v.T("centerlink.untold"), cutOff
	list := []templ.Component{table(v, t)}
	if len(links) == 0 && len(t.Rows) > 0 {
		list = append(list, soft(v.T("centerlink.untold")))
	}
	return stack(append(list, facts([]fact{{Name: v.T("centerlink.queue"), Value: waits}}))...), nil
}
