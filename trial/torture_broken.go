package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/registry"
	"blanko/store"
)

// variant is a station that breaks one promise, so that a torture is known to bite.
type variant struct {
	name  string
	make  func(p *post, l *personalize.Line, unit *evolis.Printer)
	often string // what happens often beside the rest, since without it the promise is rarely put to the test; empty: nothing
	// shows are words of the differences that tell of the broken promise: a station that ends by itself, or that differs
	// in something else, was not found out.
	shows []string
}

var variants = []variant{
	{"prints-again", func(_ *post, l *personalize.Line, _ *evolis.Printer) { l.Book = &forgetful{Book: l.Book} }, "", []string{" was printed "}},
	{"feeds-without-counter", func(_ *post, l *personalize.Line, unit *evolis.Printer) { l.Printer = &stale{unit} }, "", []string{" in the ledger, ", "than there are intents to feed"}},
	{"calls-active-spoiled", func(p *post, l *personalize.Line, _ *evolis.Printer) {
		l.Book = &spoiler{Book: l.Book, db: func() *store.Store { return p.store }}
	}, withdrawal, []string{"is spoiled, and its card is", " was active"}},
	{"loses-quietly", func(p *post, _ *personalize.Line, _ *evolis.Printer) {
		p.lost = func(ctx context.Context, t jobs.Attempt) error {
			return p.store.Write(ctx, func(tx *store.Tx) error { return loseQuietly(tx, t.ID) })
		}
	}, theft, []string{"is lost, and its card is"}},
	{"reads-no-withdrawal", func(p *post, l *personalize.Line, _ *evolis.Printer) {
		l.Book = unaware{l.Book, func() *store.Store { return p.store }}
	}, withdrawal, []string{"print was begun after the withdrawal of"}},
	{"takes-its-line-back", func(p *post, _ *personalize.Line, _ *evolis.Printer) { p.back = true }, takeover, []string{"went on with a line that another program had taken over"}},
	{"acts-before-it-intends", func(_ *post, l *personalize.Line, _ *evolis.Printer) { l.Book = hasty{l.Book} }, "", []string{"no intent to", "than there are intents to", " in the ledger, "}},
}

// found reports whether a difference is that of the variant.
func (v variant) found(difference string) bool {
	return slices.ContainsFunc(v.shows, func(words string) bool { return strings.Contains(difference, words) })
}

// Variants are the names of all broken variants.
func Variants() (names []string) {
	for _, v := range variants {
		names = append(names, v.name)
	}
	return names
}

func findBroken(name string) (variant, error) {
	for _, v := range variants {
		if v.name == name {
			return v, nil
		}
	}
	return variant{}, fmt.Errorf("--broken: %q is none of %s", name, strings.Join(Variants(), ", "))
}

// unaware is a book that prints though the record is withdrawn.
type unaware struct {
	personalize.Book
	db func() *store.Store
}

func (b unaware) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	err := b.Book.Intend(ctx, o, s, e)
	if s != jobs.Print || !fault.Is(err, registry.RecordWithdrawn) {
		return err
	}
	return b.db().Write(ctx, func(tx *store.Tx) error {
		story, err := jobs.StoryOf(tx, o.Attempt)
		if err != nil {
			return err
		}
		return story.Intend(tx, o.Attempt, s, o.Fence, "line:"+string(o.Line), e)
	})
}

// hasty is a book that writes the intents to feed and to print down when the act is over.
type hasty struct{ personalize.Book }

func (b hasty) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	if s == jobs.Feed || s == jobs.Print {
		return nil
	}
	return b.Book.Intend(ctx, o, s, e)
}

func (b hasty) Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) error {
	if s == jobs.Feed || s == jobs.Print {
		if err := b.Book.Intend(ctx, o, s, jobs.Evidence{}); err != nil {
			return errors.Join(err)
		}
	}
	return b.Book.Settle(ctx, o, s, out)
}

// forgetful is a book that forgets that a print was about to begin.
type forgetful struct{ personalize.Book }

func (b *forgetful) Unsettled(ctx context.Context, line jobs.LineID, held jobs.Session) (jobs.Session, []jobs.Entry, error) {
	session, list, err := b.Book.Unsettled(ctx, line, held)
	for i := range list {
		if e := &list[i]; e.Step == jobs.Print {
			e.Step, e.Phase, e.Printed = jobs.ReadBack, jobs.Settled, false
		}
	}
	return session, list, err
}

func (b *forgetful) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	err := b.Book.Intend(ctx, o, s, e)
	if s == jobs.Print && fault.Is(err, registry.BlankDenied) {
		return nil
	}
	return err
}

// stale is a printer whose feed counter has stood still since its unit was switched on.
type stale struct{ *evolis.Printer }

func (s *stale) Status(ctx context.Context) (printer.Status, error) {
	st, err := s.Printer.Status(ctx)
	st.Counters.Cards = printer.Know(1)
	return st, err
}

func (s *stale) Counters(ctx context.Context) (printer.Counters, error) {
	c, err := s.Printer.Counters(ctx)
	c.Cards = printer.Know(1)
	return c, err
}

// spoiler is a book that calls a card spoiled whose chip it should have blocked.
type spoiler struct {
	personalize.Book
	db      func() *store.Store
	spoiled ktp.AttemptID
}

func (b *spoiler) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	switch {
	case s == jobs.Block:
		b.spoiled = o.Attempt
		return b.db().Write(ctx, func(tx *store.Tx) error { return callSpoiled(tx, o.Attempt) })
	case o.Attempt == b.spoiled:
		return nil
	}
	return b.Book.Intend(ctx, o, s, e)
}

func (b *spoiler) Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) error {
	if o.Attempt == b.spoiled {
		return nil
	}
	return b.Book.Settle(ctx, o, s, out)
}
