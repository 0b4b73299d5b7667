package main

import (
	"context"
	"encoding/json"
	"fmt"

	"blanko/station"
	"blanko/trial"
)

type benchCommand struct {
	Cards    int  `default:"5" help:"Cards of each row, 1 to 1000; the figures are medians."`
	RealTime bool `help:"Let the chip really take its time, to the microsecond; without it only its clock advances."`
	PCSC     bool `name:"pcsc" help:"Through a private PC/SC service (pcscd and a virtual reader), whose time is told apart."`
	JSON     bool `name:"json" help:"Print the rows as JSON on standard output and nothing else there."`
}

func (c benchCommand) Run(ctx context.Context, t station.Terminal) error {
	o := trial.BenchOptions{Cards: c.Cards, RealTime: c.RealTime, PCSC: c.PCSC}
	if err := o.Check(); err != nil {
		return wrongFlag{err}
	}
	rows, err := trial.Bench(ctx, o, func(r trial.BenchRow) {
		fmt.Fprintf(t.Err, "%s, %s, %d kbit/s done\n", r.Chip, r.Speed, r.KBit)
	})
	if err != nil {
		return err
	}
	if !c.JSON {
		return trial.PrintBench(t.Out, o, rows)
	}
	e := json.NewEncoder(t.Out)
	e.SetIndent("", "  ")
	return e.Encode(rows)
}
