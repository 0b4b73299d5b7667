package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"blanko/station"
	"blanko/trial"
)

type emulateTellCommand struct {
	Path  string   `arg:"" type:"path" help:"The socket of the emulation (emulate card --control PATH, emulate printer --control PATH)."`
	Order []string `arg:"" help:"What happens, such as: remove 1"`
	JSON  bool     `name:"json" help:"Print readers and cards, or printers, as JSON."`
}

// Help is the text behind the flags.
func (emulateTellCommand) Help() string {
	return "The orders to cards:\n\n" + cardHelp() + "\n\nThe orders to printers:\n\n" + printerHelp()
}

// wellWritten says what is wrong with an order before any emulation is asked; nil: cards or printers can
// take it.
func wellWritten(line string) error {
	_, asCard := trial.ParseCardOrder(line)
	_, asPrinter := trial.ParsePrinterOrder(line)
	verb, _, _ := strings.Cut(line, " ")
	switch {
	case asCard == nil || asPrinter == nil:
		return nil
	case verbOf(trial.CardWords(), verb):
		return asCard
	case verbOf(trial.PrinterWords(), verb):
		return asPrinter
	}
	return fmt.Errorf("to cards: %w; to printers: %w", asCard, asPrinter)
}

func verbOf[F form](words []F, verb string) bool {
	for _, w := range words {
		if first, _, _ := strings.Cut(w.Form(), " "); first == verb {
			return true
		}
	}
	return false
}

func (c emulateTellCommand) Run(ctx context.Context, t station.Terminal) error {
	line := strings.Join(c.Order, " ")
	if err := wellWritten(line); err != nil {
		return wrongFlag{err}
	}
	a, err := tell(ctx, c.Path, line)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) || isRefused(err) {
			return fmt.Errorf("no emulation listens at %s; start one with: blanko-lab emulate card --control %s", c.Path, c.Path)
		}
		return err
	}
	switch {
	case a.Wrong:
		return wrongFlag{errors.New(a.Error)}
	case a.Error != "":
		return errors.New(a.Error)
	}
	return showAnswer(t.Out, a, c.JSON)
}
