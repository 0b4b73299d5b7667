package registry

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// Policies of destruction (service standard as data).
const (
	DestroyLocally = "DESTROY_LOCALLY"
	ReturnToCenter = "RETURN_TO_CENTER"
)

// DestructionState is where a destruction stands.
type DestructionState string

const (
	DestructionAbsent       DestructionState = "absent"
	DestructionOpen         DestructionState = "open"
	DestructionCounted      DestructionState = "counted in"
	DestructionDestroyed    DestructionState = "destroyed"
	DestructionSent         DestructionState = "sent"
	DestructionAcknowledged DestructionState = "acknowledged"
	DestructionCancelled    DestructionState = "cancelled"
)

// DestructionEvent moves a destruction.
type DestructionEvent string

const (
	DestructionEventOpen        DestructionEvent = "open"
	DestructionEventCount       DestructionEvent = "count in"
	DestructionEventReopen      DestructionEvent = "reopen"
	DestructionEventDestroy     DestructionEvent = "destroy"
	DestructionEventSend        DestructionEvent = "send"
	DestructionEventAcknowledge DestructionEvent = "acknowledge"
	DestructionEventCancel      DestructionEvent = "cancel"
)

// Destructions is the state table of a destruction.
var Destructions = ktp.Table[DestructionState, DestructionEvent]{
	Name: "destruction", Start: DestructionAbsent, Final: []DestructionState{DestructionDestroyed, DestructionAcknowledged, DestructionCancelled},
	Rows: []ktp.Row[DestructionState, DestructionEvent]{
		{From: DestructionAbsent, Event: DestructionEventOpen, To: DestructionOpen},
		{From: DestructionOpen, Event: DestructionEventCount, To: DestructionCounted, Guard: "the blind count is right"},
		{From: DestructionCounted, Event: DestructionEventReopen, To: DestructionOpen},
		{From: DestructionCounted, Event: DestructionEventDestroy, To: DestructionDestroyed, Guard: "counted by another person", Needs: "two persons, witnesses, pictures"},
		{From: DestructionCounted, Event: DestructionEventSend, To: DestructionSent},
		{From: DestructionSent, Event: DestructionEventAcknowledge, To: DestructionAcknowledged, Guard: "not by who sent it"},
		{From: DestructionOpen, Event: DestructionEventCancel, To: DestructionCancelled},
	},
}

// Destruction is cards, spoiled blanks, foreign cards and rolls that are destroyed, or sent to the
// Directorate General for it.
type Destruction struct {
	ID        string
	Policy    string // of the service standard that was in force when it was opened
	Standard  string // its id and version
	State     DestructionState
	OpenedBy  string
	OpenedAt  time.Time
	CountedBy string
	CountedAt time.Time
	EndedBy   string
	EndedAt   time.Time
	Reference string    // of the Directorate's acknowledgement
	Witnesses []Witness // personal data
	Pictures  []string  // SHA-256, hex

	LeastWitnesses int // beside the two persons, by that standard
}

// Witness of a destruction: personal data, stands in the berita acara.
type Witness struct {
	Name     string
	Position string
}

// String never shows the person.
func (Witness) String() string { return "Witness(redacted)" }

// GoString never shows the person.
func (w Witness) GoString() string { return w.String() }

// DestructionItem is one thing of it.
type DestructionItem struct {
	Item      string    // chip of a card or blank, number of a blank without one, id of a foreign card or roll
	Kind      string    // card, spoiled, foreign
	ChipState ChipState // of a card, as it was examined: terminated, blocked; empty: it does not answer, or the item is none
}

func (a *act) moveDestruction(d *Destruction, e DestructionEvent, detail map[string]string) error {
	to, err := Destructions.Next(d.State, e)
	if err != nil {
		return wrongState.At("registry.destruction", err).With("destruction", "it is %s", d.State)
	}
	d.State = to
	if err := d.save(a.tx); err != nil {
		return err
	}
	all := map[string]string{"destruction": d.ID, "state": string(to)}
	for k, v := range detail {
		all[k] = v
	}
	a.res.Answer = d.ID
	return a.tell(audit.Event{Code: "destruction." + codeOf(string(e)), Detail: all})
}

func (a *act) destruction(id string) (Destruction, error) {
	d, found, err := destructionByID(a.tx, id)
	if err == nil && !found {
		err = destructionUnknown.At("registry.destruction", nil)
	}
	return d, err
}

// OpenDestruction begins a list, by the policy of the service standard in force. Result.Answer is its id.
type OpenDestruction struct{}

func (OpenDestruction) Name() Name { return opOpenDestruction }

func (OpenDestruction) run(a *act) error {
	s, err := a.standard()
	if err != nil {
		return err
	}
	n, err := nextDestruction(a.tx)
	if err != nil {
		return err
	}
	d := Destruction{
		ID: "M-" + a.year() + "-" + padded(n, consignmentDigits), Policy: s.Destruction.Policy, Standard: s.ID + "/" + s.Version, LeastWitnesses: s.Destruction.Witnesses,
		State: DestructionAbsent, OpenedBy: a.actor.ID, OpenedAt: a.now(),
	}
	return a.moveDestruction(&d, DestructionEventOpen, map[string]string{"policy": d.Policy, "standard": d.Standard})
}

// AddToDestruction puts one thing on an open list: a retired card that is at hand, a spoiled blank,
// or a foreign card that is kept.
type AddToDestruction struct {
	Destruction string
	Item        string
	Picture     string // of the face of a card whose chip does not answer: SHA-256, hex; empty: its retirement has one
}

func (AddToDestruction) Name() Name { return opAddToDestruction }

func (o AddToDestruction) run(a *act) error {
	const op = "registry.AddToDestruction"
	d, err := a.destruction(o.Destruction)
	if err != nil {
		return err
	}
	if d.State != DestructionOpen {
		return wrongState.At(op, nil).With("destruction", "it is %s", d.State)
	}
	kind, err := a.destructible(o.Item)
	if err != nil {
		return err
	}
	if err := a.inNoBag(op, ktp.ChipUID(o.Item)); err != nil {
		return err
	}
	if err := a.onNoList(op, o.Item); err != nil {
		return err
	}
	state, err := a.chipOfItem(op, o.Item, o.Picture)
	if err != nil {
		return err
	}
	if err := keepItem(a.tx, d.ID, DestructionItem{o.Item, kind, state}); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"destruction": d.ID, "item": o.Item, "kind": kind, "chip_state": string(state)}})
}

// onNoList refuses a thing that is on a list already, also as a blank whose chip was not known yet.
func (a *act) onNoList(op, item string) error {
	names := []string{item}
	b, kept, err := stock.ByChip(a.tx, ktp.ChipUID(item))
	if err != nil {
		return err
	}
	if kept {
		names = append(names, itemOf(b.ID))
	}
	for _, name := range names {
		if other, waits, err := waitsIn(a.tx, name); err != nil || waits {
			if err == nil {
				err = wrongState.At(op, nil).With("item", "it is on list %s as %s", other, name)
			}
			return err
		}
	}
	return nil
}

// Kinds of things that are destroyed.
const (
	itemCard    = "card"
	itemSpoiled = "spoiled"
	itemForeign = "foreign"
	itemRoll    = "roll"
)

// destroyFrom are the places where a thing of the ledger waits for its destruction.
var destroyFrom = []stock.Kind{stock.Returned, stock.Spoiled, stock.Reject, stock.Quarantine}

// destructible finds what an item is, and refuses what must not be destroyed.
func (a *act) destructible(item string) (kind string, err error) {
	const op = "registry.AddToDestruction"
	if id, numbered := numberOf(item); numbered {
		return itemSpoiled, a.nameless(op, id)
	}
	chip := ktp.ChipUID(item)
	c, known, err := cardByChip(a.tx, chip)
	if err != nil {
		return "", err
	}
	if known && c.State != CardRetired {
		return "", wrongState.At(op, nil).With("item", "the card is %s; retire it first", c.State)
	}
	b, kept, err := stock.ByChip(a.tx, chip)
	switch {
	case err != nil:
		return "", err
	case kept && !slices.Contains(destroyFrom, b.Place.Kind):
		return "", wrongState.At(op, nil).With("item", "it is at %s", b.Place)
	case kept && known:
		return itemCard, nil
	case kept:
		return itemSpoiled, nil
	}
	if r, known, err := rollBySerial(a.tx, item); err != nil || known {
		if err == nil && r.State != RollRemoved {
			err = wrongState.At(op, nil).With("item", "the roll is %s; take it out and seal it first", r.State)
		}
		return itemRoll, err
	}
	list, err := foreignCards(a.tx, `where id = ? and state = 'kept'`, item)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return "", cardUnknown.At(op, nil).With("item", "nothing that waits for destruction")
	}
	return itemForeign, nil
}

// CountIn closes a list by a blind count: the person says how many there are without being told.
type CountIn struct {
	Destruction string
	Count       int
}

func (CountIn) Name() Name        { return opCountIn }
func (o CountIn) subject() string { return o.Destruction }

func (o CountIn) run(a *act) error {
	d, err := a.destruction(o.Destruction)
	if err != nil {
		return err
	}
	if err := a.countsRight(d.ID, o.Count); err != nil {
		return err
	}
	d.CountedBy, d.CountedAt = a.actor.ID, a.now()
	return a.moveDestruction(&d, DestructionEventCount, map[string]string{"count": strconv.Itoa(o.Count)})
}

// countsRight compares without telling the right number.
func (a *act) countsRight(id string, count int) error {
	items, err := destructionItems(a.tx, id)
	switch {
	case err != nil:
		return err
	case len(items) == 0:
		return wrongState.At("registry.destruction", nil).With("destruction", "it is empty")
	case len(items) != count:
		return countDiffers.At("registry.destruction", nil).With("count", "not what the list holds")
	}
	return nil
}

// ReopenDestruction opens a counted list again.
type ReopenDestruction struct{ Destruction string }

func (ReopenDestruction) Name() Name { return opReopenDestruction }

func (o ReopenDestruction) run(a *act) error {
	d, err := a.destruction(o.Destruction)
	if err != nil {
		return err
	}
	if err := undoDuties(a.tx, d.ID, DutyCountIn); err != nil {
		return err
	}
	d.CountedBy, d.CountedAt = "", time.Time{}
	return a.moveDestruction(&d, DestructionEventReopen, nil)
}

var pictureDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// DestroyAll destroys everything of a counted list before witnesses. By two persons, neither of
// whom counted it in; they count it destroyed.
type DestroyAll struct {
	Destruction string
	Count       int
	Witnesses   []Witness
	Pictures    []string // SHA-256, hex
	Second      Actor
}

func (DestroyAll) Name() Name        { return opDestroyAll }
func (o DestroyAll) subject() string { return o.Destruction }
func (o DestroyAll) second() Actor   { return o.Second }

func (o DestroyAll) run(a *act) error {
	const op = "registry.DestroyAll"
	d, err := a.destruction(o.Destruction)
	switch {
	case err != nil:
		return err
	case d.Policy != DestroyLocally:
		return wrongState.At(op, nil).With("destruction", "its cards go to the Directorate General")
	case len(o.Witnesses) < d.LeastWitnesses:
		return badOperation.At(op, nil).With("witnesses", "at least %d", d.LeastWitnesses)
	case len(o.Pictures) == 0 || slices.ContainsFunc(o.Pictures, func(p string) bool { return !pictureDigest.MatchString(p) }):
		return proofMissing.At(op, nil).With("pictures", "of what was destroyed, SHA-256 in hex")
	}
	for _, w := range o.Witnesses {
		if w.Name == "" || w.Position == "" {
			return badOperation.At(op, nil).With("witnesses", "name and position of each")
		}
	}
	if err := a.countsRight(d.ID, o.Count); err != nil {
		return err
	}
	for _, p := range o.Pictures {
		if err := a.pictured(op, "pictures", p, "destruction/"+d.ID); err != nil {
			return err
		}
	}
	if err := a.endItems(d.ID, stock.Destroyed, "destroyed"); err != nil {
		return err
	}
	d.EndedBy, d.EndedAt, d.Witnesses, d.Pictures = a.actor.ID, a.now(), o.Witnesses, o.Pictures
	return a.moveDestruction(&d, DestructionEventDestroy, map[string]string{"count": strconv.Itoa(o.Count)})
}

// endItems moves everything of a list to where it ends.
func (a *act) endItems(id string, to stock.Kind, state string) error {
	items, err := destructionItems(a.tx, id)
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.Kind == itemForeign {
			list, err := foreignCards(a.tx, `where id = ?`, i.Item)
			if err != nil {
				return err
			}
			for _, f := range list {
				f.State = state
				if err := f.save(a.tx); err != nil {
					return err
				}
			}
			continue
		}
		if i.Kind == itemRoll {
			if err := a.endRoll(i.Item, id, RollState(state)); err != nil {
				return err
			}
			continue
		}
		if id, numbered := numberOf(i.Item); numbered {
			if err := a.nameless("registry.destruction", id); err != nil {
				return err
			}
			if err := stock.MoveNameless(a.tx, id, stock.At(to), a.why(state)); err != nil {
				return err
			}
			continue
		}
		chip := ktp.ChipUID(i.Item)
		if _, _, err := stock.SetAside(a.tx, chip, stock.At(to), a.why(state)); err != nil {
			return err
		}
		c, known, err := cardByChip(a.tx, chip)
		if err != nil {
			return err
		}
		if known && to == stock.Destroyed {
			if err := a.moveCard(&c, CardDestroy, ""); err != nil {
				return err
			}
		}
	}
	return endItems(a.tx, id)
}

// SendDestruction sends a counted list to the Directorate General.
type SendDestruction struct {
	Destruction string
	Count       int
	Second      Actor
}

func (SendDestruction) Name() Name        { return opSendDestruction }
func (o SendDestruction) subject() string { return o.Destruction }
func (o SendDestruction) second() Actor   { return o.Second }

func (o SendDestruction) run(a *act) error {
	d, err := a.destruction(o.Destruction)
	switch {
	case err != nil:
		return err
	case d.Policy != ReturnToCenter:
		return wrongState.At("registry.SendDestruction", nil).With("destruction", "its cards are destroyed here")
	}
	if err := a.countsRight(d.ID, o.Count); err != nil {
		return err
	}
	if err := a.endItems(d.ID, stock.Elsewhere, "sent"); err != nil {
		return err
	}
	d.EndedBy, d.EndedAt = a.actor.ID, a.now()
	return a.moveDestruction(&d, DestructionEventSend, map[string]string{"count": strconv.Itoa(o.Count)})
}

// AcknowledgeDestruction notes that the Directorate General has what was sent. Neither of those who sent it does.
type AcknowledgeDestruction struct {
	Destruction string
	Reference   string // of its letter
}

func (AcknowledgeDestruction) Name() Name        { return opAcknowledgeDestruction }
func (o AcknowledgeDestruction) subject() string { return o.Destruction }

func (o AcknowledgeDestruction) run(a *act) error {
	d, err := a.destruction(o.Destruction)
	if err != nil {
		return err
	}
	if o.Reference == "" {
		return badOperation.At("registry.AcknowledgeDestruction", nil).With("reference", "of the Directorate's letter")
	}
	d.Reference = o.Reference
	return a.moveDestruction(&d, DestructionEventAcknowledge, map[string]string{"reference": o.Reference})
}

// CancelDestruction gives an open list up; what was on it waits on.
type CancelDestruction struct{ Destruction string }

func (CancelDestruction) Name() Name { return opCancelDestruction }

func (o CancelDestruction) run(a *act) error {
	d, err := a.destruction(o.Destruction)
	if err != nil {
		return err
	}
	if err := endItems(a.tx, d.ID); err != nil {
		return err
	}
	return a.moveDestruction(&d, DestructionEventCancel, nil)
}

// DestructionFilter says which are asked for.
type DestructionFilter struct {
	State DestructionState // empty: all
	After string
	Limit int
}

// DestructionsOf are destructions in the order of their ids.
func (r *Registry) DestructionsOf(ctx context.Context, f DestructionFilter) (list []Destruction, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`id > ?`, f.After)
		w.If(string(f.State), `state = ?`, f.State)
		list, err = destructions(tx, w.Text()+` order by id limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}

// Destruction is one with what is on it.
func (r *Registry) Destruction(ctx context.Context, id string) (d Destruction, items []DestructionItem, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		if d, err = a.destruction(id); err != nil {
			return err
		}
		items, err = destructionItems(tx, id)
		return err
	})
	return d, items, err
}

// ForeignFilter says which cards of others are asked for; what is empty narrows nothing.
type ForeignFilter struct {
	State string
	Kind  string
	Chip  ktp.ChipUID
	After string // id of the last one seen
	Limit int
}

// ForeignCards are cards of others that were taken in here, in the order of their ids.
func (r *Registry) ForeignCards(ctx context.Context, f ForeignFilter) (list []ForeignCard, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`id > ?`, f.After)
		w.If(f.State, `state = ?`, f.State)
		w.If(f.Kind, `kind = ?`, f.Kind)
		w.If(string(f.Chip), `chip = ?`, f.Chip)
		list, err = foreignCards(tx, w.Text()+` order by id limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}
