// Package finger is the ISO/IEC 19794-2 record codec and the comparison of two fingers.
//
// What lives here: the minutiae record, its limits, the matcher and its threshold. What may
// not: I/O, a clock, a log, a goroutine, fingerprint images of anyone. The line, the
// inspection of a card and the registry call it. Start reading at Template, then Match.
package finger
