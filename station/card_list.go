package station

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"text/tabwriter"

	"blanko/applet/pcsc"
)

// CardListCommand is blanko card list.
type CardListCommand struct {
	JSON bool `name:"json" help:"Print the readers as JSON."`
}

// listedReader is one reader of the list.
type listedReader struct {
	Name   string `json:"name"`
	Model  string `json:"model"`
	Serial string `json:"serial,omitempty"`
	Slot   int    `json:"slot"`
	Card   string `json:"card"` // none, present, mute
	ATR    string `json:"atr,omitempty"`
	Busy   bool   `json:"busy"` // another program holds it
}

// cardWords say what lies in a reader.
var cardWords = map[string]words{"none": {"tidak ada kartu", "no card"}, "present": {"kartu", "card"}, "mute": {"kartu tidak menjawab", "card does not answer"}}

// Run lists the readers; none is no error.
func (c CardListCommand) Run(ctx context.Context, t Terminal) error {
	readers, err := pcsc.List(ctx)
	if err != nil {
		return err
	}
	list := []listedReader{}
	for _, r := range readers {
		l := listedReader{Name: r.Name, Model: r.Model, Serial: r.Serial, Slot: r.Slot, Card: "none", Busy: r.Busy}
		switch {
		case r.Mute:
			l.Card = "mute"
		case r.Card:
			l.Card, l.ATR = "present", strings.ToUpper(hex.EncodeToString(r.ATR))
		}
		list = append(list, l)
	}
	if c.JSON {
		return printJSON(t.Out, list)
	}
	if len(list) == 0 {
		fmt.Fprintln(t.Out, t.Language.of(words{"Tidak ada pembaca kartu yang terpasang.", "No card reader is plugged in."}))
		return nil
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, t.Language.of(words{"PEMBACA\tSERI\tSLOT\tISI\tATR", "READER\tSERIAL\tSLOT\tHOLDS\tATR"}))
	for _, l := range list {
		serial, holds := l.Serial, t.Language.of(cardWords[l.Card])
		if serial == "" {
			serial = "-"
		}
		if l.Busy {
			holds += t.Language.of(words{" (dipakai program lain)", " (another program uses it)"})
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\n", l.Name, serial, l.Slot, holds, l.ATR)
	}
	return w.Flush()
}
