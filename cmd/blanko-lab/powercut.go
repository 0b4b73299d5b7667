package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"go.uber.org/zap"

	"blanko/station"
	"blanko/trial"
)

type powerCutCommand struct {
	Cuts    int   `default:"300" help:"How many cuts are judged, spread over all that the disk did; 0: one behind every act."`
	Cards   int   `default:"3" help:"How many cards the station makes meanwhile, 1 to 100."`
	Seed    int64 `default:"1" help:"Of the dice: where the power is cut, and what is lost."`
	Relaxed bool  `help:"With a ledger that asks for no flush (synchronous=OFF): it must lose." xor:"broken"`
	Deaf    bool  `help:"With a disk that takes no notice of flushes: it must lose." xor:"broken"`
	JSON    bool  `name:"json" help:"Print the result as JSON on standard output and nothing else there."`
}

func (powerCutCommand) Help() string {
	return "A station makes cards in a virtual machine (QEMU) whose disk remembers every write and every flush. Then the power is cut at places of this log: what was not flushed is lost, in any choice of sectors. What the station held for done must be in the ledger that a machine finds which starts again."
}

// powerStationCommand is the station in the guest.
type powerStationCommand struct {
	Cards   int   `default:"3"`
	Seed    int64 `default:"1"`
	Relaxed bool
}

// powerStationWord is its name on the command line.
const powerStationWord = "powercut-station"

func (c powerStationCommand) Run(ctx context.Context, t station.Terminal) error {
	return trial.PowerStation(ctx, trial.PowerStationOptions{Cards: c.Cards, Seed: c.Seed, Relaxed: c.Relaxed}, t.Err, zap.NewNop())
}

var errPowerLost = finding{errors.New("what was promised is lost")}

func (c powerCutCommand) Run(ctx context.Context, t station.Terminal) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	o := trial.PowerCutOptions{Cuts: c.Cuts, Cards: c.Cards, Seed: c.Seed, Relaxed: c.Relaxed, Deaf: c.Deaf, Program: []string{self, powerStationWord}}
	if err := o.Check(); err != nil {
		return wrongFlag{err}
	}
	o.Told = func(r trial.PowerCutResult) {
		if r.Cuts%tellEvery == 0 {
			fmt.Fprintf(t.Err, "%d cuts, %d lost\n", r.Cuts, r.Lost)
		}
	}
	r, err := trial.PowerCut(ctx, o)
	if r.Cuts > 0 {
		err = errors.Join(err, printed(t.Out, r, c.JSON))
	}
	if err == nil && r.Lost > 0 {
		err = errPowerLost
	}
	return err
}
