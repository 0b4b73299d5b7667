package registry

import (
	"context"
	"strconv"
	"time"

	"blanko/store"
)

// Note is what somebody wrote beside the reason of an operation: personal data, since a person may be named in
// it. It is erased by the rules of retention; the event that it explains stays.
type Note struct {
	Event       int64 // the last one of its operation
	Operation   Name
	Application ApplicationID // empty: about none
	Actor       string
	At          time.Time
	ErasedAt    time.Time // zero: it is still here
}

// keepNote keeps the note of an operation that changed something.
func (a *act) keepNote(b Because) error {
	if b.Note == "" || len(a.res.Events) == 0 {
		return nil
	}
	n := Note{Event: a.res.Events[len(a.res.Events)-1], Operation: a.row.Name, Application: a.res.Application, Actor: a.actor.ID, At: a.now()}
	return n.save(a.tx, b.Note)
}

// ReadNote shows a note. It is written down who looked and why, and counted as a look at a person.
type ReadNote struct {
	Event int64
	Because
}

func (ReadNote) Name() Name { return opReadNote }

func (o ReadNote) run(a *act) error {
	n, found, err := noteOf(a.tx, o.Event)
	switch {
	case err != nil:
		return err
	case !found:
		return unknownID.At("registry.ReadNote", nil).With("event", "no note")
	case !n.ErasedAt.IsZero():
		return wrongState.At("registry.ReadNote", nil).With("event", "its note was erased by the rules of retention")
	}
	a.res.Application, a.res.Answer = n.Application, strconv.FormatInt(o.Event, 10)
	return a.unmask(unmaskNote, strconv.FormatInt(o.Event, 10), o.Reason)
}

// NoteText is a note: personal data. Only for a request that ReadNote let pass.
func (r *Registry) NoteText(ctx context.Context, event int64) (text string, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		text, err = noteText(tx, event)
		return err
	})
	return text, err
}

// NoteFilter says which notes are asked for.
type NoteFilter struct {
	Application ApplicationID // empty: all
	After       int64         // event of the last one seen
	Limit       int
}

// Notes are the notes that there are, in the order of their events; what they say is not in it.
func (r *Registry) Notes(ctx context.Context, f NoteFilter) (list []Note, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`event > ?`, f.After)
		w.If(string(f.Application), `application = ? and application <> ''`, f.Application)
		list, err = notes(tx, w.Text()+` order by event limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}
