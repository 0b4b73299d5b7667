package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"blanko/trial"
)

// answer is what an order leads to.
type answer struct {
	Socket   string               `json:"socket,omitempty"` // for PCSCLITE_CSOCK_NAME
	Readers  []trial.CardState    `json:"readers,omitempty"`
	Address  string               `json:"address,omitempty"` // of USB/IP
	Printers []trial.PrinterState `json:"printers,omitempty"`
	Error    string               `json:"error,omitempty"`
	Wrong    bool                 `json:"wrong,omitempty"` // the order is wrongly written
}

func showAnswer(out io.Writer, a answer, asJSON bool) error {
	var text bytes.Buffer
	if asJSON {
		if err := json.NewEncoder(&text).Encode(a); err != nil {
			return err
		}
	} else {
		for _, r := range a.Readers {
			showReader(&text, r)
		}
		for _, p := range a.Printers {
			showPrinter(&text, p)
		}
		if a.Socket != "" {
			fmt.Fprintf(&text, "\nFor programs that shall find these readers:\n  export PCSCLITE_CSOCK_NAME=%s\n", a.Socket)
		}
	}
	_, err := text.WriteTo(out)
	return err
}

func showReader(out io.Writer, r trial.CardState) {
	fmt.Fprintf(out, "reader %d  %s", r.Reader, r.Address)
	if r.Name != "" {
		fmt.Fprintf(out, "  %s", r.Name)
	}
	where := "taken out"
	switch {
	case r.InReader && r.Seen:
		where = "in the reader"
	case r.InReader:
		where = "in the reader, not found there yet"
	}
	fmt.Fprintf(out, "\n          %s card, %s, %s", r.Card, r.Life, where)
	if r.Slow != 1 {
		fmt.Fprintf(out, ", %g times slower", r.Slow)
	}
	for _, s := range r.Coming {
		fmt.Fprintf(out, ", %s", s)
	}
	if r.Problem != "" {
		fmt.Fprintf(out, " (%s)", r.Problem)
	}
	fmt.Fprintf(out, "\n          chip %s, ATR %s, %d commands so far\n", r.Chip, r.ATR, r.Commands)
	label := "MRZ"
	for _, line := range r.MRZ {
		fmt.Fprintf(out, "          %s %s\n", label, line)
		label = "   "
	}
	if r.CAN != "" {
		fmt.Fprintf(out, "          CAN %s\n", r.CAN)
	}
}

func showPrinter(out io.Writer, p trial.PrinterState) {
	m := p.Machine
	host := "no host has it"
	if p.Attached {
		host = "a host has it"
	}
	fmt.Fprintf(out, "printer %d  bus id %s  %s, serial %s, USB %s, %s\n", p.Printer, p.BusID, p.Model, p.Serial, p.USB, host)
	inside := "no card inside"
	if m.Path > 0 {
		inside = fmt.Sprintf("a card inside (%s)", m.Station)
	}
	fmt.Fprintf(out, "           %s; hopper %d, output %d, reject %d; %d fed, %d panels printed\n", inside, m.Hopper, m.Output, m.Reject, m.Fed, m.Panels)
	if m.RibbonIn {
		fmt.Fprintf(out, "           ribbon: %d of %d sides left", m.Ribbon.Left, m.Ribbon.Total)
		if m.Film.Total > 0 {
			fmt.Fprintf(out, "; film: %d of %d left", m.Film.Left, m.Film.Total)
		}
		fmt.Fprintln(out)
	}
	for _, text := range p.Problems {
		fmt.Fprintf(out, "           problem: %s\n", text)
	}
	for _, text := range p.Coming {
		fmt.Fprintf(out, "           to come: %s\n", text)
	}
	for _, text := range p.Findings {
		fmt.Fprintf(out, "           the printer found: %s\n", text)
	}
}
