package pcsc

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"blanko/applet"
	"blanko/fault"
)

// A service that does not answer says nothing of the card: neither that it is missing nor, once the
// service is back, that it came too late.
func TestArrivalAtAServiceThatHangs(t *testing.T) {
	t.Parallel()
	const before = -1
	for _, c := range []struct {
		name        string
		hangs, back time.Duration // after the reset began, before it where negative; 0: never
		card        bool
		fresh       bool // the transport has to look for its reader
		code        fault.Code
		is, isNot   fault.Entry
	}{
		{"it answers", 0, 0, false, false, "pcsc.no_card", applet.CardRemoved, applet.ReaderAway},
		{"it hangs from the start", before, 0, true, false, "pcsc.no_service", applet.ReaderAway, applet.CardRemoved},
		{"it hangs before the reader was found", before, 0, true, true, "pcsc.no_service", applet.ReaderAway, applet.CardRemoved},
		{"it hangs while the card is waited for", time.Second, 0, false, false, "pcsc.no_service", applet.ReaderAway, applet.CardRemoved},
		{"it is back before anybody gave it up", before, 3 * time.Second, true, true, "", fault.Entry{}, fault.Entry{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				u := &fakeUnit{name: "R (A) 00 00", card: c.card}
				f, p := newFake(u)
				tr, err := p.open(t.Context(), func(_ context.Context, readers []Reader) (Reader, error) { return readers[0], nil })
				if err != nil {
					t.Fatal(err)
				}
				if c.fresh {
					tr.leave()
					synctest.Wait()
				}
				back := make(chan struct{})
				hang := func() { f.do(func() { f.epoch, f.hang = 2, back }) }
				switch {
				case c.hangs < 0:
					hang()
				case c.hangs > 0:
					time.AfterFunc(c.hangs, hang)
				}
				if c.back != 0 {
					time.AfterFunc(c.back, func() { f.do(func() { f.hang = nil }); close(back) })
				}
				_, err = Arrival{Transport: tr}.Reset(t.Context())
				if fault.CodeOf(err) != c.code || c.code != "" && (!fault.Is(err, c.is) || fault.Is(err, c.isNot)) {
					t.Errorf("%v", err)
				}
				if c.back == 0 {
					f.do(func() { f.hang = nil })
					close(back)
				}
				if err := tr.Close(); err != nil {
					t.Error(err)
				}
				synctest.Wait()
			})
		})
	}
}
