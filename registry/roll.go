package registry

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// RollState is where a roll of ribbon or film is. A used one carries every face it printed.
type RollState string

const (
	RollStored    RollState = "store"
	RollFitted    RollState = "fitted"  // in a printer
	RollRemoved   RollState = "removed" // sealed, waits for its destruction
	RollDestroyed RollState = "destroyed"
	RollSent      RollState = "sent" // to the Directorate General, which destroys it
	RollLost      RollState = "lost" // was missing at the turn of a shift, by two persons
)

// Roll is one ribbon or film, accountable like a blank.
type Roll struct {
	Serial     string
	Kind       string // ribbon, film
	Product    string
	Panels     int // cards that a new one is good for
	State      RollState
	Line       jobs.LineID
	Seal       string
	Told       int    // cards left, as the printer or who removed it says; -1: not told
	Cause      string // code: why what the printer used is not what the ledger knows, or why nobody told; empty: it is
	ReceivedAt time.Time
	FittedAt   time.Time
	RemovedAt  time.Time // or when it was lost
}

const notTold = -1

// rollSlack is how many cards what a printer used of a roll and what the ledger knows may be apart without a reason:
// the first and the last panels of a roll are often cut.
const rollSlack = 2

var rollKinds = []string{"ribbon", "film"}

var rollSerial = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9./-]{2,39}$`)

// ReceiveRoll counts a roll into the store; one that was lost comes back by it, as what it was, where it was in no
// printer.
type ReceiveRoll struct {
	Serial  string
	Kind    string
	Product string
	Panels  int
}

func (ReceiveRoll) Name() Name { return opReceiveRoll }

func (o ReceiveRoll) run(a *act) error {
	const op = "registry.ReceiveRoll"
	const most = 100000
	switch {
	case !rollSerial.MatchString(o.Serial):
		return badOperation.At(op, nil).With("serial", "3 to 40 letters, digits, dots, dashes")
	case ktp.ChipUID(strings.ToUpper(o.Serial)).Valid(): // samples, destructions and counts name chips and rolls alike
		return badOperation.At(op, nil).With("serial", "it reads like the UID of a chip; put the maker before it")
	case !slices.Contains(rollKinds, o.Kind):
		return badOperation.At(op, nil).With("kind", "ribbon or film")
	case o.Product == "" || o.Panels < 1 || o.Panels > most:
		return badOperation.At(op, nil).With("panels", "product, and how many cards it is good for")
	}
	old, known, err := rollBySerial(a.tx, o.Serial)
	switch {
	case err != nil:
		return err
	case !known:
	case old.State != RollLost || !old.FittedAt.IsZero() || o != ReceiveRoll{old.Serial, old.Kind, old.Product, old.Panels}:
		return wrongState.At(op, nil).With("serial", "the roll is known")
	default:
		old.State, old.RemovedAt = RollStored, time.Time{}
		return a.moveRoll(old, RollLost)
	}
	r := Roll{Serial: o.Serial, Kind: o.Kind, Product: o.Product, Panels: o.Panels, State: RollStored, Told: notTold, ReceivedAt: a.now()}
	return a.moveRoll(r, "")
}

func (a *act) moveRoll(r Roll, from RollState) error {
	if err := r.save(a.tx); err != nil {
		return err
	}
	detail := map[string]string{"roll": r.Serial, "kind": r.Kind, "from": string(from), "to": string(r.State)}
	if r.Cause != "" {
		detail["cause"] = r.Cause
	}
	return a.tell(audit.Event{Code: a.row.Event, Line: string(r.Line), Detail: detail})
}

func (a *act) roll(serial string, in ...RollState) (Roll, error) {
	r, found, err := rollBySerial(a.tx, serial)
	switch {
	case err != nil:
		return r, err
	case !found:
		return r, rollUnknown.At("registry.roll", nil)
	case !slices.Contains(in, r.State):
		return r, wrongState.At("registry.roll", nil).With("serial", "the roll is %s", r.State)
	}
	return r, nil
}

// FitRoll puts a roll into the printer of a line, seen by two.
type FitRoll struct {
	Serial string
	Line   jobs.LineID
	Second Actor
}

func (FitRoll) Name() Name      { return opFitRoll }
func (o FitRoll) second() Actor { return o.Second }

func (o FitRoll) run(a *act) error {
	r, err := a.roll(o.Serial, RollStored)
	if err != nil {
		return err
	}
	if _, err := jobs.LineByID(a.tx, o.Line); err != nil {
		return err
	}
	if other, fitted, err := rollOn(a.tx, o.Line, r.Kind); err != nil || fitted {
		if err == nil {
			err = wrongState.At("registry.FitRoll", nil).With("line", "roll %s is fitted; take it out first", other.Serial)
		}
		return err
	}
	r.State, r.Line, r.FittedAt = RollFitted, o.Line, a.now()
	return a.moveRoll(r, RollStored)
}

// RemoveRoll takes a roll out of its printer and seals it, seen by two: it carries faces until it is
// destroyed. One that was lost is found by it. Where the printer used more of it, or less, than the
// ledger knows of, or nobody told, a reason is needed: registry.panels_differ.
type RemoveRoll struct {
	Serial string
	Seal   string
	Left   int // cards, as the printer tells; -1: not told
	Because
	Second Actor
}

func (RemoveRoll) Name() Name      { return opRemoveRoll }
func (o RemoveRoll) second() Actor { return o.Second }

func (o RemoveRoll) run(a *act) error {
	r, err := a.roll(o.Serial, RollFitted, RollLost)
	if err != nil {
		return err
	}
	if !isSeal(o.Seal) || o.Left < notTold || o.Left > r.Panels {
		return badOperation.At("registry.RemoveRoll", nil).With("seal", "3 to 40 capitals, digits, dashes, not the digits of a NIK, and how many cards are left, at most %d", r.Panels)
	}
	from := r.State
	r.State, r.Seal, r.Told = RollRemoved, o.Seal, o.Left
	if from == RollFitted { // what was printed since a roll was lost is not of it
		r.RemovedAt = a.now()
	}
	used, err := printsWith(a.tx, r)
	if err != nil {
		return err
	}
	apart := RollUse{Roll: r, Used: used}.Apart()
	switch {
	case o.Left != notTold && max(apart, -apart) <= rollSlack:
	case o.Reason == "":
		return panelsDiffer.At("registry.RemoveRoll", nil).With("left", "not what the ledger knows of, or not told")
	default:
		r.Cause = o.Reason
	}
	return a.moveRoll(r, from)
}

// heap is where a roll is counted; false where it is not.
func (r Roll) heap() (Heap, bool) {
	switch r.State {
	case RollStored:
		return Heap{r.Kind, string(RollStored), r.Product}, true
	case RollFitted:
		return Heap{r.Kind, string(RollFitted) + "/" + string(r.Line), r.Product}, true
	}
	return Heap{}, false
}

// loseRoll declares a roll lost that is missing at the turn of a shift.
func (a *act) loseRoll(serial, reason string) (from Heap, err error) {
	r, known, err := rollBySerial(a.tx, serial)
	if err != nil {
		return from, err
	}
	from, counted := r.heap()
	if !known || !counted {
		return from, badOperation.At("registry.SettleShift", nil).With("missing", "a roll that is neither in the store nor in a printer")
	}
	before := r.State
	r.State, r.RemovedAt = RollLost, a.now()
	if err := r.save(a.tx); err != nil {
		return from, err
	}
	return from, a.tell(audit.Event{Code: "roll.lost", Line: string(r.Line), Detail: map[string]string{
		"roll": r.Serial, "kind": r.Kind, "from": string(before), "to": string(RollLost), "reason": reason,
	}})
}

// unnamed refuses a settlement that does not name its missing rolls, with those that the ledger has there.
func (a *act) unnamed(h Heap, n int) error {
	there, err := rollsOf(a.tx, h)
	if err != nil {
		return err
	}
	var serials []string
	for _, r := range there {
		serials = append(serials, r.Serial)
	}
	return badOperation.At("registry.SettleShift", nil).With("missing", "%d missing at %s, each is named by its serial; by the ledger these are there: %s", n, h.Place, strings.Join(serials, ", "))
}

// endRoll notes that a removed roll was destroyed with a list, or sent away for it. Either way it is done with; the list
// tells which.
func (a *act) endRoll(serial, list string, to RollState) error {
	r, err := a.roll(serial, RollRemoved)
	if err != nil {
		return err
	}
	r.State = RollDestroyed
	if err := r.save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: "roll." + string(to), Line: string(r.Line), Detail: map[string]string{
		"roll": r.Serial, "kind": r.Kind, "from": string(RollRemoved), "to": string(to), "destruction": list,
	}})
}

// RollUse is a roll with what was printed from it, by the journal of its line.
type RollUse struct {
	Roll
	Used int // prints that were begun while it was fitted
	Left int // by that count; never below 0
}

// Apart is how many cards the printer used of the roll that the ledger does not know of; below 0 where the ledger
// knows of more than it used, 0 where nobody told.
func (u RollUse) Apart() int {
	if u.Told == notTold {
		return 0
	}
	return u.Panels - u.Told - u.Used
}

// RollFilter says which rolls are asked for.
type RollFilter struct {
	State RollState   // empty: all
	Line  jobs.LineID // empty: all
	Blind bool        // those in the store are left out: who asks counts them
	After string
	Limit int
}

// Rolls are rolls in the order of their serials, each with its use. What was used is counted from the
// ledger, so that it is known also where a printer does not tell.
func (r *Registry) Rolls(ctx context.Context, f RollFilter) (list []RollUse, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`serial > ?`, f.After)
		if f.State == RollSent || f.State == RollDestroyed {
			w.And(`state = 'destroyed' and `+rollState+` = ?`, f.State)
		} else {
			w.If(string(f.State), `state = ?`, f.State)
		}
		w.If(string(f.Line), `line = ?`, f.Line)
		if f.Blind {
			w.And(`state <> ?`, RollStored)
		}
		all, err := rolls(tx, w.Text()+` order by serial limit ?`, w.Args(f.Limit)...)
		if err != nil {
			return err
		}
		list, err = usesOf(tx, all)
		return err
	})
	return list, err
}

func usesOf(tx *store.Tx, all []Roll) (list []RollUse, err error) {
	for _, x := range all {
		used, err := printsWith(tx, x)
		if err != nil {
			return nil, err
		}
		list = append(list, RollUse{x, used, max(0, x.Panels-used)})
	}
	return list, nil
}

// RollsLeft are the cards that the rolls of a kind in a state are still good for.
type RollsLeft struct {
	Kind  string
	State RollState
	Cards int
}

// RollsLeft counts the rolls in the store, and those in printers by what was printed from each.
func (r *Registry) RollsLeft(ctx context.Context) (list []RollsLeft, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if list, err = panelsStored(tx); err != nil {
			return err
		}
		fitted, err := rolls(tx, `where state = ? order by kind, serial`, RollFitted)
		if err != nil {
			return err
		}
		uses, err := usesOf(tx, fitted)
		for _, u := range uses {
			list = append(list, RollsLeft{u.Kind, RollFitted, u.Left})
		}
		return err
	})
	return list, err
}
