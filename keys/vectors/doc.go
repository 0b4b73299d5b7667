// Package vectors holds published test vectors of card key cryptography: AES-CMAC, the key derivation
// and the dialogs of SCP03, KDF3, NXP AN10922.
//
// What lives here: the vectors as they were published, in hex, with their sources. What may not: code
// that computes, an import. The tests of keys and its conformance suite keytest read them. Start
// reading at Dialogs.
package vectors
