package registry

import (
	"slices"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// ReadmitBlank puts a blank that a line set aside without having worked on it back into the store, by two persons: one
// that came out of a hopper unasked, or that is for the other kind of card. Its chip was examined since, and is blank.
type ReadmitBlank struct {
	Chip   ktp.ChipUID
	Second Actor
}

func (ReadmitBlank) Name() Name      { return opReadmitBlank }
func (o ReadmitBlank) second() Actor { return o.Second }

func (o ReadmitBlank) thing(a *act) (any, error) {
	b, _, err := stock.ByChip(a.tx, o.Chip)
	return b, err
}

func (o ReadmitBlank) run(a *act) error {
	const op = "registry.ReadmitBlank"
	b, known, err := stock.ByChip(a.tx, o.Chip)
	switch {
	case err != nil:
		return err
	case !known:
		return unknownID.At(op, nil).With("chip", "no blank of this ledger")
	case b.Place.Kind != stock.Quarantine && b.Place.Kind != stock.Reject:
		return wrongState.At(op, nil).With("chip", "at %s", b.Place)
	}
	met, err := a.unworked(op, b)
	if err != nil {
		return err
	}
	if err := a.onNoList(op, listedAs(b)...); err != nil {
		return err
	}
	x, fresh, err := a.readNow(b.Chip, b.Since)
	switch {
	case err != nil:
		return err
	case !fresh:
		return chipNotExamined.At(op, nil).With("chip", "not since it lies at %s", b.Place)
	case x.State != ChipBlank:
		return blankNotClean.At(op, nil).With("chip", "examined as %s (%s)", x.State, x.Number)
	}
	if err := a.notExaminer(op, b.Chip, b.Since, o.Second); err != nil {
		return err
	}
	if met.Chip != "" { // its journal keeps the chip: another attempt will have it
		met.Chip = ""
		if err := met.Save(a.tx); err != nil {
			return err
		}
	}
	if err := stock.Readmit(a.tx, b, a.why("readmitted")); err != nil {
		return err
	}
	a.res.Chip = b.Chip
	return a.tell(audit.Event{Code: a.row.Event, Chip: b.Chip, Detail: map[string]string{
		"lot": b.Lot, "from": b.Place.String(), "to": string(stock.Store), "examination": x.Number,
	}})
}

// unworked refuses a blank of which a card was made or begun, one that is denied, and one that came from nowhere. It
// returns the attempt that met it, where one did.
func (a *act) unworked(op string, b stock.Blank) (met jobs.Attempt, err error) {
	reason, denied, err := stock.Denied(a.tx, b.Chip)
	if err != nil {
		return met, err
	}
	_, card, err := cardByChip(a.tx, b.Chip)
	switch {
	case err != nil:
		return met, err
	case denied:
		return met, BlankDenied.At(op, nil).With("chip", "on the deny list: %s", reason)
	case b.Lot == stock.Unexplained:
		return met, blankNotClean.At(op, nil).With("lot", "it came from nowhere that the ledger knows")
	case card:
		return met, blankNotClean.At(op, nil).With("chip", "a card was made of it")
	case b.Attempt == "":
		return met, nil
	}
	id, err := ktp.ParseAttemptID(b.Attempt)
	if err != nil {
		return met, err
	}
	met, err = jobs.AttemptByID(a.tx, id)
	refused := []string{string(BlankForOthers.Code), string(BlankDenied.Code)} // by the line, before it worked on it
	if err == nil && (met.State != jobs.Spoiled || !slices.Contains(refused, met.Cause)) {
		err = blankNotClean.At(op, nil).With("attempt", "%s %s", met.State, met.Cause)
	}
	return met, err
}
