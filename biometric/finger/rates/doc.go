// Package rates turns the scores of a comparison of fingerprints into error rates with intervals.
//
// What lives here: FNMR at a given FMR, EER, confidence intervals, and whether the number of pairs
// carries a rate. What may not: pictures, templates, I/O, a clock, a log, a goroutine. The benchmark
// calls it. Start reading at Of.
package rates
