package console

import (
	"strconv"

	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/access"
)

var noteActions = []action{
	ofApplication("catatan", func(f *form, _ registry.ApplicationID) registry.Operation {
		return registry.ReadNote{Event: int64(f.number("event")), Because: f.because()}
	}),
}

// notesOf are the notes about an application. What one says is shown on the page that answers the request to see
// it, and on no other.
func (v *view) notesOf(a applicationView) (templ.Component, error) {
	if !v.May(access.SeePersons) {
		return nil, nil
	}
	list, err := v.Registry.Notes(v.ctx(), registry.NoteFilter{Application: a.Application.ID, Limit: listed})
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("notes"), Heads: []string{v.T("head.time"), v.T("head.by"), v.T("head.what"), v.T("notes")}}
	for _, n := range list {
		event := strconv.FormatInt(n.Event, 10)
		said := cell{}
		switch {
		case !n.ErasedAt.IsZero():
			said.Text = v.T("notes.erased")
		case v.Done != nil && v.Done.Operation == string(registry.ReadNote{}.Name()) && v.Done.Answer == event:
			if said.Text, err = v.Registry.NoteText(v.ctx(), n.Event); err != nil {
				return nil, err
			}
		default:
			said.Part = v.foldOf("note-"+event, v.applicationPath(a.Application.ID)+"/catatan", registry.ReadNote{}, input{Name: "event", Kind: "hidden", Value: event})
		}
		t.Rows = append(t.Rows, []cell{{Text: v.Time(n.At)}, {Text: n.Actor}, {Text: v.T("op." + string(n.Operation))}, said})
	}
	return filled(v, t), nil
}
