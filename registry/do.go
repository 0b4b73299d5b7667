package registry

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// Operation is one act on the register: a struct of this package and its row in Operations.
type Operation interface {
	Name() Name
	run(a *act) error
}

// aboutApplication is an operation that concerns one application; its row says from which states.
type aboutApplication interface{ about() ApplicationID }

// byTwo is an operation that names its second person.
type byTwo interface{ second() access.Actor }

// toldRefused is an operation whose refusal names more than its application: ids and numbers.
type toldRefused interface{ refusedOf() map[string]string }

// Result of an operation: ids and codes, no personal data.
type Result struct {
	Operation   Name          `json:"operation"`
	Application ApplicationID `json:"application,omitempty"`
	State       State         `json:"state,omitempty"` // of the application, afterwards
	Word        Word          `json:"word,omitempty"`  // the national status word
	Attempt     string        `json:"attempt,omitempty"`
	Chip        ktp.ChipUID   `json:"chip,omitempty"`
	// Answer is what a center or an operator is told: see the operation.
	Answer string `json:"answer,omitempty"`
	// Refusal is the code of a record that was refused: it is reported back, nothing else changed. Of an examination, why
	// the chip may not be used.
	Refusal string `json:"refusal,omitempty"`
	Tried   *Tried `json:"tried,omitempty"` // of a 1:1
	// Events are the ids of what was written to the event log.
	Events []int64 `json:"events,omitempty"`
	Paper  string  `json:"paper,omitempty"` // to be printed, where the operation has one
	// Replayed: the key was used before for the same operation; this is the answer of then.
	Replayed bool `json:"-"`
}

// longestKey bounds an idempotency key.
const longestKey = 200

// Do carries an operation out, once per key: the same key with the same operation answers again
// what it answered then, with another it is registry.key_reused. Everything it changes is one
// transaction; an error changes nothing. What the actor may not do is written to the event log.
func (r *Registry) Do(ctx context.Context, actor access.Actor, op Operation, key string) (Result, error) {
	const where = "registry.Do"
	if key == "" || len(key) > longestKey {
		return Result{}, keyMissing.At(where, nil).With("key", "1 to %d characters", longestKey)
	}
	text, err := json.Marshal(op)
	if err != nil {
		return Result{}, badOperation.At(where, err)
	}
	if err := r.knownMaster(ctx, op); err != nil {
		return Result{}, err
	}
	answered, err := r.answered(ctx, op)
	if err != nil {
		return Result{}, err
	}
	signature, err := r.signed(ctx, actor, op)
	if err != nil {
		return Result{}, err
	}
	var res Result
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx, actor: actor, answered: answered, signature: signature}
		digest, err := a.mac("operation", text)
		if err != nil {
			return err
		}
		before, found, err := doneUnder(tx, key)
		switch {
		case err != nil:
			return err
		case found && (before.Name != op.Name() || before.Actor != actor.ID || !hmac.Equal(before.Digest, digest)):
			return keyReused.At(where, nil).With("key", "used before for %s", before.Name)
		case found:
			res = before.Result
			res.Replayed = true
			return nil
		}
		if err := stillHolds(tx); err != nil {
			return err
		}
		if err := a.perform(op); err != nil {
			return err
		}
		res = a.res
		return keepDone(tx, key, done{op.Name(), actor.ID, digest, res})
	})
	if err != nil {
		r.denied(ctx, actor, op, err, answered)
		return Result{}, err
	}
	r.log.Info("operation", zap.String("name", string(op.Name())), zap.String("actor", actor.ID), zap.String("application", string(res.Application)),
		zap.String("state", string(res.State)), zap.String("answer", res.Answer), zap.String("refusal", res.Refusal), zap.Bool("replayed", res.Replayed))
	return res, nil
}

// DryRun tells what an operation would do, with the events it would write, and undoes it. An
// approval shows it; carrying the operation out checks everything again.
func (r *Registry) DryRun(ctx context.Context, actor access.Actor, op Operation) (res Result, events []audit.Event, err error) {
	err = r.store.DryRun(ctx, func(tx *store.Tx) error {
		head, err := audit.HeadOf(tx)
		if err != nil {
			return err
		}
		a := &act{r: r, tx: tx, actor: actor, trying: true}
		if err := a.perform(op); err != nil {
			return err
		}
		res = a.res
		events, err = audit.After(tx, head.ID, len(res.Events), audit.Filter{})
		return err
	})
	return res, events, err
}

// perform checks the row of the operation, then runs it.
func (a *act) perform(op Operation) error {
	const where = "registry.Do"
	i := slices.IndexFunc(Operations, func(r Row) bool { return r.Name == op.Name() })
	if i < 0 {
		return badOperation.At(where, nil).With("operation", "%q", op.Name())
	}
	a.row = Operations[i]
	a.res.Operation = a.row.Name
	a.res.Paper = a.row.Paper
	a.also = map[string]string{}
	if a.actor.ID == "" || !a.actor.May(a.row.Who) {
		return notAllowed.At(where, nil).With("operation", "%s needs a role for %s", a.row.Name, a.row.Who)
	}
	if a.row.Second != "" && !a.proposing {
		two, ok := op.(byTwo)
		if !ok {
			return badOperation.At(where, nil).With("operation", "%s names no second person", a.row.Name)
		}
		if err := a.secondPerson(two.second()); err != nil {
			return err
		}
		a.also["second"] = two.second().ID
	}
	if about, ok := op.(aboutApplication); ok {
		app, err := a.application(about.about())
		if err != nil {
			return err
		}
		if len(a.row.From) > 0 && !slices.Contains(a.row.From, app.State) {
			return wrongState.At(where, nil).With("state", "%s is %s", app.ID, app.State)
		}
		if err := a.handedOut(app); err != nil {
			return err
		}
	}
	if err := a.separate(op); err != nil {
		return err
	}
	why, justified := op.(reasoned)
	if justified {
		if err := a.justified(why.because()); err != nil {
			return err
		}
	}
	known := a.subjectOf(op) != ""
	if err := op.run(a); err != nil {
		return err
	}
	if justified {
		if err := a.keepNote(why.because()); err != nil {
			return err
		}
	}
	if !known { // the application of a card, say, is known now
		if err := a.separate(op); err != nil {
			return err
		}
	}
	return a.remember(op)
}

// secondPerson is somebody else, with a role for it, and no machine.
func (a *act) secondPerson(s access.Actor) error {
	const where = "registry.Do"
	switch {
	case s.ID == "":
		return secondMissing.At(where, nil).With("second", "%s takes two persons", a.row.Name)
	case s.ID == a.actor.ID:
		return samePerson.At(where, nil).With("second", "the second person is the first")
	case s.Has(access.System) || !s.May(a.row.Second):
		return notAllowed.At(where, nil).With("second", "%s needs a role for %s", a.row.Name, a.row.Second)
	}
	return nil
}

// denied writes an attempt to do what one may not into the event log, and a wrong blind count: nobody
// counts up to the right number unseen. A card whose chip may be one of two is held besides.
func (r *Registry) denied(ctx context.Context, actor access.Actor, op Operation, why error, said chipSaid) {
	code := "operation.denied"
	switch {
	case actor.ID == "":
		return
	case fault.Is(why, countDiffers):
		code = "destruction.miscounted"
	case fault.KindOf(why) != fault.Denied:
		return
	}
	e := audit.Event{Code: code, Detail: map[string]string{"operation": string(op.Name()), "cause": string(fault.CodeOf(why))}}
	if about, ok := op.(aboutApplication); ok {
		e.Application = string(about.about())
	}
	if of, ok := op.(toldRefused); ok {
		maps.Copy(e.Detail, of.refusedOf())
	}
	if of, ok := op.(aboutSubject); ok && code != "operation.denied" {
		e.Detail["destruction"] = of.subject()
	}
	err := r.store.Write(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx, actor: actor}
		card, ok := op.(presented)
		if !ok {
			return a.tell(e)
		}
		chip, _ := card.presence()
		if _, known, err := cardByChip(tx, chip); err != nil || !known { // any text may stand for a chip
			return errors.Join(err, a.tell(e))
		}
		e.Chip = chip
		if err := a.tell(e); err != nil || !fault.Is(why, chipCounterBack) {
			return err
		}
		return a.suspectTwo(chip, said.counter)
	})
	if err != nil {
		r.log.Error("a denied operation could not be logged", zap.String("operation", string(op.Name())), zap.Error(err))
	}
}

// Refuse writes down that somebody asked for an operation that the matrix does not let them do, and
// is the error that they are told.
func (r *Registry) Refuse(ctx context.Context, actor access.Actor, n Name) error {
	row := RowOf(n)
	err := notAllowed.At("registry.Refuse", nil).With("operation", "%s needs a role for %s", n, row.Who)
	if row.Of != nil {
		r.denied(ctx, actor, row.Of, err, chipSaid{})
	}
	return err
}

// RowOf is the row of an operation; a zero row where there is none.
func RowOf(n Name) Row {
	i := slices.IndexFunc(Operations, func(r Row) bool { return r.Name == n })
	if i < 0 {
		return Row{}
	}
	return Operations[i]
}
