package personalize

import (
	"context"

	"blanko/jobs"
	"blanko/printer"
)

// purpose is what the printer is wanted for next.
type purpose int

const (
	forMove purpose = iota
	forPrint
	forFeed
)

// obstacle is the first thing that stands in the way of the purpose, as the printer tells it;
// what it does not tell is no obstacle.
func obstacle(st printer.Status, p purpose) printer.Class {
	is := func(k printer.Known[printer.Level], v printer.Level) bool { return k.Known && k.Value == v }
	switch {
	case st.Cover.Known && !st.Cover.Value:
		return printer.ClassCoverOpen
	case p == forMove && st.Error != printer.ClassNone && !supply(st.Error):
		return st.Error
	case p == forMove:
		return printer.ClassNone
	case st.Ribbon.Known && st.Ribbon.Value.Fits.Known && !st.Ribbon.Value.Fits.Value:
		return printer.ClassRibbonWrong
	case st.Ribbon.Known && st.Ribbon.Value.Left.Known && st.Ribbon.Value.Left.Value <= 0:
		return printer.ClassRibbonOut
	case st.Error != printer.ClassNone && (p == forFeed || st.Error != printer.ClassNoCards && st.Error != printer.ClassCleaningDue):
		return st.Error
	case p == forPrint:
		return printer.ClassNone
	case is(st.Hopper, printer.LevelEmpty):
		return printer.ClassNoCards
	case is(st.Output, printer.LevelFull):
		return printer.ClassOutputFull
	case is(st.Reject, printer.LevelFull):
		return printer.ClassRejectFull
	case st.Cleaning.Must.Known && st.Cleaning.Must.Value, st.Cleaning.Due.Known && st.Cleaning.Due.Value:
		return printer.ClassCleaningDue
	}
	return printer.ClassNone
}

// supply faults do not hinder a movement.
func supply(c printer.Class) bool {
	switch c {
	case printer.ClassNoCards, printer.ClassRibbonOut, printer.ClassRibbonGone, printer.ClassRibbonWrong, printer.ClassCleaningDue:
		return true
	}
	return false
}

// ready waits until nothing stands in the way of the purpose and returns the reading that
// said so.
func (l *Line) ready(ctx context.Context, p purpose) (printer.Status, *trouble) {
	waited := false
	for {
		st, err := l.status(ctx)
		if serr := stopped(ctx); serr != nil {
			return st, failed(LineStopped.Code, serr)
		}
		class := printer.ClassComm
		if err == nil {
			class = obstacle(st, p)
		}
		if class == printer.ClassNone {
			if waited {
				l.tell(Progress{})
			}
			return st, nil
		}
		waited, l.waited = true, true
		l.tell(Progress{Waiting: printer.Fault(class).Code})
		if err := l.Clock.Sleep(ctx, l.Poll); err != nil {
			return st, failed(LineStopped.Code, err)
		}
		switch {
		case l.Path == nil:
			l.clear(ctx)
		case class == printer.ClassCleaningDue && l.CleanNow != nil && l.CleanNow(ctx):
			_ = l.Path.Clean(ctx) // the next reading says whether it helped
		default:
			l.clear(ctx)
		}
	}
}

// clearer is what a printer whose card a person carries may offer beside Print.
type clearer interface {
	Clear(ctx context.Context) error
}

// clear clears the printer's error; the next reading says whether it helped.
func (l *Line) clear(ctx context.Context) {
	if l.Path != nil {
		_ = l.Path.Clear(ctx)
	} else if c, ok := l.Printer.(clearer); ok {
		_ = c.Clear(ctx)
	}
}

// lookAhead reads the printer while the chip is written, which takes the printer no time; the
// function returned waits for the reading. Nil: it could not be read.
func (l *Line) lookAhead(ctx context.Context) func() *printer.Status {
	if l.Kind == jobs.Desktop {
		return func() *printer.Status { return nil }
	}
	read := make(chan *printer.Status, 1)
	go func() {
		st, err := l.status(ctx)
		if err != nil {
			read <- nil
			return
		}
		read <- &st
	}()
	return func() *printer.Status { return <-read }
}

// pause waits a moment before an act that failed with nothing in its way is tried again: what is
// wrong only a person can see.
func (l *Line) pause(ctx context.Context, cause error) *trouble {
	l.waited = true
	l.tell(Progress{Waiting: codeOr(cause, printer.Fault(printer.ClassUnknown).Code)})
	if err := l.Clock.Sleep(ctx, l.Poll); err != nil {
		return failed(LineStopped.Code, err)
	}
	return nil
}

// mend clears the error after a failed act and waits for a person where one is needed; the
// reading returned is the first one without an obstacle.
func (l *Line) mend(ctx context.Context, j *job, cause error, p purpose) (printer.Status, *trouble) {
	l.seen = nil
	if cause != nil {
		pr := Progress{Waiting: codeOr(cause, printer.Fault(printer.ClassUnknown).Code)}
		if j != nil {
			pr.Attempt, pr.State = j.order.Attempt, j.state
		}
		l.tell(pr)
	}
	l.clear(ctx)
	return l.ready(ctx, p)
}
