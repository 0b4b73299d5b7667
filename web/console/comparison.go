package console

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// ofComparison is an action of the page of one comparison; what is decided leads back to the desk.
func ofComparison(path string, op func(*form, registry.ApplicationID) registry.Operation) action {
	return action{Path: "/ketunggalan/{application}/" + path, Page: "comparison", Op: func(f *form) (registry.Operation, error) {
		return op(f, registry.ApplicationID(f.r.PathValue("application"))), nil
	}, Next: func(*view, registry.Result) string { return "/ketunggalan" }}
}

var comparisonActions = []action{
	{Path: "/ketunggalan/{application}/lihat", Page: "comparison", Op: func(f *form) (registry.Operation, error) {
		return registry.Unmask{Application: registry.ApplicationID(f.r.PathValue("application")), Because: f.because()}, nil
	}, Then: lookAtOther},
	ofComparison("putuskan", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.AdjudicateResult{Application: id, Decision: registry.Decision(f.needed("decision")), Because: f.because()}
	}),
	ofComparison("bukan-ganda", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.ClearDuplicate{Application: id, Because: f.because()}
	}),
	ofComparison("tutup", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.CloseApplication{Application: id, Because: f.because()}
	}),
	ofComparison("kirim-lagi", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.Resend{Application: id, Because: f.because()}
	}),
}

// lookAtOther asks to see the candidate, too, who stands beside the application: that is a look of its own.
func lookAtOther(f *form, _ registry.Result) error {
	other := registry.ApplicationID(f.text("other"))
	if other == "" {
		return nil
	}
	_, err := f.Registry.Do(f.ctx(), f.Actor, registry.Unmask{Application: other, Because: f.because()}, f.text("key")+".other")
	return err
}

func comparisonPath(id registry.ApplicationID) string { return "/ketunggalan/" + escaped(string(id)) }

// comparisonView is an application beside one candidate.
type comparisonView struct {
	registry.Comparison
	Other *registry.Compared // nil: nobody was named
	Rows  []comparedRow
}

// comparedRow is one thing that two persons are compared by.
type comparedRow struct {
	Name        string // of its words
	This, Other string // as they are shown
	Mark        string // same, differs, unknown, unseen; empty: there is no other
}

// personFields are what two persons are compared by.
var personFields = []struct {
	Name string
	Of   func(*view, ktp.Person) string
	Mask func(ktp.Person) string // how it is shown to who has not asked; nil: hidden altogether
}{
	{"name", func(_ *view, p ktp.Person) string { return strings.Join(p.Names, " ") }, maskedName},
	{"nik", func(_ *view, p ktp.Person) string { return p.NIK.Digits() }, func(p ktp.Person) string { return Masked(p.NIK) }},
	{"family_card", func(_ *view, p ktp.Person) string { return p.FamilyCard }, nil},
	{"birth_place", func(_ *view, p ktp.Person) string { return p.BirthPlace }, nil},
	{"birth_date", func(v *view, p ktp.Person) string {
		if p.BirthDate.IsZero() {
			return ""
		}
		return v.Day(p.BirthDate)
	}, nil},
	{"sex", func(v *view, p ktp.Person) string { return v.wordOf(ktp.Sexes, byte(p.Sex)) }, nil},
	{"blood", func(v *view, p ktp.Person) string { return v.wordOf(ktp.BloodTypes, byte(p.Blood)) }, nil},
	{"address", func(_ *view, p ktp.Person) string { return joined(" ", p.Street, joined("/", p.RT, p.RW)) }, nil},
	{"village", func(_ *view, p ktp.Person) string { return joined(", ", p.Village, p.District) }, nil},
	{"regency", func(_ *view, p ktp.Person) string { return joined(", ", p.Regency, p.Province) }, nil},
	{"religion", func(v *view, p ktp.Person) string { return v.wordOf(ktp.Religions, byte(p.Religion)) }, nil},
	{"marital", func(v *view, p ktp.Person) string { return v.wordOf(ktp.MaritalStatuses, byte(p.Marital)) }, nil},
	{"occupation", func(_ *view, p ktp.Person) string { return p.Occupation }, nil},
	{"citizenship", func(_ *view, p ktp.Person) string { return p.Citizenship }, nil},
}

// wordOf is a word that is printed on a card; empty for a code that the record does not tell.
func (v *view) wordOf(list []ktp.Word, code byte) string {
	w, _ := ktp.Words(list, code)
	return v.Both(w.ID, w.EN)
}

func joined(by string, list ...string) string {
	var there []string
	for _, s := range list {
		if s != "" {
			there = append(there, s)
		}
	}
	return strings.Join(there, by)
}

// rowsOf compares two persons. Whether they agree is said to who has asked to see both: beside one who is seen, it would
// tell what the other is.
func (v *view) rowsOf(this registry.Compared, other *registry.Compared) (list []comparedRow) {
	for _, f := range personFields {
		shown := func(c registry.Compared) (value, text string) {
			value = f.Of(v, c.Person)
			switch {
			case value == "":
				return value, v.T("compare.none")
			case c.Looked:
				return value, value
			case f.Mask != nil:
				return value, f.Mask(c.Person)
			}
			return value, "•••"
		}
		r := comparedRow{Name: f.Name}
		var a, b string
		a, r.This = shown(this)
		if other != nil {
			b, r.Other = shown(*other)
			switch {
			case a == "" || b == "":
				r.Mark = "unknown"
			case !this.Looked || !other.Looked:
				r.Mark = "unseen"
			case strings.EqualFold(a, b):
				r.Mark = "same"
			default:
				r.Mark = "differs"
			}
		}
		list = append(list, r)
	}
	return list
}

// comparison is renewed as a whole: a colleague may decide, and a look at the two ends.
func (v *view) comparison() (templ.Component, error) {
	if _, err := v.Registry.Comparison(v.ctx(), v.Actor, registry.ApplicationID(v.r.PathValue("application"))); err != nil {
		return nil, err
	}
	return v.LivePart("perbandingan"), nil
}

// sideBySide sets an application beside the candidate that is asked for, else the best, and beneath them what may be
// decided.
func (v *view) sideBySide() (templ.Component, error) {
	found, err := v.Registry.Comparison(v.ctx(), v.Actor, registry.ApplicationID(v.r.PathValue("application")))
	if err != nil {
		return nil, err
	}
	c := comparisonView{Comparison: found}
	asked := registry.ApplicationID(v.r.FormValue("other"))
	if asked != "" {
		v.kept = "&other=" + escaped(string(asked))
	}
	for i, k := range c.Candidates {
		if i == 0 || k.ID == asked {
			c.Other = &c.Candidates[i]
		}
	}
	c.Rows = v.rowsOf(c.This, c.Other)
	return comparisonPage(v, c), nil
}

// looked reports whether both sides are open to who looks.
func (c comparisonView) looked() bool { return c.This.Looked && (c.Other == nil || c.Other.Looked) }

// undecided reports whether the application stands at a desk where two persons are compared.
func (c comparisonView) undecided() bool {
	return c.This.State == registry.Adjudicate || c.This.State == registry.Duplicate
}

// atOther is the address of the comparison with a candidate.
func (c comparisonView) atOther(id registry.ApplicationID) string {
	return comparisonPath(c.This.ID) + "?other=" + escaped(string(id))
}

// portrait is the face of an application that is compared.
func (c *console) portrait(v *view, w http.ResponseWriter) error {
	if !v.May(access.ReadResults) {
		return web.PageDenied.At("console.portrait", nil).With("page", "needs a role for %s", access.ReadResults)
	}
	face, err := c.Registry.ShowPortrait(v.ctx(), v.Actor, registry.ApplicationID(v.r.PathValue("application")))
	if err != nil {
		return err
	}
	return c.browserPicture(w, face)
}

// look is the form that asks to see both persons.
func (c comparisonView) look(v *view) sheetView {
	f := v.formOf("look", comparisonPath(c.This.ID)+"/lihat", registry.Unmask{}, c.beside()...)
	f.Title, f.Submit = v.T("compare.look"), v.T("compare.look")
	return f
}

// beside keeps the candidate on the page when a form of it is sent.
func (c comparisonView) beside() []input {
	if c.Other == nil {
		return nil
	}
	return []input{{Name: "other", Kind: "hidden", Value: string(c.Other.ID)}}
}

// viewable reports whether a browser shows a picture of the type.
func viewable(mime string) bool { return mime == "image/jpeg" || mime == "image/png" }

// shows reports whether a page shows a picture of the type, as it is or drawn anew.
func (v *view) shows(mime string) bool { return viewable(mime) || v.Picture != nil }

// decisions are the forms of what may be done in the state of the application, by who looks.
func (c comparisonView) decisions(v *view) templ.Component {
	at, s := comparisonPath(c.This.ID), c.This.State
	var list []templ.Component
	if v.offered(registry.AdjudicateResult{}, s) {
		list = append(list, adjudicating(v, v.formOf("adjudicate", at+"/putuskan", registry.AdjudicateResult{}, c.beside()...)))
	}
	for _, d := range []struct {
		id, path string
		op       registry.Operation
	}{{"clear", "/bukan-ganda", registry.ClearDuplicate{}}, {"close", "/tutup", registry.CloseApplication{}}, {"resend", "/kirim-lagi", registry.Resend{}}} {
		if v.offered(d.op, s) {
			list = append(list, v.sheetOf(d.id, at+d.path, d.op, c.beside()...))
		}
	}
	return stack(columns(list...))
}

// markMood is the icon of a mark; color alone says nothing.
func markMood(mark string) string {
	switch mark {
	case "same":
		return "good"
	case "differs":
		return "warn"
	}
	return "clock"
}
