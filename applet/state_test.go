package applet

import (
	"errors"
	"testing"

	"blanko/ktp"
)

var states = []State{Blank, Claimed, Written, Active, Blocked, Terminated}

var events = []Event{EventClaim, EventWrite, EventMark, EventActivate, EventDeactivate, EventTerminate}

// Every (state, event) pair of the card profile KTPEL-OP 1, section 7.2: where it leads, or that
// it is refused.
func TestLifeCycle(t *testing.T) {
	t.Parallel()
	if err := LifeCycle.Check(); err != nil {
		t.Fatal(err)
	}
	if len(LifeCycle.States()) != len(states) || len(LifeCycle.Events()) != len(events) {
		t.Fatalf("states %v, events %v", LifeCycle.States(), LifeCycle.Events())
	}
	want := map[State]map[Event]State{
		Blank:      {EventClaim: Claimed, EventTerminate: Terminated},
		Claimed:    {EventClaim: Claimed, EventWrite: Claimed, EventMark: Written, EventTerminate: Terminated},
		Written:    {EventClaim: Written, EventWrite: Claimed, EventMark: Written, EventActivate: Active, EventTerminate: Terminated},
		Active:     {EventActivate: Active, EventDeactivate: Blocked, EventTerminate: Terminated},
		Blocked:    {EventActivate: Active, EventTerminate: Terminated},
		Terminated: {},
	}
	for _, s := range states {
		for _, e := range events {
			to, err := LifeCycle.Next(s, e)
			expected, listed := want[s][e]
			var refusal *ktp.Refused
			switch {
			case listed && (err != nil || to != expected):
				t.Errorf("%s in %s leads to %s, %v; want %s", e, s, to, err, expected)
			case !listed && !errors.As(err, &refusal):
				t.Errorf("%s in %s leads to %s", e, s, to)
			}
		}
	}
}

// The state follows from the life cycle byte, in the initialization state with the marker
// (card profile KTPEL-OP 1, section 7.1).
func TestStateOf(t *testing.T) {
	t.Parallel()
	for lcs := range 256 {
		for marker := range 4 {
			want, known := State(""), true
			switch lcs {
			case 0x03:
				known = marker < 3
				if known {
					want = []State{Blank, Claimed, Written}[marker]
				}
			case 0x05:
				want = Active
			case 0x04:
				want = Blocked
			case 0x0C:
				want = Terminated
			default:
				known = false
			}
			if got, ok := stateOf(byte(lcs), byte(marker)); got != want || ok != known {
				t.Errorf("life cycle %02X, marker %02X: %q, %v", lcs, marker, got, ok)
			}
		}
	}
}
