package api

import (
	"fmt"
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
	paperOf(a, registry.PaperReturnList, "/v1/destructions/{destruction}/papers/return", "printDestructionReturn", "The note that goes with a list to the Directorate General", true,
		func(f *form, in *DestructionKeyed) (filled, error) { return sentPaper(f, in.ID) })
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
			p.SealFound = e.Detail["seal_found"] // empty: none, or none that could be read
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

// endOf is the event by which a list ended.
func (f *form) endOf(code, id string) (audit.Event, bool) {
	for _, e := range f.events(audit.Filter{Code: code}) {
		if e.Detail["destruction"] == id {
			return e, true
		}
	}
	return audit.Event{}, false
}

// minutesPaper tells of a destruction. A picture that was erased by the rules of retention is attached by hand.
func minutesPaper(f *form, id string) (filled, error) {
	d, items, err := f.api.Registry.Destruction(f.ctx, id)
	if err != nil {
		return filled{}, err
	}
	e, ended := f.endOf("destruction.destroy", id)
	if !ended {
		return f.missing("destruction", "nothing was destroyed here by it")
	}
	s, err := f.api.Registry.StandardNamed(f.ctx, d.Standard)
	s = of(f, s, err)
	p := paper.Minutes{
		Kind: paper.MinutesDestruction, DoneAt: f.local(d.EndedAt), Place: f.place("").Name, Method: "dihancurkan, chip dan muka kartu", Basis: s.Destruction.Basis,
		First: f.officer(d.EndedBy), Second: f.officer(e.Detail["second"]), CountIn: f.officer(d.CountedBy), Counted: len(items), Done: len(items),
	}
	for _, x := range items {
		item := paper.MinutesItem{Kind: paper.ItemKind(x.Kind), Item: x.Item, Cause: f.causeOf(x), ChipState: chipStateWords[x.ChipState]}
		if x.Application != "" {
			who, name := f.person(x.Application)
			item.NIK, item.Name, item.Address = who.NIK, name, addressOf(who)
		}
		p.Items = append(p.Items, item)
	}
	for _, w := range d.Witnesses {
		p.Witness = append(p.Witness, paper.Witness{Name: w.Name, Position: w.Position})
	}
	for i, hash := range d.Pictures {
		p.Pictures = append(p.Pictures, f.proof(fmt.Sprintf("pemusnahan, gambar %d", i+1), hash))
	}
	return minutesFilled(id, p), nil
}

// causeOf is why a thing ends, in words.
func (f *form) causeOf(x registry.DestructionItem) string {
	if x.Cause == "" {
		return "-"
	}
	return f.words(x.Cause)
}

// proof is a picture that proves what was done.
func (f *form) proof(caption, hash string) paper.MinutesPicture {
	kept, err := f.api.Registry.PictureBy(f.ctx, hash)
	return paper.MinutesPicture{Image: pictureOf(of(f, kept, err).Data), Caption: caption, Hash: hash}
}

// sentPaper goes with a list to the Directorate General.
func sentPaper(f *form, id string) (filled, error) {
	d, items, err := f.api.Registry.Destruction(f.ctx, id)
	if err != nil {
		return filled{}, err
	}
	e, sent := f.endOf("destruction.send", id)
	if !sent {
		return f.missing("destruction", "nothing was sent by it")
	}
	p := paper.Return{
		From: f.place(""), To: paper.Place{Name: directorate}, Policy: paper.ReturnPolicy(d.Policy), Seal: e.Detail["seal"],
		Sender: f.officer(d.EndedBy), Second: f.officer(e.Detail["second"]),
	}
	for _, x := range items {
		card := paper.ReturnedCard{Kind: paper.ItemKind(x.Kind), Chip: ktp.ChipUID(x.Item), Cause: f.causeOf(x)}
		if x.Application != "" {
			who, name := f.person(x.Application)
			card.Application, card.NIK, card.Name = string(x.Application), who.NIK, name
		}
		p.Cards = append(p.Cards, card)
	}
	with := func(h paper.Heading) paper.Return {
		m := p
		m.Heading = h
		return m
	}
	return filled{
		subject: id, content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.ReturnNote(with(h)) },
		table: func(h paper.Heading) []byte { return paper.ReturnCSV(with(h)) },
	}, nil
}

// directorate is where faulty cards go that are not destroyed here.
const directorate = "DIREKTORAT JENDERAL KEPENDUDUKAN DAN PENCATATAN SIPIL"

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
