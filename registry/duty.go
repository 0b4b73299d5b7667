package registry

import (
	"cmp"
	"slices"

	"blanko/registry/access"
)

// Duty is what a person did to one subject: an application, a batch, a shift.
type Duty string

const (
	DutyReceive      Duty = "receive"       // brought it in, at the counter or from the center
	DutyCapture      Duty = "capture"       // photo, signature, fingers, irises
	DutyJudge        Duty = "judge"         // said whose a search result is, or issued the record of a district that stands alone
	DutyApprove      Duty = "approve"       // let it be printed
	DutyQueue        Duty = "queue"         // gave it to the lines
	DutySecondRemake Duty = "second remake" // agreed that another card is made
	DutyMatch        Duty = "match"         // wrote "BERHASIL"
	DutyHandOver     Duty = "hand over"     // gave the card to its holder
	DutyCountIn      Duty = "count in"      // counted cards into a destruction
	DutyDestroy      Duty = "destroy"       // counted them destroyed, or sent them away for it
	DutyAcknowledge  Duty = "acknowledge"   // noted that the Directorate General has them
	DutyConflict     Duty = "conflict"      // declared an interest of one's own
)

// anyDuty stands for every duty in Separations.
const anyDuty Duty = "*"

// Separation says that who did one duty to a subject may not do another to the same.
type Separation struct {
	Did, MayNot Duty
	// Exception: an operation made for it may do both, with a second person; each is counted.
	Exception bool
}

// Separations are the duties that two persons must do (registry workflow, people and what they
// may do). No one can take one application through the whole process alone.
var Separations = []Separation{
	{Did: DutyReceive, MayNot: DutyApprove},
	{Did: DutyCapture, MayNot: DutyApprove},
	{Did: DutyJudge, MayNot: DutyApprove},
	{Did: DutyApprove, MayNot: DutyQueue},
	{Did: DutyApprove, MayNot: DutySecondRemake},
	{Did: DutyMatch, MayNot: DutyHandOver, Exception: true},
	{Did: DutyCountIn, MayNot: DutyDestroy},
	{Did: DutyDestroy, MayNot: DutyAcknowledge},
	{Did: DutyConflict, MayNot: anyDuty},
}

// excludes lists the duties that keep a person from another; at least that of a conflict.
func excludes(d Duty) (did []Duty) {
	for _, s := range Separations {
		if s.MayNot == anyDuty || d != "" && s.MayNot == d {
			did = append(did, s.Did)
		}
	}
	return did
}

// aboutSubject is an operation whose duties concern something else than an application.
type aboutSubject interface{ subject() string }

// subjectOf names what the duties of an operation concern; empty before a new thing has its id.
func (a *act) subjectOf(op Operation) string {
	switch op := op.(type) {
	case aboutSubject:
		return op.subject()
	case aboutApplication:
		return string(op.about())
	}
	return string(a.res.Application)
}

// apart refuses a duty to a person who did an excluding one to the subject. What is no duty is
// refused to those alone who may do nothing more for it.
func (a *act) apart(subject, person string, d Duty, field string) error {
	if subject == "" || a.row.Name == opGiveBack || a.row.Name == opTakeBack { // who may do nothing more gives the work back
		return nil
	}
	did, err := dutiesOf(a.tx, subject, person)
	if err != nil {
		return err
	}
	for _, s := range Separations {
		if (d == "" || s.MayNot != d) && (s.MayNot != anyDuty || d == DutyConflict) || !slices.Contains(did, s.Did) {
			continue
		}
		if s.Exception && a.row.Exception {
			a.exception = true
			continue
		}
		return samePerson.At("registry.Do", nil).With(field, "who did %q may not do %q on the same", s.Did, cmp.Or(d, anyDuty))
	}
	return nil
}

// separate checks both persons of an operation before it runs.
func (a *act) separate(op Operation) error {
	subject := a.subjectOf(op)
	if err := a.apart(subject, a.actor.ID, a.row.Duty, "actor"); err != nil {
		return err
	}
	if two, ok := op.(byTwo); ok {
		return a.apart(subject, two.second().ID, a.row.SecondDuty, "second")
	}
	return nil
}

// remember keeps who did what, once it is done.
func (a *act) remember(op Operation) error {
	subject := a.subjectOf(op)
	if subject == "" {
		return nil
	}
	if err := a.did(subject, a.actor, a.row.Duty); err != nil {
		return err
	}
	if two, ok := op.(byTwo); ok {
		return a.did(subject, two.second(), a.row.SecondDuty)
	}
	return nil
}

func (a *act) did(subject string, who access.Actor, d Duty) error {
	if d == "" {
		return nil
	}
	return keepDuty(a.tx, subject, d, who.ID, a.exception)
}
