package registry

import (
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// Proposal is an operation that waits for its second person. What it would change was tried when it
// was made; when it is carried out everything is checked again.
type Proposal struct {
	ID         string
	Operation  Name
	Subject    string // application or other thing it concerns
	ProposedBy string
	ProposedAt time.Time
	ExpiresAt  time.Time
	State      ProposalState
	DecidedBy  string
	DecidedAt  time.Time
	Reason     string // of a refusal
	Preview    Result // what it would have done when it was made
	Version    int64  // newest event that had changed its application then; 0: it concerns none

	content string
	thing   string // version of what it would change beside an application
}

// ProposalState is where a proposal stands.
type ProposalState string

const (
	ProposalOpen       ProposalState = "open"
	ProposalCarriedOut ProposalState = "carried out"
	ProposalRefused    ProposalState = "refused"
	ProposalTakenBack  ProposalState = "taken back"
)

// causeExpired is why a proposal is refused that nobody decided in time.
const causeExpired = "expired"

// unchanging are the codes of events of an application that change nothing of it: a proposal about it stands.
var unchanging = []string{
	"proposal.made", "proposal.decided", "card.shown", "person.unmasked", "operation.denied", "work.taken", "work.jumped", "work.given_back",
	"batch.sample_opened", "audit.exported", "paper.issued", "paper.copied", "paper.withdrawn",
}

// proposalTime is how long a proposal waits.
const proposalTime = 72 * time.Hour

// NeedsSecond reports whether an operation takes two persons.
func NeedsSecond(n Name) bool {
	return slices.ContainsFunc(Operations, func(r Row) bool { return r.Name == n && r.Second != "" })
}

// Propose keeps an operation that takes two persons until the second one decides. It is tried first:
// what cannot be done is refused now. Result.Answer is the id of the proposal.
func (r *Registry) Propose(ctx context.Context, actor Actor, op Operation, key string) (Result, error) {
	const where = "registry.Propose"
	if !NeedsSecond(op.Name()) {
		return Result{}, badOperation.At(where, nil).With("operation", "%s takes one person", op.Name())
	}
	content, err := json.Marshal(withSecond(op, Actor{}))
	if err != nil {
		return Result{}, badOperation.At(where, err)
	}
	p := propose{Operation: op.Name(), Content: content, Of: op}
	var known bool
	if err := r.store.Read(ctx, func(tx *store.Tx) error {
		_, known, err = doneUnder(tx, key)
		return err
	}); err != nil {
		return Result{}, err
	}
	if known {
		return r.Do(ctx, actor, p, key)
	}
	if err := r.knownMaster(ctx, op); err != nil {
		return Result{}, err
	}
	answered, err := r.answered(ctx, op)
	if err != nil {
		return Result{}, err
	}
	err = r.store.DryRun(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx, actor: actor, proposing: true, trying: true, answered: answered}
		if err := stillHolds(tx); err != nil {
			return err
		}
		if p.Thing, err = a.thingVersion(op); err != nil {
			return err
		}
		if err := a.perform(op); err != nil {
			return err
		}
		a.res.Events = nil // their ids were never given
		if _, counted := op.(blindCount); counted {
			a.res.Answer = "" // nobody is told before two have counted
		}
		p.Preview, p.Subject = a.res, a.subjectOf(op)
		return nil
	})
	if err != nil {
		r.denied(ctx, actor, op, err, answered)
		return Result{}, err
	}
	return r.Do(ctx, actor, p, key)
}

// propose is what Propose writes down.
type propose struct {
	Operation Name
	Content   json.RawMessage

	Subject string    `json:"-"`
	Preview Result    `json:"-"`
	Thing   string    `json:"-"`
	Of      Operation `json:"-"` // nil where it was proposed before
}

// atCounter is an operation that serves a number of the counter's queue: as soon as it is proposed, for its person
// does not wait there for the second one.
type atCounter interface{ ticket() int }

func (propose) Name() Name { return opPropose }

// presence is that of what is proposed: the challenge is used up by the proposal, and counts while it waits.
func (o propose) presence() (chip ktp.ChipUID, p Presence) {
	if of, ok := o.Of.(presented); ok {
		return of.presence()
	}
	return "", Presence{}
}

func (o propose) run(a *act) error {
	if chip, p := o.presence(); len(p.Challenge) > 0 {
		if err := a.present("registry.Propose", chip, p); err != nil {
			return err
		}
	}
	// What the dry run made is not there: its ids were never given.
	if _, there, err := applicationByID(a.tx, o.Preview.Application); err != nil {
		return err
	} else if !there && o.Preview.Application != "" {
		o.Preview.Application, o.Preview.Answer = "", ""
	}
	if of, counter := o.Of.(atCounter); counter {
		if err := a.serve(of.ticket(), ""); err != nil {
			return err
		}
	}
	version, err := audit.Newest(a.tx, string(o.Preview.Application), unchanging...)
	if err != nil {
		return err
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	p := Proposal{
		ID: id, Operation: o.Operation, Subject: o.Subject, ProposedBy: a.actor.ID, ProposedAt: a.now(),
		ExpiresAt: a.now().Add(proposalTime), State: ProposalOpen, Preview: o.Preview, Version: version, content: string(o.Content), thing: o.Thing,
	}
	if err := p.save(a.tx); err != nil {
		return err
	}
	a.res.Answer, a.res.Application = id, o.Preview.Application
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Preview.Application), Detail: map[string]string{"proposal": id, "operation": string(o.Operation)}})
}

// Decide carries a proposal out with the actor as its second person, or refuses it with a reason.
type Decide struct {
	Proposal string
	Agree    bool
	Because
}

func (Decide) Name() Name { return opDecide }

func (o Decide) run(a *act) error {
	const where = "registry.Decide"
	p, op, err := a.waiting(o.Proposal)
	if err != nil {
		return err
	}
	if p.ProposedBy == a.actor.ID {
		return samePerson.At(where, nil).With("actor", "the second person is the first; a proposal of one's own is taken back")
	}
	if !o.Agree {
		if o.Reason == "" {
			return ReasonsFor(opDecide).refuse("reason")
		}
		if err := a.maySecond(op); err != nil {
			return err
		}
		return a.end(p, ProposalRefused, o.Reason)
	}
	proposer, found, err := access.PersonByID(a.tx, p.ProposedBy)
	if err != nil {
		return err
	}
	if !found || !proposer.Active {
		return notAllowed.At(where, nil).With("proposal", "who proposed it does not work here any more")
	}
	if err := a.same(p, op); err != nil {
		return err
	}
	if err := a.sub(proposer.Actor(), withSecond(op, a.actor), p.ProposedAt); err != nil {
		return err
	}
	return a.end(p, ProposalCarriedOut, "")
}

// same refuses a proposal whose application, or the other thing that it would change, was changed since it was
// made: the second person would agree to something else than the first one saw.
func (a *act) same(p Proposal, op Operation) error {
	thing, err := a.thingVersion(op)
	switch {
	case err != nil:
		return err
	case thing != p.thing && p.thing != "":
		return proposalOutdated.At("registry.Decide", nil).With("proposal", "what it would change is not as it was")
	}
	newest, err := audit.Newest(a.tx, string(p.Preview.Application), unchanging...)
	if err == nil && newest != p.Version {
		err = proposalOutdated.At("registry.Decide", nil).With("proposal", "it was made before event %d", newest)
	}
	return err
}

// maySecond refuses to those who could not have agreed either.
func (a *act) maySecond(op Operation) error {
	for _, row := range Operations {
		if row.Name == op.Name() && !a.actor.May(row.Second) {
			return notAllowed.At("registry.Decide", nil).With("operation", "%s needs a role for %s", row.Name, row.Second)
		}
	}
	return nil
}

// TakeBack ends a proposal by the person who made it.
type TakeBack struct{ Proposal string }

func (TakeBack) Name() Name { return opTakeBack }

func (o TakeBack) run(a *act) error {
	p, _, err := a.waiting(o.Proposal)
	if err != nil {
		return err
	}
	if p.ProposedBy != a.actor.ID {
		return notAllowed.At("registry.TakeBack", nil).With("proposal", "somebody else made it")
	}
	return a.end(p, ProposalTakenBack, "")
}

// waiting finds an open proposal and its operation.
func (a *act) waiting(id string) (p Proposal, op Operation, err error) {
	const where = "registry.Decide"
	p, found, err := proposalByID(a.tx, id)
	switch {
	case err != nil:
		return p, nil, err
	case !found:
		return p, nil, proposalUnknown.At(where, nil).With("proposal", "no such id here")
	case p.State != ProposalOpen:
		return p, nil, wrongState.At(where, nil).With("proposal", "%s", p.State)
	case !a.now().Before(p.ExpiresAt):
		return p, nil, wrongState.At(where, nil).With("proposal", "it waited too long; propose it again")
	}
	op, err = decode(p.Operation, []byte(p.content))
	return p, op, err
}

// end closes a proposal and forgets its content, which may hold personal data.
func (a *act) end(p Proposal, s ProposalState, reason string) error {
	p.State, p.DecidedBy, p.DecidedAt, p.Reason, p.content = s, a.actor.ID, a.now(), reason, ""
	if err := p.save(a.tx); err != nil {
		return err
	}
	detail := map[string]string{"proposal": p.ID, "operation": string(p.Operation), "state": string(s)}
	if reason != "" {
		detail["cause"] = reason
	}
	a.res.Application = cmp.Or(a.res.Application, p.Preview.Application)
	return a.tell(audit.Event{Code: a.row.Event, Application: string(a.res.Application), Detail: detail})
}

// sub carries another operation out inside this one, in the name of somebody who proposed it before.
func (a *act) sub(actor Actor, op Operation, proposed time.Time) error {
	b := &act{r: a.r, tx: a.tx, actor: actor, deciding: a.row.Name == opDecide, proposed: proposed, trying: a.trying, signature: a.signature}
	if err := b.perform(op); err != nil {
		return err
	}
	events := append(a.res.Events, b.res.Events...)
	name := a.res.Operation
	a.res = b.res
	a.res.Operation, a.res.Events = name, events
	return nil
}

// secondField is the one field of an operation that names its second person.
const secondField = "Second"

// withSecond is the operation with another second person.
func withSecond(op Operation, second Actor) Operation {
	v := reflect.New(reflect.TypeOf(op)).Elem()
	v.Set(reflect.ValueOf(op))
	if f := v.FieldByName(secondField); f.IsValid() {
		f.Set(reflect.ValueOf(second))
	}
	return v.Interface().(Operation) // it is the type that came in
}

// decode reads a stored operation.
func decode(n Name, content []byte) (Operation, error) {
	i := slices.IndexFunc(Operations, func(r Row) bool { return r.Name == n })
	if i < 0 {
		return nil, badOperation.At("registry.decode", nil).With("operation", "%q", n)
	}
	v := reflect.New(reflect.TypeOf(Operations[i].Of))
	if err := json.Unmarshal(content, v.Interface()); err != nil {
		return nil, badOperation.At("registry.decode", err)
	}
	return v.Elem().Interface().(Operation), nil // a row holds operations
}

// ProposalFilter says which proposals are asked for.
type ProposalFilter struct {
	State   ProposalState // empty: all
	Subject string        // empty: all
	After   string        // id of the last one seen
	Limit   int
}

// Proposals are operations that wait or waited for a second person, in the order of their ids.
func (r *Registry) Proposals(ctx context.Context, f ProposalFilter) (list []Proposal, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`id > ?`, f.After)
		w.If(string(f.State), `state = ?`, f.State)
		w.If(f.Subject, `subject = ?`, f.Subject)
		list, err = proposals(tx, w.Text()+` order by id limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}

// Proposal is one, with its operation as long as it is open: it may hold personal data.
func (r *Registry) Proposal(ctx context.Context, id string) (p Proposal, op Operation, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var found bool
		if p, found, err = proposalByID(tx, id); err != nil || !found {
			if err == nil {
				err = proposalUnknown.At("registry.Proposal", nil).With("proposal", "no such id here")
			}
			return err
		}
		if p.State == ProposalOpen {
			op, err = decode(p.Operation, []byte(p.content))
		}
		return err
	})
	return p, op, err
}
