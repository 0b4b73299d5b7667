package registry

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"

	"blanko/fault"
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
	Kind      string    // card, spoiled, foreign, roll
	ChipState ChipState // of a card, as it was examined: terminated, blocked; empty: it does not answer, or the item is none

	Application ApplicationID // whose it was; empty: nobody's, or not known
	Cause       string        // code: why it ends; empty: the ledger has none
}

// next is where an event brings a destruction.
func (d Destruction) next(e DestructionEvent) (DestructionState, error) {
	to, err := Destructions.Next(d.State, e)
	if err != nil {
		err = wrongState.At("registry.destruction", err).With("destruction", "it is %s", d.State)
	}
	return to, err
}

func (a *act) moveDestruction(d *Destruction, e DestructionEvent, detail map[string]string) error {
	to, err := d.next(e)
	if err != nil {
		return err
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
	w, err := a.destructible(op, o.Item)
	if err != nil {
		return err
	}
	if err := a.onNoList(op, w.names...); err != nil {
		return err
	}
	state := ChipUnread
	if w.kind == itemCard {
		if state, err = a.worthlessNow(op, w.card, o.Picture); err != nil {
			return err
		}
	}
	if err := keepItem(a.tx, d.ID, DestructionItem{Item: o.Item, Kind: w.kind, ChipState: state}); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"destruction": d.ID, "item": o.Item, "kind": w.kind, "chip_state": string(state)}})
}

// onNoList refuses a thing that is on a list already, by any of its names.
func (a *act) onNoList(op string, names ...string) error {
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

// destroyable is a thing that waits for its destruction.
type destroyable struct {
	kind  string
	names []string // by which a list may have it
	card  Card     // of a card
}

// listedAs are the names of a blank: its chip, and its number, by which it was listed before its chip was known.
func listedAs(b stock.Blank) []string { return []string{string(b.Chip), itemOf(b.ID)} }

// destructible finds what an item is, and refuses what must not be destroyed.
func (a *act) destructible(op, item string) (destroyable, error) {
	if id, numbered := numberOf(item); numbered {
		return destroyable{kind: itemSpoiled, names: []string{item}}, a.nameless(op, id)
	}
	chip := ktp.ChipUID(item)
	c, known, err := cardByChip(a.tx, chip)
	if err != nil {
		return destroyable{}, err
	}
	if known && c.State != CardRetired {
		return destroyable{}, wrongState.At(op, nil).With("item", "the card is %s; retire it first", c.State)
	}
	b, kept, err := stock.ByChip(a.tx, chip)
	switch {
	case err != nil:
		return destroyable{}, err
	case kept && !slices.Contains(destroyFrom, b.Place.Kind):
		return destroyable{}, wrongState.At(op, nil).With("item", "it is at %s", b.Place)
	case kept && known:
		return destroyable{itemCard, listedAs(b), c}, a.inNoBag(op, chip)
	case kept:
		return destroyable{kind: itemSpoiled, names: listedAs(b)}, nil
	}
	if r, known, err := rollBySerial(a.tx, item); err != nil || known {
		if err == nil && r.State != RollRemoved {
			err = wrongState.At(op, nil).With("item", "the roll is %s; take it out and seal it first", r.State)
		}
		return destroyable{kind: itemRoll, names: []string{item}}, err
	}
	list, err := foreignCards(a.tx, `where id = ? and state = 'kept'`, item)
	if err != nil {
		return destroyable{}, err
	}
	if len(list) == 0 {
		return destroyable{}, cardUnknown.At(op, nil).With("item", "nothing that waits for destruction")
	}
	return destroyable{kind: itemForeign, names: []string{item}}, nil
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
	if _, err := a.countsRight(d, DestructionEventCount, o.Count); err != nil {
		return err
	}
	d.CountedBy, d.CountedAt = a.actor.ID, a.now()
	return a.moveDestruction(&d, DestructionEventCount, map[string]string{"count": strconv.Itoa(o.Count)})
}

// countsRight compares without telling the right number, and returns what is on the list, each as it was listed.
func (a *act) countsRight(d Destruction, before DestructionEvent, count int) ([]DestructionItem, error) {
	const op = "registry.destruction"
	if _, err := d.next(before); err != nil {
		return nil, err
	}
	items, err := destructionItems(a.tx, d.ID)
	switch {
	case err != nil:
		return nil, err
	case len(items) == 0:
		return nil, wrongState.At(op, nil).With("destruction", "it is empty")
	case len(items) != count:
		return nil, countDiffers.At(op, nil).With("count", "not what the list holds")
	}
	for _, i := range items {
		if err := a.asListed(op, i); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// asListed refuses an item that is not what and where it was when it was put on its list: it was taken elsewhere since,
// ended another way, or its chip was read and answers as one that readers take.
func (a *act) asListed(op string, i DestructionItem) error {
	changed := func(why error) error { return itemChanged.At(op, why).With("item", "%s", i.Item) }
	w, err := a.destructible(op, i.Item)
	switch {
	case fault.Is(err, wrongState) || fault.Is(err, cardUnknown):
		return changed(err)
	case err != nil:
		return err
	case w.kind != i.Kind:
		return changed(nil)
	case w.kind != itemCard:
		return nil
	}
	x, fresh, err := a.examinedNow(w.card.Chip, w.card.MadeAt)
	if err == nil && fresh && x.State == ChipActive {
		err = changed(chipStillWorks.At(op, nil).With("chip", "examined as %s (%s)", x.State, x.Number))
	}
	return err
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
func (DestroyAll) blind()            {}
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
	items, err := a.countsRight(d, DestructionEventDestroy, o.Count)
	if err != nil {
		return err
	}
	for _, p := range o.Pictures {
		if err := a.pictured(op, "pictures", p, "destruction/"+d.ID); err != nil {
			return err
		}
	}
	if err := a.endItems(d.ID, items, stock.Destroyed, "destroyed"); err != nil {
		return err
	}
	d.EndedBy, d.EndedAt, d.Witnesses, d.Pictures = a.actor.ID, a.now(), o.Witnesses, o.Pictures
	return a.moveDestruction(&d, DestructionEventDestroy, map[string]string{"count": strconv.Itoa(o.Count)})
}

// endItems moves everything of a list to where it ends.
func (a *act) endItems(id string, items []DestructionItem, to stock.Kind, state string) error {
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
			if err := stock.MoveNameless(a.tx, id, stock.At(to), a.why(state)); err != nil {
				return err
			}
			continue
		}
		chip := ktp.ChipUID(i.Item)
		if _, _, err := stock.SetAside(a.tx, chip, stock.At(to), a.why(state)); err != nil {
			return err
		}
		if i.Kind != itemCard || to != stock.Destroyed {
			continue
		}
		c, _, err := cardByChip(a.tx, chip)
		if err != nil {
			return err
		}
		if err := a.moveCard(&c, CardDestroy, ""); err != nil {
			return err
		}
	}
	return endItems(a.tx, id)
}

// SendDestruction sends a counted list to the Directorate General.
type SendDestruction struct {
	Destruction string
	Count       int
	Seal        string // of its bag; empty: none
	Second      Actor
}

func (SendDestruction) Name() Name        { return opSendDestruction }
func (SendDestruction) blind()            {}
func (o SendDestruction) subject() string { return o.Destruction }
func (o SendDestruction) second() Actor   { return o.Second }

func (o SendDestruction) run(a *act) error {
	const op = "registry.SendDestruction"
	d, err := a.destruction(o.Destruction)
	switch {
	case err != nil:
		return err
	case d.Policy != ReturnToCenter:
		return wrongState.At(op, nil).With("destruction", "its cards are destroyed here")
	case o.Seal != "" && !isSeal(o.Seal):
		return badOperation.At(op, nil).With("seal", "3 to 40 capitals, digits, dashes, not the digits of a NIK")
	}
	items, err := a.countsRight(d, DestructionEventSend, o.Count)
	if err != nil {
		return err
	}
	if err := a.endItems(d.ID, items, stock.Elsewhere, "sent"); err != nil {
		return err
	}
	d.EndedBy, d.EndedAt = a.actor.ID, a.now()
	detail := map[string]string{"count": strconv.Itoa(o.Count)}
	if o.Seal != "" {
		detail["seal"] = o.Seal
	}
	return a.moveDestruction(&d, DestructionEventSend, detail)
}

// letterForm is the number of a letter, which events hold.
var letterForm = regexp.MustCompile(`^[!-~]{1,80}$`)

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
	if !letterForm.MatchString(o.Reference) || audit.HoldsNIK(o.Reference) {
		return badOperation.At("registry.AcknowledgeDestruction", nil).With("reference", "of the Directorate's letter: 1 to 80 letters, digits and signs without a blank, not the digits of a NIK")
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

// Destruction is one with what is on it, and what the ledger knows of that.
func (r *Registry) Destruction(ctx context.Context, id string) (d Destruction, items []DestructionItem, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		if d, err = a.destruction(id); err != nil {
			return err
		}
		if items, err = destructionItems(tx, id); err != nil {
			return err
		}
		for i := range items {
			if err := a.known(&items[i]); err != nil {
				return err
			}
		}
		return nil
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
