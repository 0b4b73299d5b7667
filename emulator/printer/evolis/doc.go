// Package evolis is the printer's side of the Evolis escape protocol: it takes a host's bytes,
// moves an emulated machine and answers.
//
// What lives here: the language and the decoding of panels, with code of its own that shares
// nothing with the station's. What may not: mechanics (emulator/printer has them), a production
// room. emulator and tests call it through Write, Read, DeviceID and Close. Start reading at
// device.go, then work.go, parse.go and commands.go.
//
// Sources: Evolis Programming Guide A5013 Rev E (facts only); dpavlin/Printer-EVOLIS; qzind/tray.
package evolis
