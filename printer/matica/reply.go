package matica

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"

	"blanko/printer"
)

var errShort = errors.New("the answer is shorter than it must be")

// parseSense reads the code (SCSI fixed format: sense key at byte 2, additional sense code at 12).
func parseSense(b []byte) (Code, error) {
	if len(b) < senseSize {
		return 0, errShort
	}
	return Code(uint32(b[2]&0x0F)<<16 | uint32(b[12])<<8), nil
}

// identity is what the inquiry tells.
type identity struct{ maker, model, serial, firmware string }

// parseInquiry reads maker (8 to 15), model (16 to 23, ended by NUL), serial number (24 to 31) and
// versions (58 to 70, 71 to 78, 79 to 86).
func parseInquiry(b []byte) (identity, error) {
	if len(b) < inquirySize {
		return identity{}, errShort
	}
	id := identity{maker: word(b[8:16]), model: word(b[16:24]), serial: word(b[24:32])}
	var versions []string
	for _, field := range [][]byte{b[58:71], b[71:79], b[79:87]} {
		if v := word(field); v != "" {
			versions = append(versions, v)
		}
	}
	id.firmware = strings.Join(versions, " ")
	return id, nil
}

// word is the printable text of a field, up to NUL and without blanks around it.
func word(field []byte) string {
	if i := bytes.IndexByte(field, 0); i >= 0 {
		field = field[:i]
	}
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return -1
		}
		return c
	}, string(field)))
}

// parseParameters reads the geometry: dpi (8 and 10), image columns and rows (32, 34). Levels are
// those of one byte a dot.
func parseParameters(b []byte) (printer.Geometry, error) {
	if len(b) < parametersSize {
		return printer.Geometry{}, errShort
	}
	be := binary.BigEndian
	across, along := be.Uint16(b[8:]), be.Uint16(b[10:])
	g := printer.Geometry{Columns: int(be.Uint16(b[32:])), Rows: int(be.Uint16(b[34:])), DPI: int(across), Levels: levels}
	if across == 0 || across != along || g.Columns == 0 || g.Rows == 0 {
		return printer.Geometry{}, errors.New("resolution or size of the image is none")
	}
	return g, nil
}

// ribbonOf is what the ribbon page tells; how much is left it does not.
type ribbonOf struct {
	ink   byte
	total int
	lot   string // empty: none
}

// parseRibbon reads ink type (6), total (8) and lot (12 to 17, ff for none).
func parseRibbon(b []byte) (ribbonOf, error) {
	if len(b) < ribbonSize {
		return ribbonOf{}, errShort
	}
	return ribbonOf{ink: b[6], total: int(binary.BigEndian.Uint16(b[8:])), lot: word(b[12:18])}, nil
}

// Counts are the printer's counters. What total, free and head count is not told by public sources;
// Clean is taken for the cards since the last cleaning.
type Counts struct{ Total, Free, Head, Clean, Error int }

// parseCounters reads the records from byte 4 on: number, size 4, value.
func parseCounters(b []byte) (Counts, error) {
	if len(b) < countersSize {
		return Counts{}, errShort
	}
	be := binary.BigEndian
	var values [5]int
	for i := range values {
		r := b[4+8*i:]
		if int(be.Uint16(r)) != i || be.Uint16(r[2:]) != 4 || be.Uint32(r[4:]) > maxCount {
			return Counts{}, errors.New("the counters do not stand in their order")
		}
		values[i] = int(be.Uint32(r[4:]))
	}
	return Counts{values[0], values[1], values[2], values[3], values[4]}, nil
}

// maxCount bounds a counter: more cards than a printer can make in its life.
const maxCount = 1 << 30

// positions of the card that a reading can tell.
var positions = map[place]printer.Position{
	atPrint: printer.PositionPrint, atContact: printer.PositionContact, atRFID: printer.PositionContactless,
	atMagnetic: printer.PositionMagnetic, atEject: printer.PositionExit,
}

// parsePosition reads where the card is: none where byte 0 is not 0, else byte 7.
func parsePosition(b []byte) (printer.Position, error) {
	if len(b) < positionSize {
		return "", errShort
	}
	if b[0] != 0 {
		return printer.PositionNone, nil
	}
	if p, ok := positions[place(b[7])]; ok {
		return p, nil
	}
	return printer.PositionUnknown, nil
}
