package api

import (
	"slices"

	"blanko/ktp"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/audit"
)

// papersOfCards are the papers of what travels and of what is destroyed.
func papersOfCards(a *api) {
	ofConsignment(a, registry.PaperManifest, "manifest", "printManifest", "The list in the bag of a consignment, with its label", manifestPaper)
	ofConsignment(a, registry.PaperDelivery, "delivery-note", "printDeliveryNote", "The note beside the bag", deliveryPaper)
	ofConsignment(a, registry.PaperArrival, "receipt", "printConsignmentReceipt", "The receipt of a consignment, which names every difference", arrivalPaper)
	paperOf(a, registry.PaperMinutes, "/v1/destructions/{destruction}/papers/berita-acara", "printMinutes", "The berita acara of a destruction, by name and address", true,
		func(f *form, in *DestructionKeyed) (filled, error) { return minutesPaper(f, in.ID) })
}

func ofConsignment(a *api, kind registry.PaperKind, word, id, what string, fill func(*form, registry.Consignment, []registry.PackedCard) (filled, error)) {
	paperOf(a, kind, "/v1/consignments/{consignment}/papers/"+word, id, what, true, func(f *form, in *ConsignmentKeyed) (filled, error) {
		c, cards, err := a.Registry.Consignment(f.ctx, in.ID)
		if err != nil {
			return filled{}, err
		}
		if len(cards) == 0 {
			return f.missing("consignment", "it is empty")
		}
		out, err := fill(f, c, cards)
		out.subject, out.number = c.ID, c.ID
		return out, err
	})
}

func manifestPaper(f *form, c registry.Consignment, cards []registry.PackedCard) (filled, error) {
	if c.Seal == "" {
		return f.missing("consignment", "it is not sealed")
	}
	p := paper.Manifest{Route: paper.Route(c.Kind), From: f.place(c.From), To: f.place(c.To), Seal: c.Seal, Packer: f.officer(c.OpenedBy)}
	for _, x := range cards {
		if x.State == registry.CardExtra {
			continue // it was not in the manifest
		}
		who, name := f.person(x.Application)
		final := ""
		if to, err := f.api.Registry.DeliveryOf(f.ctx, x.Application); err == nil && to.ID != c.To {
			final = f.place(to.ID).Name
		}
		p.Cards = append(p.Cards, paper.PackedCard{Application: string(x.Application), NIK: who.NIK, Name: name, Chip: x.Chip, Final: final})
	}
	with := func(h paper.Heading) paper.Manifest {
		m := p
		m.Heading = h
		return m
	}
	return filled{
		content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.ConsignmentManifest(with(h)) },
		table: func(h paper.Heading) []byte { return paper.ManifestCSV(with(h)) },
	}, nil
}

func deliveryPaper(f *form, c registry.Consignment, cards []registry.PackedCard) (filled, error) {
	if c.ShippedBy == "" {
		return f.missing("consignment", "it has not left")
	}
	p := paper.Delivery{From: f.place(c.From), To: f.place(c.To), Seal: c.Seal, Sender: f.officer(c.OpenedBy).Name, Carrier: f.officer(c.ShippedBy).Name}
	for _, x := range cards {
		if x.State == registry.CardExtra {
			continue
		}
		who, name := f.person(x.Application)
		p.Cards = append(p.Cards, paper.DeliveredCard{NIK: who.NIK, Name: name, Chip: x.Chip})
	}
	with := func(h paper.Heading) paper.Delivery {
		d := p
		d.Office, d.Number, d.At, d.Code, d.Link, d.Copy = h.Office, h.Number, h.At, h.Code, h.Link, h.Copy
		return d
	}
	return filled{
		content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.DeliveryNote(with(h)) },
		table: func(h paper.Heading) []byte { return paper.DeliveryCSV(with(h)) },
	}, nil
}

// arrivalStates are the states of a card of a consignment, as its receipt names them.
var arrivalStates = map[registry.PackedState]paper.ArrivalState{
	registry.CardArrived: paper.Arrived, registry.CardMissing: paper.Missing, registry.CardExtra: paper.Extra, registry.CardGone: paper.Gone,
}

func arrivalPaper(f *form, c registry.Consignment, cards []registry.PackedCard) (filled, error) {
	if c.ReceivedBy == "" {
		return f.missing("consignment", "it has not arrived")
	}
	p := paper.Arrival{
		Consignment: c.ID, Route: paper.Route(c.Kind), From: f.place(c.From), To: f.place(c.To), Seal: c.Seal, SealFound: c.Seal,
		ShippedAt: f.local(c.ShippedAt), ReceivedAt: f.local(c.ReceivedAt), Carrier: f.officer(c.ShippedBy).Name, Receiver: f.officer(c.ReceivedBy),
	}
	for _, e := range f.events(audit.Filter{Code: "consignment.receive"}) {
		if e.Detail["consignment"] == c.ID && e.Detail["seal"] == "differs" {
			p.SealFound = "" // not that of the manifest
		}
	}
	const most = 500
	open, err := f.api.Registry.Investigations(f.ctx, registry.InvestigationFilter{Limit: most})
	open = of(f, open, err)
	for _, x := range cards {
		card := paper.ArrivedCard{Application: string(x.Application), Chip: x.Chip, State: arrivalStates[x.State]}
		if x.Application != "" {
			who, name := f.person(x.Application)
			card.NIK, card.Name = who.NIK, name
		}
		if i := slices.IndexFunc(open, func(i registry.Investigation) bool { return i.Consignment == c.ID && i.Chip == x.Chip }); i >= 0 {
			card.Investigation = open[i].ID
		}
		p.Cards = append(p.Cards, card)
	}
	with := func(h paper.Heading) paper.Arrival {
		m := p
		m.Heading = h
		return m
	}
	return filled{
		content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.ConsignmentReceipt(with(h)) },
		table: func(h paper.Heading) []byte { return paper.ArrivalCSV(with(h)) },
	}, nil
}

// chipStateWords are the last states of a chip.
var chipStateWords = map[registry.ChipState]string{registry.ChipTerminated: "dihentikan", registry.ChipBlocked: "diblokir"}

// minutesPaper tells of a destruction. Of its pictures the ledger has the hashes: they stand on the paper,
// the pictures themselves are attached to it by hand.
func minutesPaper(f *form, id string) (filled, error) {
	d, items, err := f.api.Registry.Destruction(f.ctx, id)
	if err != nil {
		return filled{}, err
	}
	events := slices.DeleteFunc(f.events(audit.Filter{Code: "destruction.destroy"}), func(e audit.Event) bool { return e.Detail["destruction"] != id })
	if len(events) == 0 {
		return f.missing("destruction", "nothing was destroyed here by it")
	}
	s := f.standard()
	p := paper.Minutes{
		Kind: paper.MinutesDestruction, DoneAt: f.local(d.EndedAt), Place: f.place("").Name, Method: "dihancurkan, chip dan muka kartu", Basis: s.Destruction.Basis,
		First: f.officer(d.EndedBy), Second: f.officer(events[0].Detail["second"]), CountIn: f.officer(d.CountedBy), Counted: len(items), Done: len(items),
	}
	for _, x := range items {
		item := paper.MinutesItem{Kind: paper.ItemKind(x.Kind), Item: x.Item, Cause: "-", ChipState: chipStateWords[x.ChipState]}
		if card, err := f.api.Registry.CardByChip(f.ctx, ktp.ChipUID(x.Item)); err == nil {
			who, name := f.person(card.Application)
			item.NIK, item.Name, item.Address, item.Cause = who.NIK, name, addressOf(who), f.words(card.Cause)
		}
		p.Items = append(p.Items, item)
	}
	for _, w := range d.Witnesses {
		p.Witness = append(p.Witness, paper.Witness{Name: w.Name, Position: w.Position})
	}
	for _, hash := range d.Pictures {
		p.Pictures = append(p.Pictures, paper.MinutesPicture{Caption: "gambar terlampir", Hash: hash})
	}
	return minutesFilled(id, p), nil
}

// addressOf is the address of a person on one line.
func addressOf(p ktp.Person) string {
	line := p.Street
	if p.RT != "" || p.RW != "" {
		line += " RT " + p.RT + "/RW " + p.RW
	}
	for _, part := range []string{p.Village, p.District} {
		if part != "" {
			line += ", " + part
		}
	}
	if line == "" {
		return "-"
	}
	return line
}
