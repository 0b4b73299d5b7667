package registry

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// Suket is a temporary certificate (surat keterangan): the paper that stands for a card that cannot be
// printed yet.
type Suket struct {
	Number      string
	Application ApplicationID
	Valid       bool
	IssuedAt    time.Time
	IssuedBy    string
	ValidUntil  time.Time
	EndedAt     time.Time
	Cause       string // why it ended: handed_over, replaced, code of a reason

	person []byte
}

// suketMonths is how long a certificate is valid: half a year, a rule of the house until the service
// standard says another.
const suketMonths = 6

// IssueSuket writes a temporary certificate for an application that is unique and has no card yet. One
// that is valid is replaced. Its holder belongs to the backlog from now on, also where its order waits. Answer: its
// number.
type IssueSuket struct{ Application ApplicationID }

func (IssueSuket) Name() Name             { return opIssueSuket }
func (o IssueSuket) about() ApplicationID { return o.Application }

func (o IssueSuket) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if app.Withdrawn != "" {
		return RecordWithdrawn.At("registry.IssueSuket", nil).With("application", "withdrawn: %s", app.Withdrawn)
	}
	if err := a.endSukets(app.person, "replaced"); err != nil {
		return err
	}
	n, err := suketCount(a.tx)
	if err != nil {
		return err
	}
	s := Suket{
		Number: fmt.Sprintf("SKT/%s/%s/%06d", a.r.cfg.Office, a.today()[:4], n+1), Application: app.ID, Valid: true,
		IssuedAt: a.now(), IssuedBy: a.actor.ID, ValidUntil: a.now().AddDate(0, suketMonths, 0), person: app.person,
	}
	if err := s.save(a.tx); err != nil {
		return err
	}
	if err := a.raise(&app); err != nil {
		return err
	}
	if err := a.rank(app); err != nil {
		return err
	}
	a.res.Application, a.res.State, a.res.Word, a.res.Answer = app.ID, app.State, app.Word(), s.Number
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Detail: map[string]string{
		"suket": s.Number, "until": strconv.FormatInt(s.ValidUntil.Unix(), 10),
	}})
}

// EndSuket ends a certificate that was lost or wrongly issued.
type EndSuket struct {
	Number string
	Because
}

func (EndSuket) Name() Name { return opEndSuket }

func (o EndSuket) run(a *act) error {
	s, found, err := oneSuket(a.tx, `where number = ?`, o.Number)
	switch {
	case err != nil:
		return err
	case !found:
		return unknownID.At("registry.EndSuket", nil).With("number", "no such certificate")
	case !s.Valid:
		return wrongState.At("registry.EndSuket", nil).With("number", "it has ended: %s", s.Cause)
	}
	return a.endSuket(s, o.Reason)
}

func (a *act) endSuket(s Suket, cause string) error {
	s.Valid, s.EndedAt, s.Cause = false, a.now(), cause
	if err := s.save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: "suket.ended", Application: string(s.Application), Detail: map[string]string{"suket": s.Number, "cause": cause}})
}

// endSukets ends what stands for the card of a person: the card is in their hands now.
func (a *act) endSukets(person []byte, cause string) error {
	s, found, err := oneSuket(a.tx, `where person = ? and state = 'valid'`, person)
	if err != nil || !found {
		return err
	}
	return a.endSuket(s, cause)
}

// endSuketsOf ends what stands for the card of an application: none will come of it.
func (a *act) endSuketsOf(id ApplicationID, cause string) error {
	s, found, err := oneSuket(a.tx, `where application = ? and state = 'valid'`, id)
	if err != nil || !found {
		return err
	}
	return a.endSuket(s, cause)
}

// SuketFilter says which certificates are asked for.
type SuketFilter struct {
	Application ApplicationID // empty: all
	Valid       bool          // those alone that are valid
	After       string        // number of the last one seen
	Limit       int
}

// Sukets are temporary certificates in the order of their numbers.
func (r *Registry) Sukets(ctx context.Context, f SuketFilter) (list []Suket, err error) {
	state := ""
	if f.Valid {
		state = "valid"
	}
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`number > ?`, f.After)
		w.If(string(f.Application), `application = ?`, f.Application)
		w.If(state, `state = ?`, state)
		list, err = sukets(tx, w.Text()+` order by number limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}
