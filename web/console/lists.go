package console

import (
	"net/http"

	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/lists"
)

// listAction takes a list in from a file that a page brings, or tells what is wrong with it.
type listAction struct {
	ID, Path, Page string
	Of             registry.Operation
	Read           func(*form, []byte) (lists.List, error)
	Fields         func(*view) []input
}

var listActions = []listAction{
	{"residents", "/daftar-wajib", "residents", registry.ImportResidents{}, func(f *form, text []byte) (lists.List, error) {
		return lists.Residents(text, f.needed("version"))
	}, func(*view) []input { return []input{{Name: "version", Needed: true}} }},
	{"blanks", "/stok/berkas", "stock", registry.ImportBlanks{}, func(f *form, text []byte) (lists.List, error) {
		return lists.Blanks(text, f.needed("lot"), f.needed("product"))
	}, func(v *view) []input { return []input{{Name: "lot", Needed: true}, v.productInput()} }},
	{"denied", "/stok/larang-berkas", "stock", registry.ImportDenied{}, func(f *form, text []byte) (lists.List, error) {
		return lists.Denied(text, f.because())
	}, func(*view) []input { return nil }},
}

// takeList answers with the page and what became of the list, line by line.
func (c *console) takeList(l listAction) func(*view, http.ResponseWriter) error {
	return func(v *view, w http.ResponseWriter) error {
		f := &form{view: v}
		out, err := c.listed(f, l)
		if err != nil {
			v.Problem, v.Values = c.Problems.Of(err), v.r.PostForm
			return c.render(v, pageOf(l.Page), w, v.Problem.Status)
		}
		v.List = &out
		status := http.StatusOK
		if len(out.Bad) > 0 {
			status, v.Values = http.StatusUnprocessableEntity, v.r.PostForm
		}
		return c.render(v, pageOf(l.Page), w, status)
	}
}

func (c *console) listed(f *form, l listAction) (out lists.Outcome, err error) {
	if !f.Can(l.Of) {
		return out, c.Registry.Refuse(f.ctx(), f.Actor, l.Of.Name())
	}
	if err := parseFiles(f.r); err != nil {
		return out, err
	}
	text, there := f.file("list")
	if !there {
		f.refuse("list", "choose the file of the list")
	}
	list, err := l.Read(f, text)
	switch {
	case f.err != nil:
		return out, f.err
	case err != nil:
		return out, err
	}
	return list.Take(f.ctx(), c.Registry, f.Actor, f.yes("dry"))
}

// outcome is what became of the list that was just brought; nil: none was.
func (v *view) outcome() templ.Component {
	if v.List == nil {
		return nil
	}
	t := tableView{Title: v.T("list.tried", v.List.Good, len(v.List.Bad)), Heads: []string{v.T("list.line"), v.T("list.column"), v.T("list.reason")}, Empty: v.T("list.sound")}
	if !v.List.DryRun && (len(v.List.Bad) == 0 || v.List.Imported > 0) {
		t.Title = v.T("list.imported", v.List.Imported, v.List.Before)
	}
	switch {
	case v.List.Elsewhere == 0 || len(v.List.Bad) > 0:
	case v.List.DryRun:
		t.Title += "; " + v.T("list.elsewhere_tried", v.List.Elsewhere)
	default:
		t.Title += "; " + v.T("list.elsewhere", v.List.Elsewhere)
	}
	for _, b := range v.List.Bad {
		line := v.T("list.whole")
		if b.Line > 0 {
			line = number(b.Line)
		}
		t.Rows = append(t.Rows, []cell{{Text: line, Class: "number"}, {Text: b.Column, Class: "mono"}, {Text: v.Both(b.Reason.ID, b.Reason.EN)}})
	}
	return table(v, t)
}

// listForms are the forms of a page that take a list as a file, each made by show.
func (v *view) listForms(show func(*view, listAction) templ.Component) (forms []templ.Component) {
	for _, l := range listActions {
		if l.Page == v.Page.ID && v.Can(l.Of) {
			forms = append(forms, show(v, l))
		}
	}
	return forms
}

// title tells the file from the list that is typed.
func (l listAction) title(v *view) string {
	return v.T("op."+string(l.Of.Name())) + ": " + v.T("list.file")
}

// labelled is a field with the word for it.
func (v *view) labelled(i input) input {
	i.Label = v.T("field." + i.Name)
	return i
}
