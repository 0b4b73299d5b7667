package station

import (
	"context"
	"slices"
	"strings"

	"blanko/fault"
	device "blanko/printer"
	"blanko/printer/spool"
	"blanko/printer/usb"
)

// usb lists the printers, and looks at that of each line: there, free, without an error, set as it should
// be. A printer that is in use is left alone.
func (x *exam) usb(ctx context.Context) finding {
	var lines []LineConfig
	for _, l := range x.cfg.Lines {
		if l.Printer.Cable == cableUSB {
			lines = append(lines, l)
		}
	}
	list, err := x.Printers.List(ctx)
	if err != nil {
		f := failed(err)
		if len(lines) == 0 {
			f.Level = Note
		}
		return f
	}
	f := fine("%d printer%s", "%d printers%s", len(list), named(list))
	if len(lines) == 0 {
		f.Level = Note
	}
	for _, l := range lines {
		of := x.linePrinter(ctx, l, list)
		f.Level = worse(f.Level, of.Level)
		f.Seen.ID += "; " + string(l.ID) + ": " + of.Seen.ID
		f.Seen.EN += "; " + string(l.ID) + ": " + of.Seen.EN
	}
	return f
}

// worse is the more serious of two levels.
func worse(a, b Level) Level {
	order := []Level{Fine, Note, Skipped, Warning, Missing}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// linePrinter looks at the printer of one line.
func (x *exam) linePrinter(ctx context.Context, l LineConfig, list []usb.Device) finding {
	c := PrinterChoice{Serial: l.Printer.Serial, Place: l.Printer.Place}
	d, err := c.choose(list)
	if err != nil {
		return failed(err)
	}
	speaks, err := c.language(d, l)
	if err != nil {
		return failed(err)
	}
	o, err := openPrinter(ctx, x.Printers, x.cfg, d, speaks)
	switch {
	case inUse(err):
		return note("sedang dipakai", "in use")
	case err != nil:
		return failed(err)
	}
	defer o.close() //nolint:errcheck // nothing is left to be done with the printer
	st, err := o.Status(ctx)
	if err != nil {
		return failed(err)
	}
	_, drift, err := o.settings(ctx)
	if err != nil {
		return failed(err)
	}
	return judged(st, drift)
}

// inUse reports whether somebody else holds a printer, such as a station that runs.
func inUse(err error) bool { return fault.Is(err, usb.InUse) }

// judged makes a finding of a printer's status and settings.
func judged(st device.Status, drift []Drift) finding {
	if len(drift) > 0 {
		var id, en []string
		for _, d := range drift {
			w := say("%s adalah %s, seharusnya %s", "%s is %s, should be %s", d.Name, d.Is, d.Want)
			id, en = append(id, w.ID), append(en, w.EN)
		}
		return finding{Warning, words{"setelan berubah: " + strings.Join(id, ", "), "settings have changed: " + strings.Join(en, ", ")}}
	}
	switch due := st.Cleaning.Due; {
	case st.Error != device.ClassNone:
		e := device.Fault(st.Error)
		return finding{Warning, words{e.ID + " [" + string(e.Code) + "]", e.EN + " [" + string(e.Code) + "]"}}
	case due.Known && due.Value:
		return warning("waktunya dibersihkan", "cleaning is due")
	}
	return fine("baik", "in order")
}

// cups tells the queues, and looks at that of each line: there, and one that keeps the rules. Without a
// line that has one it is a note.
func (x *exam) cups(ctx context.Context) finding {
	var out finding
	list, err := x.Printers.Queues(ctx, "")
	if err != nil {
		out = finding{Note, printServiceAway}
	} else {
		var names []string
		for _, q := range list {
			names = append(names, q.Name)
		}
		out = note("%d antrean %s", "%d queues %s", len(list), strings.Join(names, ", "))
	}
	for _, l := range x.cfg.Lines {
		if l.Printer.Cable != cableCUPS {
			continue
		}
		of := x.lineQueue(ctx, l)
		out.Level = worse(out.Level, of.Level)
		out.Seen.ID += "; " + string(l.ID) + ": " + of.Seen.ID
		out.Seen.EN += "; " + string(l.ID) + ": " + of.Seen.EN
	}
	return out
}

// lineQueue looks at the queue of one line.
func (x *exam) lineQueue(ctx context.Context, l LineConfig) finding {
	list, err := x.Printers.Queues(ctx, l.Printer.PrintService)
	if err != nil {
		return failed(err)
	}
	for _, q := range list {
		e, broken := entryOf(fault.Code(q.Fault))
		switch {
		case q.Name != l.Printer.Queue:
			continue
		case broken:
			return failed(e.At("station.lineQueue", nil))
		}
		return fine("antrean %s", "queue %s", q.Name)
	}
	return failed(spool.QueueUnknown.At("station.lineQueue", nil))
}
