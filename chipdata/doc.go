// Package chipdata is what goes on the chip: the card profile, BER-TLV, the files of the LDS,
// the manifest, the document security object and the fitting of pictures into what is left.
//
// What lives here: bytes from a record and back. What may not: I/O, a clock, a log, a
// goroutine, APDUs, keys other than a crypto.Signer handed in. The line, the encoder and the
// inspection of a card call it. Start reading at Prepare, then Plan.Seal; for the way back at
// VerifySOD and ParseDG13.
package chipdata
