package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"blanko/station"
	"blanko/trial"
)

type scenarioCommands struct {
	Run   scenarioRun   `cmd:"" help:"Play scenarios, each in a world of its own, and say whether everything is true at their end."`
	Check scenarioCheck `cmd:"" help:"Read scenarios and name every mistake with its line; nothing is played."`
	List  scenarioList  `cmd:"" help:"Scenarios that come with the product."`
}

// scenarioFiles are scenarios by file, or by the name of one that comes with the product.
type scenarioFiles struct {
	Files []string `arg:"" optional:"" name:"file" help:"Scenario files (docs/scenarios.md), or names of those that come with the product; none: all of these."`
}

func (c scenarioFiles) read() (list []*trial.Scenario, err error) {
	files := c.Files
	if len(files) == 0 {
		files = trial.Scenarios()
	}
	for _, f := range files {
		read := trial.ReadScenario
		if !strings.ContainsAny(f, "./"+string(filepath.Separator)) && slices.Contains(trial.Scenarios(), f) {
			read = trial.ShippedScenario
		}
		s, rerr := read(f)
		err = errors.Join(err, rerr)
		if rerr == nil {
			list = append(list, s)
		}
	}
	return list, err
}

type scenarioCheck struct{ scenarioFiles }

func (c scenarioCheck) Run(_ context.Context, t station.Terminal) error {
	list, err := c.read()
	if err != nil {
		return said(t, err)
	}
	fmt.Fprintf(t.Out, "%d scenarios can be played.\n", len(list))
	return nil
}

// said tells mistakes as they are, a line each: an editor finds the place.
func said(t station.Terminal, err error) error {
	fmt.Fprintln(t.Err, err)
	return station.ErrShown
}

type scenarioRun struct {
	scenarioFiles
	Report []string `help:"File for a report; .txt, .json, .xml (JUnit) or .html. May be given several times." type:"path" placeholder:"FILE" sep:"none"`
	Log    string   `help:"File for the station's log (JSON lines)." type:"path" placeholder:"FILE"`
}

var errNotTrue = errors.New("not everything is true at the end")

func (c scenarioRun) Run(ctx context.Context, t station.Terminal) error {
	for _, file := range c.Report {
		if trial.ReportFormats[strings.ToLower(filepath.Ext(file))] == nil {
			return wrongFlag{fmt.Errorf("--report: %s: the name ends with .txt, .json, .xml or .html", file)}
		}
	}
	list, err := c.read()
	if err != nil {
		return said(t, err)
	}
	log, err := logTo(c.Log)
	if err != nil {
		return err
	}
	defer log.Sync() //nolint:errcheck // a log that cannot be written changes nothing now
	var all []trial.Outcome
	held := true
	for _, s := range list {
		o, err := s.Run(ctx, log)
		if err != nil {
			return errInterrupted
		}
		all, held = append(all, o), held && o.Held()
		fmt.Fprint(t.Out, o.Line())
	}
	fmt.Fprintln(t.Out, trial.Verdict(all))
	for _, file := range c.Report {
		var b bytes.Buffer
		if err := trial.Report(&b, file, all); err != nil {
			return err
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			return fmt.Errorf("--report: %w", err)
		}
	}
	if !held {
		return errNotTrue
	}
	return nil
}

type scenarioList struct{}

func (scenarioList) Run(_ context.Context, t station.Terminal) error {
	for _, name := range trial.Scenarios() {
		s, err := trial.ShippedScenario(name)
		if err != nil {
			return err
		}
		title := s.Title.EN
		if t.Language == station.Indonesian {
			title = s.Title.ID
		}
		fmt.Fprintf(t.Out, "%-28s  %s\n", name, title)
	}
	return nil
}
