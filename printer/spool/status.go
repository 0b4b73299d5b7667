package spool

import (
	"context"
	"strings"

	"blanko/fault"
	"blanko/printer"
)

// States of a printer (RFC 8011, 5.4.11).
const (
	printerIdle       = 3
	printerProcessing = 4
	printerStopped    = 5
)

// reasons maps printer-state-reasons (RFC 8011, 5.4.12; IANA IPP registrations) to classes. Only
// what hinders a print is listed.
var reasons = map[string]printer.Class{
	"media-empty":           printer.ClassNoCards,
	"media-needed":          printer.ClassNoCards,
	"input-tray-missing":    printer.ClassNoCards,
	"media-jam":             printer.ClassJam,
	"cover-open":            printer.ClassCoverOpen,
	"door-open":             printer.ClassCoverOpen,
	"interlock-open":        printer.ClassCoverOpen,
	"output-area-full":      printer.ClassOutputFull,
	"marker-supply-empty":   printer.ClassRibbonOut,
	"marker-supply-missing": printer.ClassRibbonGone,
	"marker-waste-full":     printer.ClassHardware,
	"fuser-under-temp":      printer.ClassHeating,
	"fuser-over-temp":       printer.ClassCooling,
	"connecting-to-device":  printer.ClassComm,
	"timed-out":             printer.ClassComm,
	"offline":               printer.ClassComm,
	"shutdown":              printer.ClassComm,
	"paused":                printer.ClassBusy,
	"moving-to-paused":      printer.ClassBusy,
	"spool-area-full":       printer.ClassHardware,
	"developer-empty":       printer.ClassHardware,
	"other":                 printer.ClassUnknown,
}

// reason is the class of one keyword. Its ending says how bad it is: a report and a warning hinder
// nothing; without an ending it is as bad as it can be.
func reason(word string) printer.Class {
	switch {
	case word == "none", strings.HasSuffix(word, "-report"), strings.HasSuffix(word, "-warning"), strings.HasPrefix(word, "cups-"):
		return printer.ClassNone
	case strings.HasPrefix(word, "marker-supply-low"), strings.HasPrefix(word, "media-low"), strings.HasPrefix(word, "output-area-almost-full"), strings.HasPrefix(word, "marker-waste-almost-full"), strings.HasPrefix(word, "toner-low"):
		return printer.ClassNone
	}
	if c, ok := reasons[strings.TrimSuffix(word, "-error")]; ok {
		return c
	}
	return printer.ClassUnknown
}

// Status is what the spooler says of its printer. A spooler sees no card, no cover and no ribbon,
// so nearly every field is not known; that it is idle does not make it ready. A queue that breaks the
// rules is not ready, with the code of the rule as what it says.
func (p *Printer) Status(ctx context.Context) (printer.Status, error) {
	a, err := p.look(ctx)
	if err != nil {
		return printer.Status{}, unreachable("spool.Status", err)
	}
	st := told(a)
	st.Counters.Job = p.last
	broken := p.settled(ctx)
	if rule := usable(a); broken == nil && rule != nil {
		broken = rule
	}
	if broken != nil && st.Error == printer.ClassNone {
		st.Ready, st.Error, st.Raw = printer.Know(false), printer.ClassUnsupported, string(fault.CodeOf(broken))
	}
	return st, nil
}

// told makes a status of a queue's attributes.
func told(a attributes) printer.Status {
	var st printer.Status
	state, known := a.number("printer-state")
	if accepting, told := a.yes("printer-is-accepting-jobs"); told && !accepting || known && state == printerStopped {
		st.Ready = printer.Know(false)
		st.Error = printer.ClassBusy
	}
	if known {
		st.Busy = printer.Know(state == printerProcessing)
	}
	words := a.words("printer-state-reasons")
	for _, w := range words {
		if c := reason(w); c != printer.ClassNone && (st.Error == printer.ClassNone || st.Error == printer.ClassBusy) {
			st.Error, st.Ready = c, printer.Know(false)
		}
	}
	if len(words) > 0 && words[0] != "none" {
		st.Raw = strings.Join(words, ",")
	}
	return st
}

// Supply is a ribbon, film or other supply that the printer's driver tells of.
type Supply struct {
	Name    string             `json:"name"`
	Type    string             `json:"type"`
	Percent printer.Known[int] `json:"percent"` // left
}

// Supplies lists what the driver tells; empty where it tells nothing.
func (p *Printer) Supplies(ctx context.Context) ([]Supply, error) {
	a, err := p.look(ctx)
	if err != nil {
		return nil, unreachable("spool.Supplies", err)
	}
	return supplies(a), nil
}

func supplies(a attributes) []Supply {
	names, types, levels := a.words("marker-names"), a.words("marker-types"), a.numbers("marker-levels")
	out := make([]Supply, len(names))
	for i, n := range names {
		out[i].Name = n
		if i < len(types) {
			out[i].Type = types[i]
		}
		if i < len(levels) && levels[i] >= 0 && levels[i] <= 100 { // below zero: not known
			out[i].Percent = printer.Know(levels[i])
		}
	}
	return out
}
