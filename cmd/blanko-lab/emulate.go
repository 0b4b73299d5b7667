package main

import (
	"fmt"
	"strings"

	"blanko/trial"
)

type emulateCommand struct {
	Card emulateCardCommand `cmd:"" help:"Put emulated cards into the readers of a PC/SC service, by the vpcd protocol."`
	Tell emulateTellCommand `cmd:"" help:"Tell a running emulation what happens to its cards."`
}

// orderHelp lists the orders, one on a line.
func orderHelp() string {
	var b strings.Builder
	for _, w := range trial.CardWords() {
		fmt.Fprintf(&b, "  %-30s %s\n", w.Form(), w.Help())
	}
	return strings.TrimRight(b.String(), "\n")
}
