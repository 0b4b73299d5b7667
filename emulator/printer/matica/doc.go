// Package matica is the wire and the firmware of a Matica or EDIsecure XID retransfer printer in
// the virtual world: SCSI commands in USB bulk-only framing, panels of one byte per dot, sense
// codes for every state.
//
// What lives here: the device's side of the protocol over a printer.Machine, written with its own
// decoding. What may not: a production room, the mechanics of cards (emulator/printer). emulator
// and tests call it. Start reading at device.go, then bulk.go (framing) and commands.go.
package matica
