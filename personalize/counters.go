package personalize

import (
	"context"

	"blanko/printer"
)

// counter is what a printer may offer beside Status: the counters alone.
type counter interface {
	Counters(ctx context.Context) (printer.Counters, error)
}

// status reads the printer.
func (l *Line) status(ctx context.Context) (printer.Status, error) {
	st, err := l.Printer.Status(ctx)
	if l.Heard != nil {
		l.Heard(l.caps, st, err)
	}
	return st, err
}

// counters reads what proves a feed or a print; not known on any error.
func (l *Line) counters(ctx context.Context) printer.Counters {
	if p, ok := l.Printer.(counter); ok {
		c, err := p.Counters(ctx)
		if err != nil {
			return printer.Counters{}
		}
		return c
	}
	st, err := l.status(ctx)
	if err != nil {
		return printer.Counters{}
	}
	return st.Counters
}
