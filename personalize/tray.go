package personalize

import "blanko/jobs"

// inTray reports whether a card in this state lies in the output tray by what is settled: it was
// ejected, and its face is not accepted yet; or a printer printed it that keeps no card inside. What
// is left to do there needs eyes, and no motor.
func (l *Line) inTray(s jobs.State) bool {
	switch {
	case s == jobs.Out:
		return true
	case l.byPerson() || s != jobs.Printed:
		return false
	}
	return !l.Printer.Capabilities().HoldAfterPrint
}

// cannotReturn reports whether a printed card stays where it is until it goes into a tray.
func (l *Line) cannotReturn() bool {
	return !l.byPerson() && !l.Printer.Capabilities().ReturnAfterPrint
}
