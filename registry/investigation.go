package registry

import (
	"context"
	"slices"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// What is looked into.
const (
	InvestigateMissing     = "missing_card"   // of a manifest
	InvestigateExtra       = "extra_card"     // of no manifest
	InvestigateSeal        = "seal_differs"   // of a consignment
	InvestigateCounterfeit = "not_genuine"    // a chip that passive authentication does not know
	InvestigateTwice       = "made_elsewhere" // a second card of a person
	InvestigateDied        = "holder_died"    // the card of somebody who died, as one officer says
)

// Investigation is something that should not be, until a person has found out why.
type Investigation struct {
	ID          string
	Kind        string
	Consignment string
	Chip        ktp.ChipUID
	Application ApplicationID
	State       string // open, closed
	OpenedAt    time.Time
	ClosedAt    time.Time
	ClosedBy    string
	Outcome     string // found, found_here, lost, explained
}

// Explainable reports whether it may end without a word on a card that is known: it is not the card that is looked for.
func (i Investigation) Explainable() bool {
	return slices.Contains([]string{InvestigateSeal, InvestigateTwice, InvestigateDied}, i.Kind)
}

// investigateOnce opens an investigation of a card, unless one of its kind is open already.
func (a *act) investigateOnce(i Investigation) error {
	_, open, err := investigationOf(a.tx, i.Chip, i.Kind)
	if err != nil || open {
		return err
	}
	return a.investigate(i)
}

func (a *act) investigate(i Investigation) error {
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	i.ID, i.State, i.OpenedAt = id, "open", a.now()
	if err := i.save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: "investigation.opened", Application: string(i.Application), Chip: i.Chip, Detail: map[string]string{
		"investigation": id, "kind": i.Kind, "consignment": i.Consignment,
	}})
}

// Outcomes of an investigation.
const (
	OutcomeFound     = "found"      // the card is where its consignment came to, or where it was; it goes on
	OutcomeFoundHere = "found_here" // a missing card never left the place that its consignment comes from
	OutcomeLost      = "lost"       // the card is retired
	OutcomeExplained = "explained"  // nothing has to be done
)

// CloseInvestigation ends one: the card was found and may go on, or is declared lost and retired. By
// two persons.
type CloseInvestigation struct {
	Investigation string
	Outcome       string
	Second        Actor
}

func (CloseInvestigation) Name() Name      { return opCloseInvestigation }
func (o CloseInvestigation) second() Actor { return o.Second }

func (a *act) investigation(id string) (Investigation, error) {
	i, found, err := investigationByID(a.tx, id)
	if err == nil && !found {
		err = investigationUnknown.At("registry.investigation", nil)
	}
	return i, err
}

func (o CloseInvestigation) run(a *act) error {
	const op = "registry.CloseInvestigation"
	i, err := a.investigation(o.Investigation)
	if err != nil {
		return err
	}
	if i.State != "open" {
		return wrongState.At(op, nil).With("investigation", "it is closed")
	}
	card, known, err := cardByChip(a.tx, i.Chip)
	if err != nil {
		return err
	}
	switch {
	case o.Outcome == OutcomeExplained && (!known || i.Explainable()):
	case o.Outcome == OutcomeFound && known, o.Outcome == OutcomeFoundHere && known && i.Kind == InvestigateMissing:
		if err := a.cardFound(card, i, o.Outcome == OutcomeFoundHere); err != nil {
			return err
		}
	case o.Outcome == OutcomeLost && known:
		up, err := a.turnedUpSince(card)
		if err == nil && up {
			err = wrongState.At(op, nil).With("outcome", "the card is %s and came in since: it was found", card.State)
		}
		if err == nil {
			err = a.loseCard(i.Chip, "lost_on_the_way")
		}
		if err != nil {
			return err
		}
	default:
		return badOperation.At(op, nil).With("outcome", "found or lost of a card that is known, explained of another")
	}
	i.State, i.ClosedAt, i.ClosedBy, i.Outcome = "closed", a.now(), a.actor.ID, o.Outcome
	if err := i.save(a.tx); err != nil {
		return err
	}
	a.res.Chip, a.res.Application = i.Chip, i.Application
	return a.tell(audit.Event{Code: a.row.Event, Application: string(i.Application), Chip: i.Chip, Detail: map[string]string{"investigation": i.ID, "outcome": o.Outcome}})
}

// cardFound frees a card and lets it go on: one that was shipped has arrived where it was found. One that was retired
// meanwhile goes nowhere but to its destruction.
func (a *act) cardFound(card Card, i Investigation, stayed bool) error {
	if card.Held == i.Kind {
		card.Held = ""
		if err := card.save(a.tx); err != nil {
			return err
		}
	}
	if up, err := a.turnedUpSince(card); err != nil || up {
		return err
	}
	if i.Consignment == "" {
		if card.State != CardRetired || i.Kind != InvestigateMissing { // nothing moved it
			return nil
		}
		return a.putBlank(card.Attempt, stock.At(stock.Returned), "found")
	}
	app, err := a.application(card.Application)
	if err != nil {
		return err
	}
	c, err := a.consignment(i.Consignment)
	if err != nil {
		return err
	}
	at := c.To
	if stayed {
		at = c.From
	}
	to, err := a.place(at)
	if err != nil {
		return err
	}
	place := stock.At(stock.Delivered)
	switch {
	case to.outside():
		place = stock.At(stock.Elsewhere)
	case card.State == CardInForce:
		place = stock.At(stock.Holder)
	case app.State == Returned || app.State == Recalled || app.State == PassedOn || card.State == CardRetired:
		place = stock.At(stock.Returned)
	}
	if err := a.putBlank(card.Attempt, place, "found"); err != nil {
		return err
	}
	if !stayed {
		p := PackedCard{Chip: card.Chip, Application: app.ID, State: CardArrived, At: a.now()} // it came with the bag after all
		if err := keepPacked(a.tx, i.Consignment, p, false); err != nil {
			return err
		}
	}
	if card.State == CardRetired { // what its application waits for is another card
		return nil
	}
	return a.reached(app, card, to, "found")
}

// InvestigationFilter says which investigations are asked for.
type InvestigationFilter struct {
	State string // open, closed; empty: all
	After string
	Limit int
}

// Investigations are those in the order of their ids.
func (r *Registry) Investigations(ctx context.Context, f InvestigationFilter) (list []Investigation, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`id > ?`, f.After)
		w.If(f.State, `state = ?`, f.State)
		list, err = investigations(tx, w.Text()+` order by id limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}
