// Package printer is the mechanics of a direct-to-card printer in the virtual world: hopper,
// card path, encoder station, trays, ribbon, cover, counters, and the persons who touch them.
// It knows no printer language and no station code, and decodes nothing by itself.
// Called by the languages below it (emulator/printer/evolis), by emulator, and by tests.
// Start at machine.go, then motion.go (what the motors do) and person.go (what hands do).
package printer
