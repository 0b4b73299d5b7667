package station

import (
	"context"
	"crypto/rand"
	"time"

	"blanko/applet"
	"blanko/applet/inspect"
	"blanko/ktp"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/access"
)

// signIn is who examines, by their token, and their name in the register.
func (c CardVerifyCommand) signIn(ctx context.Context, t Terminal) (who access.Actor, name string, err error) {
	err = withLedger(ctx, c.ConfigFile, func(_ Config, reg *registry.Registry) error {
		if who, err = signedIn(ctx, reg, t.asker(), words{"Token Anda:", "Your token:"}); err != nil {
			return err
		}
		name, err = reg.NameOf(ctx, who.ID)
		return err
	})
	return who, name, err
}

var toldMarks = map[paper.Mark]string{paper.Good: registry.MarkGood, paper.Bad: registry.MarkBad, paper.Warning: registry.MarkWarning}

// record keeps what the slip tells in the ledger; number is its number there.
func (c CardVerifyCommand) record(ctx context.Context, who access.Actor, x inspect.Examination, at time.Time) (number string, err error) {
	err = withLedger(ctx, c.ConfigFile, func(cfg Config, reg *registry.Registry) error {
		op := examinationOf(c.slipOf(cfg, x, "", at))
		if x.Genuine && x.Chip.State == applet.Active && x.Person != nil {
			op.Holder = ktp.NIK(x.Person.NIK)
		}
		op.State, op.Named = registry.ChipState(x.Told()), ktp.ChipUID(c.Card)
		res, err := reg.Do(ctx, who, op, "card-verify-"+rand.Text())
		number = res.Answer
		return err
	})
	return number, err
}

// examinationOf is what a slip tells, without its holder.
func examinationOf(s paper.ChipCheck) registry.ExamineChip {
	op := registry.ExamineChip{Chip: s.Chip, Cause: s.Code, Told: registry.Told{Mark: toldMarks[s.Mark], Finding: s.Finding, Steps: s.Steps}}
	for _, r := range s.Checks {
		op.Told.Checks = append(op.Told.Checks, registry.ExaminationCheck{What: r.What, Mark: toldMarks[r.Mark], Text: r.Text})
	}
	return op
}
