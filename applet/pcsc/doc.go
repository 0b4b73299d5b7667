// Package pcsc reaches cards through the PC/SC service of the operating system (pcsc-lite).
//
// What lives here: readers as they come and go, which reader a line means, the transport to the
// card in one. What may not: APDUs of any profile, keys, what a line does with a card. The station
// and the card commands call it; a transport fits applet.Encoder. It is the one importer of scard.
// Start reading at Open, then owner.
package pcsc
