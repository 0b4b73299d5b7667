package console

import (
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
)

// htmxConfig lets htmx write no style and run no text as code, so that the policy holds.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0}`

// tableView is a list as a page shows it.
type tableView struct {
	Title string
	Heads []string
	Rows  [][]cell
	Empty string // what to do where there is nothing
	More  string // where the rest is
	Older bool   // the rest is older than what is shown
	First string // where its beginning is; empty: this is it
	Cut   bool   // it goes on, and nothing leads there
	Total int    // of all its rows, where they were counted; 0: they were not
	ID    string
	CSV   string // where it is for a spreadsheet
	Chart *chart // nil: it has none
}

func (t tableView) name(v *view) string {
	if t.Title != "" {
		return t.Title
	}
	return v.T("page." + v.Page.ID)
}

// cell of a table: a text, a link, or anything.
type cell struct {
	Text, Link, Class string
	Number            int // of a figure
	Part              templ.Component
}

// sheetView is a form as a page shows it.
type sheetView struct {
	ID, Title, Help, Action, Submit, Class string
	Fields                                 []input
	Two                                    bool // it waits for a second person
	Shows                                  bool // its fields show what others change: begun, it waits until somebody wants to see that
}

// input is one field of a form.
type input struct {
	Name, Label, Value string
	Kind               string // "", number, date, datetime-local, select, check, checks, text, note, hidden, password, picture
	Needed             bool
	Checked            bool
	Many               bool // more than one picture
	Scan               bool // what a scanner reads on the page goes here, and the focus is here from the beginning
	Options            []option
	Chosen             []string // of the options, where several may be
}

type option struct{ Value, Text string }

// files reports whether a form brings any.
func (f sheetView) files() bool {
	return slices.ContainsFunc(f.Fields, func(i input) bool { return i.Kind == "picture" })
}

func (i input) kind() string {
	if i.Kind == "" {
		return "text"
	}
	return i.Kind
}

// filling is the view for a form: only the one that was refused is filled with what was typed.
func (v *view) filling(action string) *view {
	if len(v.Values) == 0 || v.r.URL.Path == action {
		return v
	}
	other := *v
	other.Values = nil
	return &other
}

func (i input) value() string {
	if i.Value == "" {
		return "yes"
	}
	return i.Value
}

func (i input) checked(v *view) bool {
	if len(v.Values) == 0 {
		return i.Checked
	}
	return slices.Contains(v.Values[i.Name], i.value())
}

// chosen reports whether an option of several is marked.
func (i input) chosen(v *view, o option) bool {
	if len(v.Values) == 0 {
		return slices.Contains(i.Chosen, o.Value)
	}
	return slices.Contains(v.Values[i.Name], o.Value)
}

// was is what was typed into a form that was refused, else the field's own value.
func (v *view) was(i input) string {
	if v.Values.Has(i.Name) {
		return v.Values.Get(i.Name)
	}
	return i.Value
}

// sheetOf is the form of an operation; nil where who looks may not begin it.
func (v *view) sheetOf(id, action string, op registry.Operation, fields ...input) templ.Component {
	if !v.Can(op) {
		return nil
	}
	return sheet(v, v.formOf(id, action, op, fields...))
}

// foldOf is sheetOf for what is done seldom: folded up until it is wanted, or until it was refused.
func (v *view) foldOf(id, action string, op registry.Operation, fields ...input) templ.Component {
	if !v.Can(op) {
		return nil
	}
	return fold(v, v.formOf(id, action, op, fields...))
}

// helpedFold is foldOf with a sentence on when it is wanted, and what comes of it.
func (v *view) helpedFold(id, action string, op registry.Operation, help string, fields ...input) templ.Component {
	if !v.Can(op) {
		return nil
	}
	f := v.formOf(id, action, op, fields...)
	f.Help = v.T(help)
	return fold(v, f)
}

func (v *view) formOf(id, action string, op registry.Operation, fields ...input) sheetView {
	for i, f := range fields {
		if f.Label == "" && f.Kind != "hidden" {
			fields[i].Label = v.T("field." + f.Name)
		}
	}
	fields = append(fields, v.because(op)...)
	name := string(op.Name())
	return sheetView{
		ID: id, Title: v.T("op." + name), Action: action, Submit: v.T("op." + name), Fields: fields, Two: registry.NeedsSecond(op.Name()),
	}
}

// because are the fields for the reason of an operation: a choice, and a note; none where it is done for none.
func (v *view) because(op registry.Operation) []input {
	reasons := registry.ReasonsFor(op.Name())
	if len(reasons.Codes) == 0 {
		return nil
	}
	choice := input{Name: "reason", Label: v.T("field.reason"), Kind: "select", Options: []option{{"", v.T("form.choose")}}, Needed: !reasons.Optional}
	for _, c := range reasons.Codes {
		choice.Options = append(choice.Options, option{c, v.reason(c)})
	}
	return []input{choice, {Name: "note", Kind: "note", Label: v.T("field.note")}}
}

// reason is the code of a reason in words.
func (v *view) reason(code string) string {
	if id, en, known := registry.ReasonWords(code); known {
		return v.Both(id, en)
	}
	return v.Say("reason", code)
}

// fact is a value with its name.
type fact struct{ Name, Value, Link, Class string }

// stack shows one thing under the other, without those that are not there.
func stack(list ...templ.Component) templ.Component {
	return all(slices.DeleteFunc(list, func(c templ.Component) bool { return c == nil }))
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func pressed(is bool) string {
	if is {
		return "true"
	}
	return "false"
}

// here is the page a form stands on, where its answer leads back to.
func (v *view) here() string {
	switch {
	case v.Live:
		return strings.TrimSuffix(v.path()+"?"+strings.TrimPrefix(v.kept, "&"), "?")
	case v.r.Method != "GET":
		if v.Page.Path != "" && !slices.Contains([]byte(v.Page.Path), '{') {
			return strings.TrimSuffix(v.Page.Path+"?"+strings.TrimPrefix(v.kept, "&"), "?")
		}
		return local(v.r.FormValue("kembali"))
	}
	return v.r.URL.RequestURI()
}

// Either chooses a list by the language.
func (v *view) Either(id, en []string) []string {
	if v.Lang == "en" {
		return en
	}
	return id
}

// folds shows folded forms in one box, without those that are not there.
func folds(title string, list ...templ.Component) templ.Component {
	list = slices.DeleteFunc(list, func(c templ.Component) bool { return c == nil })
	if len(list) == 0 {
		return nil
	}
	return folded(title, list)
}

// choices are the words of a group as options of a field.
func choices[T ~string](v *view, group string, values ...T) (list []option) {
	for _, c := range values {
		list = append(list, option{string(c), v.T(group + "." + string(c))})
	}
	return list
}

// chooseOf is a field whose value is one of those, named by their words.
func chooseOf[T ~string](v *view, field, group string, values ...T) input {
	return input{Name: field, Kind: "select", Options: choices(v, group, values...), Needed: true}
}

// columns shows forms side by side, without those that are not there.
func columns(list ...templ.Component) templ.Component {
	list = slices.DeleteFunc(list, func(c templ.Component) bool { return c == nil })
	if len(list) == 0 {
		return nil
	}
	return grid(list)
}

// filled is a table that has rows; nil: it has none, and says nothing.
func filled(v *view, t tableView) templ.Component {
	if len(t.Rows) == 0 {
		return nil
	}
	return table(v, t)
}
