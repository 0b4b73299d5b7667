package station

import (
	"context"
	"errors"
	"slices"

	"blanko/fault"
	device "blanko/printer"
	"blanko/printer/spool"
	"blanko/printer/usb"
)

// PrinterCommands are blanko printer.
type PrinterCommands struct {
	List     PrinterListCommand     `cmd:"" help:"List the printers on USB and the print queues of the system. Exit status 1: neither could be looked at."`
	Status   PrinterStatusCommand   `cmd:"" help:"Tell what a printer says of itself; what it does not tell is shown as not known. Exit status 1: it reports an error, or its settings are not those of the configuration."`
	TestCard PrinterTestCardCommand `cmd:"" help:"Print a test card on a blank of the test stock: registration, edges, dyes, resin, smallest type. A printer with a card inside is refused."`
	Clean    PrinterCleanCommand    `cmd:"" help:"Clean a printer, step by step. Exit status 1: it still wants to be cleaned afterwards."`
	Move     PrinterMoveCommand     `cmd:"" help:"Move the card inside a printer that lets the computer do so."`
	Supplies PrinterSuppliesCommand `cmd:"" help:"Tell how many cards ribbon and film still make, and when the printer must be cleaned."`
}

// Printers is where the printer commands find printers.
type Printers interface {
	// List tells the printers on USB.
	List(context.Context) ([]usb.Device, error)
	// Open takes one of them: nobody else can use it until the link is closed.
	Open(context.Context, usb.Identity) (device.Link, error)
	// Queues tells the print queues of a CUPS server; an empty address is the machine's own.
	Queues(ctx context.Context, server string) ([]spool.Queue, error)
}

// ConnectedPrinters are those of this machine.
type ConnectedPrinters struct{}

// List tells the printers that are plugged in.
func (ConnectedPrinters) List(ctx context.Context) ([]usb.Device, error) { return usb.List(ctx) }

// Open claims a printer.
func (ConnectedPrinters) Open(ctx context.Context, i usb.Identity) (device.Link, error) {
	l, err := usb.Open(ctx, i)
	if err != nil {
		return nil, unclassed(err)
	}
	return l, nil
}

// unclassed is the fault of USB beneath the class that a line reacts to: it says what to do.
func unclassed(err error) error {
	for f, ok := errors.AsType[*fault.Error](err); ok; f, ok = errors.AsType[*fault.Error](f.Err) {
		if slices.ContainsFunc(usb.Faults, func(of fault.Entry) bool { return of.Code == f.Code }) {
			return f
		}
	}
	return err
}

// Queues asks the print service.
func (ConnectedPrinters) Queues(ctx context.Context, server string) ([]spool.Queue, error) {
	return spool.List(ctx, server)
}
