package registry

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
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

// OpenConsignment begins a consignment at the actor's place. Result.Answer is its id. One to the Directorate General
// is begun only while the service standard in force sends faulty cards there.
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
	if o.Kind == ConsignmentDirectorate {
		if s, err := a.standard(); err != nil || s.Destruction.Policy != ReturnToCenter {
			if err == nil {
				err = wrongState.At(op, nil).With("kind", "by the service standard in force, cards are destroyed here")
			}
			return err
		}
	}
	number, err := nextConsignment(a.tx)
	if err != nil {
		return err
	}
	c := Consignment{
		ID: "K-" + a.year() + "-" + padded(number, consignmentDigits), Kind: o.Kind, From: from.ID, To: to.ID,
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

var sealForm = regexp.MustCompile(`^[A-Z0-9-]{3,40}$`)

// isSeal reports whether a text can be the number of a seal, which events hold.
func isSeal(s string) bool { return sealForm.MatchString(s) && !audit.HoldsNIK(s) }

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
	if !isSeal(o.Seal) {
		return badOperation.At("registry.SealConsignment", nil).With("seal", "3 to 40 capitals, digits, dashes, not the digits of a NIK")
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
		var w store.Where
		w.And(`id > ?`, f.After)
		w.If(string(f.State), `state = ?`, f.State)
		w.If(f.Place, `from_place = ? or to_place = ?`, f.Place, f.Place)
		list, err = consignments(tx, w.Text()+` order by id limit ?`, w.Args(f.Limit)...)
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
