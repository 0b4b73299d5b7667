package station

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	device "blanko/printer"
	"blanko/printer/spool"
)

// PrinterSuppliesCommand is blanko printer supplies.
type PrinterSuppliesCommand struct {
	PrinterChoice
	JSON bool `name:"json" help:"Print the supplies as JSON; null is what the printer does not tell."`
}

// SupplyReport is what is left in a printer, and when it must be cleaned.
type SupplyReport struct {
	Ribbon   Supply         `json:"ribbon"`
	Film     *Supply        `json:"film"` // null: the printer has none
	Reported []spool.Supply `json:"reported_by_driver,omitempty"`
	Since    told[int]      `json:"cards_since_cleaning"`
	Limit    told[int]      `json:"cleaning_limit"`
	Due      told[bool]     `json:"cleaning_due"`
	Must     told[bool]     `json:"cleaning_must"`
}

// Supply is a ribbon or a film; counts in printed sides.
type Supply struct {
	Type  string       `json:"type,omitempty"`
	Total told[int]    `json:"total"`
	Left  told[int]    `json:"left"`
	Lot   told[string] `json:"lot"`
	Fits  told[bool]   `json:"fits"`
	// Counted is what the ledger knows of it; absent: nothing.
	Counted *CountedRoll `json:"by_own_count,omitempty"`
}

// supplyTeller is a queue whose driver may tell supplies.
type supplyTeller interface {
	Supplies(ctx context.Context) ([]spool.Supply, error)
}

// supplies is the part of a status that is used up.
func (o *openedPrinter) supplies(ctx context.Context, st device.Status) (SupplyReport, error) {
	out := SupplyReport{
		Since: told[int]{st.Cleaning.Since}, Limit: told[int]{st.Cleaning.Limit}, Due: told[bool]{st.Cleaning.Due}, Must: told[bool]{st.Cleaning.Must},
	}
	if r := st.Ribbon; r.Known {
		out.Ribbon = Supply{Type: r.Value.Type, Total: told[int]{r.Value.Total}, Left: told[int]{r.Value.Left}, Lot: told[string]{r.Value.Lot}, Fits: told[bool]{r.Value.Fits}}
	}
	if o.Capabilities().Technology == device.Retransfer {
		out.Film = &Supply{}
		if f := st.Film; f.Known {
			*out.Film = Supply{Type: f.Value.Type, Total: told[int]{f.Value.Total}, Left: told[int]{f.Value.Left}}
		}
	}
	counted, err := o.rolls(ctx)
	if err != nil {
		return out, err
	}
	out.Ribbon.Counted = counted[rollOfRibbon]
	if out.Film != nil {
		out.Film.Counted = counted[rollOfFilm]
	}
	if q, ok := o.Printer.(supplyTeller); ok {
		out.Reported, err = q.Supplies(ctx)
	}
	return out, err
}

// Run shows the supplies.
func (c PrinterSuppliesCommand) Run(ctx context.Context, t Terminal, ports Printers) error {
	o, err := c.open(ctx, ports)
	if err != nil {
		return err
	}
	defer o.close() //nolint:errcheck // nothing is left to be done with the printer
	st, err := o.status(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, struct {
			Printer string `json:"printer"`
			SupplyReport
		}{st.Printer, st.Supplies})
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	row(w, t.Language, words{"printer", "printer"}, st.Printer)
	st.Supplies.rows(w, t.Language)
	return w.Flush()
}

// rows are the supplies, a line each.
func (s SupplyReport) rows(w io.Writer, l Language) {
	row(w, l, words{"pita", "ribbon"}, s.Ribbon.about(l))
	row(w, l, words{"  sisa pita", "  ribbon left"}, s.Ribbon.left(l))
	s.Ribbon.Counted.row(w, l)
	if s.Film == nil {
		row(w, l, words{"film", "film"}, l.of(words{"tidak memakai film", "it has none"}))
	} else {
		row(w, l, words{"film", "film"}, s.Film.about(l))
		row(w, l, words{"  sisa film", "  film left"}, s.Film.left(l))
		s.Film.Counted.row(w, l)
	}
	for _, r := range s.Reported {
		left := l.of(notKnown)
		if r.Percent.Known {
			left = fmt.Sprintf("%d %%", r.Percent.Value)
		}
		row(w, l, say("  menurut driver: %s", "  by its driver: %s", r.Name), left)
	}
	row(w, l, words{"kartu sejak dibersihkan", "cards since cleaning"}, show(l, s.Since, number)+l.of(words{", batas ", ", limit "})+show(l, s.Limit, number))
	row(w, l, words{"pembersihan", "cleaning"}, s.cleaning(l))
}

// cleaning says whether it is time.
func (s SupplyReport) cleaning(l Language) string {
	if s.Must.Known.Known && s.Must.Value {
		return l.of(words{"HARUS dilakukan sebelum kartu berikutnya", "MUST be done before the next card"})
	}
	return show(l, s.Due, yes(words{"sudah waktunya", "due"}, words{"belum waktunya", "not due"}))
}

// about is what a supply is, as far as the printer tells.
func (s Supply) about(l Language) string {
	kind := s.Type
	if kind == "" {
		kind = l.of(notKnown)
	}
	if s.Lot.Known.Known {
		kind += l.of(say(", lot %s", ", lot %s", s.Lot.Value))
	}
	if s.Fits.Known.Known && !s.Fits.Value {
		kind += l.of(words{", TIDAK SESUAI", ", DOES NOT FIT"})
	}
	return kind
}

// left is what the supply still makes.
func (s Supply) left(l Language) string {
	text := show(l, s.Left, func(n int) words { return say("%d sisi kartu", "%d card sides", n) })
	if s.Total.Known.Known {
		text += l.of(say(" dari %d", " of %d", s.Total.Value))
	}
	return text
}
