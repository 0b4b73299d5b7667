package console

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
)

var registerActions = []action{{Path: "/permohonan-baru", Page: "new_application", Files: true, Op: registration, Then: attachAll, Next: func(v *view, res registry.Result) string {
	return v.applicationPath(res.Application) + "#scans"
}}}

// registration is what was taken at the counter. Where a requirement is let go it waits for a second person,
// and its scans are attached once there is an application.
func registration(f *form) (registry.Operation, error) {
	nik, err := ktp.ParseNIK(f.needed("nik"))
	if err != nil {
		f.refuse("nik", "16 digits of a NIK")
	}
	op := registry.Register{Type: ktp.ApplicationType(f.needed("type")), NIK: nik, Delivery: f.text("delivery")}
	rules, err := f.Registry.RulesOf(f.ctx(), op.Type)
	if err != nil {
		return nil, err
	}
	var let []registry.Override
	for _, q := range presentable(rules) {
		brought := slices.Contains(f.r.PostForm["requirement"], q.ID)
		if brought {
			op.Requirements = append(op.Requirements, registry.Presented{ID: q.ID, Number: f.text("number." + q.ID)})
		}
		if brought && q.Retires {
			op.PoliceLetter = f.text("number." + q.ID)
		}
		if why := f.text("override." + q.ID); why != "" && !brought {
			let = append(let, registry.Override{Requirement: q.ID, Reason: why})
		}
		if mime, data, there := f.scan("scan." + q.ID); there {
			f.scans = append(f.scans, registry.Attach{Class: registry.AttachmentOf(q.ID), MIME: mime, Data: data})
		}
	}
	for _, e := range registry.ChangesOf(op.Type) {
		switch value := f.text("change." + e.ID); {
		case value == "":
		case e.Captured:
			op.Changes = append(op.Changes, registry.ElementChange{Element: e.ID, Reason: strings.TrimPrefix(value, "yes")})
		default:
			op.Changes = append(op.Changes, registry.ElementChange{Element: e.ID, Value: upper(value)})
		}
	}
	if f.text("stay_until") != "" {
		op.StayUntil = f.moment("stay_until")
	}
	if f.text("ticket") != "" {
		op.Ticket = f.number("ticket")
	}
	if f.text("source") != "" {
		return f.unmatched(op, let), nil
	}
	if len(let) > 0 {
		return registry.RegisterOverride{Application: op, Overrides: let, Note: f.text("note")}, nil
	}
	return op, nil
}

// attachAll attaches the scans that came with a registration, each by a key of its own, so that what is sent
// twice is attached once.
func attachAll(f *form, res registry.Result) error {
	for _, a := range f.scans {
		a.Application = res.Application
		if _, err := f.Registry.Do(f.ctx(), f.Actor, a, f.text("key")+"."+a.Class); err != nil {
			return err
		}
	}
	return nil
}

// presentable are the requirements of a type that somebody brings, those that do in the place of others among
// them; what the list of obliged residents shows is brought by nobody.
func presentable(rules registry.Rules) (list []registry.RequirementRule) {
	for _, q := range rules.Requirements {
		for _, one := range append([]registry.RequirementRule{q}, q.Instead...) {
			if !one.Age {
				list = append(list, one)
			}
		}
	}
	return list
}

// alternative reports whether a requirement is one of several that do.
func alternative(rules registry.Rules, id string) bool {
	return slices.ContainsFunc(rules.Requirements, func(q registry.RequirementRule) bool {
		return len(q.Instead) > 0 && (q.ID == id || slices.ContainsFunc(q.Instead, func(o registry.RequirementRule) bool { return o.ID == id }))
	})
}

func (v *view) overrideOptions() []option {
	list := []option{{"", v.T("register.brought")}}
	for _, o := range registry.ReasonsFor(registry.RegisterOverride{}.Name()).Codes {
		list = append(list, option{o, v.reason(o)})
	}
	return list
}

// newApplication is the form of a type, with the requirements of the service standard in force.
func (v *view) newApplication() (templ.Component, error) {
	t := ktp.ApplicationType(cmp.Or(v.Values.Get("type"), v.r.URL.Query().Get("jenis")))
	if t == "" {
		return chooseType(v), nil
	}
	rules, err := v.Registry.RulesOf(v.ctx(), t)
	if err != nil {
		return nil, err
	}
	places, err := v.Registry.Places(v.ctx())
	if err != nil {
		return nil, err
	}
	called, err := v.ticketCalled()
	if err != nil {
		return nil, err
	}
	return registerForm(v, t, rules, places, called), nil
}

// placeOptions are the places to choose from; dinas is the value of the Dinas itself among them.
func (v *view) placeOptions(dinas string, places []registry.Place) []option {
	list := []option{{dinas, v.T("place.dinas")}}
	for _, p := range places {
		if p.Active && p.Kind != registry.PlaceDinas {
			list = append(list, option{p.ID, p.Name})
		}
	}
	return list
}

// changeInput is how the new value of an element is given.
func (v *view) changeInput(e registry.Element) input {
	i := input{Name: "change." + e.ID, Label: v.T("element." + e.ID)}
	switch {
	case e.Captured && len(e.Reasons) > 0:
		i.Kind, i.Options = "select", []option{{"", v.T("register.stays")}}
		for _, r := range e.Reasons {
			i.Options = append(i.Options, option{r, v.Say("photo", r)})
		}
	case e.Captured:
		i.Kind = "check"
	case len(e.Values) > 0:
		i.Kind, i.Options = "select", []option{{"", v.T("register.stays")}}
		for _, w := range e.Values {
			i.Options = append(i.Options, option{w.ID, v.Both(w.ID, w.EN)})
		}
	}
	return i
}
