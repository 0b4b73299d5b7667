// Package emulator is the virtual world of a print room: lines with their printer, encoder and
// clock, desk readers, blanks with chips, fault scripts, and the person who mends what breaks.
//
// What lives here: the world, its clock, what goes wrong in it, and the census of its cards. What
// may not: a production room other than ktp; trial joins the world to the station's ports and
// translates its errors. trial and tests call it. Start reading at world.go, then script.go
// (what goes wrong) and operator.go (who mends it).
package emulator
