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
	Path  string   `arg:"" type:"path" help:"The socket of the emulation (emulate card --control PATH)."`
	Order []string `arg:"" help:"What happens, such as: remove 1"`
	JSON  bool     `name:"json" help:"Print readers and cards as JSON."`
}

// Help is the text behind the flags.
func (emulateTellCommand) Help() string { return "The orders:\n\n" + orderHelp() }

func (c emulateTellCommand) Run(ctx context.Context, t station.Terminal) error {
	line := strings.Join(c.Order, " ")
	if _, err := trial.ParseCardOrder(line); err != nil {
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
