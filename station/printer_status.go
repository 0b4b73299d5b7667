package station

import (
	"context"
	"io"
	"text/tabwriter"
	"time"

	device "blanko/printer"
)

// PrinterStatusCommand is blanko printer status.
type PrinterStatusCommand struct {
	PrinterChoice
	JSON bool `name:"json" help:"Print the status as JSON; null is what the printer does not tell."`
}

// PrinterStatus is one reading of a printer, for a person.
type PrinterStatus struct {
	Printer    string                `json:"printer"`
	Language   string                `json:"language"`
	Line       string                `json:"line,omitempty"`
	At         time.Time             `json:"at"`
	Model      string                `json:"model,omitempty"`
	Serial     string                `json:"serial,omitempty"`
	Firmware   string                `json:"firmware,omitempty"`
	Technology device.Technology     `json:"technology"`
	Geometry   device.Geometry       `json:"geometry"`
	Panels     string                `json:"panels,omitempty"`
	Ready      told[bool]            `json:"ready"`
	Busy       told[bool]            `json:"busy"`
	Card       told[device.Position] `json:"card"`
	Closed     told[bool]            `json:"cover_closed"`
	Hopper     told[device.Level]    `json:"hopper"`
	Output     told[device.Level]    `json:"output"`
	Reject     told[device.Level]    `json:"reject"`
	Supplies   SupplyReport          `json:"supplies"`
	Fed        told[int]             `json:"cards_fed"`
	Laid       told[int]             `json:"panels_printed"`
	Printed    told[int]             `json:"cards_printed"`
	Job        told[string]          `json:"job"`
	Settings   map[string]string     `json:"settings"` // of the printer itself; null: it tells none
	Drift      []Drift               `json:"drift,omitempty"`
	Error      device.Class          `json:"error,omitempty"` // class; empty: the printer reports none
	Raw        string                `json:"raw,omitempty"`   // the code as the printer gave it
}

// now is the time of a reading.
func now(t time.Time) time.Time {
	if t.IsZero() {
		return time.Now().Truncate(time.Second)
	}
	return t
}

// status reads the printer.
func (o *openedPrinter) status(ctx context.Context) (PrinterStatus, error) {
	st, err := o.Status(ctx)
	if err != nil {
		return PrinterStatus{}, err
	}
	caps := o.Capabilities()
	out := PrinterStatus{
		Printer: o.Name, Language: o.Language, Line: string(o.Line.ID), At: now(st.At), Model: caps.Model, Serial: caps.Serial, Firmware: caps.Firmware, Technology: caps.Technology,
		Geometry: caps.Geometry, Panels: caps.Panels,
		Ready: told[bool]{st.Ready}, Busy: told[bool]{st.Busy}, Card: told[device.Position]{st.Card}, Closed: told[bool]{st.Cover},
		Hopper: told[device.Level]{st.Hopper}, Output: told[device.Level]{st.Output}, Reject: told[device.Level]{st.Reject},
		Fed: told[int]{st.Counters.Cards}, Laid: told[int]{st.Counters.Panels}, Printed: told[int]{st.Counters.Prints}, Job: told[string]{st.Counters.Job},
		Error: st.Error, Raw: st.Raw,
	}
	if out.Settings, out.Drift, err = o.settings(ctx); err != nil {
		return out, err
	}
	out.Supplies, err = o.supplies(ctx, st)
	return out, err
}

// Run shows the status. An error that the printer reports is explained; it, and settings that are not
// those of the configuration, end with ErrShown.
func (c PrinterStatusCommand) Run(ctx context.Context, t Terminal, ports Printers) error {
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
		err = printJSON(t.Out, st)
	} else {
		err = st.print(t)
	}
	if err == nil && (st.Error != device.ClassNone || len(st.Drift) > 0) {
		return ErrShown
	}
	return err
}

func (s PrinterStatus) print(t Terminal) error {
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	l := t.Language
	s.rows(w, l)
	s.Supplies.rows(w, l)
	row(w, l, words{"kartu masuk", "cards fed"}, show(l, s.Fed, number))
	row(w, l, words{"panel tercetak", "panels printed"}, show(l, s.Laid, number))
	row(w, l, words{"kartu tercetak", "cards printed"}, show(l, s.Printed, number))
	row(w, l, words{"pekerjaan cetak", "print job"}, show(l, s.Job, verbatim))
	row(w, l, words{"kode printer", "printer's code"}, s.Raw)
	printSettings(w, l, s.Settings, s.Drift)
	if s.Error == device.ClassNone {
		row(w, l, words{"galat", "error"}, l.of(words{"tidak ada yang dilaporkan", "none reported"}))
		return w.Flush()
	}
	row(w, l, words{"galat", "error"}, string(s.Error))
	if err := w.Flush(); err != nil {
		return err
	}
	e := device.Fault(s.Error)
	return t.explain(words{e.ID, e.EN}, string(e.Code), e.StepsID, e.StepsEN)
}

// rows are what the printer is, and how it stands.
func (s PrinterStatus) rows(w io.Writer, l Language) {
	row(w, l, words{"printer", "printer"}, s.Printer)
	row(w, l, words{"model", "model"}, s.Model)
	row(w, l, words{"nomor seri", "serial number"}, dash(s.Serial))
	row(w, l, words{"firmware", "firmware"}, s.Firmware)
	row(w, l, words{"bahasa", "language"}, s.Language)
	row(w, l, words{"teknologi", "technology"}, l.of(wordsOf(technologies)(s.Technology)))
	row(w, l, words{"bidang cetak", "print area"}, l.of(say("%d x %d titik, %d dpi, panel %s", "%d x %d dots, %d dpi, panels %s", s.Geometry.Columns, s.Geometry.Rows, s.Geometry.DPI, dash(s.Panels))))
	row(w, l, words{"lini", "line"}, s.Line)
	row(w, l, words{"dibaca pada", "read at"}, s.At.Format(time.DateTime))
	row(w, l, words{"siap", "ready"}, show(l, s.Ready, yes(words{"ya", "yes"}, words{"tidak", "no"})))
	row(w, l, words{"sibuk", "busy"}, show(l, s.Busy, yes(words{"ya", "yes"}, words{"tidak", "no"})))
	row(w, l, words{"kartu", "card"}, show(l, s.Card, wordsOf(positionWords)))
	row(w, l, words{"penutup", "cover"}, show(l, s.Closed, yes(words{"tertutup", "closed"}, words{"terbuka", "open"})))
	row(w, l, words{"tempat blangko", "hopper"}, show(l, s.Hopper, wordsOf(levelWords)))
	row(w, l, words{"baki kartu jadi", "output tray"}, show(l, s.Output, wordsOf(levelWords)))
	row(w, l, words{"baki tolak", "reject tray"}, show(l, s.Reject, wordsOf(levelWords)))
}

// technologies are how a printer brings color onto a card.
var technologies = map[device.Technology]words{device.DirectToCard: {"langsung ke kartu", "direct to card"}, device.Retransfer: {"retransfer (lewat film)", "retransfer (by film)"}}
