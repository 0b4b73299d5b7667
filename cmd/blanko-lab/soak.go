package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"blanko/station"
	"blanko/trial"
)

type soakCommand struct {
	Cards    int    `default:"1000" help:"Cards to make, 10 to 1000000, a multiple of 10. What grows is judged from 1000 on."`
	Seed     int64  `default:"1" help:"Of people and chips."`
	Database string `name:"db" default:"sqlite" enum:"sqlite,postgres" help:"sqlite, or postgres: a private server."`
	JSON     bool   `name:"json" help:"Print the parts and both accounts as JSON on standard output and nothing else there."`
}

func (soakCommand) Help() string {
	return "One station process makes all cards in a virtual world of another process. After every tenth its memory, goroutines, handles and processor time are measured. " +
		"The exit status is 0 only where the accounts of world and ledger agree and the last tenth is like the first."
}

var errGrew = finding{errors.New("something grew, or world and ledger differ")}

func (c soakCommand) Run(ctx context.Context, t station.Terminal) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	o := trial.SoakOptions{Cards: c.Cards, Seed: c.Seed, Database: c.Database, Program: []string{self, stationWord}}
	if err := o.Check(); err != nil {
		return wrongFlag{err}
	}
	o.Told = func(p trial.SoakPart) {
		fmt.Fprintf(t.Err, "%d cards, %.0f s, %d MB, %d goroutines, %d handles\n", p.Cards, p.Seconds, p.Resident>>20, p.Goroutines, p.Handles)
	}
	r, err := trial.Soak(ctx, o)
	if err != nil {
		return err
	}
	if err := printed(t.Out, r, c.JSON); err != nil {
		return err
	}
	if !r.Agree() {
		return errGrew
	}
	return nil
}
