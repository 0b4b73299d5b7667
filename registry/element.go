package registry

import (
	"slices"
	"strings"
	"time"

	"blanko/ktp"
)

// ElementChange is a change of one element of a person's data, with what proves it.
type ElementChange struct {
	Element string // of Elements
	Value   string // personal data; empty for the pictures
	Reason  string // code; needed for the photo
}

// String shows the element alone.
func (c ElementChange) String() string { return "ElementChange(" + c.Element + ")" }

// GoString shows the element alone.
func (c ElementChange) GoString() string { return c.String() }

// Element of the data on the card.
type Element struct {
	ID     string
	Static bool // never changes; only the center corrects it
	// Reasons are those for which it may change; none: any.
	Reasons []string
	// Values are those that it may have; none: the element says in its refusal what is wrong.
	Values []ktp.Word
	// Captured: it is a picture, captured again and not typed.
	Captured bool
	set      func(p *ktp.Person, value string) (why string)
}

// Elements are the data of the card, static and dynamic (Permendagri 74/2015). The photo changes only
// for a permanent change of the face, wearing hijab among them, or with a damaged card (article 13).
var Elements = []Element{
	{ID: "nik", Static: true},
	{ID: "placeOfBirth", Static: true},
	{ID: "dateOfBirth", Static: true},
	{ID: "bloodType", Static: true},
	{ID: "name", set: text(func(p *ktp.Person, v string) { p.Names = append([]string{v}, p.Names[min(1, len(p.Names)):]...) })},
	{ID: "sex", Values: ktp.Sexes, set: word(ktp.Sexes, func(p *ktp.Person, c byte) { p.Sex = ktp.Sex(c) })},
	{ID: "religion", Values: ktp.Religions, set: word(ktp.Religions, func(p *ktp.Person, c byte) { p.Religion = ktp.Religion(c) })},
	{ID: "maritalStatus", Values: ktp.MaritalStatuses, set: word(ktp.MaritalStatuses, func(p *ktp.Person, c byte) { p.Marital = ktp.MaritalStatus(c) })},
	{ID: "occupation", set: text(func(p *ktp.Person, v string) { p.Occupation = v })},
	{ID: "address", set: text(func(p *ktp.Person, v string) { p.Street = v })},
	{ID: "rt", set: three(func(p *ktp.Person, v string) { p.RT = v })},
	{ID: "rw", set: three(func(p *ktp.Person, v string) { p.RW = v })},
	{ID: "regionCode", set: setRegion},
	{ID: "citizenship", set: setCitizenship},
	{ID: "familyCardNumber", set: setFamilyCard},
	{ID: "validUntil", set: setValidity},
	{ID: "photo", Captured: true, Reasons: []string{"permanent_change", "hijab", "damaged_card"}},
	{ID: "signature", Captured: true},
}

func text(set func(*ktp.Person, string)) func(*ktp.Person, string) string {
	return func(p *ktp.Person, v string) string {
		if v == "" {
			return "is empty"
		}
		if err := ktp.CheckText(v); err != nil {
			return err.Error()
		}
		set(p, v)
		return ""
	}
}

func word(list []ktp.Word, set func(*ktp.Person, byte)) func(*ktp.Person, string) string {
	return func(p *ktp.Person, v string) string {
		c := ktp.CodeOf(list, v)
		if c == ktp.UnknownCode {
			return "not in the value list"
		}
		set(p, c)
		return ""
	}
}

func three(set func(*ktp.Person, string)) func(*ktp.Person, string) string {
	return func(p *ktp.Person, v string) string {
		if len(v) != 3 || strings.Trim(v, "0123456789") != "" {
			return "three digits"
		}
		set(p, v)
		return ""
	}
}

func setRegion(p *ktp.Person, v string) string {
	place, ok := ktp.Regions().Place(v)
	if !ok {
		return "no village of the region list"
	}
	p.RegionCode, p.Village, p.District = v, place.Village.CardName(), place.District.CardName()
	p.Regency, p.Province = place.Regency.CardName(), place.Province.CardName()
	return ""
}

func setCitizenship(p *ktp.Person, v string) string {
	c, ok := ktp.CountryByName(v)
	if !ok {
		return "WNI or a country of the list"
	}
	p.Citizenship, p.Nationality = c.Name, c.Code
	return ""
}

func setFamilyCard(p *ktp.Person, v string) string {
	if len(v) != 16 || strings.Trim(v, "0123456789") != "" {
		return "16 digits"
	}
	p.FamilyCard = v
	return ""
}

func setValidity(p *ktp.Person, v string) string {
	if v != ktp.Lifelong {
		if _, err := time.Parse(ktp.DateLayout, v); err != nil {
			return ktp.Lifelong + " or DD-MM-YYYY"
		}
	}
	p.Validity = v
	return ""
}

// changed is a person with changes. A static element, an unknown one, a value that does not fit or a
// reason that is none refuses all of them.
func changed(p ktp.Person, changes []ElementChange) (ktp.Person, error) {
	const op = "registry.changed"
	p.Names = slices.Clone(p.Names)
	for i, c := range changes {
		at := slices.IndexFunc(Elements, func(e Element) bool { return e.ID == c.Element })
		field := "changes." + c.Element
		switch {
		case at < 0:
			return p, badOperation.At(op, nil).With("changes", "no such element")
		case slices.ContainsFunc(changes[:i], func(o ElementChange) bool { return o.Element == c.Element }):
			return p, badOperation.At(op, nil).With(field, "there twice")
		}
		e := Elements[at]
		switch {
		case e.Static:
			return p, staticElement.At(op, nil).With(field, "never changes")
		case len(e.Reasons) > 0 && !slices.Contains(e.Reasons, c.Reason):
			return p, badOperation.At(op, nil).With(field, "for one of these reasons: %s", strings.Join(e.Reasons, ", "))
		case e.set == nil && c.Value != "":
			return p, badOperation.At(op, nil).With(field, "is captured, not typed")
		case e.set == nil:
			continue
		}
		if why := e.set(&p, c.Value); why != "" {
			return p, badOperation.At(op, nil).With(field, "%s", why)
		}
	}
	return p, nil
}
