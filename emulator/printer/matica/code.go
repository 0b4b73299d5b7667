package matica

import (
	"errors"

	"blanko/emulator/printer"
)

// code is a sense code: key << 16 or additional sense code << 8.
type code uint32

// The codes that this firmware makes by itself; every other one of the table can be scripted.
const (
	codeInitializing code = 0x0002DB00
	codeWarming      code = 0x0002DA00
	codeNoCards      code = 0x0002D000
	codeDoor         code = 0x0002D100
	codeBusy         code = 0x0002D300
	codePrinting     code = 0x0002D400
	codeJamHopper    code = 0x00039000
	codeJamFlip      code = 0x00039100
	codeJamMagnetic  code = 0x00039200
	codeJamMove      code = 0x00039300
	codeJamDischarge code = 0x00039400
	codeJamFilm      code = 0x00039500
	codeFilm         code = 0x0003A100
	codeMagneticTest code = 0x0003A800
	codeInk          code = 0x0003B000
	codeInkSearch    code = 0x0003B100
	codeInkOut       code = 0x0003B200
	codeHardware     code = 0x00034400
	codeCommand      code = 0x00052000
	codePosition     code = 0x00052600
	codeReset        code = 0x00062800
)

// Codes are all sense codes that are known of the family, by their words.
var Codes = map[uint32]string{
	0x0002DA00: "warming up", 0x0002DB00: "initializing", 0x0002D000: "no cards", 0x0002D100: "door open",
	0x0002D300: "busy", 0x0002D400: "printing", 0x0002C100: "cam", 0x0002C200: "heat roller overheat",
	0x0002C300: "power interrupted", 0x0002D800: "hardware", 0x0002F000: "transfer roller overheat",
	0x0002F100: "transfer roller heater", 0x0002F200: "transfer roller thermistor", 0x0002F300: "bend roller overheat",
	0x0002F400: "bend roller heater", 0x0002F500: "bend roller thermistor", 0x0002F600: "too cold",
	0x0002F800: "head overheat",
	0x00039000: "jam, hopper", 0x00039100: "jam, turn-over", 0x00039200: "jam, magnetic", 0x00039300: "jam, transfer",
	0x00039400: "jam, discharge", 0x00039500: "jam, retransfer", 0x0003A100: "film search", 0x0003A800: "magnetic test",
	0x0003AB00: "magnetic mechanics", 0x0003AC00: "magnetic hardware", 0x0003AD00: "magnetic write failed",
	0x0003B000: "ink error", 0x0003B100: "ink search", 0x0003B200: "ink ran out", 0x00034400: "hardware",
	0x00052000: "bad command", 0x00052600: "card position error", 0x00062800: "a reset happened",
}

// wrong is a command that ends with a sense code.
type wrong struct{ code code }

func (w *wrong) Error() string { return Codes[uint32(w.code)] }

func refuse(c code) error { return &wrong{c} }

// meaning is the code of what the mechanics ended with. jam is the code of a card that sticks in
// this motion.
func meaning(err error, jam code) code {
	var w *wrong
	if errors.As(err, &w) {
		return w.code
	}
	for _, r := range []struct {
		err  error
		code code
	}{
		{printer.ErrCoverOpen, codeDoor},
		{printer.ErrHopperEmpty, codeNoCards},
		{printer.ErrJam, jam},
		{printer.ErrOutputFull, codeJamDischarge}, // no sensor tells a full tray: the card does not get out
		{printer.ErrRejectFull, codeJamDischarge},
		{printer.ErrCardLost, codePosition},
		{printer.ErrNoCardInside, codePosition},
		{printer.ErrCardInside, codePosition},
		{printer.ErrNotAtHead, codePosition},
		{printer.ErrElsewhere, codePosition},
		{printer.ErrRibbonOut, codeInkOut},
		{printer.ErrRibbonMissing, codeInk},
		{printer.ErrRibbonWrong, codeInkSearch},
		{printer.ErrFilmOut, codeFilm},
		{printer.ErrFilmBlank, codeCommand},
		{printer.ErrNotFitted, codeCommand},
		{printer.ErrStripeBlank, codeMagneticTest},
	} {
		if errors.Is(err, r.err) {
			return r.code
		}
	}
	return codeHardware
}

// stuck is an error of one part of a motion, with the code of a card that sticks in it.
func stuck(err error, jam code) error {
	if err == nil || errors.Is(err, printer.ErrPowerOff) {
		return err
	}
	return refuse(meaning(err, jam))
}

// ended leaves the code of a command that could not be done. Called with d.mu held.
func (d *Device) ended(err error, jam code) {
	if err == nil || d.ctx.Err() != nil || errors.Is(err, printer.ErrPowerOff) {
		return
	}
	d.fail(meaning(err, jam))
	switch {
	case d.m.State().Jam:
		d.jam = d.pending
	case d.pending == codeInk, d.pending == codeInkSearch, d.pending == codeInkOut, d.pending == codeFilm:
		d.supply = d.pending
	}
}

// fail leaves a code for request sense. Called with d.mu held.
func (d *Device) fail(c code) {
	if c>>16 == 3 {
		d.errors++
	}
	d.pending = c
}

// lasting is what the printer tells again and again while it lasts. Called with d.mu held.
func (d *Device) lasting() code {
	state, sense := d.m.State(), d.m.Sense()
	if !state.Jam {
		d.jam = 0
	}
	if sense.RibbonErr == nil && sense.FilmErr == nil {
		d.supply = 0
	}
	switch {
	case sense.CoverOpen:
		return codeDoor
	case d.jam != 0 && !d.cfg.ForgetsJam:
		return d.jam
	case d.starting != 0:
		return d.starting
	case d.waits != 0:
		return d.waits
	case d.moving != 0:
		return d.moving
	case d.supply != 0 && !d.cfg.ForgetsSupply:
		return d.supply
	case sense.HopperEmpty:
		return codeNoCards
	}
	return 0
}

// tell is the code of a test unit ready: the event that waits, or what lasts. Called with d.mu held.
func (d *Device) tell() code {
	if d.pending != 0 {
		return d.pending
	}
	return d.lasting()
}

// hinders is what keeps the motors from working. Called with d.mu held.
func (d *Device) hinders() code {
	if c := d.lasting(); c != codeNoCards && c != d.supply {
		return c
	}
	return 0
}
