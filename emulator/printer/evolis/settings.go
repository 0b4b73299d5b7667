package evolis

import (
	"strconv"
	"strings"

	"blanko/emulator/printer"
)

// Values of Pem: who manages errors.
const (
	errorsByPrinter  = 0
	errorsByHost     = 2
	errorsSupervised = 38 // can only be read
	ackMode          = 8  // bit 4, counted from 1
)

// settings are what the host has told the printer.
type settings struct {
	pem, pemSaved int
	ribbon        string            // Pr; empty: as fitted
	plain         map[string]string // parameters that are only remembered, by key
	offset        int               // Poc, contactless position in dots
	newer         newer
}

// newer are the settings of the newer command set; a reset forgets them.
type newer struct {
	source printer.Source
	tray   printer.Tray
	keep   bool // Pneab;E
	armed  bool // Pneab;A;1
}

// contactOffset is the default of Poc in dots.
const contactOffset = 1158

func freshSettings(pemSaved int) settings {
	return settings{pem: pemSaved, pemSaved: pemSaved, plain: map[string]string{}, offset: contactOffset, newer: freshNewer()}
}

func freshNewer() newer { return newer{source: printer.FromHopper, tray: printer.ToOutput} }

// byHost tells whether the host manages errors.
func (s *settings) byHost() bool { return s.pem&errorsByHost != 0 }

// setPem is Pem;n[;s].
func (d *Device) setPem(c *command) error {
	n, ok := c.number(0)
	if !ok || n == errorsSupervised || n > 31 {
		return errParameters
	}
	d.set.pem = n
	if c.field(1) == "s" {
		d.set.pemSaved = n
	}
	return nil
}

// setSeparators is Psc;start;sep;end, or Psc alone.
func (d *Device) setSeparators(c *command) error {
	if len(c.fields) == 0 {
		d.setParser(newParser())
		return nil
	}
	var b [3]byte
	for i := range b {
		n, ok := c.number(i)
		if !ok || n == 0 || n > 255 {
			return errParameters
		}
		b[i] = byte(n)
	}
	if b[0] == b[1] || b[1] == b[2] || b[0] == b[2] {
		return errParameters
	}
	d.setParser(parser{b[0], b[1], b[2]})
	return nil
}

// setRibbon is Pr;r.
func (d *Device) setRibbon(c *command) error {
	r := strings.ToLower(c.field(0))
	if _, ok := ribbons[r]; !ok {
		return errParameters
	}
	d.set.ribbon = r
	return nil
}

// ribbons are the ribbon names and the panels on one frame.
var ribbons = map[string]string{
	"ymcko": "YMCKO", "ymckos": "YMCKO", "ymckok": "YMCKO",
	"k": "K", "kb": "K", "kw": "K", "kr": "K", "kbl": "K", "kgr": "K", "kgo": "K", "ksi": "K", "ksc": "K",
	"ko": "KO", "h": "O", "ho": "O", "ktc": "K", "ktp": "K", "ka": "K",
}

// sameRibbon compares names; drivers write plain k for kb.
func sameRibbon(a, b string) bool {
	short := func(s string) string {
		if s = strings.ToLower(s); s == "kb" {
			return "k"
		}
		return s
	}
	return short(a) == short(b)
}

// Where the next card comes from, by the letters of Pmi and of Pcim.
var (
	sourcesOfPmi  = map[string]printer.Source{"F": printer.FromHopper, "M": printer.FromBezel, "B": printer.FromBoth}
	sourcesOfPcim = map[string]printer.Source{"F": printer.FromHopper, "I": printer.FromBezel, "B": printer.FromBoth}
)

// setSource is Pmi;F, M or B and Pcim;F, I;S or B.
func setSource(sources map[string]printer.Source) func(*Device, *command) error {
	return func(d *Device, c *command) error {
		source, ok := sources[c.field(0)]
		if !ok {
			return errParameters
		}
		d.set.newer.source = source
		return nil
	}
}

// setOutput is Pcem;I, Pcem;M, Pcem;k or Pcem;S.
func (d *Device) setOutput(c *command) error {
	switch c.field(0) {
	case "I", "M":
		if !d.m.Model().Bezel {
			// Accepted everywhere; a machine without a front slot ejects to its tray.
			d.set.newer.tray = printer.ToOutput
			return nil
		}
		d.set.newer.tray = printer.ToBezel
	case "k":
		d.set.newer.tray = printer.ToReject
	case "S":
		d.set.newer.tray = printer.ToOutput
	default:
		return errParameters
	}
	return nil
}

// setEject is Pneab;E (keep the card after printing), Pneab;A;1 and Pneab;A;0 (arm and disarm
// the eject).
func (d *Device) setEject(c *command) error {
	switch {
	case c.field(0) == "E":
		d.set.newer.keep, d.set.newer.armed = true, false
	case c.field(0) == "A" && c.field(1) == "1":
		d.set.newer.armed = true
	case c.field(0) == "A" && c.field(1) == "0":
		d.set.newer.armed = false
	default:
		return errParameters
	}
	return nil
}

// setReject is Pcrm;D, rejected cards into the reject box: the only place that is known.
func (d *Device) setReject(c *command) error {
	if c.field(0) != "D" {
		return errParameters
	}
	return d.remember(c)
}

// setOffset is Poc;=;n.
func (d *Device) setOffset(c *command) error {
	n, err := strconv.Atoi(c.field(1))
	if c.field(0) != "=" || err != nil {
		return errParameters
	}
	d.set.offset = n
	return nil
}

// remember keeps a parameter that changes nothing in the emulated mechanics.
func (d *Device) remember(c *command) error {
	d.set.plain[c.key()] = strings.Join(c.fields, ";")
	return nil
}
