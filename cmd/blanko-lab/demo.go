package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"blanko/fault"
	"blanko/station"
	"blanko/trial"
	"blanko/web"
)

type demoCommand struct {
	Cards   int     `default:"24" help:"Cards to make, 1 to 100000."`
	Lines   int     `default:"2" help:"Printers side by side, 1 to 64."`
	Speed   float64 `default:"0" help:"0 is as fast as possible, 1 real time, 10 ten times as fast; 0.001 to 1000."`
	Faults  string  `default:"none" help:"none, some (chosen by the seed), or a file with a fault script (docs/fault-script.md)." placeholder:"none|some|FILE"`
	Seed    int64   `default:"1" help:"The same seed makes the same residents, faces and files."`
	Chip    string  `default:"32k" enum:"8k,32k" help:"Chip size: 8k or 32k."`
	Printer string  `default:"Primacy 2" enum:"Primacy 2,XID8600,XID580i" help:"Model of the printers: Primacy 2, XID8600 or XID580i."`
	Out     string  `help:"Folder for pictures, chip contents and papers; it is made where it is missing." type:"path" placeholder:"FOLDER"`
	ICAO    bool    `name:"icao" help:"Chips open the ICAO view to whoever knows the zone, by BAC or PACE, and the recheck reads them there as a border would."`
	PCSC    bool    `name:"pcsc" help:"Send every APDU through a private PC/SC service (pcscd and a virtual reader for each line)."`
	HSM     bool    `name:"hsm" help:"Keep every master and signing key on a token (SoftHSM2 through PKCS#11)."`
	Listen  string  `default:"127.0.0.1:8080" help:"Address of the API, the console and the QA bench, of this machine alone."`
	Exit    bool    `help:"End when the batch is done, instead of going on serving until interrupted."`
	JSON    bool    `name:"json" help:"Print the summary as JSON on standard output and nothing else there."`
	Log     string  `help:"File for the station's log (JSON lines)." type:"path" placeholder:"FILE"`
}

var (
	errNotAccounted = errors.New("not every blank is accounted for")
	errInterrupted  = errors.New("interrupted before the batch was done; nothing of it is kept")
)

func (c demoCommand) Run(ctx context.Context, t station.Terminal) (err error) {
	log, err := logTo(c.Log)
	if err != nil {
		return err
	}
	defer log.Sync() //nolint:errcheck // a log that cannot be written changes nothing now
	folder, err := os.MkdirTemp("", "blanko-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	o := trial.Options{
		Cards: c.Cards, Lines: c.Lines, Speed: c.Speed, Faults: c.Faults, Seed: c.Seed, Chip: c.Chip, Printer: c.Printer, Out: c.Out,
		Data: filepath.Join(folder, "blanko.db"), PCSC: c.PCSC, HSM: c.HSM, ICAO: c.ICAO,
	}
	if err := o.Check(); err != nil {
		return wrongFlag{err}
	}
	show, err := c.open(ctx, t, log)
	if err != nil {
		return err
	}
	printed := false
	if show != nil {
		o.Serve = show.house
		defer func() { err = errors.Join(err, show.close()) }()
		if !c.Exit {
			o.Stay = func(ctx context.Context, h *trial.House, s trial.Summary) error {
				printed = true
				return errors.Join(c.print(t.Out, s), show.stay(ctx, t, h))
			}
		}
	}
	s, err := trial.Demo(ctx, o, &trial.Screen{Out: t.Err, Terminal: terminal(t.Err)}, log)
	if err != nil && ctx.Err() != nil && !printed {
		return errInterrupted
	}
	if s.CardsRequested > 0 && !printed { // also where its pictures could not be written
		err = errors.Join(err, c.print(t.Out, s))
	}
	if err != nil {
		return err
	}
	if !s.Accounted() {
		return errNotAccounted
	}
	return nil
}

// open listens; nil when the address is taken and the demo ends by itself, so that it is not needed.
func (c demoCommand) open(ctx context.Context, t station.Terminal, log *zap.Logger) (*show, error) {
	ln, err := web.Listen(ctx, c.Listen)
	if err == nil {
		return newShow(ctx, ln, log), nil
	}
	if c.Exit && fault.Is(err, web.AddressTaken) {
		fmt.Fprintf(t.Err, "%s: %s is in use by another program; the demo runs without serving\n", t.Name, c.Listen)
		return nil, nil
	}
	return nil, err
}

func (c demoCommand) print(out io.Writer, s trial.Summary) error {
	if !c.JSON {
		var text bytes.Buffer
		s.Print(&text)
		_, err := text.WriteTo(out)
		return err
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(s)
}

func logTo(path string) (*zap.Logger, error) {
	if path == "" {
		return zap.NewNop(), nil
	}
	cfg := zap.NewProductionConfig()
	cfg.OutputPaths = []string{path}
	cfg.EncoderConfig.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	return cfg.Build()
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
