// Package spool prints through the operating system: IPP (RFC 8010, 8011) to a CUPS on this
// machine, for printers whose language only the maker's own driver speaks, such as the HID Fargo
// HDP5000.
//
// What lives here: the queue's rules, a job and its states, the raster of a page. What may not:
// a card's movement (the host has none here), belief in a spooler's word: "completed" says that
// the bytes have left the computer, and nothing more. station opens it for desktop lines; the line
// engine calls it as printer.Printer. Start reading at open.go, then print.go.
package spool
