package registry

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// ConsignmentKind is why cards travel.
type ConsignmentKind string

const (
	ConsignmentOut         ConsignmentKind = "out"         // from the Dinas to a kecamatan
	ConsignmentOnward      ConsignmentKind = "onward"      // from a kecamatan to a kelurahan
	ConsignmentBack        ConsignmentKind = "back"        // returned, uncollected, recalled: towards the Dinas
	ConsignmentRedirect    ConsignmentKind = "redirect"    // to another place than was meant
	ConsignmentDirectorate ConsignmentKind = "directorate" // faulty cards to the Directorate General
)

// ConsignmentState is where a consignment stands.
type ConsignmentState string

const (
	ConsignmentAbsent    ConsignmentState = "absent"
	ConsignmentOpen      ConsignmentState = "open"    // being packed
	ConsignmentSealed    ConsignmentState = "sealed"  // closed under a seal, still here
	ConsignmentShipped   ConsignmentState = "shipped" // scanned out
	ConsignmentReceived  ConsignmentState = "received"
	ConsignmentLost      ConsignmentState = "lost" // declared so by two persons
	ConsignmentCancelled ConsignmentState = "cancelled"
)

// ConsignmentEvent moves a consignment.
type ConsignmentEvent string

const (
	ConsignmentEventOpen    ConsignmentEvent = "open"
	ConsignmentEventSeal    ConsignmentEvent = "seal"
	ConsignmentEventUnseal  ConsignmentEvent = "unseal"
	ConsignmentEventShip    ConsignmentEvent = "ship"
	ConsignmentEventReceive ConsignmentEvent = "receive"
	ConsignmentEventLose    ConsignmentEvent = "lose"
	ConsignmentEventCancel  ConsignmentEvent = "cancel"
)

// Consignments is the state table of a consignment.
var Consignments = ktp.Table[ConsignmentState, ConsignmentEvent]{
	Name: "consignment", Start: ConsignmentAbsent, Final: []ConsignmentState{ConsignmentReceived, ConsignmentLost, ConsignmentCancelled},
	Rows: []ktp.Row[ConsignmentState, ConsignmentEvent]{
		{From: ConsignmentAbsent, Event: ConsignmentEventOpen, To: ConsignmentOpen},
		{From: ConsignmentOpen, Event: ConsignmentEventSeal, To: ConsignmentSealed, Guard: "it holds a card"},
		{From: ConsignmentSealed, Event: ConsignmentEventUnseal, To: ConsignmentOpen},
		{From: ConsignmentSealed, Event: ConsignmentEventShip, To: ConsignmentShipped, Guard: "every card may leave"},
		{From: ConsignmentShipped, Event: ConsignmentEventReceive, To: ConsignmentReceived},
		{From: ConsignmentShipped, Event: ConsignmentEventLose, To: ConsignmentLost, Needs: "two persons"},
		{From: ConsignmentOpen, Event: ConsignmentEventCancel, To: ConsignmentCancelled, Guard: "it is empty"},
	},
}

// Consignment is cards on their way from one place to another, under a seal.
type Consignment struct {
	ID         string
	Kind       ConsignmentKind
	From, To   string
	State      ConsignmentState
	Seal       string
	OpenedBy   string
	OpenedAt   time.Time
	ShippedBy  string
	ShippedAt  time.Time
	ReceivedBy string
	ReceivedAt time.Time
}

// PackedState is how a card of a consignment fared.
type PackedState string

const (
	CardPacked  PackedState = "packed"
	CardArrived PackedState = "arrived"
	CardMissing PackedState = "missing" // in the manifest, not in the bag
	CardExtra   PackedState = "extra"   // in the bag, not in the manifest
	CardGone    PackedState = "lost"    // with the whole consignment
)

// PackedCard is one card of a consignment.
type PackedCard struct {
	Chip        ktp.ChipUID
	Application ApplicationID // empty: not a card of this station
	State       PackedState
	At          time.Time
}

// moveConsignment changes the state by the table and writes the event.
func (a *act) moveConsignment(c *Consignment, e ConsignmentEvent, detail map[string]string) error {
	to, err := Consignments.Next(c.State, e)
	if err != nil {
		return wrongState.At("registry.consignment", err).With("consignment", "it is %s", c.State)
	}
	c.State = to
	if err := c.save(a.tx); err != nil {
		return err
	}
	all := map[string]string{"consignment": c.ID, "from": c.From, "to": c.To, "state": string(to)}
	for k, v := range detail {
		all[k] = v
	}
	a.res.Answer = c.ID
	return a.tell(audit.Event{Code: "consignment." + codeOf(string(e)), Detail: all})
}

// OpenConsignment begins a consignment at the actor's place. Result.Answer is its id.
type OpenConsignment struct {
	Kind ConsignmentKind
	To   string
}

func (OpenConsignment) Name() Name { return opOpenConsignment }

// routes says between which kinds of place each kind of consignment goes.
var routes = map[ConsignmentKind]struct{ from, to []PlaceKind }{
	ConsignmentOut:         {[]PlaceKind{PlaceDinas}, []PlaceKind{PlaceKecamatan}},
	ConsignmentOnward:      {[]PlaceKind{PlaceKecamatan}, []PlaceKind{PlaceKelurahan}},
	ConsignmentBack:        {[]PlaceKind{PlaceKecamatan, PlaceKelurahan}, []PlaceKind{PlaceDinas, PlaceKecamatan}},
	ConsignmentRedirect:    {[]PlaceKind{PlaceDinas, PlaceKecamatan, PlaceKelurahan}, []PlaceKind{PlaceDinas, PlaceKecamatan, PlaceKelurahan, PlaceOtherDinas}},
	ConsignmentDirectorate: {[]PlaceKind{PlaceDinas}, []PlaceKind{PlaceDirectorate}},
}

func (o OpenConsignment) run(a *act) error {
	const op = "registry.OpenConsignment"
	route, known := routes[o.Kind]
	if !known {
		return badOperation.At(op, nil).With("kind", "out, onward, back, redirect or directorate")
	}
	from, err := a.place(a.actor.Place)
	if err != nil {
		return err
	}
	to, err := a.place(o.To)
	if err != nil {
		return err
	}
	switch {
	case !slices.Contains(route.from, from.Kind):
		return badOperation.At(op, nil).With("kind", "%s does not begin at a %s", o.Kind, from.Kind)
	case !slices.Contains(route.to, to.Kind) || !to.Active || to.ID == from.ID:
		return badOperation.At(op, nil).With("to", "%s does not go there", o.Kind)
	case (o.Kind == ConsignmentOnward && to.Parent != from.ID) || (o.Kind == ConsignmentBack && from.Parent != to.ID && to.Kind != PlaceDinas):
		return badOperation.At(op, nil).With("to", "%s is not above or below %s", to.ID, from.ID)
	}
	number, err := nextConsignment(a.tx)
	if err != nil {
		return err
	}
	c := Consignment{
		ID: "K-" + strconv.Itoa(a.now().Year()) + "-" + padded(number, consignmentDigits), Kind: o.Kind, From: from.ID, To: to.ID,
		State: ConsignmentAbsent, OpenedBy: a.actor.ID, OpenedAt: a.now(),
	}
	return a.moveConsignment(&c, ConsignmentEventOpen, map[string]string{"kind": string(o.Kind)})
}

const consignmentDigits = 6

func padded(n, digits int) string {
	s := strconv.Itoa(n)
	for len(s) < digits {
		s = "0" + s
	}
	return s
}

// consignment finds one.
func (a *act) consignment(id string) (Consignment, error) {
	c, found, err := consignmentByID(a.tx, id)
	if err == nil && !found {
		err = consignmentUnknown.At("registry.consignment", nil)
	}
	return c, err
}

// ours finds a consignment that leaves the actor's place, in a state.
func (a *act) outgoing(id string, s ConsignmentState) (Consignment, error) {
	c, err := a.consignment(id)
	if err != nil {
		return c, err
	}
	if err := a.actorAt(c.From); err != nil {
		return c, err
	}
	if c.State != s {
		return c, wrongState.At("registry.consignment", nil).With("consignment", "it is %s", c.State)
	}
	return c, nil
}

// Pack puts one card into an open consignment: a card that is finished, accepted, free of marks and
// not yet in another; a returned or recalled one only on its way back or to the Directorate.
type Pack struct {
	Consignment string
	Chip        ktp.ChipUID
}

func (Pack) Name() Name { return opPack }

// packable says in which state of its application a card may go into which kind of consignment.
var packable = map[ConsignmentKind][]State{
	ConsignmentOut:         {Produced},
	ConsignmentOnward:      {Delivered},
	ConsignmentBack:        {Delivered, Uncollected, Returned, Recalled},
	ConsignmentRedirect:    {Produced, Delivered, Uncollected},
	ConsignmentDirectorate: {Returned, Recalled, Closed, Withdrawn},
}

func (o Pack) run(a *act) error {
	const op = "registry.Pack"
	c, err := a.outgoing(o.Consignment, ConsignmentOpen)
	if err != nil {
		return err
	}
	card, app, err := a.cardAndApplication(o.Chip)
	if err != nil {
		return err
	}
	a.res.Chip, a.res.Application = card.Chip, app.ID
	if !slices.Contains(packable[c.Kind], app.State) {
		return wrongState.At(op, nil).With("state", "the application is %s", app.State)
	}
	if c.Kind != ConsignmentBack && c.Kind != ConsignmentDirectorate {
		if err := a.mayLeave(app, card); err != nil {
			return err
		}
	}
	if c.Kind == ConsignmentOut || c.Kind == ConsignmentOnward {
		if err := a.belongsThere(app, c); err != nil {
			return err
		}
	}
	if other, travels, err := travelsIn(a.tx, o.Chip); err != nil || travels {
		if err == nil {
			err = wrongState.At(op, nil).With("chip", "the card is in consignment %s", other)
		}
		return err
	}
	if err := keepPacked(a.tx, c.ID, PackedCard{Chip: o.Chip, Application: app.ID, State: CardPacked, At: a.now()}, true); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Attempt: card.Attempt.String(), Chip: o.Chip, Detail: map[string]string{"consignment": c.ID}})
}

// belongsThere refuses a card that is handed over somewhere else, unless by way of this place.
func (a *act) belongsThere(app Application, c Consignment) error {
	want, err := a.deliveryOf(app.ID)
	if err != nil {
		return err
	}
	if want.ID != c.To && want.Parent != c.To {
		return wrongState.At("registry.Pack", nil).With("place", "the card is handed over at %s", want.ID)
	}
	return nil
}

// mayLeave refuses a card that has to stay: unfinished, a specimen, held, withdrawn, denied.
func (a *act) mayLeave(app Application, c Card) error {
	const op = "registry.Pack"
	t, err := jobs.AttemptByID(a.tx, c.Attempt)
	if err != nil {
		return err
	}
	reason, denied, err := stock.Denied(a.tx, c.Chip)
	switch {
	case err != nil:
		return err
	case c.State != CardMade:
		return wrongState.At(op, nil).With("chip", "the card is %s", c.State)
	case !t.Ended || t.State != jobs.Finished(t.Kind):
		return notAccepted.At(op, nil).With("chip", "its attempt is %s", t.State)
	case app.Specimen:
		return specimen.At(op, nil)
	case denied:
		return BlankDenied.At(op, nil).With("chip", "%s", reason)
	case app.Withdrawn != "":
		return RecordWithdrawn.At(op, nil).With("application", "withdrawn: %s", app.Withdrawn)
	case app.Held != "" || c.Held != "":
		return RecordHeld.At(op, nil).With("application", "held: %s%s", app.Held, c.Held)
	}
	return nil
}

// cardAndApplication finds a card and what it was made for.
func (a *act) cardAndApplication(chip ktp.ChipUID) (Card, Application, error) {
	card, found, err := cardByChip(a.tx, chip)
	if err != nil || !found {
		if err == nil {
			err = cardUnknown.At("registry.card", nil).With("chip", "not a card of this register")
		}
		return card, Application{}, err
	}
	app, err := a.application(card.Application)
	return card, app, err
}

// Unpack takes a card out of an open consignment again.
type Unpack struct {
	Consignment string
	Chip        ktp.ChipUID
	Reason      string // code
}

func (Unpack) Name() Name { return opUnpack }

func (o Unpack) run(a *act) error {
	c, err := a.outgoing(o.Consignment, ConsignmentOpen)
	if err != nil {
		return err
	}
	if o.Reason == "" {
		return badOperation.At("registry.Unpack", nil).With("reason", "a code is needed")
	}
	gone, err := dropPacked(a.tx, c.ID, o.Chip)
	if err != nil || !gone {
		if err == nil {
			err = cardUnknown.At("registry.Unpack", nil).With("chip", "not in this consignment")
		}
		return err
	}
	a.res.Chip = o.Chip
	return a.tell(audit.Event{Code: a.row.Event, Chip: o.Chip, Detail: map[string]string{"consignment": c.ID, "cause": o.Reason}})
}

var sealNumber = regexp.MustCompile(`^[A-Z0-9-]{3,40}$`)

// SealConsignment closes a consignment under the number of a seal.
type SealConsignment struct {
	Consignment string
	Seal        string
}

func (SealConsignment) Name() Name { return opSealConsignment }

func (o SealConsignment) run(a *act) error {
	c, err := a.outgoing(o.Consignment, ConsignmentOpen)
	if err != nil {
		return err
	}
	if !sealNumber.MatchString(o.Seal) {
		return badOperation.At("registry.SealConsignment", nil).With("seal", "3 to 40 capitals, digits, dashes")
	}
	packed, err := packedCards(a.tx, c.ID)
	if err != nil {
		return err
	}
	if len(packed) == 0 {
		return wrongState.At("registry.SealConsignment", nil).With("consignment", "it is empty")
	}
	c.Seal = o.Seal
	return a.moveConsignment(&c, ConsignmentEventSeal, map[string]string{"seal": o.Seal, "count": strconv.Itoa(len(packed))})
}

// UnsealConsignment opens a consignment that has not left, so that a card can be taken out.
type UnsealConsignment struct{ Consignment string }

func (UnsealConsignment) Name() Name { return opUnsealConsignment }

func (o UnsealConsignment) run(a *act) error {
	c, err := a.outgoing(o.Consignment, ConsignmentSealed)
	if err != nil {
		return err
	}
	c.Seal = ""
	return a.moveConsignment(&c, ConsignmentEventUnseal, nil)
}

// CancelConsignment gives an empty consignment up.
type CancelConsignment struct{ Consignment string }

func (CancelConsignment) Name() Name { return opCancelConsignment }

func (o CancelConsignment) run(a *act) error {
	c, err := a.outgoing(o.Consignment, ConsignmentOpen)
	if err != nil {
		return err
	}
	packed, err := packedCards(a.tx, c.ID)
	if err != nil {
		return err
	}
	if len(packed) > 0 {
		return wrongState.At("registry.CancelConsignment", nil).With("consignment", "it holds %d cards", len(packed))
	}
	return a.moveConsignment(&c, ConsignmentEventCancel, nil)
}

// ShipConsignment scans a sealed consignment out. Its manifest is checked once more: what was
// withdrawn, held or denied since it was packed keeps all of it here.
type ShipConsignment struct{ Consignment string }

func (ShipConsignment) Name() Name { return opShipConsignment }

func (o ShipConsignment) run(a *act) error {
	c, err := a.outgoing(o.Consignment, ConsignmentSealed)
	if err != nil {
		return err
	}
	packed, err := packedCards(a.tx, c.ID)
	if err != nil {
		return err
	}
	for _, p := range packed {
		card, app, err := a.cardAndApplication(p.Chip)
		if err != nil {
			return err
		}
		if !slices.Contains(packable[c.Kind], app.State) {
			return wrongState.At("registry.ShipConsignment", nil).With("application", "%s is %s", app.ID, app.State)
		}
		if c.Kind != ConsignmentBack && c.Kind != ConsignmentDirectorate {
			if err := a.mayLeave(app, card); err != nil {
				return err
			}
		}
		if err := a.putBlank(card.Attempt, stock.At(stock.Shipped), "shipped"); err != nil {
			return err
		}
		if _, err := Applications.Next(app.State, EventShip); err == nil {
			if err := a.move(&app, EventShip, ""); err != nil {
				return err
			}
		}
	}
	c.ShippedBy, c.ShippedAt = a.actor.ID, a.now()
	a.res.Application, a.res.State, a.res.Word = "", "", ""
	return a.moveConsignment(&c, ConsignmentEventShip, map[string]string{"count": strconv.Itoa(len(packed)), "seal": c.Seal})
}

// ReceiveConsignment scans a consignment in, card by card. What is missing is looked into; what is
// there and should not be is kept apart. Result.Answer is "complete", or "variance".
type ReceiveConsignment struct {
	Consignment string
	Seal        string        // as found
	Chips       []ktp.ChipUID // scanned
}

func (ReceiveConsignment) Name() Name { return opReceiveConsignment }

// Answers of a receipt.
const (
	AnswerComplete = "complete"
	AnswerVariance = "variance"
)

// mostScanned bounds one receipt.
const mostScanned = 5000

func (o ReceiveConsignment) run(a *act) error {
	const op = "registry.ReceiveConsignment"
	c, err := a.consignment(o.Consignment)
	if err != nil {
		return err
	}
	if err := a.actorAt(c.To); err != nil {
		return err
	}
	if len(o.Chips) > mostScanned {
		return badOperation.At(op, nil).With("chips", "at most %d", mostScanned)
	}
	scanned := map[ktp.ChipUID]bool{}
	for _, chip := range o.Chips {
		if chip == "" || scanned[chip] {
			return badOperation.At(op, nil).With("chips", "each once")
		}
		scanned[chip] = true
	}
	packed, err := packedCards(a.tx, c.ID)
	if err != nil {
		return err
	}
	to, err := a.place(c.To)
	if err != nil {
		return err
	}
	missing, extra := 0, 0
	for _, p := range packed {
		if scanned[p.Chip] {
			delete(scanned, p.Chip)
			if err := a.arrive(c, to, p); err != nil {
				return err
			}
			continue
		}
		missing++
		if err := a.lookInto(InvestigateMissing, c, p, CardMissing); err != nil {
			return err
		}
	}
	for _, chip := range o.Chips {
		if !scanned[chip] {
			continue
		}
		extra++
		p := PackedCard{Chip: chip}
		if card, known, err := cardByChip(a.tx, chip); err != nil {
			return err
		} else if known {
			p.Application = card.Application
		}
		if err := a.lookInto(InvestigateExtra, c, p, CardExtra); err != nil {
			return err
		}
	}
	broken := o.Seal != c.Seal
	if broken {
		if err := a.investigate(Investigation{Kind: InvestigateSeal, Consignment: c.ID}); err != nil {
			return err
		}
	}
	c.ReceivedBy, c.ReceivedAt = a.actor.ID, a.now()
	a.res.Application, a.res.State, a.res.Word, a.res.Chip = "", "", "", ""
	if err := a.moveConsignment(&c, ConsignmentEventReceive, map[string]string{
		"missing": strconv.Itoa(missing), "extra": strconv.Itoa(extra), "seal": sealWord(broken),
	}); err != nil {
		return err
	}
	a.res.Answer = AnswerComplete
	if missing+extra > 0 || broken {
		a.res.Answer = AnswerVariance
	}
	return nil
}

func sealWord(broken bool) string {
	if broken {
		return "differs"
	}
	return "as_sent"
}

// arrive takes a card of the manifest in.
func (a *act) arrive(c Consignment, to Place, p PackedCard) error {
	p.State, p.At = CardArrived, a.now()
	if err := keepPacked(a.tx, c.ID, p, false); err != nil {
		return err
	}
	card, app, err := a.cardAndApplication(p.Chip)
	if err != nil {
		return err
	}
	place := stock.At(stock.Delivered)
	switch {
	case to.Kind == PlaceDirectorate || to.Kind == PlaceOtherDinas:
		place = stock.At(stock.Elsewhere)
	case app.State == Returned || app.State == Recalled:
		place = stock.At(stock.Returned)
	}
	if err := a.putBlank(card.Attempt, place, "arrived"); err != nil {
		return err
	}
	if app.State != Shipped {
		return nil
	}
	return a.move(&app, EventReceive, "")
}

// lookInto writes down a card that is not where the manifest says.
func (a *act) lookInto(kind string, c Consignment, p PackedCard, s PackedState) error {
	p.State, p.At = s, a.now()
	if err := keepPacked(a.tx, c.ID, p, false); err != nil {
		return err
	}
	card, known, err := cardByChip(a.tx, p.Chip)
	if err != nil {
		return err
	}
	if known && card.Held == "" && (card.State == CardMade || card.State == CardInForce) {
		card.Held = kind
		if err := card.save(a.tx); err != nil {
			return err
		}
		place := stock.At(stock.Doubt)
		if s == CardExtra {
			place = stock.At(stock.Quarantine)
		}
		if err := a.putBlank(card.Attempt, place, kind); err != nil {
			return err
		}
	}
	return a.investigate(Investigation{Kind: kind, Consignment: c.ID, Chip: p.Chip, Application: p.Application})
}

// LoseConsignment declares a consignment that left and never came as lost, by two persons: every
// chip of it is retired, so that the status list names it, and its applications can be made again.
type LoseConsignment struct {
	Consignment string
	Reason      string // code
	Second      Actor
}

func (LoseConsignment) Name() Name      { return opLoseConsignment }
func (o LoseConsignment) second() Actor { return o.Second }

func (o LoseConsignment) run(a *act) error {
	c, err := a.consignment(o.Consignment)
	if err != nil {
		return err
	}
	if o.Reason == "" {
		return badOperation.At("registry.LoseConsignment", nil).With("reason", "a code is needed")
	}
	packed, err := packedCards(a.tx, c.ID)
	if err != nil {
		return err
	}
	for _, p := range packed {
		p.State, p.At = CardGone, a.now()
		if err := keepPacked(a.tx, c.ID, p, false); err != nil {
			return err
		}
		if err := a.loseCard(p.Chip, o.Reason); err != nil {
			return err
		}
	}
	a.res.Application, a.res.State, a.res.Word = "", "", ""
	return a.moveConsignment(&c, ConsignmentEventLose, map[string]string{"count": strconv.Itoa(len(packed)), "cause": o.Reason})
}

// loseCard retires a card that nobody can find.
func (a *act) loseCard(chip ktp.ChipUID, reason string) error {
	card, app, err := a.cardAndApplication(chip)
	if err != nil {
		return err
	}
	if card.State == CardMade || card.State == CardInForce {
		made := card.State == CardMade
		if err := a.moveCard(&card, CardRetire, reason); err != nil {
			return err
		}
		if made {
			if err := a.noSuccessor(card.Attempt); err != nil {
				return err
			}
		}
	}
	if err := a.putBlank(card.Attempt, stock.At(stock.Lost), reason); err != nil {
		return err
	}
	switch {
	case app.State == Recalled:
		return a.endRecall(&app, reason)
	case app.State == Returned || !app.Open():
		return nil
	}
	return a.move(&app, EventReturn, reason)
}

// ConsignmentFilter says which consignments are asked for.
type ConsignmentFilter struct {
	State ConsignmentState // empty: all
	Place string           // from or to; empty: all
	After string           // id of the last one seen
	Limit int
}

// ConsignmentsOf are consignments in the order of their ids.
func (r *Registry) ConsignmentsOf(ctx context.Context, f ConsignmentFilter) (list []Consignment, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = consignments(tx, `where id > ? and (? = '' or state = ?) and (? = '' or from_place = ? or to_place = ?) order by id limit ?`,
			f.After, f.State, f.State, f.Place, f.Place, f.Place, f.Limit)
		return err
	})
	return list, err
}

// Consignment is one with its cards.
func (r *Registry) Consignment(ctx context.Context, id string) (c Consignment, cards []PackedCard, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		if c, err = a.consignment(id); err != nil {
			return err
		}
		cards, err = packedCards(tx, id)
		return err
	})
	return c, cards, err
}
