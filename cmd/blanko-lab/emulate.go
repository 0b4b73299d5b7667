package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"blanko/station"
	"blanko/trial"
)

type emulateCommand struct {
	Card    emulateCardCommand    `cmd:"" help:"Put emulated cards into the readers of a PC/SC service, by the vpcd protocol."`
	Printer emulatePrinterCommand `cmd:"" help:"Offer emulated printers to the USB of this machine, by USB/IP."`
	Tell    emulateTellCommand    `cmd:"" help:"Tell a running emulation what happens to its cards or printers."`
}

// form is an order as the help shows it.
type form interface {
	Form() string
	Help() string
}

// formsHelp lists orders, one on a line.
func formsHelp[F form](words []F) string {
	var b strings.Builder
	for _, w := range words {
		fmt.Fprintf(&b, "  %-30s %s\n", w.Form(), w.Help())
	}
	return strings.TrimRight(b.String(), "\n")
}

func cardHelp() string    { return formsHelp(trial.CardWords()) }
func printerHelp() string { return formsHelp(trial.PrinterWords()) }

// conversation is a person who gives orders on standard input.
type conversation struct {
	help string
	json bool
	obey func(line string) answer
}

// take carries out orders until quit or the end of the context. The end of the input ends nothing.
func (c conversation) take(ctx context.Context, t station.Terminal, in io.Reader) error {
	lines := make(chan string)
	go func() {
		s := bufio.NewScanner(in)
		for s.Scan() {
			select {
			case lines <- strings.TrimSpace(s.Text()):
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case line := <-lines:
			switch line {
			case "":
				continue
			case "quit":
				return nil
			case "help":
				fmt.Fprintln(t.Err, c.help)
				continue
			}
			a := c.obey(line)
			if a.Error != "" && !c.json {
				fmt.Fprintf(t.Err, "%s: %s\n", t.Name, a.Error)
				continue
			}
			if err := showAnswer(t.Out, a, c.json); err != nil {
				return err
			}
		}
	}
}

// refused is the answer to an order that was not carried out.
func refused(err error) answer {
	return answer{Error: err.Error(), Wrong: errors.Is(err, trial.ErrOrder)}
}
