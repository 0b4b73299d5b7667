// Package icao is the terminal side of ICAO Doc 9303-11: EF.CardAccess, PACE, Basic Access
// Control, secure messaging, Chip Authentication and Active Authentication, as far as the card
// profile KTPEL-OP 1 offers them on the ICAO view.
//
// What lives here: how a stranger who can read the card's face opens the ICAO view and reads its
// files. What may not: what the files mean (chipdata), a verdict about the card
// (applet/inspect), a person's data, a key or a password in any error. Package applet/inspect
// calls it. Start reading at Terminal.Open in session.go.
package icao
