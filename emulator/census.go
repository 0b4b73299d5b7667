package emulator

import (
	"encoding/hex"
	"strings"

	"blanko/emulator/printer"
)

// Row is one blank that was ever made, and where it is now.
type Row struct {
	Serial  string        `json:"serial"`
	KDD     string        `json:"kdd"` // key diversification data of the chip, upper-case hex; empty without a chip
	Place   printer.Place `json:"place"`
	Fed     int           `json:"fed"`
	Front   int           `json:"front"` // print passes
	Back    int           `json:"back"`
	State   string        `json:"state"` // of the chip
	Attempt string        `json:"attempt"`
	Dead    bool          `json:"dead,omitempty"` // the chip no longer answers
}

// Census is the world's own account of its cards, which the station's books are compared with.
type Census struct {
	Rows  []Row    `json:"rows"`  // in the order in which the blanks were made
	Wrong []string `json:"wrong"` // cards that are lost or double in the world itself: none, ever
}

// Census counts every blank that was ever made.
func (w *World) Census() Census {
	w.mu.Lock()
	blanks := append([]*printer.Plastic(nil), w.blanks...)
	w.mu.Unlock()
	c := Census{Rows: make([]Row, 0, len(blanks)), Wrong: []string{}}
	for _, p := range blanks {
		c.Rows = append(c.Rows, row(p))
	}
	for _, name := range w.names {
		if l := w.lines[name]; l != nil {
			c.Wrong = append(c.Wrong, l.Machine.Audit()...)
		}
		if d := w.desks[name]; d != nil {
			c.Wrong = append(c.Wrong, d.audit()...)
		}
	}
	return c
}

func row(p *printer.Plastic) Row {
	r := Row{Serial: p.Serial, Place: p.Place(), Fed: p.Fed()}
	r.Front, r.Back = p.Prints()
	if p.Chip == nil {
		return r
	}
	v := p.Chip.View()
	r.KDD = strings.ToUpper(hex.EncodeToString(v.KDD[:]))
	r.State = v.State
	if v.Attempt != [16]byte{} {
		r.Attempt = hex.EncodeToString(v.Attempt[:])
	}
	r.Dead = v.Dead || p.InField() == nil
	return r
}
