package inspect

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"blanko/applet"
	"blanko/fault"
	"blanko/ktp"
)

// begin resets the card and looks at it; active reports whether there is anything behind keys to
// be read.
func (x *examiner) begin(ctx context.Context) (active bool, err error) {
	atr, err := x.card.Reset(ctx)
	x.away = fault.Is(err, applet.CardRemoved)
	if fault.Is(err, applet.NoApplication) { // a reader that knows such cards and has no use for them
		x.seen = true
		x.found = append(x.found, WrongCard)
		x.report.add("application", "KTPEL-OP", found(err))
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if x.seen {
		return x.same(ctx)
	}
	// A chip that is lost while it says who it is says it again from the beginning.
	x.report.Checks, x.found, x.kdd = nil, nil, nil
	c := &x.out.Chip
	c.ATR = strings.ToUpper(hex.EncodeToString(atr))
	cplc, kdd, err := x.card.Identify(ctx)
	switch {
	case err == nil:
		x.kdd = &kdd
		c.UID = ktp.ChipUID(strings.ToUpper(hex.EncodeToString(kdd[:])))
		c.CPLC = strings.ToUpper(hex.EncodeToString(cplc))
	case trouble(err):
		return false, err
	}
	named := err
	l, err := x.card.Look(ctx)
	switch {
	case err == nil:
	case trouble(err):
		return false, err
	case fault.Is(err, applet.NoApplication):
		x.seen = true
		x.found = append(x.found, WrongCard)
		x.report.add("application", "KTPEL-OP", found(err))
		return false, nil
	default:
		x.seen = true
		x.found = append(x.found, ContentWrong)
		x.report.add("application and EF.PROF", "readable", found(err))
		return false, nil
	}
	x.seen = true
	if named != nil {
		x.report.add("the chip names itself", "yes", found(named))
		x.found = append(x.found, ContentWrong)
	}
	c.State, c.Attempt = l.State, l.Attempt
	c.Profile = fmt.Sprintf("%s %d.%d", l.Profile, l.Version, l.Revision)
	x.report.State, x.report.Attempt, x.report.UID = l.State, l.Attempt, c.UID
	x.chunk = x.card.Lengths(l).Chunk
	x.out.Reading.Chunk = x.chunk
	x.report.add("life cycle", string(applet.Active), string(l.State))
	switch l.State {
	case applet.Active:
		return true, nil
	case applet.Blocked:
		x.found = append(x.found, ChipBlocked)
	case applet.Terminated:
		x.found = append(x.found, ChipTerminated)
	default:
		x.found = append(x.found, NotPersonalized)
	}
	return false, nil
}

// same makes sure after a loss that the card on the reader is the one from before.
func (x *examiner) same(ctx context.Context) (active bool, err error) {
	const op = "inspect.Examine"
	_, kdd, err := x.card.Identify(ctx)
	if err != nil {
		if trouble(err) || x.kdd != nil {
			return false, err
		}
	} else if x.kdd == nil || kdd != *x.kdd {
		return false, CardChanged.At(op, nil).With("chip", "another chip answers than before")
	}
	l, err := x.card.Look(ctx)
	if err != nil {
		return false, err
	}
	if l.State != x.out.Chip.State || l.Attempt != x.out.Chip.Attempt {
		return false, CardChanged.At(op, nil).With("chip", "another state or attempt than before")
	}
	return true, nil
}
