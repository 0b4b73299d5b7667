package main

import (
	"context"
	"errors"
	"fmt"

	"blanko/station"
	"blanko/trial"
)

type emulateCardCommand struct {
	Cards    int     `default:"1" help:"Cards, each in a reader of its own, 1 to 16."`
	Chip     string  `default:"32k" enum:"8k,32k" help:"Chip size: 8k or 32k."`
	Finished bool    `help:"Active cards of made-up residents, with MRZ and CAN told; without it the cards are blanks."`
	Address  string  `placeholder:"HOST:PORT" help:"Where the vpcd of the first reader listens, 127.0.0.1:35963 if not given; the other readers have the next ports."`
	Private  bool    `help:"Start a pcscd of this emulation's own, without root's rights and out of reach of other machines."`
	Speed    float64 `default:"1" help:"1 is a chip in real time, 10 ten times as fast, 0 as fast as possible; 0.001 to 1000."`
	Seed     int64   `default:"1" help:"The same seed makes the same keys, residents and cards."`
	Trust    string  `type:"path" placeholder:"FOLDER" help:"Write there what a reader has to trust: FOLDER/csca and FOLDER/center."`
	Control  string  `type:"path" placeholder:"PATH" help:"Take orders at this socket too (emulate tell PATH ...)."`
	JSON     bool    `name:"json" help:"Print readers and cards as JSON, one object for each order, and nothing else on standard output."`
}

// Help is the text behind the flags.
func (emulateCardCommand) Help() string {
	return "While it runs, orders come as lines on standard input and at --control. READER is a number from 1, or all; " +
		"it may be left out where there is one.\n\n" + cardHelp() + "\n\nIt ends with quit or Ctrl-C, and the cards with it."
}

var errNoCards = errors.New("interrupted before the cards were made")

// vpcdAddress is where vsmartcard's own configuration of pcscd listens.
const vpcdAddress = "127.0.0.1:35963"

func (c emulateCardCommand) Run(ctx context.Context, t station.Terminal, in input) (err error) {
	if c.Private && c.Address != "" {
		return wrongFlag{errors.New("--private: its readers have addresses of their own; leave --address out")}
	}
	if c.Address == "" {
		c.Address = vpcdAddress
	}
	o := trial.CardOptions{
		Cards: c.Cards, Chip: c.Chip, Finished: c.Finished, Seed: c.Seed, Address: c.Address, Private: c.Private, Speed: c.Speed,
	}
	if err := o.Check(); err != nil {
		return wrongFlag{err}
	}
	control, err := listenControl(c.Control)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, control.close()) }()
	cards, err := trial.OpenCards(ctx, o)
	if err != nil && ctx.Err() != nil {
		return errNoCards
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cards.Close()) }()
	if c.Trust != "" {
		if err := cards.WriteTrust(c.Trust); err != nil {
			return fmt.Errorf("--trust: %w", err)
		}
	}
	begun := answer{Socket: cards.Socket(), Readers: cards.Settled(ctx)}
	if err := showAnswer(t.Out, begun, c.JSON); err != nil {
		return err
	}
	c.advise(t, begun)
	control.serve(func(line string) answer { return obey(ctx, cards, line) })
	return conversation{cardHelp(), c.JSON, func(line string) answer { return obey(ctx, cards, line) }}.take(ctx, t, in)
}

// advise says how to go on.
func (c emulateCardCommand) advise(t station.Terminal, a answer) {
	for _, r := range a.Readers {
		if r.InReader && !r.Seen && !c.Private {
			fmt.Fprintf(t.Err, "%s: no driver has found the card at %s yet. Start a pcscd with vsmartcard-vpcd (on a test machine alone: it "+
				"listens on every address), or end this and use --private.\n", t.Name, r.Address)
			break
		}
	}
	if !c.JSON {
		fmt.Fprintln(t.Err, "\nOrders, one per line; help lists them, quit or Ctrl-C ends.")
	}
}

// obey carries out one order and tells how readers and cards are then.
func obey(ctx context.Context, cards *trial.CardReaders, line string) answer {
	o, err := trial.ParseCardOrder(line)
	if err == nil {
		err = cards.Do(ctx, o)
	}
	if err != nil {
		return refused(err)
	}
	return answer{Readers: cards.Settled(ctx)}
}
