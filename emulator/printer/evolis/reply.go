package evolis

import (
	"errors"

	"blanko/emulator/printer"
)

// Replies of the printer. The text for an unknown command is chosen; the others were seen in
// public programs.
const (
	replyOK         = "OK"
	replyParameters = "ERR PARAMETRES"
	replyFeeder     = "FEEDER EMPTY"
	replyCover      = "COVER OPEN"
	replyRibbon     = "ERR RIBBON"
	replyRibbonType = "ERR RIBBON TYPE"
	replyNoTag      = "ERR RIB DETECTION"
	replyTimeOut    = "ERROR TIME OUT"
	replyCard       = "ERR CARD"
	replyCleaning   = "ERR NEED CLEANING"
	replyMagnetic   = "ERROR MAGN"
	replyStripe     = "ERR READ"
	replyGeneral    = "ERR"
)

// texts gives the reply for each way in which a motion can end, and its letter in ACK mode.
var texts = []struct {
	err    error
	text   string
	letter byte
}{
	{printer.ErrHopperEmpty, replyFeeder, 'F'},
	{printer.ErrBezelEmpty, replyTimeOut, 'F'},
	{printer.ErrBezelBlocked, replyTimeOut, 'T'},
	{printer.ErrCoverOpen, replyCover, 'C'},
	{printer.ErrRibbonOut, replyRibbon, 'R'},
	{printer.ErrRibbonMissing, replyRibbon, 'R'},
	{printer.ErrRibbonWrong, replyRibbonType, 'R'},
	{printer.ErrJam, replyTimeOut, 'T'},
	{printer.ErrInterrupted, replyTimeOut, 'T'},
	{printer.ErrNoCardInside, replyTimeOut, 'T'},
	{printer.ErrNotAtHead, replyTimeOut, 'T'},
	{printer.ErrOutputFull, replyTimeOut, 'T'},
	{printer.ErrRejectFull, replyTimeOut, 'T'},
	{printer.ErrCardLost, replyCard, 'T'},
	{printer.ErrCardInside, replyCard, 'T'},
	{printer.ErrStripeBlank, replyStripe, 'D'},
	{printer.ErrNotFitted, replyParameters, '1'},
	{errParameters, replyParameters, '2'},
	{errUnknown, replyParameters, '1'},
}

var (
	errParameters = errors.New("bad parameter")
	errUnknown    = errors.New("unknown command")
)

// textOf is the reply for an error.
func textOf(err error) string {
	for _, t := range texts {
		if errors.Is(err, t.err) {
			return t.text
		}
	}
	return replyGeneral
}

// lasting tells whether an error keeps the printer in its error state until Scs or Srs.
func lasting(err error) bool {
	return !errors.Is(err, errParameters) && !errors.Is(err, errUnknown) &&
		!errors.Is(err, printer.ErrNotFitted) && !errors.Is(err, printer.ErrStripeBlank)
}
