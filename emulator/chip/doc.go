// Package chip is an emulated contactless card that carries the application "KTPEL-OP 1":
// file system, secure channel, keys, life cycle, timing and faults, and a decoder of what was
// written on it.
//
// What lives here: the card side of ISO/IEC 7816-4, -8, -9, of GlobalPlatform SCP03 and of the
// access protocols of Doc 9303-11 as the card profile KTPEL-OP 1 asks for them (its sections 2, 3,
// 6, 7, 8 and 9), and the clock of an ISO/IEC 14443-4 link. What may not: any import outside the standard library; the code is
// written from the profile alone, so that a mistake of the station cannot hide here. emulator and
// emulator/printer hold the cards and call it, trial reads View and Decode.
// Start reading at Card in card.go, then the tables in lifecycle.go and access.go; the ICAO view
// begins in sealing.go.
package chip
