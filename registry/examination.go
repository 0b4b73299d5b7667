package registry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"blanko/applet/inspect"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// Marks of what an examination of a chip told.
const (
	MarkGood    = "good"
	MarkBad     = "bad"
	MarkWarning = "warning"
)

var examinationMarks = []string{MarkGood, MarkBad, MarkWarning}

// ExaminationCheck is one thing that was looked at, as it was told in Indonesian.
type ExaminationCheck struct {
	What string
	Mark string // good, bad, warning
	Text string
}

// Told is what the person who brought a card was told of its chip. It names nobody.
type Told struct {
	Mark    string // good, bad, warning
	Finding string // in one sentence, Indonesian
	Steps   []string
	Checks  []ExaminationCheck
}

// Examination is one examination of a chip at this office.
type Examination struct {
	Number      string
	At          time.Time
	By          string
	Place       string      // service place of who examined; empty: the Dinas
	Chip        ktp.ChipUID // empty: it was not read
	Application ApplicationID
	Cause       string // code of the finding
	State       ChipState
	Told        Told
}

// ExamineChip keeps what an examination of a chip found. It comes from the program that read the chip, at the
// station or at a desk; pages have no field for it. Answer: its number. The finding on a chip of the deny list is that it
// is on it, and Refusal says so.
type ExamineChip struct {
	Chip  ktp.ChipUID // empty: it was not read
	Named ktp.ChipUID // card that who brought it says it is, kept where its chip was not read; empty: nobody says
	State ChipState   // as the chip told it; empty: it was not read
	Cause string
	Told  Told
	// Holder is the person of a genuine card that works, as its chip names them; empty: it is none. It is not kept,
	// but for a card that is found after a restoration, as a keyed hash.
	Holder ktp.NIK
}

func (ExamineChip) Name() Name { return opExamineChip }

// mostTold bounds the words of one examination, in bytes.
const mostTold = 16 << 10

// examinationSeries is what the numbers of examinations begin with.
const examinationSeries = "PC"

func (o ExamineChip) run(a *act) error {
	const op = "registry.ExamineChip"
	told, err := sealed(o.Told)
	switch {
	case err != nil:
		return badOperation.At(op, err)
	case o.Cause == "" || o.Told.Finding == "" || len(o.Told.Steps) == 0 || len(told) > mostTold:
		return badOperation.At(op, nil).With("told", "a cause, a finding and what comes next, at most %d bytes", mostTold)
	case o.State != ChipUnread && (o.Chip == "" || !slices.Contains(ChipStates, o.State)):
		return badOperation.At(op, nil).With("state", "a state of a chip that was read")
	case !slices.Contains(examinationMarks, o.Told.Mark) || slices.ContainsFunc(o.Told.Checks, func(c ExaminationCheck) bool {
		return c.What == "" || !slices.Contains(examinationMarks, c.Mark)
	}):
		return badOperation.At(op, nil).With("mark", "good, bad or warning")
	}
	chip, detail := o.Chip, map[string]string{"cause": o.Cause, "chip_state": string(o.State)}
	if chip == "" && o.Named != "" {
		chip, detail["method"] = o.Named, "named"
	}
	card, known, err := cardByChip(a.tx, chip)
	switch {
	case err != nil:
		return err
	case !known && chip != o.Chip:
		return cardUnknown.At(op, nil).With("named", "not a card of this register")
	}
	year := a.today()[:4]
	n, err := nextPaper(a.tx, "examination", year)
	if err != nil {
		return err
	}
	x := Examination{
		Number: fmt.Sprintf("%s-%s-%06d", examinationSeries, year, n), At: a.now(), By: a.actor.ID, Place: a.actor.Place, Chip: chip, Cause: o.Cause, State: o.State, Told: o.Told,
	}
	switch {
	case known:
		x.Application = card.Application
	case o.Holder != "":
		if err := a.find(o.Chip, o.Holder); err != nil {
			return err
		}
	}
	denied, err := x.denied(a.tx)
	if err != nil {
		return err
	}
	if denied {
		a.res.Refusal, detail["cause"] = string(BlankDenied.Code), x.Cause
	}
	if err := x.insert(a.tx); err != nil {
		return err
	}
	a.res.Chip, a.res.Answer, detail["examination"] = chip, x.Number, x.Number
	return a.tell(audit.Event{Code: a.row.Event, Application: string(x.Application), Chip: chip, Detail: detail})
}

// denied makes the finding that of the deny list where the chip stands on it, whatever the list of who read it had. What
// was found besides stays as one of the checks.
func (x *Examination) denied(tx *store.Tx) (denied bool, err error) {
	_, denied, err = stock.Denied(tx, x.Chip)
	if err != nil || !denied || x.Cause == string(inspect.CardDenied) {
		return denied, err
	}
	e := inspect.CardDenied.Explain()
	checks := append(slices.Clone(x.Told.Checks), ExaminationCheck{What: "chip", Mark: x.Told.Mark, Text: x.Told.Finding})
	x.Cause, x.Told = string(e.Cause), Told{Mark: MarkBad, Finding: e.ID, Steps: e.StepsID, Checks: checks}
	return true, nil
}

// Examination is one by its number; registry.unknown_id when there is none.
func (r *Registry) Examination(ctx context.Context, number string) (x Examination, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err := examinations(tx, `where number = ?`, number)
		if err == nil && len(list) == 0 {
			err = unknownID.At("registry.Examination", nil).With("examination", "no such number here")
		}
		if err != nil {
			return err
		}
		x = list[0]
		return nil
	})
	return x, err
}

// Examinations are those behind a number, of a chip or of all (""), in the order of their numbers.
func (r *Registry) Examinations(ctx context.Context, chip ktp.ChipUID, after string, limit int) ([]Examination, error) {
	return r.ExaminationsThat(ctx, ExaminationFilter{Chip: chip, After: after, Limit: limit})
}

// Origins of examined cards.
const (
	OriginHere    = "here"    // made by this station
	OriginForeign = "foreign" // not made here, or not read
)

// ExaminationFilter says which examinations are asked for; what is empty narrows nothing.
type ExaminationFilter struct {
	Chip   ktp.ChipUID
	Origin string // OriginHere, OriginForeign
	After  string // number of the last one seen
	Limit  int
}

// ExaminationsThat are examinations in the order of their numbers.
func (r *Registry) ExaminationsThat(ctx context.Context, f ExaminationFilter) (list []Examination, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`number > ?`, f.After)
		w.If(string(f.Chip), `chip = ?`, f.Chip)
		switch f.Origin {
		case OriginHere:
			w.And(`application <> ''`)
		case OriginForeign:
			w.And(`application = ''`)
		}
		list, err = examinations(tx, w.Text()+` order by number limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}
