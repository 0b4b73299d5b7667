// Command blanko-lab is the product together with the virtual world: for trials, training and
// tests. It is never packaged for production.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"blanko/desk"
	"blanko/fault"
	"blanko/station"
	"blanko/trial"
)

// commands of the product, and of the virtual world.
type commands struct {
	Demo     demoCommand           `cmd:"" help:"Make a batch of cards from nothing: emulated data center, chips and printers."`
	Bench    benchCommand          `cmd:"" help:"Time of the chip work against the physical limit, at every bit rate."`
	Scenario scenarioCommands      `cmd:"" help:"Batches in the virtual world with what goes wrong in them and what must be true at their end."`
	Emulate  emulateCommand        `cmd:"" help:"Emulated devices for other programs of the machine: cards in the readers of a PC/SC service, printers on USB."`
	Torture  tortureCommand        `cmd:"" help:"Kill stations at random instants while the virtual world lives on, and hold its account against that of the ledger."`
	Soak     soakCommand           `cmd:"" help:"Let one station make many cards, and show that nothing grows."`
	Station  tortureStationCommand `cmd:"" name:"torture-station" hidden:""`
	PowerCut powerCutCommand       `cmd:"" name:"powercut" help:"Cut the power of a station in a virtual machine at every write of its disk, and look what a machine finds that starts again."`
	Powered  powerStationCommand   `cmd:"" name:"powercut-station" hidden:""`
	station.Commands
	Desk     desk.Commands  `cmd:"" help:"The agent of a counter computer, as in the product; its scanners are emulated where no maker's program is named."`
	Import   importCommands `cmd:"" help:"As in the product; with --unsigned also records that nobody signed, as specimens."`
	Emulated []string       `name:"emulated" help:"For the printer commands: a printer of the virtual world instead of those on USB, by model, such as \"Primacy 2\", XID8600, Enduro; states may follow a colon, such as \"Primacy 2:card,ribbon=12\". It lives as long as the command." sep:"none" placeholder:"MODEL[:STATE,...]"`
	Resident int            `help:"For the desk commands: whose fingers and irises lie on the emulated scanners, a resident of the virtual world by number." default:"0"`
	Seed     int64          `name:"lab-seed" help:"Seed of the virtual world whose keys the card commands have." default:"1"`
}

// importCommands are those of the product and one that lets in more.
type importCommands struct {
	Records importCommand `cmd:"" default:"withargs" help:"Take in records; the word may be left out."`
	station.ImportLists
}

// importCommand lets in what the product refuses.
type importCommand struct {
	station.ImportCommand
	Unsigned bool `help:"Take records without any signature as specimens, which are never handed over."`
}

func (c importCommand) Run(ctx context.Context, t station.Terminal) error {
	return c.Import(ctx, t, c.Unsigned)
}

// description is the head of the help.
const description = `Blanko and the virtual world. Keys and people here are made up; cards are specimens of the laboratory.

Exit status: 0 done; 1 failed, not every blank is accounted for, something is missing, or a record was refused; 2 the
command line is wrong, or fingers could not be compared; 3 a torture, a soak or power cuts found a difference: of a
broken station the one that it was broken for.`

// Exit statuses.
const (
	exitDone = iota
	exitFailed
	exitUsage
	exitFound
)

// finding is what a torture, a soak or power cuts looked for.
type finding struct{ error }

// Main is one run of the command.
type Main struct {
	Args     []string
	Lang     string // of the environment
	In       io.Reader
	Out, Err io.Writer
}

// wrongFlag is a value that the command line alone can mend.
type wrongFlag struct{ error }

// endedWith is the exit status of the same command in another process, which has said why.
type endedWith int

func (e endedWith) Error() string { return fmt.Sprintf("ended with status %d", int(e)) }

// input is standard input.
type input struct{ io.Reader }

// exit is how kong asks to end after help.
type exit int

// Run carries the command out and gives the exit status.
func (m Main) Run(ctx context.Context) (status int) {
	var c commands
	keys, printers, scanners := &trial.CardKeys{}, &trial.Printers{}, &trial.Scanners{}
	defer func() {
		switch v := recover().(type) {
		case nil:
		case exit:
			status = int(v)
		default:
			panic(v)
		}
	}()
	k, err := kong.New(&c, kong.Name("blanko-lab"), kong.Description(description), kong.Writers(m.Out, m.Err),
		kong.Vars{"broken": strings.Join(trial.Variants(), ", ")},
		kong.Exit(func(code int) { panic(exit(code)) }), kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(keys, (*station.CardKeys)(nil)), kong.BindTo(printers, (*station.Printers)(nil)),
		kong.BindTo(scanners, (*desk.Scanners)(nil)))
	if err != nil {
		panic(err)
	}
	parsed, err := k.Parse(m.Args)
	if err != nil {
		k.Errorf("%v (blanko-lab --help)", err)
		return exitUsage
	}
	keys.Seed, printers.Emulated = c.Seed, c.Emulated
	scanners.Seed, scanners.Resident = c.Seed, c.Resident
	if err := printers.Build(); err != nil {
		k.Errorf("%v (blanko-lab --help)", err)
		return exitUsage
	}
	defer func() { _ = printers.Close() }()
	t := station.Terminal{Name: "blanko-lab", Out: m.Out, Err: m.Err, Language: station.LanguageOf(c.Lang, m.Lang), Entries: desk.Faults}
	parsed.BindTo(t, (*desk.Voice)(nil))
	err = parsed.Run(t, input{m.In})
	wrong, isWrong := errors.AsType[wrongFlag](err)
	if status, ended := errors.AsType[endedWith](err); ended {
		return int(status)
	}
	if _, found := errors.AsType[finding](err); found {
		fmt.Fprintln(m.Err, "blanko-lab:", err)
		return exitFound
	}
	switch {
	case err == nil:
		return exitDone
	case isWrong:
		k.Errorf("%v (blanko-lab %s --help)", wrong, verbs(parsed))
		return exitUsage
	case fault.CodeOf(err) != "", errors.Is(err, context.Canceled):
		t.Fail(err)
	case !errors.Is(err, station.ErrShown): // of the virtual world, which has no entries
		fmt.Fprintln(m.Err, "blanko-lab:", err)
	}
	return station.ExitStatus(err)
}

// verbs are the words of the command that was given, without its arguments.
func verbs(k *kong.Context) string {
	var words []string
	for _, p := range k.Path {
		if p.Command != nil {
			words = append(words, p.Command.Name)
		}
	}
	return strings.Join(words, " ")
}

func main() { os.Exit(start()) }

// start runs the command until it is done or a signal ends it.
func start() int {
	ctx, stop := station.UntilStopped(context.Background())
	defer stop()
	return Main{Args: os.Args[1:], Lang: os.Getenv("LANG"), In: os.Stdin, Out: os.Stdout, Err: os.Stderr}.Run(ctx)
}
