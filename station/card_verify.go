package station

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"blanko/applet/inspect"
	"blanko/ktp"
	"blanko/registry/access"
)

// CardVerifyCommand is blanko card verify.
type CardVerifyCommand struct {
	OptionalConfig
	CardReader
	CardAccess
	Slip string `help:"Write a slip for the holder as PDF; it must not be there yet." placeholder:"FILE"`
	By   string `help:"Name of the officer, for the slip; with --record that of who signs in." placeholder:"NAME"`

	Record bool   `help:"Keep the examination in the ledger of the station: the officer types their token, and it gets a number there."`
	Card   string `help:"With --record, of a chip that does not answer: the card of the register that it is said to be, with which the examination is kept. 20 hex digits." placeholder:"UID"`
	JSON   bool   `name:"json" help:"Print the examination as JSON. It holds no personal data."`
}

// Run examines the card; ErrShown when something speaks against it.
func (c CardVerifyCommand) Run(ctx context.Context, t Terminal, keys CardKeys) error {
	const op = "station.CardVerifyCommand"
	if c.Slip != "" && c.By == "" && !c.Record {
		return OutputRefused.At(op, nil).With("by", "a slip names the officer who examined the card")
	}
	if c.Slip != "" && !c.there() {
		return OutputRefused.At(op, nil).With("config", "the head of the slip stands in a configuration file; name one with --config")
	}
	if _, err := os.Lstat(c.Slip); c.Slip != "" && err == nil {
		return OutputRefused.At(op, nil).With("slip", "%s is there already", c.Slip)
	}
	if c.Card != "" && (!c.Record || !ktp.ChipUID(c.Card).Valid()) {
		return CardMisnamed.At(op, nil).With("card", "20 hex digits in capitals, and only with --record")
	}
	var who access.Actor
	if c.Record {
		var err error
		if who, c.By, err = c.signIn(ctx, t); err != nil {
			return err
		}
	}
	began := time.Now()
	x, reader, err := examine(ctx, t, keys, c.OptionalConfig, c.CardReader, c.CardAccess)
	if err != nil {
		return err
	}
	number := slipNumber(began)
	if c.Record {
		if number, err = c.record(ctx, who, x, began); err != nil {
			return err
		}
	}
	var slip error // what was found is told all the same
	if c.Slip != "" {
		slip = c.writeSlip(x, number, began)
	}
	if c.JSON {
		err = printJSON(t.Out, struct {
			Number string    `json:"number"`
			Reader string    `json:"reader"`
			At     time.Time `json:"at"`
			inspect.Examination
		}{number, reader, began.UTC(), x})
	} else {
		err = printExamination(t, number, reader, x, time.Since(began))
	}
	switch {
	case err != nil:
		return err
	case slip != nil:
		return slip
	case !x.Cause.Explain().Sound || x.Cause == inspect.ContentUnread:
		return ErrShown
	}
	return nil
}

func printExamination(t Terminal, number, reader string, x inspect.Examination, took time.Duration) error {
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	row(w, t.Language, words{"nomor", "number"}, number)
	if err := w.Flush(); err != nil {
		return err
	}
	if err := printChip(t, reader, x); err != nil || deaf(x.Cause) != "" {
		return err
	}
	row(w, t.Language, words{"dibaca", "read"}, t.Language.of(readingWords(x, took)))
	for _, p := range proofs(x) {
		row(w, t.Language, p.what, join(t.Language.of(findingWords[p.result]), p.more))
	}
	row(w, t.Language, words{"register", "register"}, t.Language.of(inRegister(x)))
	for _, c := range x.Checks {
		if !c.OK && !c.Skipped {
			fmt.Fprintf(w, "! %s\t%s\n", c.Name, t.Language.of(say("seharusnya %s, ternyata %s", "should be %s, is %s", c.Want, c.Got)))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(t.Out, "\n%s\n", t.Language.of(words{x.Verdict.Indonesian(), string(x.Verdict)})); err != nil {
		return err
	}
	if err := printCause(t, x.Cause); err != nil {
		return err
	}
	for _, also := range x.Also {
		e := also.Explain()
		if _, err := fmt.Fprintf(t.Out, "+ %s [%s]\n", t.Language.of(words{e.ID, e.EN}), also); err != nil {
			return err
		}
	}
	return nil
}
