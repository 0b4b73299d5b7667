package usb

import "errors"

var (
	errNothing = errors.New("usb: a transfer took nothing")
	errStuck   = Stuck.At("usb.watch", nil)
	errClosed  = errors.New("usb: the link is closed")
)
