// Package usb reaches printers over USB (libusb, the printer class of USB 1.1).
//
// What lives here: which printers are plugged in, the link to one of them, what helps a link that
// is stuck. What may not: a printer language, a guess how a broken transfer ended, a command sent
// again. station opens links; the printer languages write and read through them. It is the one
// importer of gousb. Start reading at Open in link.go, then recover.go.
package usb
