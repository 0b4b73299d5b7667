package registry

import (
	"context"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// FineState is where a fine stands.
type FineState string

const (
	FineAbsent   FineState = "absent"
	FineAssessed FineState = "assessed"
	FineWaived   FineState = "waived"  // with a legal basis, by two persons
	FineSettled  FineState = "settled" // elsewhere, with the number of the receipt: Blanko takes no money
)

// FineEvent moves a fine.
type FineEvent string

const (
	FineAssess FineEvent = "assess"
	FineWaive  FineEvent = "waive"
	FineSettle FineEvent = "settle"
)

// Fines is the state table of a fine. None of its states holds a card back.
var Fines = ktp.Table[FineState, FineEvent]{
	Name: "fine", Start: FineAbsent, Final: []FineState{FineWaived, FineSettled},
	Rows: []ktp.Row[FineState, FineEvent]{
		{From: FineAbsent, Event: FineAssess, To: FineAssessed},
		{From: FineAssessed, Event: FineWaive, To: FineWaived, Needs: "legal basis, second person"},
		{From: FineAssessed, Event: FineSettle, To: FineSettled, Needs: "number of the receipt"},
	},
}

// Fine of an application.
type Fine struct {
	ID          string
	Application ApplicationID
	Code        string // late_first_card, late_extension, ...
	Amount      int64  // rupiah
	Days        int    // late
	Basis       string // legal, of the service standard
	State       FineState
	AssessedAt  time.Time
	DecidedAt   time.Time
	DecidedBy   string
	Second      string
	Reference   string // basis of a waiver, or number of a receipt
}

// WaiveFine lets a fine go, with its legal basis.
type WaiveFine struct {
	Fine   string
	Basis  string // code or number of the decision
	Second Actor
}

func (WaiveFine) Name() Name        { return opWaiveFine }
func (o WaiveFine) second() Actor   { return o.Second }
func (o WaiveFine) subject() string { return "fine:" + o.Fine }

func (o WaiveFine) run(a *act) error {
	return a.decideFine(o.Fine, FineWaive, o.Basis, o.Second.ID)
}

// SettleFine notes that a fine was paid elsewhere.
type SettleFine struct {
	Fine    string
	Receipt string // its number
}

func (SettleFine) Name() Name { return opSettleFine }

func (o SettleFine) run(a *act) error { return a.decideFine(o.Fine, FineSettle, o.Receipt, "") }

func (a *act) fine(id string) (Fine, error) {
	f, found, err := fineByID(a.tx, id)
	if err == nil && !found {
		err = unknownID.At("registry.fine", nil).With("fine", "no such id here")
	}
	return f, err
}

func (a *act) decideFine(id string, e FineEvent, reference, second string) error {
	const op = "registry.decideFine"
	f, err := a.fine(id)
	if err != nil {
		return err
	}
	if reference == "" || len(reference) > 80 {
		return badOperation.At(op, nil).With("reference", "1 to 80 characters")
	}
	to, err := Fines.Next(f.State, e)
	if err != nil {
		return wrongState.At(op, err).With("fine", "it is %s", f.State)
	}
	f.State, f.DecidedAt, f.DecidedBy, f.Second, f.Reference = to, a.now(), a.actor.ID, second, reference
	if err := f.save(a.tx); err != nil {
		return err
	}
	a.res.Application, a.res.Answer = f.Application, f.ID
	return a.tellFine(f)
}

func (a *act) tellFine(f Fine) error {
	return a.tell(audit.Event{Code: "fine." + codeOf(string(f.State)), Application: string(f.Application), Detail: map[string]string{
		"fine": f.ID, "cause": f.Code, "amount": strconv.FormatInt(f.Amount, 10), "days": strconv.Itoa(f.Days),
	}})
}

// FineFilter says which fines are asked for.
type FineFilter struct {
	Application ApplicationID // empty: all
	State       FineState     // empty: all
	After       string        // id of the last one seen
	Limit       int
}

// ListFines are fines in the order of their ids.
func (r *Registry) ListFines(ctx context.Context, f FineFilter) (list []Fine, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`id > ?`, f.After)
		w.If(string(f.Application), `application = ?`, f.Application)
		w.If(string(f.State), `state = ?`, f.State)
		list, err = fines(tx, w.Text()+` order by id limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}
