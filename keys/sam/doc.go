// Package sam reaches a SAM: a card with the application "KTPEL-SAM 1" that holds the master key for
// reading and opens secure channels to cards, so often and so long as the Dinas has let it.
//
// What lives here: the commands of the SAM, a key source for reading over them, and the renewal of the
// cap: the SAM's nonce, the word of the Dinas by its token's key. What may not: a master, card or session
// key, which never leave the SAM; a reader, which station or desk hands in. Source satisfies
// applet.KeySource in plain types. Start reading at Open in sam.go.
package sam
