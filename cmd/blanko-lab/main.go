// Command blanko-lab is the product together with the virtual world: for trials, training and
// tests. It is never packaged for production.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type commands struct {
	Demo demoCommand `cmd:"" help:"Make a batch of cards from nothing: emulated data center, chips and printers."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	k := kong.Parse(&c, kong.Name("blanko-lab"), kong.UsageOnError(),
		kong.Description("Blanko and the virtual world. Keys and people here are made up; cards are specimens of the laboratory."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "blanko-lab:", err)
		os.Exit(1)
	}
}
