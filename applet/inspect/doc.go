// Package inspect reads a card as a stranger with public and SAM knowledge only: life cycle,
// access rules, every file in every view that opens, passive authentication, the chip's own proof,
// the manifest, the data center's signature, the status list, and the comparison of the fingers read
// back with an independent impression.
//
// What lives here: what a reader may conclude from a card, as a report about a card that a line has just
// made (Recheck) or about any card at a counter (Examine), and whether a living finger is one of the
// card's (Holder). What may not: writing a card (one harmless try is part of the access checks), keys, a
// decision what to do with the card, a person's data in a report. A line, a desk, the command line and the
// register call it. Start reading at Recheck and Examine.
package inspect
