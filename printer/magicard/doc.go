// Package magicard speaks the Magicard job and status protocol: a page of header words and bit
// planes, and short requests. Two formats: KGE2 (Enduro, Pronto, Rio Pro and their rebrands) and
// KEE (Rio 2e, Tango 2e).
//
// What lives here: requests and their answers, the header of a page, packing of planes, the
// overcoat, status and printing; what models differ in stands in models/*.yaml. What may not: USB
// (printer/usb), separation of a face into panels (printer), any memory of cards or orders.
// station opens it; the line engine calls it as printer.Printer. Start reading at open.go, then
// print.go and header.go.
//
// It is no printer.Path: a hold of the card at a contactless station is not known of these
// printers, so they are for lines whose cards a person carries.
//
// Sources, for facts only: the vendor's CUPS filter (pc-coholic/magicardppd,
// src/rastertoultra.c, 2014), Gutenprint (src/cups/backend_magicard.c and src/main/print-dyesub.c).
// In comments they are called the filter and Gutenprint.
package magicard
