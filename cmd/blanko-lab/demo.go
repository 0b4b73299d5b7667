package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"go.uber.org/zap"

	"blanko/trial"
)

type demoCommand struct {
	Cards  int     `default:"24" help:"Cards to make."`
	Lines  int     `default:"2" help:"Printers side by side."`
	Speed  float64 `default:"0" help:"1 is real time, 10 ten times as fast, 0 as fast as possible."`
	Faults string  `default:"none" help:"none, some (by the seed), or a fault script (YAML)."`
	Seed   int64   `default:"1" help:"The same seed makes the same residents, faces and files."`
	Chip   string  `default:"32k" enum:"8k,32k" help:"Chip size: 8k or 32k."`
	Out    string  `help:"Folder for pictures, chip contents and papers." type:"path"`
	JSON   bool    `name:"json" help:"Print the summary as JSON on standard output and nothing else there."`
	Log    string  `help:"File for the station's log." type:"path"`
}

var errNotAccounted = errors.New("not every blank is accounted for")

func (c demoCommand) Run(ctx context.Context) error {
	log, err := logTo(c.Log)
	if err != nil {
		return err
	}
	defer log.Sync() //nolint:errcheck // a log that cannot be written changes nothing now
	s, err := trial.Demo(ctx, trial.Options{
		Cards: c.Cards, Lines: c.Lines, Speed: c.Speed, Faults: c.Faults, Seed: c.Seed, Chip: c.Chip, Out: c.Out,
	}, &trial.Screen{Out: os.Stderr, Terminal: terminal(os.Stderr)}, log)
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		err = e.Encode(s)
	} else {
		s.Print(os.Stdout)
	}
	if err == nil && !s.Accounted() {
		err = errNotAccounted
	}
	return err
}

func logTo(path string) (*zap.Logger, error) {
	if path == "" {
		return zap.NewNop(), nil
	}
	cfg := zap.NewProductionConfig()
	cfg.OutputPaths = []string{path}
	return cfg.Build()
}

func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
