// Package evolis is the printer's side of the Evolis escape protocol: it takes a host's bytes,
// moves an emulated machine and answers. It decodes panels with its own code and shares none
// with the station.
// No mechanics here (emulator/printer has them), no station code.
// Called by emulator and by tests through Write, Read, DeviceID and Close.
// Sources: Evolis Programming Guide A5013 Rev E (facts only); dpavlin/Printer-EVOLIS; qzind/tray.
// Start at device.go, then parse.go and commands.go.
package evolis
