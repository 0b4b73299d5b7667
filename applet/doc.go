// Package applet is the off-card side of the card application KTPEL-OP 1: the transport port,
// commands and status words of ISO/IEC 7816-4, secure channels by way of a key source, the
// personalization sequence, and the life cycle on the chip.
//
// What lives here: what is sent to a card, in which order, and what its answers mean. What may
// not: a reader (applet/pcsc), a key (keys), what the files contain (chipdata), a person's data
// in any error, trace or log. A line and a desk call it; applet/inspect reads cards with it.
// Start reading at encoder.go, then card.go.
package applet
