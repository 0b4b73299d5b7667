package evolis

import (
	"errors"
	"fmt"
	"strconv"

	"blanko/emulator/printer"
)

// reads is the table of the text reads. An empty answer means that the field is unknown.
var reads = map[string]func(*Device, *command, printer.Sense) string{
	"Rtp":  func(d *Device, _ *command, _ printer.Sense) string { return d.cfg.Type },
	"Rsn":  func(d *Device, _ *command, _ printer.Sense) string { return d.m.Serial() },
	"Rfv":  func(d *Device, _ *command, _ printer.Sense) string { return d.cfg.Firmware },
	"Rkn":  func(d *Device, _ *command, _ printer.Sense) string { return d.cfg.HeadKit },
	"Rmac": func(d *Device, _ *command, _ printer.Sense) string { return d.cfg.MAC },
	"Rip":  func(d *Device, _ *command, _ printer.Sense) string { return d.cfg.IP },
	"Rr": func(d *Device, _ *command, s printer.Sense) string {
		if d.set.ribbon != "" {
			return d.set.ribbon
		}
		return s.Ribbon.Type
	},
	"Rem": func(d *Device, _ *command, _ printer.Sense) string {
		return fmt.Sprintf("%d;%d", d.set.pem, d.set.pemSaved)
	},
	"Roc": func(d *Device, _ *command, _ printer.Sense) string { return strconv.Itoa(d.set.offset) },
	"Rzp": func(d *Device, _ *command, _ printer.Sense) string { return d.m.Zone() },
	"Rco": readCounter,
	"Rcr": func(_ *Device, _ *command, s printer.Sense) string {
		if errors.Is(s.RibbonErr, printer.ErrRibbonOut) {
			return replyRibbon
		}
		return replyOK
	},
	"Rlr": readLine,
	"Rse": readSensor,
	"Rrt": readTag,
}

// readCounter is Rco;x. The letters b e f i k r s answer too; their meaning is unknown.
func readCounter(_ *Device, c *command, s printer.Sense) string {
	n := 0
	switch c.field(0) {
	case "p":
		n = s.Panels
	case "c":
		n = s.Fed
	case "a":
		n = s.Cleaning.Average
	case "m":
		n = s.Cleaning.Largest
	case "n":
		n = s.Cleaning.Count
	case "l":
		n = s.Ribbon.Left
	case "b", "e", "f", "i", "k", "r", "s":
	default:
		return ""
	}
	return strconv.Itoa(n)
}

// readLine is Rlr;p, Rlr;r and Rlr;h.
func readLine(d *Device, c *command, s printer.Sense) string {
	switch c.field(0) {
	case "p":
		switch s.Card {
		case printer.StationNone:
			if d.newer {
				return replyOK
			}
			return "NO CARD"
		case printer.StationPrint, printer.StationFlip, printer.StationMagnetic:
			return "CARD"
		case printer.StationContact:
			return "SMART CARD"
		case printer.StationContactless:
			return "CONTACTLESS CARD"
		}
		return replyCard
	case "r":
		if s.Cleaning.Due {
			return replyCleaning
		}
		return replyOK
	case "h":
		if s.TrayFull {
			return "CARD"
		}
		return "NO CARD"
	}
	return ""
}

// Voltages of the sensors, in hundredths of a volt, as public programs have seen them.
const (
	voltsHigh      = 500
	voltsNone      = 0
	voltsNearEmpty = 392
	voltsStacked   = 17
	voltsBezelCard = 492
	voltsBezelNone = 23
	voltsOther     = 20
)

// readSensor is Rse;s: a voltage with a comma.
func readSensor(_ *Device, c *command, s printer.Sense) string {
	pick := func(yes bool, a, b int) int {
		if yes {
			return a
		}
		return b
	}
	var v int
	switch c.field(0) {
	case "f":
		v = pick(s.HopperEmpty, voltsNone, voltsHigh)
	case "n":
		v = pick(s.NearEmpty, voltsNearEmpty, voltsStacked)
	case "o":
		v = pick(s.CoverOpen, voltsNone, voltsHigh)
	case "b":
		v = pick(s.Bezel, voltsBezelCard, voltsBezelNone)
	case "c", "m", "p", "r":
		v = voltsOther
	default:
		return ""
	}
	return fmt.Sprintf("%d,%02d Volts", v/100, v%100)
}

// readTag is Rrt;qty, Rrt;count and Rrt;zone.
func readTag(_ *Device, c *command, s printer.Sense) string {
	if !s.RibbonIn || s.Ribbon.NoTag {
		return replyNoTag
	}
	switch c.field(0) {
	case "qty":
		return strconv.Itoa(s.Ribbon.Total)
	case "count":
		return strconv.Itoa(s.Ribbon.Left)
	case "zone":
		return s.Ribbon.Zone
	}
	return ""
}
