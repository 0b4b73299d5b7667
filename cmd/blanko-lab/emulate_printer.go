package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"blanko/station"
	"blanko/trial"
)

type emulatePrinterCommand struct {
	USBIP   bool     `name:"usbip" required:"" help:"Serve the printers by USB/IP, so that this machine's kernel can attach them."`
	Model   []string `default:"Primacy 2" sep:"none" placeholder:"MODEL[:STATE,...]" help:"A printer by its model, such as \"Primacy 2\", XID8600, Enduro; states may follow a colon, such as \"Primacy 2:card,ribbon=12\". Once for each printer."`
	Address string   `default:"127.0.0.1:3240" help:"Where hosts reach them, of this machine alone; 3240 is the port of usbip attach."`
	Speed   float64  `default:"1" help:"1 is a printer in real time, 10 ten times as fast, 0 as fast as possible; 0.001 to 1000."`
	Seed    int64    `default:"1" help:"The same seed makes the same blanks and keys."`
	Control string   `type:"path" placeholder:"PATH" help:"Take orders at this socket too (emulate tell PATH ...)."`
	JSON    bool     `name:"json" help:"Print the printers as JSON, one object for each order, and nothing else on standard output."`
}

// Help is the text behind the flags.
func (emulatePrinterCommand) Help() string {
	return "While it runs, orders come as lines on standard input and at --control. PRINTER is a number from 1, or all; " +
		"it may be left out where there is one.\n\n" + printerHelp() + "\n\nIt ends with quit or Ctrl-C, and the printers with it."
}

func (c emulatePrinterCommand) Run(ctx context.Context, t station.Terminal, in input) (err error) {
	o := trial.PrinterOptions{Models: c.Model, Address: c.Address, Speed: c.Speed, Seed: c.Seed}
	if err := o.Check(); err != nil {
		return wrongFlag{err}
	}
	control, err := listenControl(c.Control)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, control.close()) }()
	printers, err := trial.OpenPrinters(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, printers.Close()) }()
	if err := showAnswer(t.Out, answer{Address: printers.Address(), Printers: printers.States()}, c.JSON); err != nil {
		return err
	}
	if !c.JSON {
		host, port, _ := net.SplitHostPort(printers.Address())
		fmt.Fprintf(t.Err, "\nTo attach the first one, as root:\n  modprobe vhci-hcd\n  usbip --tcp-port %s attach -r %s -b 1-1\n", port, host)
		fmt.Fprintln(t.Err, "\nOrders, one per line; help lists them, quit or Ctrl-C ends.")
	}
	obey := func(line string) answer {
		o, err := trial.ParsePrinterOrder(line)
		if err == nil {
			err = printers.Do(ctx, o)
		}
		if err != nil {
			return refused(err)
		}
		return answer{Printers: printers.States()}
	}
	control.serve(obey)
	return conversation{printerHelp(), c.JSON, obey}.take(ctx, t, in)
}
