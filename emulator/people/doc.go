// Package people makes the residents of the virtual world: names, numbers, addresses,
// portraits, signatures and fingers, any number of them from a seed, none of them real.
//
// What lives here: the generator and its own ISO/IEC 19794-2 encoder. What may not: a
// production room other than ktp, a clock, a file. The emulated data center calls it, and
// trial when it compares a card with its holder. Start reading at Generator.
package people
