// Package matica speaks the language of the Matica and EDIsecure XID retransfer printers: SCSI
// commands in USB bulk-only framing, answers of fixed size, a sense code for every state (facts of
// the XID server by Adrian Kennard, codeberg.org/RevK/cardprint; USB Mass Storage Class, Bulk-Only
// Transport 1.0).
//
// What lives here: framing, the command table, sense codes and their classes, panels, status, the
// card's way and printing; what models differ in stands in models/*.yaml, the printer's own settings
// in settings.yaml. What may not: USB (printer/usb), separation of a face into panels (printer), any
// memory of cards or orders. station opens it; the line engine calls it as printer.Printer and
// printer.Path. Start reading at open.go, then command.go.
package matica
