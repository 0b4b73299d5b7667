package trial

import (
	"context"
	"errors"
	"testing"
	"time"

	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/personalize"
)

// The mains fail while a line waits for somebody to fill its hopper, or to lay a blank on its reader: the
// card is not begun on the battery that comes with the blanks. Its order goes back, and it is made when the
// mains are back.
func TestMainsFailWhileBlanksAreWaitedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		kind jobs.Kind
		when func(s *shop, take func()) // the blanks are taken away
	}{
		{"before the intent", jobs.Inline, func(_ *shop, take func()) { take() }},
		{"at the feed", jobs.Inline, func(s *shop, take func()) { s.before[jobs.Feed] = func(*shop, jobs.Order) { take() } }},
		{"at a desk", jobs.Desktop, func(*shop, func()) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, c.kind)
			s.build(t.Context())
			mains := &outage{Clock: s.line.Clock}
			s.line.Clock, s.line.Gate = mains, mains.gate
			if s.carrier != nil {
				s.carrier.wrong = map[personalize.Ask]deed{personalize.AskBlank: func(c *carrier, _ context.Context) error {
					mains.away = true
					return nil // and no blank lies there yet
				}}
			}
			var blanks []*machine.Plastic
			c.when(s, func() {
				blanks = s.crashMachine().Unload()
				mains.waiting = func() { mains.away = true; s.load(blanks) }
			})
			if err := s.line.Run(t.Context(), nil); !errors.Is(err, errMains) {
				t.Fatalf("the line ended: %v", err)
			}
			if n := s.crashMachine().State().Fed; n != 0 || len(s.before) > 0 || mains.asked < 3 {
				t.Errorf("%d cards fed, asked %d times, left %d", n, mains.asked, len(s.before))
			}
			list, err := s.reg.Attempts(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range list {
				if a.State != jobs.Void || a.Fed {
					t.Errorf("attempt %s is %s", a.ID, a.State)
				}
			}
			s.work()
			s.accounted()
			if got := s.ended(); got[jobs.Finished(c.kind)] != crashCards {
				t.Errorf("ended %v", got)
			}
		})
	}
}

var errMains = errors.New("on battery")

// outage is a line's clock on which the mains fail while the line waits, and its gate.
type outage struct {
	personalize.Clock
	away    bool
	asked   int
	waiting func() // happens once
}

func (o *outage) Sleep(ctx context.Context, d time.Duration) error {
	if o.waiting != nil {
		o.waiting()
		o.waiting = nil
	}
	return o.Clock.Sleep(ctx, d)
}

func (o *outage) gate(context.Context) error {
	o.asked++
	if o.away {
		return errMains
	}
	return nil
}

// load puts blanks into the hopper again.
func (s *shop) load(blanks []*machine.Plastic) {
	if err := s.crashMachine().Load(blanks...); err != nil {
		s.fail("%v", err)
	}
}
