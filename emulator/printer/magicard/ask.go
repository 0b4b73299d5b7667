package magicard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"blanko/emulator/printer"
)

// Bits of status field 0.
const (
	hasMagnetic = 1
	hasDuplex   = 2
)

// fieldCount is how many fields a KGE2 status has.
const fieldCount = 35

// ask answers a request: INF on a KGE2 printer, STA and a key on a KEE one. Neither answers what the
// other does.
func (d *Device) ask(s session, words []string) error {
	if d.cfg.DeafWhilePrinting {
		if err := d.rest(); err != nil {
			return err
		}
	}
	switch {
	case words[0] == "INF" && d.cfg.Model.Format == KGE2:
		return d.answer(s, "INF", d.status())
	case words[0] == "STA" && len(words) == 2 && d.cfg.Model.Format == KEE:
		value, ok := d.values()[words[1]]
		if !ok {
			d.find("unknown key %q", words[1])
			return nil
		}
		return d.answer(s, words[1], string(rune(startOf))+"STA,"+words[1]+value+","+string(rune(endOf)))
	case words[0] != "INF":
		d.find("unknown request %q", words)
	}
	return nil
}

// rest waits until no card is made; a printer that waits for a page does not work.
func (d *Device) rest() error {
	for {
		d.mu.Lock()
		changed := d.changed
		free := d.open == 0 || d.waiting && len(d.pages) == 0
		d.mu.Unlock()
		if free {
			return nil
		}
		select {
		case <-changed:
		case <-d.ctx.Done():
			return printer.ErrClosed
		}
	}
}

// cleaning are the cards since the last one, and the limit. A cleaning that is due for another
// reason shows as the limit reached.
func cleaning(m *printer.Machine) (since, limit int) {
	c := m.Sense().Cleaning
	if c.Due {
		return max(c.Since, c.Limit), c.Limit
	}
	return c.Since, c.Limit
}

// roll is the ribbon as its tag tells it; empty when it cannot be read.
func roll(m *printer.Machine) printer.Ribbon {
	s := m.Sense()
	if !s.RibbonIn || s.Ribbon.NoTag {
		return printer.Ribbon{}
	}
	return s.Ribbon
}

// status is the answer to INF.
func (d *Device) status() string {
	major, minor := d.shows()
	r := roll(d.m)
	since, limit := cleaning(d.m)
	bits := 0
	if d.m.Model().Magnetic {
		bits |= hasMagnetic
	}
	if d.m.Model().Duplex {
		bits |= hasDuplex
	}
	d.mu.Lock()
	n := d.counts
	d.mu.Unlock()
	length := func(letter string) any {
		if !strings.Contains(r.Panels, letter) {
			return 0
		}
		return panelLength
	}
	fields := make([]string, fieldCount)
	for i, v := range map[int]any{
		0: bits, 1: d.cfg.Model.Name, 2: d.cfg.HeadType, 3: d.m.Serial(), 4: "H" + d.m.Serial(), 5: "B" + d.m.Serial(),
		6: d.cfg.Firmware, 7: boardVersion, 8: 0, 9: n.cards, 10: n.cards, 11: n.panels, 12: d.m.Sense().Cleaning.Count,
		13: n.sinceCleaned, 14: since, 15: limit, 16: d.cfg.Head, 17: headPosition, 18: headPosition, 19: major, 20: minor,
		21: r.Lot, 22: r.Total, 23: r.Total - r.Left, 24: r.Type, 25: length("Y"), 26: length("K"), 27: length("O"),
		28: 0, 29: 0, 30: "", 31: "", 32: 0, 33: 0,
	} {
		fields[i] = fmt.Sprint(v)
	}
	text := fields[0]
	for i, f := range fields[1:] {
		if d.cfg.Colons && i%2 == 1 {
			text += ":" + f
		} else {
			text += "," + f
		}
	}
	return string(rune(startOf)) + "STA$$" + text + string(rune(endOf))
}

// Values of fields that no source explains further: the length of a panel in mm, and the version of
// a board whose density is the usual one.
const (
	panelLength  = 60
	boardVersion = "2.0"
)

// values are the answers of a KEE printer.
func (d *Device) values() map[string]string {
	r := roll(d.m)
	since, limit := cleaning(d.m)
	prompt := 0
	if limit > 0 && since >= limit {
		prompt = 1
	}
	d.mu.Lock()
	n := d.counts
	d.mu.Unlock()
	out := map[string]string{"MSR": d.m.Serial(), "PSR": "H" + d.m.Serial(), "BSR": "B" + d.m.Serial(), "VRS": d.cfg.Firmware}
	for key, v := range map[string]int{
		"FDC": 0, "FSP": 0, "FEP": 0, "FSS": 0, "FPP": d.cfg.Head, "MDL": 0, "TCQ": n.cards, "TCP": n.cards,
		"TCN": d.m.Sense().Cleaning.Count, "CCQ": since, "CCP": limit, "TPQ": n.panels, "CPQ": n.sinceCleaned,
		"DFR": r.Left * len(r.Panels), "CLP": prompt,
	} {
		out[key] = strconv.Itoa(v)
	}
	return out
}

// numbered reads a request such as SNR2.
func numbered(text, name string) (int, bool) {
	tail, ok := strings.CutPrefix(text, name)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(tail)
	return n, err == nil && n > 0
}

// sensors of a KEE printer, in the order of Gutenprint's list. The format of a line is not known;
// this one is the emulator's own.
var sensors = []string{"CAM1", "CAM2", "TACHO", "FLIP", "DYE", "BARCODE", "LID", "FRONT", "REAR", "BUTTON", "TEMP"}

func sensorLine(d *Device, n int) string {
	if n > len(sensors) {
		return "END"
	}
	s := d.m.Sense()
	on := map[string]bool{"LID": s.CoverOpen, "DYE": s.RibbonIn, "FLIP": s.BackUp, "FRONT": s.Card == printer.StationPrint}
	if on[sensors[n-1]] {
		return sensors[n-1] + " ON"
	}
	return sensors[n-1] + " OFF"
}

// answer sends a reply, unless a fault of the script is due.
func (d *Device) answer(s session, command, reply string) error {
	if d.m.Spend(d.ctx, d.m.Model().Timing.StatusRead) != nil {
		return printer.ErrClosed
	}
	f, struck := d.strike(command, 0)
	late := false
	if struck {
		switch f.Kind {
		case KindLostReply:
			return nil
		case KindLateReply:
			if d.m.Spend(d.ctx, f.Delay) != nil {
				return printer.ErrClosed
			}
			late = f.Delay == 0
		}
	}
	piece := d.cfg.SplitReplies
	if struck && f.Kind == KindSplitReply {
		piece = 1
	}
	if piece <= 0 {
		piece = len(reply)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now() != s || d.deaf {
		return nil // the host that asked is gone, or hears nothing
	}
	for part := range slices.Chunk([]byte(reply), piece) {
		if late {
			d.held = append(d.held, part)
		} else {
			d.queue(part)
		}
	}
	d.wake()
	return nil
}
