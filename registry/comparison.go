package registry

import (
	"context"

	"blanko/ktp"
	"blanko/store"
)

// Compared is one side of a comparison: the person of an application, as far as this ledger still has them. Personal data.
type Compared struct {
	Application
	Here     bool // the application is one of this ledger
	Score    int  // of a candidate
	Person   ktp.Person
	Portrait string // MIME type of the face that is still kept; empty: none
	Looked   bool   // who asks has asked to see the person just now
}

// Comparison is an application beside those whom a search of this station named. A center names none.
type Comparison struct {
	This       Compared
	Candidates []Compared // the best first
	Found      Found      // newest result; zero: none
	With       Assignment // who has it in hand to decide; zero: nobody
}

// Comparison sets an application beside its candidates, for who looks at it.
func (r *Registry) Comparison(ctx context.Context, actor Actor, id ApplicationID) (c Comparison, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx, actor: actor}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		c = Comparison{}
		if c.This, err = a.compared(app); err != nil {
			return err
		}
		last, _, err := enrolmentOf(tx, id)
		if err != nil {
			return err
		}
		if c.Found, _, err = newestResult(tx, id, last.Encounter); err != nil {
			return err
		}
		if w, found, err := assigned(tx, id, TaskAdjudicate); err != nil {
			return err
		} else if found && w.DoneAt.IsZero() {
			c.With = w
		}
		named, err := candidatesOf(tx, id)
		for _, k := range named {
			other, known, err := applicationByID(tx, k.Application)
			if err != nil {
				return err
			}
			side := Compared{Application: Application{ID: k.Application}}
			if known {
				if side, err = a.compared(other); err != nil {
					return err
				}
			}
			side.Score = k.Score
			c.Candidates = append(c.Candidates, side)
		}
		return err
	})
	return c, err
}

func (a *act) compared(app Application) (c Compared, err error) {
	c = Compared{Application: app, Here: true}
	if c.Person, err = a.personOf(app); err != nil {
		return c, err
	}
	face, err := a.portraitOf(app)
	if err != nil {
		return c, err
	}
	if len(face.Data) > 0 {
		c.Portrait = face.MIME
	}
	c.Looked, err = a.looked(app.ID)
	return c, err
}

// personOf is the person by the center's record, else by what was taken at the counter; empty: erased.
func (a *act) personOf(app Application) (ktp.Person, error) {
	if app.Version > 0 {
		return recordPerson(a.tx, app.ID)
	}
	in, _, err := intakeBy(a.tx, `where application = ?`, app.ID)
	return in.Person, err
}

// portraitOf is the face of a record, else of a capture; empty: erased by the rules of retention.
func (a *act) portraitOf(app Application) (ktp.Image, error) {
	if app.Version > 0 {
		rec, _, err := loadRecord(a.tx, app)
		if err != nil || len(rec.Portrait.Data) > 0 {
			return rec.Portrait, err
		}
	}
	parts, err := captured(a.tx, app.ID)
	face := parts[PartPortrait]
	return ktp.Image{MIME: face.MIME, Data: face.Data}, err
}

// ShowPortrait is the face of an application, for who has asked just now to see the person, which is written down.
func (r *Registry) ShowPortrait(ctx context.Context, actor Actor, id ApplicationID) (face ktp.Image, err error) {
	const op = "registry.ShowPortrait"
	var refused error
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx, actor: actor}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		looked, err := a.looked(id)
		if err != nil {
			return err
		}
		if refused = nil; !looked {
			refused = notAllowed.At(op, nil).With("person", "ask to see the person of the application first")
			return nil
		}
		if face, err = a.portraitOf(app); err == nil && len(face.Data) == 0 {
			err = unknownID.At(op, nil).With("application", "no portrait is kept of it")
		}
		return err
	})
	if err == nil && refused != nil {
		err = refused
		r.denied(ctx, actor, Unmask{Application: id}, err, chipSaid{})
	}
	return face, err
}
