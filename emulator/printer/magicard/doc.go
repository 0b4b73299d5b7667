// Package magicard is the printer's side of the Magicard job and status protocol: it takes a
// host's bytes, prints complete pages on an emulated machine and answers questions.
//
// What lives here: the framing, the header words, and the decoding of planes and of the overcoat,
// with code of its own that shares nothing with the station's. What may not: mechanics
// (emulator/printer has them), a production room. emulator and tests call it through Write, Read,
// DeviceID and Close. Start reading at device.go, then parse.go, header.go and job.go.
//
// Sources, for facts only: the vendor's CUPS filter (pc-coholic/magicardppd, src/rastertoultra.c)
// and Gutenprint (src/cups/backend_magicard.c, src/main/print-dyesub.c). The error numbers are the
// emulator's own: no public source tells them.
package magicard
