package station

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"

	"github.com/goccy/go-yaml"

	device "blanko/printer"
)

// PrinterCleanCommand is blanko printer clean.
type PrinterCleanCommand struct {
	PrinterChoice
	Operator
	Done bool `help:"The steps before the cycle are done: do not ask."`
	JSON bool `name:"json" help:"Print the report as JSON; nothing is asked, and --done is needed."`
}

//go:embed cleaning.yaml
var cleaningFile []byte

// cleaning is how the printers of one language are cleaned.
type cleaning struct {
	Command bool    `yaml:"command"` // a command starts the cycle
	Before  []words `yaml:"before"`
	After   []words `yaml:"after"`
}

// readCleanings reads cleaning.yaml.
func readCleanings(b []byte) (map[string]cleaning, error) {
	var out map[string]cleaning
	if err := yaml.UnmarshalWithOptions(b, &out, yaml.Strict()); err != nil {
		return nil, err
	}
	return out, nil
}

// Cleaned is the report of a cleaning.
type Cleaned struct {
	Printer string     `json:"printer"`
	Steps   []words    `json:"steps"`
	ByHand  bool       `json:"by_hand"` // a person started the cycle at the printer
	Before  told[int]  `json:"cards_since_cleaning_before"`
	After   told[int]  `json:"cards_since_cleaning_after"`
	Due     told[bool] `json:"cleaning_due"` // after it
	Next    []words    `json:"next"`
}

// Run tells the steps, waits for the person, starts the cycle and tells how it went.
func (c PrinterCleanCommand) Run(ctx context.Context, t Terminal, ports Printers) error {
	const op = "station.PrinterCleanCommand"
	all, err := readCleanings(cleaningFile)
	if err != nil {
		return err
	}
	o, err := c.open(ctx, ports)
	if err != nil {
		return err
	}
	defer o.close() //nolint:errcheck // nothing is left to be done with the printer
	how := all[o.Language]
	before, err := o.Status(ctx)
	if err != nil {
		return err
	}
	if err := c.pathEmpty(ctx, o, before); err != nil {
		return err
	}
	out := Cleaned{Printer: o.Name, Steps: how.Before, ByHand: !how.Command, Before: told[int]{before.Cleaning.Since}, Next: how.After}
	if !c.JSON {
		if err := t.list(words{"Sebelum pembersihan:", "Before the cleaning:"}, how.Before); err != nil {
			return err
		}
	}
	if !c.Done {
		if c.JSON || !t.confirmed(how.Command, os.Stdin) {
			return NotConfirmed.At(op, nil).With("done", "not said")
		}
	}
	if how.Command && o.Path != nil {
		if err := o.Path.Clean(ctx); err != nil {
			return err
		}
	}
	after, err := o.Status(ctx)
	if err != nil {
		return err
	}
	out.After, out.Due = told[int]{after.Cleaning.Since}, told[bool]{after.Cleaning.Due}
	if c.JSON {
		err = printJSON(t.Out, out)
	} else {
		err = out.print(t)
	}
	if err == nil && after.Cleaning.Due.Known && after.Cleaning.Due.Value {
		return ErrShown
	}
	return err
}

// pathEmpty refuses to clean with a card inside: the cycle would draw the cleaning card into it.
func (c PrinterCleanCommand) pathEmpty(ctx context.Context, o *openedPrinter, st device.Status) error {
	const op = "station.PrinterCleanCommand"
	_, path, err := ledgerOf(ctx, o.Config, o.Line)
	switch {
	case err != nil:
		return err
	case path > 0:
		return CardOfAttempt.At(op, nil).With("line", "%s has %d cards in work", o.Line.ID, path)
	case st.Card.Known && st.Card.Value != device.PositionNone:
		return CardInside.At(op, nil).With("card", "%s", positionWords[st.Card.Value].EN)
	case !st.Card.Known && !c.PathEmpty:
		return PathUnseen.At(op, nil).With("printer", "%s", o.Name)
	}
	return nil
}

// list shows numbered steps under a head.
func (t Terminal) list(head words, steps []words) error {
	if _, err := fmt.Fprintln(t.Out, t.Language.of(head)); err != nil {
		return err
	}
	for i, s := range steps {
		if _, err := fmt.Fprintf(t.Out, "  %d. %s\n", i+1, t.Language.of(s)); err != nil {
			return err
		}
	}
	return nil
}

// confirmed waits for Enter.
func (t Terminal) confirmed(starts bool, in io.Reader) bool {
	ask := words{"Tekan Enter bila langkah-langkah ini dan pembersihan pada printer sudah selesai.", "Press Enter when these steps, and the cleaning at the printer, are done."}
	if starts {
		ask = words{"Tekan Enter bila siap; pembersihan lalu dimulai.", "Press Enter when that is done; the cleaning then starts."}
	}
	fmt.Fprintln(t.Out, t.Language.of(ask))
	_, err := bufio.NewReader(in).ReadString('\n')
	return err == nil
}

func (r Cleaned) print(t Terminal) error {
	l := t.Language
	if _, err := fmt.Fprintln(t.Out, l.of(words{"Kartu sejak dibersihkan: sebelumnya ", "Cards since the cleaning: before "})+show(l, r.Before, number)+l.of(words{", sekarang ", ", now "})+show(l, r.After, number)); err != nil {
		return err
	}
	said := words{"Printer tidak memberi tahu apakah pembersihan masih diperlukan; percayai layarnya.", "The printer does not tell whether cleaning is still due; go by its display."}
	switch due := r.Due; {
	case due.Known.Known && due.Value:
		said = words{"PERHATIAN: printer masih meminta pembersihan. Ulangi dengan kartu pembersih baru.", "ATTENTION: the printer still wants to be cleaned. Repeat with a new cleaning card."}
	case due.Known.Known:
		said = words{"Selesai: printer menyatakan pembersihan tidak diperlukan lagi.", "Done: the printer says that no cleaning is due."}
	}
	if _, err := fmt.Fprintln(t.Out, l.of(said)); err != nil {
		return err
	}
	return t.list(words{"Sesudahnya:", "Afterwards:"}, r.Next)
}
