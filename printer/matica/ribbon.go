package matica

// inks are the ribbons by their number on the ribbon page, with the panels of the front and of the
// back that a KTP-el can use. UV panels are not printed.
var inks = map[byte]struct{ name, front, back string }{
	0: {"YMCK", "YMCK", "YMCK"},
	4: {"YMCKK", "YMCK", "K"},
	5: {"YMCKU", "YMCK", "YMCK"},
}
