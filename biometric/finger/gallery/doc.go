// Package gallery searches a finger among many (1:N).
//
// What lives here: the impressions of a gallery in memory, two fast looks and an exact
// comparison of the likeliest. Put and Search share a buffer: not for concurrent use. What may not: I/O, a clock, a
// log, a goroutine, the ledger that the gallery is filled from. The registry of a station that stands alone calls it. Start reading at Gallery.
package gallery
