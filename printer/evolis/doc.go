// Package evolis speaks the Evolis escape protocol: commands as ESC, mnemonic, parameters
// and CR, answers as text ended by NUL (Evolis Programming Guide A5013 Rev E).
//
// What lives here: framing, the command table, panel packing, setup, status, the card's way
// and printing for the direct-to-card models; what models differ in stands in models/*.yaml.
// What may not: USB (printer/usb), separation of a face into panels (printer), any memory of
// cards or orders. station opens it; the line engine calls it as printer.Printer and
// printer.Path. Start reading at open.go, then command.go.
package evolis
