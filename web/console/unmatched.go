package console

import (
	"time"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
)

// unmatched is an application of a person whom the list lacks, with the data as they were typed in; a second
// person compares them with their source.
func (f *form) unmatched(app registry.Register, let []registry.Override) registry.RegisterUnmatched {
	op := registry.RegisterUnmatched{Application: app, Source: f.text("source"), Overrides: let, Note: f.text("note"), Person: ktp.Person{
		NIK: app.NIK, FamilyCard: f.text("person.family_card"), Names: []string{upper(f.needed("person.name"))}, BirthPlace: upper(f.needed("person.birth_place")), BirthDate: f.day("person.born"),
		Sex: ktp.Sex(f.word(ktp.Sexes, "person.sex")), Blood: ktp.BloodType(f.word(ktp.BloodTypes, "person.blood")), Street: upper(f.needed("person.street")), RT: f.needed("person.rt"), RW: f.needed("person.rw"),
		RegionCode: f.needed("person.region"), Religion: ktp.Religion(f.word(ktp.Religions, "person.religion")), Marital: ktp.MaritalStatus(f.word(ktp.MaritalStatuses, "person.marital")),
		Occupation: upper(f.needed("person.occupation")), Nationality: upper(f.needed("person.nationality")), Citizenship: ktp.Citizen.Name, Validity: ktp.Lifelong,
	}}
	place, known := ktp.Regions().Place(op.Person.RegionCode)
	if !known {
		f.refuse("person.region", "no village of the region list")
		return op
	}
	op.Person.Village, op.Person.District, op.Person.Regency, op.Person.Province = place.Village.CardName(), place.District.CardName(), place.Regency.CardName(), place.Province.CardName()
	if !app.StayUntil.IsZero() {
		op.Person.Citizenship, op.Person.Validity = op.Person.Nationality, app.StayUntil.Format("02-01-2006")
	}
	if f.text("person.married_on") != "" {
		op.MarriedOn = f.day("person.married_on")
	}
	return op
}

// day is a date without a time and a zone.
func (f *form) day(field string) time.Time {
	t, err := time.Parse(time.DateOnly, f.text(field))
	if err != nil {
		f.refuse(field, "a date is needed")
	}
	return t
}

func (f *form) word(list []ktp.Word, field string) byte {
	c := ktp.CodeOf(list, f.text(field))
	if c == ktp.UnknownCode {
		f.refuse(field, "no word of the list")
	}
	return c
}

// unmatchedFields are the data of a person as a form asks for them.
func (v *view) unmatchedFields() (list []templ.Component) {
	words := func(name, label string, list []ktp.Word) input {
		i := input{Name: name, Kind: "select", Label: v.T(label)}
		for _, w := range list {
			i.Options = append(i.Options, option{w.ID, v.Both(w.ID, w.EN)})
		}
		return i
	}
	from := input{Name: "source", Kind: "select", Label: v.T("unmatched.source"), Options: append([]option{{"", v.T("unmatched.listed")}}, choices(v, "unmatched", registry.Sources...)...)}
	for _, i := range []input{
		from,
		{Name: "person.name", Label: v.T("element.name")},
		{Name: "person.family_card", Label: v.T("element.familyCardNumber")},
		{Name: "person.birth_place", Label: v.T("unmatched.birth_place")},
		{Name: "person.born", Kind: "date", Label: v.T("desk.say_born")},
		words("person.sex", "element.sex", ktp.Sexes),
		words("person.blood", "unmatched.blood", ktp.BloodTypes),
		{Name: "person.street", Label: v.T("element.address")},
		{Name: "person.rt", Label: v.T("element.rt")},
		{Name: "person.rw", Label: v.T("element.rw")},
		{Name: "person.region", Label: v.T("element.regionCode")},
		words("person.religion", "element.religion", ktp.Religions),
		words("person.marital", "element.maritalStatus", ktp.MaritalStatuses),
		{Name: "person.married_on", Kind: "date", Label: v.T("unmatched.married_on")},
		{Name: "person.occupation", Label: v.T("element.occupation")},
		{Name: "person.nationality", Label: v.T("unmatched.nationality"), Value: "IDN"},
	} {
		list = append(list, field(v, "u-"+i.Name, i))
	}
	return list
}
