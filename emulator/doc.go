// Package emulator is the virtual world of a print room: lines with their printer, encoder and
// clock, desk readers, blanks with chips, fault scripts, and the person who mends what breaks.
// It knows no station code; trial joins it to the station's ports and translates its errors.
// Called by trial and by tests.
// Start at world.go, then script.go (what goes wrong) and operator.go (who mends it).
package emulator
