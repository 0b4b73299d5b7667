// Command blanko is the product: the station that personalizes and prints the KTP-el.
package main

import (
	"context"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"blanko/desk"
	"blanko/station"
)

// commands of the product.
type commands struct {
	station.Commands
	Desk   desk.Commands          `cmd:"" help:"The agent of a counter computer, which brings card reader, SAM and scanners to the pages: pair, run, status."`
	Import station.ImportCommands `cmd:"" help:"Take in a file: records that the data center signed, or a list: residents, blanks, denied."`
}

// description is the head of the help.
const description = `The station that personalizes and prints the KTP-el.

Exit status: 0 done; 1 failed, something is missing, or a record was refused; 2 the command line is wrong,
or fingers could not be compared.`

// Exit statuses.
const (
	exitDone  = 0
	exitUsage = 2
)

// Main is one run of the command.
type Main struct {
	Args     []string
	Lang     string // of the environment
	Out, Err io.Writer
}

// exit is how kong asks to end after help.
type exit int

// Run carries the command out and gives the exit status.
func (m Main) Run(ctx context.Context) (status int) {
	var c commands
	defer func() {
		switch v := recover().(type) {
		case nil:
		case exit:
			status = int(v)
		default:
			panic(v)
		}
	}()
	k, err := kong.New(&c, kong.Name("blanko"), kong.Description(description), kong.Writers(m.Out, m.Err),
		kong.Exit(func(code int) { panic(exit(code)) }), kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(station.ConfiguredKeys{}, (*station.CardKeys)(nil)),
		kong.BindTo(station.ConnectedPrinters{}, (*station.Printers)(nil)), kong.BindTo(desk.MakersScanners{}, (*desk.Scanners)(nil)))
	if err != nil {
		panic(err)
	}
	parsed, err := k.Parse(m.Args)
	if err != nil {
		k.Errorf("%v (blanko --help)", err)
		return exitUsage
	}
	t := station.Terminal{Name: "blanko", Out: m.Out, Err: m.Err, Language: station.LanguageOf(c.Lang, m.Lang), Entries: desk.Faults}
	parsed.BindTo(t, (*desk.Voice)(nil))
	if err := parsed.Run(t); err != nil {
		t.Fail(err)
		return station.ExitStatus(err)
	}
	return exitDone
}

func main() { os.Exit(start()) }

// start runs the command until it is done or a signal ends it.
func start() int {
	ctx, stop := station.UntilStopped(context.Background())
	defer stop()
	return Main{Args: os.Args[1:], Lang: os.Getenv("LANG"), Out: os.Stdout, Err: os.Stderr}.Run(ctx)
}
