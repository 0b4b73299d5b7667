package registry

import (
	"encoding/hex"
	"strings"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/stock"
)

// changing is an operation by two persons about a thing that is no application: what it finds there. A
// proposal of it keeps a keyed digest of that as its version, so that the second person never agrees to something
// else than the first one saw.
type changing interface{ thing(a *act) (any, error) }

// thingVersion is the version of what an operation changes beside an application; empty: there is none.
func (a *act) thingVersion(op Operation) (string, error) {
	c, ok := op.(changing)
	if !ok {
		return "", nil
	}
	found, err := c.thing(a)
	if err != nil {
		return "", err
	}
	text, err := sealed(found)
	if err != nil {
		return "", err
	}
	sum, err := a.mac("operation", []byte("thing "+text)) // what is found may be about a person
	return hex.EncodeToString(sum), err
}

func (o SetPerson) thing(a *act) (any, error)  { return a.somebody(o.ID) }
func (o IssueToken) thing(a *act) (any, error) { return a.somebody(o.Person) }
func (o Invite) thing(a *act) (any, error)     { return a.somebody(o.Person) }

func (a *act) somebody(id string) (any, error) {
	p, _, err := access.PersonByID(a.tx, id)
	return p, err
}

func (o LoadHopper) thing(a *act) (any, error)   { return a.inStore(o.Lot) }
func (o UnloadHopper) thing(a *act) (any, error) { return a.inStore(o.Lot) }
func (o CorrectLot) thing(a *act) (any, error)   { return stock.ProfileOfLot(a.tx, o.Lot) }

func (o AllowBlank) thing(a *act) (any, error) {
	if o.Chip != "" {
		reason, _, err := stock.Denied(a.tx, o.Chip)
		return reason, err
	}
	reason, _, err := stock.DeniedAs(a.tx, o.Labels.From)
	if err != nil || o.Labels.From == o.Labels.To {
		return reason, err
	}
	d, _, err := stock.RangeOf(a.tx, o.Labels.From)
	return d, err
}

// inStore is how much of a lot lies in the store: a line that takes blanks from its hopper does not change it.
func (a *act) inStore(lot string) (any, error) { return a.heldAt(lot, stock.At(stock.Store)) }

// heldAt is how much of a lot lies at a place.
func (a *act) heldAt(lot string, at stock.Place) (any, error) {
	held, err := stock.Holdings(a.tx)
	for _, h := range held {
		if h.Lot == lot && h.Place == at {
			return h, err
		}
	}
	return nil, err
}

func (o FitRoll) thing(a *act) (any, error) { return a.rollAsItIs(o.Serial) }

func (o RemoveRoll) thing(a *act) (any, error) { return a.rollAsItIs(o.Serial) }

func (a *act) rollAsItIs(serial string) (any, error) {
	r, _, err := rollBySerial(a.tx, serial)
	return r, err
}

func (o OpenShift) thing(a *act) (any, error)   { return a.shiftAsItIs() }
func (o CloseShift) thing(a *act) (any, error)  { return a.shiftAsItIs() }
func (o SettleShift) thing(a *act) (any, error) { return a.shiftAsItIs() }

func (a *act) shiftAsItIs() (any, error) {
	s, _, err := openShift(a.tx)
	return s, err
}

func (o ReleaseStart) thing(a *act) (any, error) { return a.waitingStart(o.Start) }

func (o AcceptRestoration) thing(a *act) (any, error) {
	r, _, err := openRestoration(a.tx)
	return r, err
}

func (o UseStandard) thing(a *act) (any, error) {
	s, err := a.standard()
	return s.Hash(), err
}

func (o ApproveDesign) thing(a *act) (any, error) {
	d, _, err := designInForce(a.tx, o.Kind, o.Title)
	return d, err
}

func (o LoseConsignment) thing(a *act) (any, error) {
	c, err := a.consignment(o.Consignment)
	if err != nil {
		return nil, err
	}
	packed, err := packedCards(a.tx, c.ID)
	return []any{c, packed}, err
}

func (o CloseInvestigation) thing(a *act) (any, error) {
	i, _, err := investigationByID(a.tx, o.Investigation)
	return i, err
}

func (o DestroyAll) thing(a *act) (any, error)      { return a.destructionAsItIs(o.Destruction) }
func (o SendDestruction) thing(a *act) (any, error) { return a.destructionAsItIs(o.Destruction) }

func (a *act) destructionAsItIs(id string) (any, error) {
	d, err := a.destruction(id)
	if err != nil {
		return nil, err
	}
	items, err := destructionItems(a.tx, id)
	return []any{d, items}, err
}

func (o WaiveFine) thing(a *act) (any, error) {
	f, _, err := fineByID(a.tx, o.Fine)
	return f, err
}

func (o SurrenderMute) thing(a *act) (any, error) { return jobs.AttemptByID(a.tx, o.Attempt) }
func (o DeclareLost) thing(a *act) (any, error)   { return jobs.AttemptByID(a.tx, o.Attempt) }

func (o RetireCard) thing(a *act) (any, error)        { return a.cardAsItIs(o.Chip) }
func (o EndCard) thing(a *act) (any, error)           { return a.cardAsItIs(o.Chip) }
func (o DeclareMissing) thing(a *act) (any, error)    { return a.cardAsItIs(o.Chip) }
func (o ReleaseQuarantine) thing(a *act) (any, error) { return a.cardAsItIs(o.Chip) }

func (a *act) cardAsItIs(chip ktp.ChipUID) (any, error) {
	c, _, err := cardByChip(a.tx, chip)
	return c, err
}

func (o IssueSAM) thing(a *act) (any, error)    { return a.samState(o.Serial) }
func (o FindSAM) thing(a *act) (any, error)     { return a.samState(o.Serial) }
func (o TakeBackSAM) thing(a *act) (any, error) { return a.samState(o.Serial) }

func (a *act) samState(serial string) (any, error) {
	s, _, err := samBySerial(a.tx, strings.ToUpper(serial))
	return s.State, err
}
