package api

import (
	"cmp"
	"slices"

	"blanko/ktp"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/web"
)

// papersOfEnds are the berita acara of cards that ended by the word of two persons: one whose chip does not
// answer, one that nobody finds, and a consignment that never came.
func papersOfEnds(a *api) {
	paperOf(a, registry.PaperMute, "/v1/attempts/{id}/papers/surrender", "printSurrender", "The berita acara of a card in the hand whose chip does not answer", true,
		func(f *form, in *AttemptKeyed) (filled, error) {
			id, err := in.attempt()
			if err != nil {
				return filled{}, err
			}
			return endPaper(f, id, paper.MinutesMute)
		})
	paperOf(a, registry.PaperLost, "/v1/attempts/{id}/papers/loss", "printLoss", "The berita acara of a card that two persons declared lost", true,
		func(f *form, in *AttemptKeyed) (filled, error) {
			id, err := in.attempt()
			if err != nil {
				return filled{}, err
			}
			return endPaper(f, id, paper.MinutesLost)
		})
	paperOf(a, registry.PaperLostBag, "/v1/consignments/{consignment}/papers/loss", "printConsignmentLoss", "The berita acara of a consignment that two persons declared lost, card by card", true,
		func(f *form, in *ConsignmentKeyed) (filled, error) { return lostBagPaper(f, in.ID) })
}

// Events by which two persons ended a card: retired at the Dinas, or not found where it was.
const (
	cardRetired = "card.retired"
	cardMissing = "card.declared_missing"
)

// ending is the event by which two persons ended a card, and its picture where one is needed.
func ending(events []audit.Event, kind paper.MinutesKind) (e audit.Event, picture string, found bool) {
	for _, e := range slices.Backward(events) {
		switch {
		case kind == paper.MinutesLost && (e.Code == "doubt.declared_lost" || e.Code == cardMissing):
			return e, "", true
		case kind == paper.MinutesMute && e.Code == "doubt.surrendered":
			return e, e.Detail["picture"], true
		case kind == paper.MinutesMute && e.Code == cardRetired && e.Detail["picture"] != "": // without an answer of its chip
			return e, e.Detail["picture"], true
		}
	}
	return e, "", false
}

func endPaper(f *form, id ktp.AttemptID, kind paper.MinutesKind) (filled, error) {
	d, err := f.api.Registry.Attempt(f.ctx, id)
	if err != nil {
		return filled{}, err
	}
	e, picture, found := ending(f.events(audit.Filter{Attempt: id.String()}), kind)
	if !found {
		return f.missing("attempt", "no two persons ended its card so")
	}
	if kind == paper.MinutesLost && !registry.MayAttest(web.ActorOf(f.ctx), e) {
		return filled{}, web.NotAllowed.At("api.paper", nil).With("attempt", "somebody else declared its card lost")
	}
	p := paper.Minutes{
		Kind: kind, DoneAt: f.local(e.At), Place: f.place("").Name, Basis: f.standardAt(e.At).Destruction.Basis,
		First: f.officer(e.Actor), Second: f.officer(e.Detail["second"]), Done: 1,
	}
	reason := cmp.Or(e.Detail["reason"], e.Detail["cause"], d.Attempt.Cause)
	p.Items = []paper.MinutesItem{endedItem(f, registry.ApplicationID(d.Attempt.Application), d.Attempt.Chip, reason, d.Attempt.Successor || e.Code == cardRetired || e.Code == cardMissing)}
	if d.Attempt.Chip == "" { // nobody has read it
		p.Items[0].Item = id.String()
	}
	if picture != "" {
		p.Pictures = []paper.MinutesPicture{f.proof("muka kartu", picture)}
	}
	return minutesFilled(id.String(), p), nil
}

// endedItem is a thing by name and address. What could not be active is a spoiled blank.
func endedItem(f *form, app registry.ApplicationID, chip ktp.ChipUID, cause string, card bool) paper.MinutesItem {
	who, name := f.person(app)
	item := paper.MinutesItem{Kind: paper.ItemSpoiled, Item: string(chip), NIK: who.NIK, Name: name, Address: addressOf(who), Cause: f.words(cause)}
	if card {
		item.Kind = paper.ItemCard
	}
	return item
}

func lostBagPaper(f *form, id string) (filled, error) {
	c, cards, err := f.api.Registry.Consignment(f.ctx, id)
	if err != nil {
		return filled{}, err
	}
	events := slices.DeleteFunc(f.events(audit.Filter{Code: "consignment.lose"}), func(e audit.Event) bool { return e.Detail["consignment"] != c.ID })
	if len(events) == 0 {
		return f.missing("consignment", "nobody declared it lost")
	}
	e := events[0]
	p := paper.Minutes{
		Kind: paper.MinutesLost, DoneAt: f.local(e.At), Place: f.place("").Name, Basis: f.standardAt(e.At).Destruction.Basis,
		First: f.officer(e.Actor), Second: f.officer(e.Detail["second"]),
	}
	for _, x := range cards {
		if x.State == registry.CardGone {
			p.Items = append(p.Items, endedItem(f, x.Application, x.Chip, e.Detail["cause"], true))
		}
	}
	p.Done = len(p.Items)
	return minutesFilled(c.ID, p), nil
}

func minutesFilled(subject string, p paper.Minutes) filled {
	with := func(h paper.Heading) paper.Minutes {
		m := p
		m.Heading = h
		return m
	}
	return filled{
		subject: subject, content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.OfficialMinutes(with(h)) },
		table: func(h paper.Heading) []byte { return paper.MinutesCSV(with(h)) },
	}
}
