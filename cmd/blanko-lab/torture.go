package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"blanko/internal/rig"
	"blanko/station"
	"blanko/trial"
)

type tortureCommand struct {
	Kills    int    `default:"50" help:"How many times a station is killed, 1 to 1000000."`
	Seed     int64  `default:"1" help:"Of the dice: what happens, and when."`
	Database string `name:"db" default:"sqlite" enum:"sqlite,postgres" help:"sqlite, or postgres: a private server."`
	Stations int    `default:"1" help:"Stations on one database, 1 to 8; several need postgres."`
	Apart    bool   `help:"Each station in a network namespace of its own, but for the first, and the wires between them are cut now and then. Takes root."`
	Often    string `help:"What happens often beside the rest, by its name in the list below." placeholder:"NAME"`
	Broken   string `help:"A broken variant of the station, which must be found out: ${broken}." placeholder:"NAME"`
	JSON     bool   `name:"json" help:"Print both accounts as JSON on standard output and nothing else there."`
}

func (tortureCommand) Help() string {
	return "Stations live and die while a virtual world in another process lives on; what world and ledger say is compared after every death. Meanwhile may happen: " +
		strings.Join(trial.Mischiefs(), ", ") + "."
}

// tortureStationCommand is a station that tortureCommand starts and kills.
type tortureStationCommand struct{}

// stationWord is its name on the command line.
const stationWord = "torture-station"

func (tortureStationCommand) Run(ctx context.Context, t station.Terminal, in input) error {
	return trial.TortureStation(ctx, in, t.Err)
}

var errAccountsDiffer = finding{errors.New("world and ledger differ")}

// verdict is how a torture ends: for the product in agreement, for a broken station found out by what it does wrong.
func verdict(r trial.TortureResult) error {
	switch {
	case r.Broken == "" && r.Agree():
		return nil
	case r.Broken == "":
		return errAccountsDiffer
	case r.Found():
		return finding{fmt.Errorf("%s was found out", r.Broken)}
	case r.Agree():
		return fmt.Errorf("%s was not found out: world and ledger agree", r.Broken)
	}
	return fmt.Errorf("%s was not found out: world and ledger differ in something else", r.Broken)
}

func (c tortureCommand) Run(ctx context.Context, t station.Terminal) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	o := trial.TortureOptions{Kills: c.Kills, Seed: c.Seed, Database: c.Database, Stations: c.Stations, Apart: c.Apart, Often: c.Often, Broken: c.Broken, Program: []string{self, stationWord}}
	if err := o.Check(); err != nil {
		return wrongFlag{err}
	}
	if c.Apart && os.Getenv(apartWord) == "" {
		return c.apart(t, self)
	}
	o.Told = func(r trial.TortureResult) {
		if r.Kills%tellEvery == 0 {
			fmt.Fprintf(t.Err, "%d kills, %d batches, %d checks\n", r.Kills, r.Batches, r.Checks)
		}
	}
	r, err := trial.Torture(ctx, o)
	if r.Lives > 0 { // also where it was interrupted
		err = errors.Join(err, printed(t.Out, r, c.JSON))
	}
	if err == nil {
		err = verdict(r)
	}
	return err
}

// apartWord tells a process that it has a network namespace of its own.
const apartWord = "BLANKO_LAB_APART"

// apart runs the command once more, in a network namespace of its own.
func (c tortureCommand) apart(t station.Terminal, self string) error {
	cmd := rig.Unshared(self, os.Args[1:]...)
	cmd.Env = append(os.Environ(), apartWord+"=yes")
	cmd.Stdout, cmd.Stderr = t.Out, t.Err
	err := cmd.Run()
	if e, ended := errors.AsType[*exec.ExitError](err); ended {
		return endedWith(e.ExitCode())
	}
	return err
}

// tellEvery is after how many kills the command says how far it is.
const tellEvery = 50
