package matica

import "encoding/binary"

// pace is how long a command may take.
type pace int

const (
	quick   pace = iota
	engages      // the encoder moves to the card or away
	motion       // the card, the film or the head moves
	feeding
	panels // a panel on its way
)

// command is one command of the printer.
type command struct {
	name string // for errors
	cdb  []byte
	in   int    // bytes that come
	out  []byte // bytes that go
	pace pace
}

// Sizes of the answers, in bytes.
const (
	senseSize      = 20
	inquirySize    = 96
	parametersSize = 64
	ribbonSize     = 44
	countersSize   = 52
	positionSize   = 8
)

// The reads.
var (
	testUnitReady  = command{name: "test unit ready", cdb: []byte{0x00, 0, 0, 0, 0, 0}}
	requestSense   = command{name: "request sense", cdb: []byte{0x03, 0, 0, 0, senseSize, 0}, in: senseSize}
	readInquiry    = command{name: "inquiry", cdb: []byte{0x12, 0, 0, 0, inquirySize, 0}, in: inquirySize}
	readParameters = command{name: "parameters", cdb: []byte{0x1A, 0, 0x68, 0, parametersSize, 0}, in: parametersSize}
	readRibbon     = command{name: "ribbon", cdb: []byte{0x1A, 0, 0x63, 0, ribbonSize, 0}, in: ribbonSize}
	readCounters   = command{name: "counters", cdb: []byte{0x4D, 0, 0x78, 0, 0, 0, 0, 0, countersSize, 0}, in: countersSize}
	readPosition   = command{name: "position", cdb: []byte{0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0}, in: positionSize}
)

// The movements of encoder and film.
var (
	engageContact    = command{name: "engage contact", cdb: []byte{0x32, 0x00, 0, 0, 0, 0, 0, 0, 0, 0}, pace: engages}
	disengageContact = command{name: "disengage contact", cdb: []byte{0x32, 0x01, 0, 0, 0, 0, 0, 0, 0, 0}, pace: engages}
	engageRFID       = command{name: "engage RFID", cdb: []byte{0x32, 0x04, 0, 0, 0, 0, 0, 0, 0, 0}, pace: engages}
	disengageRFID    = command{name: "disengage RFID", cdb: []byte{0x32, 0x05, 0, 0, 0, 0, 0, 0, 0, 0}, pace: engages}

	transferAndEject  = command{name: "transfer and eject", cdb: []byte{0x31, 0x09, 0, 0, 0, 0, 0, 0, 0, 0}, pace: motion}
	transferAndFlip   = command{name: "transfer and flip", cdb: []byte{0x31, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0}, pace: motion}
	transferAndReturn = command{name: "transfer and return", cdb: []byte{0x31, 0x0D, 0, 0, 0, 0, 0, 0, 0, 0}, pace: motion}
)

// place is a position of the card, as load and move name it.
type place byte

const (
	atPrint    place = 0
	atContact  place = 1
	atRFID     place = 2
	atMagnetic place = 3
	atReject   place = 4
	atEject    place = 5
)

// Flags of load and move.
const (
	withFlip = 0x02
	withFilm = 0x04 // the film is wound on to a fresh frame
)

// load feeds a card from the hopper and brings it to a place.
func load(to place, flags byte) command {
	return command{name: "load", cdb: []byte{0x31, 0x01, 0, 0, flags, 0, 0, byte(to), 0, 0}, pace: feeding}
}

// move brings the card inside to a place.
func move(to place, flags byte) command {
	return command{name: "move", cdb: []byte{0x31, 0x0B, 0, 0, flags, 0, 0, byte(to), 0, 0}, pace: motion}
}

// Bits of the print command.
const (
	printYMC = 0x02
	printK   = 0x04
)

// printPanels lays the panels that were sent on the film.
func printPanels(mask byte) command {
	return command{name: "print", cdb: []byte{0x31, 0x08, mask, 0, 0, 0, 0, 0, 0, 0}, pace: motion}
}

// panelNumbers are the panels of the send command.
var panelNumbers = map[byte]byte{'Y': 3, 'M': 2, 'C': 1, 'K': 0}

// sendPanel sends one panel. The length stands in bytes 5 to 8 of the CDB.
func sendPanel(letter byte, dots []byte) command {
	cdb := []byte{0x2A, 0, panelNumbers[letter], 0, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint32(cdb[5:], uint32(len(dots)))
	return command{name: "panel " + string(letter), cdb: cdb, out: dots, pace: panels}
}

// writeSettings changes settings; ff leaves one as it is.
func writeSettings(data []byte) command {
	return command{name: "settings", cdb: []byte{0x15, 0x10, 0x28, 0, byte(len(data)), 0}, out: data}
}
