package station

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"blanko/fault"
)

// PrinterListCommand is blanko printer list.
type PrinterListCommand struct {
	OptionalConfig
	PrintService
	JSON bool `name:"json" help:"Print the printers as JSON."`
}

// listedPrinter is a printer on USB, or a print queue.
type listedPrinter struct {
	Kind     string     `json:"kind"` // usb, queue
	Name     string     `json:"name"` // maker and model, or the queue
	Model    string     `json:"model,omitempty"`
	Vendor   string     `json:"vendor,omitempty"` // USB ids, four hexadecimal digits
	Product  string     `json:"product,omitempty"`
	Serial   string     `json:"serial,omitempty"`
	Place    string     `json:"place,omitempty"`
	Language string     `json:"language,omitempty"` // empty: none that this version speaks
	Line     string     `json:"line,omitempty"`
	State    string     `json:"state,omitempty"` // of a queue
	Hinders  *hindrance `json:"hinders,omitempty"`
}

// hindrance is why a printer, or a whole way to printers, cannot be used.
type hindrance struct {
	Code fault.Code `json:"code"`
	Text words      `json:"text"`
}

// listedPrinters are the printers, and the ways that could not be looked at.
type listedPrinters struct {
	Printers []listedPrinter      `json:"printers"`
	Unseen   map[string]hindrance `json:"unseen,omitempty"` // by kind
}

// hindranceOf gives the sentence of a code.
func hindranceOf(c fault.Code) hindrance {
	e, known := entryOf(c)
	if !known {
		return hindrance{c, unexpected}
	}
	return hindrance{c, words{e.ID, e.EN}}
}

// printServiceAway is why print queues cannot be looked at where no CUPS answers.
var printServiceAway = words{"Layanan cetak sistem (CUPS) tidak menjawab; hanya perlu untuk printer yang digerakkan sistem.", "The system's print service (CUPS) does not answer; it is only needed for printers that the system drives."}

// Run lists the printers; none is no error.
func (c PrinterListCommand) Run(ctx context.Context, t Terminal, ports Printers) error {
	cfg, err := c.read()
	if err != nil {
		return err
	}
	out := listedPrinters{Printers: []listedPrinter{}, Unseen: map[string]hindrance{}}
	devices, err := ports.List(ctx)
	if err != nil {
		out.Unseen[byUSB] = hindranceOf(fault.CodeOf(err))
	}
	for _, d := range devices {
		p := listedPrinter{
			Kind: byUSB, Name: deviceName(d), Vendor: fmt.Sprintf("%04x", d.Vendor), Product: fmt.Sprintf("%04x", d.Product), Serial: d.Serial, Place: d.Place,
		}
		line := lineOf(cfg, d)
		if p.Line, p.Language = string(line.ID), line.Printer.Language; p.Language == "" {
			p.Language = languageOf(d)
		}
		if d.Fault != "" {
			h := hindranceOf(fault.Code(d.Fault))
			p.Hinders = &h
		}
		out.Printers = append(out.Printers, p)
	}
	queues, qerr := ports.Queues(ctx, c.CUPS)
	if qerr != nil {
		out.Unseen[byQueue] = hindrance{fault.CodeOf(qerr), printServiceAway}
	}
	for _, q := range queues {
		p := listedPrinter{Kind: byQueue, Name: q.Name, Model: q.Model, Language: spoolLanguage, State: q.State, Line: string(cfg.lineOfQueue(q.Name).ID)}
		if q.Fault != "" {
			h := hindranceOf(fault.Code(q.Fault))
			p.Hinders = &h
		}
		out.Printers = append(out.Printers, p)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if c.JSON {
		err = printJSON(t.Out, out)
	} else {
		err = out.print(t)
	}
	if err == nil && len(out.Unseen) == 2 {
		return ErrShown
	}
	return err
}

// queueStates are the words for the state of a queue (RFC 8011, 5.4.11).
var queueStates = map[string]words{"idle": {"siaga", "idle"}, "processing": {"bekerja", "working"}, "stopped": {"berhenti", "stopped"}}

// Ways to a printer, in the order of the list.
const (
	byUSB   = "usb"
	byQueue = "queue"
)

var ways = map[string]words{byUSB: {"USB", "USB"}, byQueue: {"antrean", "queue"}}

func (l listedPrinters) print(t Terminal) error {
	if len(l.Printers) == 0 {
		if _, err := fmt.Fprintln(t.Out, t.Language.of(words{"Tidak ada printer yang ditemukan.", "No printer was found."})); err != nil {
			return err
		}
	} else {
		w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, t.Language.of(words{"LEWAT\tPRINTER\tSERI\tTEMPAT\tBAHASA\tLINI\tKETERANGAN", "BY\tPRINTER\tSERIAL\tPLACE\tLANGUAGE\tLINE\tREMARKS"}))
		for _, p := range l.Printers {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.Language.of(ways[p.Kind]), p.Name, dash(p.Serial), dash(p.Place), dash(p.Language), dash(p.Line), p.remarks(t.Language))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	for _, kind := range []string{byUSB, byQueue} {
		if h, there := l.Unseen[kind]; there {
			if _, err := fmt.Fprintf(t.Out, "! %s: %s [%s]\n", t.Language.of(ways[kind]), t.Language.of(h.Text), h.Code); err != nil {
				return err
			}
		}
	}
	return nil
}

// dash stands where nothing is told.
func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// remarks are what a person should know of a printer in the list.
func (p listedPrinter) remarks(l Language) string {
	var out []string
	if p.Kind == byUSB {
		out = append(out, p.Vendor+":"+p.Product)
	} else if p.Model != "" {
		out = append(out, p.Model)
	}
	if w, known := queueStates[p.State]; known {
		out = append(out, l.of(w))
	}
	if p.Hinders != nil {
		out = append(out, l.of(p.Hinders.Text)+" ["+string(p.Hinders.Code)+"]")
	}
	return strings.Join(out, ", ")
}
