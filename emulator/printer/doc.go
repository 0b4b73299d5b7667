// Package printer is the mechanics of a card printer in the virtual world, direct-to-card or
// retransfer: hopper, card path, encoder station, trays, ribbon, film, cover, counters, and the
// persons who touch them.
//
// What lives here: what motors, sensors and hands do to cards. What may not: a printer language,
// a production room, the decoding of anything. The languages below it (emulator/printer/evolis),
// emulator and tests call it. Start reading at machine.go, then motion.go and path.go (what the
// motors do) and person.go (what hands do).
package printer
