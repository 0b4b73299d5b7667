// Package keytest is the conformance suite of AES keys, wherever they lie: what a key in memory, on a
// token or in a card must compute.
//
// What lives here: every published vector of AES-CMAC, SCP03, KDF3 and NXP AN10922, run through the
// code of keys over a key that the caller loads. What may not: a store of keys. Tests of keys and
// of the rooms below it call it. Start reading at Run.
package keytest
