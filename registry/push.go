package registry

import (
	"slices"
	"strconv"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
)

// outside is the word under which events keep the asker's own number of an act.
const outside = "transaction"

// PushRecord is ReceiveRecord for a center that waits for the answer: a record that is not taken is
// an error, registry.record_refused with its code or registry.request_known, which changes nothing
// and is not reported back. Push and pull share one identity, the id and version of the record.
type PushRecord struct {
	Record      ktp.Record
	MessageID   string
	Canonical   [32]byte
	Warnings    []string
	Transaction string // the sender's own number: an id without personal data
}

func (PushRecord) Name() Name { return opPushRecord }

func (o PushRecord) run(a *act) error {
	const op = "registry.PushRecord"
	a.also[outside] = o.Transaction
	if err := (ReceiveRecord{Record: o.Record, MessageID: o.MessageID, Canonical: o.Canonical, Warnings: o.Warnings}).run(a); err != nil {
		return err
	}
	switch a.res.Answer {
	case AnswerRefused:
		return recordRefused.At(op, nil).With("record", "%s", a.res.Refusal)
	case AnswerUnchanged:
		return requestKnown.At(op, nil).With("credentialRequestId", "this version is here")
	}
	return nil
}

// UpdateRequest changes what is neither printed nor signed of a request whose card is not begun.
type UpdateRequest struct {
	Application ApplicationID
	Priority    *int   // 0 lowest to 9 highest; nil: as it is
	Delivery    string // id or region code of the place of delivery; empty: as it is
	Transaction string
}

func (UpdateRequest) Name() Name             { return opUpdateRequest }
func (o UpdateRequest) about() ApplicationID { return o.Application }

func (o UpdateRequest) run(a *act) error {
	const op = "registry.UpdateRequest"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	a.also[outside] = o.Transaction
	a.res.Application, a.res.State, a.res.Word, a.res.Answer = app.ID, app.State, app.Word(), AnswerUnchanged
	detail := map[string]string{}
	if o.Priority != nil && *o.Priority != app.Priority {
		if *o.Priority < 0 || *o.Priority > 9 {
			return badOperation.At(op, nil).With("priority", "0 to 9")
		}
		app.Priority = *o.Priority
		if err := a.raise(&app); err != nil {
			return err
		}
		if err := a.rank(app); err != nil {
			return err
		}
		detail["priority"] = strconv.Itoa(app.Priority)
	}
	now, err := a.deliveryOf(app.ID)
	if err != nil {
		return err
	}
	if o.Delivery != "" && o.Delivery != now.ID && o.Delivery != now.Region {
		p, found, err := placeByName(a.tx, o.Delivery)
		if err == nil && !found && o.Delivery == a.r.cfg.Office { // the Dinas that nobody defined
			if p, err = a.place(Dinas); err == nil {
				found, p.Since = true, a.now()
				err = p.save(a.tx)
			}
		}
		if err != nil {
			return err
		}
		if !found || !p.Active || !slices.Contains([]PlaceKind{PlaceDinas, PlaceKecamatan, PlaceKelurahan}, p.Kind) {
			return badOperation.At(op, nil).With("deliveryOffice", "cards are not handed over there")
		}
		if err := keepDelivery(a.tx, app.ID, p.ID, a.actor.ID); err != nil {
			return err
		}
		detail["place"] = p.ID
	}
	if len(detail) == 0 {
		return nil
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Detail: detail})
}

// rank keeps the priority of an application, and gives it to the order of it that is open.
func (a *act) rank(app Application) error {
	if err := app.save(a.tx); err != nil {
		return err
	}
	w, found, err := jobs.WantedFor(a.tx, string(app.ID))
	if err != nil || !found || w.Priority == app.Priority {
		return err
	}
	w.Priority = app.Priority
	return w.Save(a.tx)
}

// CancelRequest takes a request that is here back, as WithdrawRecord does; of one whose card is in
// force, or that failed, it is refused and nothing changes.
type CancelRequest struct {
	Application ApplicationID
	Transaction string
}

func (CancelRequest) Name() Name             { return opCancelRequest }
func (o CancelRequest) about() ApplicationID { return o.Application }

func (o CancelRequest) run(a *act) error {
	const op = "registry.CancelRequest"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	a.also[outside] = o.Transaction
	switch app.State {
	case HandedOver, PassedOn:
		return cardStands.At(op, nil)
	case Rejected, Closed:
		return wrongState.At(op, nil).With("state", "%s is %s", app.ID, app.State)
	}
	if app.Withdrawn != "" || !app.Open() {
		a.res.Application, a.res.State, a.res.Word, a.res.Answer = app.ID, app.State, app.Word(), AnswerUnchanged
		return nil
	}
	return WithdrawRecord{ID: app.ID, Version: app.Version, Reason: string(ChangeWithdrawn)}.run(a)
}
