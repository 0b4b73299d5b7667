package matica

import (
	"fmt"

	"blanko/printer"
)

// Code is a sense code: key << 16 or additional sense code << 8; 0 is none.
type Code uint32

// The codes that this package treats by themselves.
const (
	codeInitializing Code = 0x0002DB00
	codeNoCards      Code = 0x0002D000
	codeDoorOpen     Code = 0x0002D100
	codeReset        Code = 0x00062800
)

// meaning of a code.
type meaning struct {
	class printer.Class
	words string
}

// codes lists every code that is known of the family.
var codes = map[Code]meaning{
	0x0002D000: {printer.ClassNoCards, "no cards"},
	0x0002D100: {printer.ClassCoverOpen, "door open"},

	0x0002D300: {printer.ClassBusy, "busy"},
	0x0002D400: {printer.ClassBusy, "printing"},
	0x0002DB00: {printer.ClassBusy, "initializing"},
	0x0002DA00: {printer.ClassHeating, "warming up"},
	0x0002F600: {printer.ClassHeating, "too cold"},
	0x0002C200: {printer.ClassCooling, "heat roller overheat"},
	0x0002F000: {printer.ClassCooling, "transfer roller overheat"},
	0x0002F300: {printer.ClassCooling, "bend roller overheat"},
	0x0002F800: {printer.ClassCooling, "head overheat"},

	0x0002C100: {printer.ClassHardware, "cam"},
	0x0002C300: {printer.ClassHardware, "power interrupted"},
	0x0002D800: {printer.ClassHardware, "hardware"},
	0x0002F100: {printer.ClassHardware, "transfer roller heater"},
	0x0002F200: {printer.ClassHardware, "transfer roller thermistor"},
	0x0002F400: {printer.ClassHardware, "bend roller heater"},
	0x0002F500: {printer.ClassHardware, "bend roller thermistor"},
	0x00034400: {printer.ClassHardware, "hardware"},

	0x00039000: {printer.ClassJam, "jam, hopper"},
	0x00039100: {printer.ClassJam, "jam, turn-over"},
	0x00039200: {printer.ClassJam, "jam, magnetic"},
	0x00039300: {printer.ClassJam, "jam, transfer"},
	0x00039400: {printer.ClassJam, "jam, discharge"},
	0x00039500: {printer.ClassJam, "jam, retransfer"},

	0x0003A100: {printer.ClassFilmError, "film search"},
	0x0003B000: {printer.ClassRibbonError, "ink error"},
	0x0003B100: {printer.ClassRibbonError, "ink search"},
	0x0003B200: {printer.ClassRibbonOut, "ink ran out"},

	0x0003A800: {printer.ClassMagnetic, "magnetic test"},
	0x0003AB00: {printer.ClassMagnetic, "magnetic mechanics"},
	0x0003AC00: {printer.ClassMagnetic, "magnetic hardware"},
	0x0003AD00: {printer.ClassMagnetic, "magnetic write failed"},

	0x00052000: {printer.ClassUnsupported, "bad command"},
	0x00052600: {printer.ClassCardPosition, "card position error"},
	0x00062800: {printer.ClassRestarted, "a reset happened"},
}

// Class is the class of the code; ClassUnknown for one that is not known.
func (c Code) Class() printer.Class {
	if c == 0 {
		return printer.ClassNone
	}
	if m, ok := codes[c]; ok {
		return m.class
	}
	return printer.ClassUnknown
}

// String is the code in hexadecimal, as the printer's papers have it.
func (c Code) String() string { return fmt.Sprintf("%08X", uint32(c)) }

// told is a code as the cause of an error.
type told struct {
	command string // that it ended; empty: the printer told it by itself
	code    Code
}

func (t *told) Error() string {
	words := codes[t.code].words
	if words == "" {
		words = "unknown code"
	}
	if t.command == "" {
		return fmt.Sprintf("%v (%s)", t.code, words)
	}
	return fmt.Sprintf("%s: %v (%s)", t.command, t.code, words)
}

// waits tells a class that ends by itself.
func waits(c printer.Class) bool {
	return c == printer.ClassBusy || c == printer.ClassHeating || c == printer.ClassCooling
}

// supplies tells a class of ribbon or film: it hinders a print, and no movement.
func supplies(c printer.Class) bool {
	switch c {
	case printer.ClassRibbonOut, printer.ClassRibbonError, printer.ClassFilmError:
		return true
	}
	return false
}

// keeps tells a class that no later reading need show and that stays until Clear. The others are
// conditions of the world: the printer tells when they are over.
func keeps(c printer.Class) bool {
	switch c {
	case printer.ClassNone, printer.ClassNoCards, printer.ClassCoverOpen, printer.ClassUnsupported:
		return false
	}
	return !waits(c) && !supplies(c)
}

// resets tells a class that a reset of the USB device may end. For the others a person must act.
func resets(c printer.Class) bool {
	switch c {
	case printer.ClassHardware, printer.ClassUnsupported, printer.ClassMagnetic, printer.ClassRestarted, printer.ClassUnknown:
		return true
	}
	return false
}
