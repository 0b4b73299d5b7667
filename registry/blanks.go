package registry

import (
	"strconv"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// ReceiveBlanks counts a delivery of a lot into the store.
type ReceiveBlanks struct {
	Lot      string
	Product  string // of which cards the blanks are for: ktp.ProfileCitizen, ktp.ProfileForeign
	Quantity int
}

func (ReceiveBlanks) Name() Name { return opReceiveBlanks }

func (o ReceiveBlanks) run(a *act) error {
	return a.receive("registry.ReceiveBlanks", o.Lot, o.Product, o.Quantity, stock.ForCards)
}

func (a *act) receive(op, lot, product string, quantity int, purpose stock.Purpose) error {
	if err := wellNamed(op, lot, product); err != nil {
		return err
	}
	if err := stock.Receive(a.tx, lot, product, purpose, quantity, a.why("received")); err != nil {
		return err
	}
	return a.tellBlanks("", lot, quantity, stock.At(stock.Supplier), stock.At(stock.Store), map[string]string{"product": product})
}

// wellNamed refuses a lot without a name, and a product that is no card profile.
func wellNamed(op, lot, product string) error {
	switch {
	case lot == "" || lot == stock.Unexplained:
		return badOperation.At(op, nil).With("lot", "is needed")
	case product != ktp.ProfileCitizen && product != ktp.ProfileForeign:
		return badOperation.At(op, nil).With("product", "%s or %s", ktp.ProfileCitizen, ktp.ProfileForeign)
	}
	return nil
}

// tellBlanks is the event of counted blanks that were moved, of a line or of none.
func (a *act) tellBlanks(line jobs.LineID, lot string, quantity int, from, to stock.Place, detail map[string]string) error {
	detail["lot"], detail["quantity"], detail["from"], detail["to"] = lot, strconv.Itoa(quantity), from.String(), to.String()
	return a.tell(audit.Event{Code: a.row.Event, Line: string(line), Detail: detail})
}

func (a *act) why(reason string) stock.Why { return stock.Why{Actor: a.actor.ID, Reason: reason} }

// LoadHopper draws blanks from the store into the hopper of a line, counted by two persons.
type LoadHopper struct {
	Line     jobs.LineID
	Lot      string
	Quantity int
	Second   Actor
}

func (LoadHopper) Name() Name      { return opLoadHopper }
func (o LoadHopper) second() Actor { return o.Second }

func (o LoadHopper) run(a *act) error {
	if err := a.inShift("registry.LoadHopper"); err != nil {
		return err
	}
	if err := a.loadedAnew(o.Line); err != nil {
		return err
	}
	if err := stock.Alike(a.tx, o.Lot, stock.On(stock.Hopper, string(o.Line))); err != nil {
		return err
	}
	if err := a.awaited(o.Line, o.Lot); err != nil {
		return err
	}
	return a.shift(o.Line, o.Lot, stock.At(stock.Store), stock.On(stock.Hopper, string(o.Line)), o.Quantity)
}

// CorrectLot says of which product a lot is that was received as another one, by two persons. No blank of it lies in a
// hopper or in a machine meanwhile.
type CorrectLot struct {
	Lot     string
	Product string // as of ReceiveBlanks
	Second  Actor
}

func (CorrectLot) Name() Name      { return opCorrectLot }
func (o CorrectLot) second() Actor { return o.Second }

func (o CorrectLot) run(a *act) error {
	const op = "registry.CorrectLot"
	if err := wellNamed(op, o.Lot, o.Product); err != nil {
		return err
	}
	before, err := stock.Correct(a.tx, o.Lot, o.Product)
	if err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"lot": o.Lot, "before": before, "product": o.Product}})
}

// awaited refuses a lot for other cards than the one for which the line waits at its empty hopper: it feeds the first
// blank that it gets.
func (a *act) awaited(line jobs.LineID, lot string) error {
	profile, err := stock.ProfileOfLot(a.tx, lot)
	if err != nil {
		return err
	}
	open, err := jobs.AttemptsOn(a.tx, line)
	if err != nil {
		return err
	}
	for _, t := range open {
		story, err := jobs.StoryOf(a.tx, t.ID)
		if err != nil {
			return err
		}
		if !waitsForBlank(t, story) {
			continue
		}
		w, _, err := jobs.WantedByID(a.tx, t.Order)
		if err != nil {
			return err
		}
		if !w.MadeOf(profile) {
			return otherBlankAwaited.At("registry.LoadHopper", nil).With("lot", "the line waits for a blank of the other kind")
		}
	}
	return nil
}

// waitsForBlank reports whether an attempt is about to get its blank.
func waitsForBlank(t jobs.Attempt, s jobs.Story) bool {
	return t.State == jobs.Open && s.Unsettled(jobs.Feed)
}

// inShift refuses what a shift answers for while none is open, where the station keeps shifts, and after a count of
// the open one that did not fit.
func (a *act) inShift(op string) error {
	s, open, err := openShift(a.tx)
	switch {
	case err != nil:
		return err
	case open:
		return s.fits(op)
	case a.r.cfg.Shifts:
		return noShift.At(op, nil)
	}
	return nil
}

// fits refuses to move what a shift has counted, and what did not fit: the difference is counted again or settled by
// the supervisor, not moved away.
func (s Shift) fits(op string) error {
	if s.Recounts == 0 {
		return nil
	}
	return wrongState.At(op, nil).With("shift", "its count did not fit; count again or settle it first")
}

// UnloadHopper takes blanks out of the hopper of a line back into the store, counted by two persons.
type UnloadHopper struct {
	Line     jobs.LineID
	Lot      string
	Quantity int
	Second   Actor
}

func (UnloadHopper) Name() Name      { return opUnloadHopper }
func (o UnloadHopper) second() Actor { return o.Second }

func (o UnloadHopper) run(a *act) error {
	s, _, err := openShift(a.tx) // none open: it may be needed at night
	if err == nil {
		err = s.fits("registry.UnloadHopper")
	}
	if err != nil {
		return err
	}
	return a.shift(o.Line, o.Lot, stock.On(stock.Hopper, string(o.Line)), stock.At(stock.Store), o.Quantity)
}

func (a *act) shift(line jobs.LineID, lot string, from, to stock.Place, quantity int) error {
	if _, err := jobs.LineByID(a.tx, line); err != nil {
		return err
	}
	if err := stock.Carry(a.tx, lot, from, to, quantity, a.why(codeOf(string(a.row.Name)))); err != nil {
		return err
	}
	return a.tellBlanks(line, lot, quantity, from, to, map[string]string{})
}

// DenyBlank puts a stolen or suspended chip on the deny list. Lines and desks refuse it.
type DenyBlank struct {
	Chip ktp.ChipUID
	Because
}

func (DenyBlank) Name() Name { return opDenyBlank }

func (o DenyBlank) run(a *act) error {
	if o.Chip == "" {
		return badOperation.At("registry.DenyBlank", nil).With("chip", "is needed")
	}
	added, err := stock.Deny(a.tx, o.Chip, a.why(o.Reason))
	if err != nil {
		return err
	}
	a.res.Chip, a.res.Answer = o.Chip, AnswerUnchanged
	if !added {
		return nil
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Chip: o.Chip, Detail: map[string]string{"cause": o.Reason}})
}

// AllowBlank takes a chip off the deny list again, or what is printed on blanks: it was mistyped, or what was missing is
// found. By two persons. A single label is let go whatever denied it, also out of a range; of a range, what was denied as
// one. Result.Answer is why it was denied.
type AllowBlank struct {
	Chip   ktp.ChipUID      // or
	Labels stock.LabelRange `json:",omitzero"`
	Because
	Second Actor
}

func (AllowBlank) Name() Name      { return opAllowBlank }
func (o AllowBlank) second() Actor { return o.Second }

func (o AllowBlank) run(a *act) error {
	const op = "registry.AllowBlank"
	labels := o.Labels != stock.LabelRange{}
	switch {
	case labels == (o.Chip != ""):
		return badOperation.At(op, nil).With("chip", "a chip or labels")
	case labels && !o.Labels.Valid():
		return badOperation.At(op, nil).With("labels", "%s", notRange)
	}
	reason, err := o.lift(a)
	if err == nil && reason == "" {
		err = unknownID.At(op, nil).With("chip", "not on the deny list")
	}
	if err != nil {
		return err
	}
	a.res.Chip, a.res.Answer = o.Chip, reason
	detail := map[string]string{"cause": o.Reason, "reason": reason}
	for name, l := range map[string]stock.Label{"label": o.Labels.From, "label_to": o.Labels.To} {
		if labels && !audit.HoldsNIK(string(l)) {
			detail[name] = string(l)
		}
	}
	return a.tell(audit.Event{Code: a.row.Event, Chip: o.Chip, Detail: detail})
}

// lift lets go what the operation names, and answers why it was denied; empty: it was not.
func (o AllowBlank) lift(a *act) (reason string, err error) {
	switch {
	case o.Chip == "" && o.Labels.From == o.Labels.To:
		return stock.AllowLabel(a.tx, o.Labels.From)
	case o.Chip == "":
		return stock.AllowRange(a.tx, o.Labels)
	}
	reason, denied, err := stock.Denied(a.tx, o.Chip)
	if err != nil || !denied {
		return "", err
	}
	return reason, stock.Allow(a.tx, o.Chip)
}
