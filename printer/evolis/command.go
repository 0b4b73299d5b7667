package evolis

import (
	"blanko/printer"
)

// Bytes of the frame (Programming Guide A5013 Rev E, communication protocol).
const (
	escape    = 0x1b
	separator = ';'
	end       = 0x0d
)

// pace is how long a command may take to answer.
type pace int

const (
	quick  pace = iota // parameters and reads
	motion             // card movement, panels, the end of a job
	cleaning
)

// shape is what a fitting answer looks like. An answer that tells a fault fits every shape.
type shape int

const (
	done      shape = iota // OK; a command, so anything else is the late answer of another
	asText                 // model, serial, firmware, ribbon
	asNumber               // counters
	asVolts                // sensors
	asPlace                // where the card is
	asBox                  // whether a box is full: CARD or NO CARD
	asVerdict              // OK or the fault
)

// command is one row of the language. Reads are harmless to repeat, commands never are.
type command struct {
	text   string // mnemonic and parameters
	answer shape
	pace   pace
}

// Reads.
var (
	readModel         = command{"Rtp", asText, quick}
	readSerial        = command{"Rsn", asText, quick}
	readFirmware      = command{"Rfv", asText, quick}
	readErrorMode     = command{"Rem", asText, quick}
	readPosition      = command{"Rlr;p", asPlace, quick}
	readCleaning      = command{"Rlr;r", asVerdict, quick}
	readOutput        = command{"Rlr;h", asBox, quick}
	readCover         = command{"Rse;o", asVolts, quick}
	readFeeder        = command{"Rse;f", asVolts, quick}
	readNearEmpty     = command{"Rse;n", asVolts, quick}
	readBezel         = command{"Rse;b", asVolts, quick}
	readCards         = command{"Rco;c", asNumber, quick}
	readPanels        = command{"Rco;p", asNumber, quick}
	readRibbon        = command{"Rr", asText, quick}
	readRibbonEnd     = command{"Rcr", asVerdict, quick}
	readRibbonTotal   = command{"Rrt;qty", asNumber, quick}
	readRibbonLeft    = command{"Rrt;count", asNumber, quick}
	readRibbonZone    = command{"Rrt;zone", asText, quick}
	readPrinterZone   = command{"Rzp", asText, quick}
	releaseAfterPrint = command{"Pneab;A;1", done, quick}
	holdAfterPrint    = command{"Pneab;E", done, quick}
)

// Sequences: the card's way, printing, upkeep.
var (
	sequenceStart = command{"Ss", done, motion}
	frontFollows  = command{"Sr", done, motion}
	backFollows   = command{"Sv", done, motion}
	sequenceEnd   = command{"Se", done, motion}
	toPrint       = command{"Si", done, motion}
	toContact     = command{"Sis", done, motion}
	toContactless = command{"Sic", done, motion}
	toRejectBox   = command{"Ser", done, motion}
	rejectIsBox   = command{"Pcrm;D", done, quick}
	clearError    = command{"Scs", done, quick}
	softReset     = command{"Srs", done, motion}
	cleaningCycle = command{"Scp", done, cleaning}
)

// stations are the commands that bring the card to a place; each feeds a card when none is
// inside.
var stations = map[printer.Position]command{
	printer.PositionPrint:       toPrint,
	printer.PositionContact:     toContact,
	printer.PositionContactless: toContactless,
}

// Ways out. A step that the printer did not take at setup is left out: older models have
// neither Pneab nor Pcrm and eject by the sequence alone.
var ways = map[printer.Tray][]command{
	printer.TrayOutput: {sequenceStart, releaseAfterPrint, sequenceEnd},
	printer.TrayReject: {sequenceStart, releaseAfterPrint, rejectIsBox, toRejectBox},
}

// mnemonic is the command's name without parameters.
func (c command) mnemonic() string {
	for i := range len(c.text) {
		if c.text[i] == separator {
			return c.text[:i]
		}
	}
	return c.text
}

// frame is the command on the wire.
func (c command) frame() []byte {
	b := make([]byte, 0, len(c.text)+2)
	b = append(b, escape)
	b = append(b, c.text...)
	return append(b, end)
}

// read tells a command that only reads.
func (c command) read() bool { return c.answer != done }

// fits tells whether an answer can be the answer to this command.
func (c command) fits(r reply) bool {
	if r.trouble() != printer.ClassNone {
		return true
	}
	ok := false
	switch c.answer {
	case done, asVerdict:
		return r.is("OK")
	case asText:
		return !r.is("OK")
	case asNumber:
		_, ok = r.number()
	case asVolts:
		_, ok = r.volts()
	case asPlace:
		_, ok = r.position()
	case asBox:
		return r.is("CARD") || r.is("NO CARD")
	}
	return ok
}

// Padding. Drivers fill each bitmap command with NUL to a multiple of 64 bytes, and printers
// lost every second job over USB until the stream of a job ended in more NUL
// (qzind/tray#370). NUL between commands is ignored.
const (
	padTo   = 64
	jobTail = 64
)

// filling is how many NUL fill n bytes to a multiple of 64.
func filling(n int) int { return (padTo - n%padTo) % padTo }

// lastFrame is the command that ends a job: filled, and 64 NUL more.
func (c command) lastFrame() []byte {
	frame := c.frame()
	return append(frame, make([]byte, filling(len(frame))+jobTail)...)
}
