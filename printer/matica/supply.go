package matica

import "blanko/printer"

// supply is trouble with ribbon or film that a print has met. Some printers tell it until it is
// mended; one that tells it once is not believed to be ready before somebody was at it: the door was
// opened, the printer initialized or restarted, or the ribbon is of another lot.
type supply struct {
	obstacle
	told   bool   // the printer repeats it
	ribbon string // lot of the ribbon with which it was met
}

// fails is the trouble that a command ended with.
func (s *supply) fails(class printer.Class, code Code, lot string) {
	*s = supply{obstacle: obstacle{class, code}, ribbon: lot}
}

// look is a code that the printer told afterwards.
func (s *supply) look(c Code) {
	switch {
	case supplies(c.Class()):
		if s.class == printer.ClassNone || s.code != c {
			s.fails(c.Class(), c, s.ribbon)
		}
		s.told = true
	case s.class == printer.ClassNone:
	case c == codeDoorOpen, c == codeInitializing, c == codeReset:
		*s = supply{}
	case s.told && (c == 0 || c == codeNoCards):
		*s = supply{}
	}
}

// lot is the lot of the ribbon inside.
func (s *supply) lot(now string) {
	if s.class != printer.ClassNone && s.class != printer.ClassFilmError && now != s.ribbon {
		*s = supply{}
	}
}
