package console

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
)

var privacyActions = []action{
	{Path: "/data-pribadi", Page: "privacy", Op: func(f *form) (registry.Operation, error) {
		op := registry.OpenBreach{What: f.needed("breach_what"), How: f.needed("breach_how"), Measures: f.text("measures"), People: f.number("people")}
		for _, id := range f.list("affected") {
			op.Affected = append(op.Affected, registry.ApplicationID(id))
		}
		if f.text("found_at") != "" {
			op.FoundAt = f.moment("found_at")
		}
		return op, nil
	}},
	{Path: "/data-pribadi/beritahu", Page: "privacy", Op: func(f *form) (registry.Operation, error) {
		return registry.NotifyBreach{Breach: f.needed("breach")}, nil
	}},
	{Path: "/data-pribadi/tutup", Page: "privacy", Op: func(f *form) (registry.Operation, error) {
		return registry.CloseBreach{Breach: f.needed("breach"), Outcome: f.needed("outcome")}, nil
	}},
}

// exportWish is what the API is asked for.
func exportWish(f *form) ([]byte, error) {
	nik, err := ktp.ParseNIK(f.needed("nik"))
	if err != nil {
		f.refuse("nik", "16 digits of a NIK")
	}
	request := f.needed("request")
	if f.err != nil {
		return nil, f.err
	}
	return json.Marshal(map[string]string{"nik": nik.Digits(), "request": request})
}

// exportSubject answers with a file of everything about one person, as the API gives it once it is written down.
func (c *console) exportSubject(mux *http.ServeMux) func(*view, http.ResponseWriter) error {
	return func(v *view, w http.ResponseWriter) error {
		if err := v.readForm(w); err != nil {
			return err
		}
		typed := v.r.PostForm
		wish, err := exportWish(&form{view: v})
		if err != nil {
			v.Problem, v.Values = c.Problems.Of(err), typed
			return c.render(v, pageOf("privacy"), w, v.Problem.Status)
		}
		v.r.Body, v.r.ContentLength, v.r.Form, v.r.PostForm = io.NopCloser(bytes.NewReader(wish)), int64(len(wish)), nil, nil
		a := v.ask(mux, &url.URL{Path: "/v1/subject-exports"}, http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "Idempotency-Key": {typed.Get("key")}})
		if !a.good() {
			if v.Problem, err = a.problem(); err != nil {
				return err
			}
			v.Values = typed
			return c.render(v, pageOf("privacy"), w, v.Problem.Status)
		}
		w.Header().Set("Content-Disposition", `attachment; filename="salinan-data-pribadi.json"`)
		a.pass(w)
		return nil
	}
}

// privacy is what the law asks about personal data: breaches with their clock of 72 hours, and what the
// station holds about one person, for that person.
func (v *view) privacy() (templ.Component, error) {
	list, err := v.Registry.ListBreaches(v.ctx(), "", "", listed+1)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("privacy.breaches"), Empty: v.T("privacy.none"), Heads: []string{v.T("head.number"), v.T("head.state"), v.T("field.found_at"), v.T("privacy.notify_by"), v.T("field.people"), v.T("head.do")}}
	var open []option
	var sheets []printable
	for _, b := range short(&t, list) {
		var do templ.Component
		if b.State == registry.BreachOpen && v.Can(registry.NotifyBreach{}) {
			do = button(v, "notify-"+b.ID, "/data-pribadi/beritahu", v.T("op.breach.notify"), "main", map[string]string{"breach": b.ID})
		}
		by := cell{Text: v.Time(b.NotifyBy)}
		if b.State == registry.BreachOpen && v.Now().After(b.NotifyBy) {
			by = cell{Text: v.Time(b.NotifyBy) + " · " + v.T("head.late"), Class: "state bad"}
		}
		if b.State == registry.BreachNotified {
			open = append(open, option{b.ID, b.ID})
		}
		if b.State != registry.BreachClosed {
			sheets = append(sheets, printable{Kind: registry.PaperBreach, Path: "/v1/breaches/" + b.ID + "/papers/notice"},
				printable{Kind: registry.PaperBreach, Path: "/v1/breaches/" + b.ID + "/papers/notice-to-persons", Label: v.T("paper.breach_to_persons")})
		}
		t.Rows = append(t.Rows, []cell{{Text: b.ID, Class: "mono"}, {Text: v.T("breach." + string(b.State))}, {Text: v.Time(b.FoundAt)}, by, {Text: number(b.People), Class: "number"}, {Part: do}})
	}
	var shut templ.Component
	if len(open) > 0 {
		shut = v.sheetOf("close", "/data-pribadi/tutup", registry.CloseBreach{}, input{Name: "breach", Kind: "select", Options: open, Needed: true}, input{Name: "outcome", Kind: "text", Needed: true})
	}
	return stack(table(v, t), columns(
		v.sheetOf("open", "/data-pribadi", registry.OpenBreach{}, input{Name: "breach_what", Kind: "text", Needed: true}, input{Name: "breach_how", Kind: "text", Needed: true}, input{Name: "measures", Kind: "text"},
			input{Name: "people", Kind: "number", Value: "0", Needed: true}, input{Name: "affected", Kind: "text"}, input{Name: "found_at", Kind: "datetime-local"}),
		shut,
		v.sheetOf("export", "/data-pribadi/salinan", registry.ExportSubject{}, input{Name: "nik", Label: "NIK", Needed: true}, input{Name: "request", Needed: true}),
	), papers(v, v.printables(sheets...))), nil
}
