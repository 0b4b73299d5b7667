package ups

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Supply is one power supply behind an upsd. Safe for concurrent use.
type Supply struct {
	Address string        // of upsd, with a port
	Name    string        // of the supply, as upsd has it
	Card    time.Duration // what a card takes at most, from the feed to the tray

	mu   sync.Mutex
	last State // the newest that was told
}

// State is how the power is.
type State struct {
	Battery bool          // the mains are away, or the supply itself wants an end
	Low     bool          // the battery is, or an end was ordered
	Left    time.Duration // on battery, as the supply reckons; 0: it does not tell
}

// Enough reports whether a card that begins now is finished before the power ends. A supply that runs on its
// battery without a word for how long gives no leave.
func (s State) Enough(card time.Duration) bool {
	return !s.Battery && !s.Low || !s.Low && s.Left >= card
}

// patience bounds one conversation with upsd, which is on this machine or beside it.
const patience = 3 * time.Second

// maxAnswer bounds a line, in bytes.
const maxAnswer = 4 << 10

// Ask asks upsd. An error says nothing of the power: ups.unreachable, or ups.wrong where upsd knows no such
// supply, has lost it, or answers otherwise than by RFC 9271.
func (s *Supply) Ask(ctx context.Context) (State, error) {
	var state State
	err := s.talk(ctx, func(c conversation) error {
		status, err := c.get("ups.status")
		if err != nil {
			return err
		}
		if state, err = parseStatus(status); err != nil || !state.Battery {
			return err
		}
		left, err := c.get("battery.runtime")
		if unsupported, _ := refusal(err); err != nil && unsupported != notSupported {
			return err
		} else if err == nil {
			state.Left = parseRuntime(left)
		}
		return nil
	})
	if err != nil {
		return State{}, err
	}
	s.mu.Lock()
	s.last = state
	s.mu.Unlock()
	return state, nil
}

// About is what a supply is, and how full its battery; fields that it does not tell are empty, -1 for the charge.
type About struct {
	Maker, Model, Serial, Firmware string
	Charge                         int           // percent
	Runtime                        time.Duration // on its battery, as it reckons now; 0: it does not tell
}

// Describe asks what the supply is.
func (s *Supply) Describe(ctx context.Context) (About, error) {
	a := About{Charge: -1}
	err := s.talk(ctx, func(c conversation) error {
		for _, v := range []struct {
			name string
			take func(string)
		}{
			{"ups.mfr", func(t string) { a.Maker = t }},
			{"ups.model", func(t string) { a.Model = t }},
			{"ups.serial", func(t string) { a.Serial = t }},
			{"ups.firmware", func(t string) { a.Firmware = t }},
			{"battery.charge", func(t string) { a.Charge = parseCharge(t) }},
			{"battery.runtime", func(t string) { a.Runtime = parseRuntime(t) }},
		} {
			text, err := c.get(v.name)
			if unsupported, _ := refusal(err); err != nil && unsupported != notSupported {
				return err
			} else if err == nil {
				v.take(strings.TrimSpace(text))
			}
		}
		return nil
	})
	return a, err
}

// talk has one conversation with upsd.
func (s *Supply) talk(ctx context.Context, say func(conversation) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return Unreachable.At("ups.Ask", err).With("power.upsd", "%s", s.Address)
	}
	defer conn.Close() //nolint:errcheck // everything was read
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := say(conversation{conn, bufio.NewReaderSize(conn, maxAnswer), s.Name}); err != nil {
		return err
	}
	_, _ = fmt.Fprint(conn, "LOGOUT\n")
	return nil
}

// MayFeed asks whether a card may be begun: ups.on_battery where it would not be finished. While upsd does not
// answer, what it said last holds, so that a supply whose cable is out stops nothing, and one that ran on its
// battery gives no leave before it says that the mains are back.
func (s *Supply) MayFeed(ctx context.Context) error {
	now, err := s.Ask(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		s.mu.Lock()
		now = s.last
		s.mu.Unlock()
		now.Left = 0 // it has run on since
	}
	if now.Enough(s.Card) {
		return nil
	}
	e := OnBattery.At("ups.MayFeed", err)
	if now.Left > 0 {
		return e.With("battery.runtime", "%s left, a card takes %s", now.Left, s.Card)
	}
	return e
}

// Words of ups.status (RFC 9271, section 5.1).
const (
	onLine    = "OL"
	onBattery = "OB"
	low       = "LB"
	forced    = "FSD" // the end was ordered
	bypass    = "BYPASS"
	off       = "OFF"
)

// parseStatus reads words such as "OB DISCHRG LB". One that says neither mains nor battery is no status.
func parseStatus(text string) (State, error) {
	words := strings.Fields(text)
	has := func(word string) bool { return slices.Contains(words, word) }
	s := State{Battery: has(onBattery) || has(forced), Low: has(low) && has(onBattery) || has(forced)}
	if !has(onLine) && !s.Battery && !has(bypass) || has(off) {
		return State{}, Wrong.At("ups.Ask", nil).With("ups.status", "neither on mains nor on battery")
	}
	return s, nil
}

// parseCharge reads percent; -1 where the text is none.
func parseCharge(text string) int {
	percent, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(percent) || percent < 0 || percent > 100 {
		return -1
	}
	return int(percent)
}

// maxRuntime bounds what is believed of a battery.
const maxRuntime = 7 * 24 * time.Hour

// parseRuntime reads seconds; 0 where the text is none.
func parseRuntime(text string) time.Duration {
	seconds, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(seconds) || seconds < 0 || seconds > maxRuntime.Seconds() {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}

// conversation is one connection to upsd.
type conversation struct {
	conn net.Conn
	in   *bufio.Reader
	name string
}

// answer is the reply to GET VAR: the supply, the variable, and its value in quotes, in which a backslash
// stands before a quote or a backslash (RFC 9271, section 4.2.4.6).
var answer = regexp.MustCompile(`^VAR (\S+) (\S+) "((?:[^"\\]|\\.)*)"$`)

var escaped = regexp.MustCompile(`\\(.)`)

func (c conversation) get(name string) (string, error) {
	const op = "ups.Ask"
	if _, err := fmt.Fprintf(c.conn, "GET VAR %s %s\n", c.name, name); err != nil {
		return "", Unreachable.At(op, err)
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return "", Unreachable.At(op, err)
	}
	text := strings.TrimRight(string(line), "\r\n")
	if code, is := strings.CutPrefix(text, "ERR "); is {
		code, _, _ = strings.Cut(code, " ")
		return "", Wrong.At(op, refused(code)).With("power.ups", "%s: upsd says %s", c.name, printable(code))
	}
	m := answer.FindStringSubmatch(text)
	if m == nil || m[1] != c.name || m[2] != name {
		return "", Wrong.At(op, nil).With("power.upsd", "no answer to GET VAR")
	}
	return escaped.ReplaceAllString(m[3], "$1"), nil
}

// refused is the word of an ERR answer (RFC 9271, section 4.3).
type refused string

func (r refused) Error() string { return "upsd: " + printable(string(r)) }

const notSupported refused = "VAR-NOT-SUPPORTED"

var strange = regexp.MustCompile(`[^A-Z-]`)

// printable is a word of upsd as far as it may stand in a message.
func printable(word string) string {
	const longest = 40
	word = strange.ReplaceAllString(word, "?")
	return word[:min(len(word), longest)]
}
