package evolis

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// script is a link with fixed answers: what a unit said to each command. One write is one
// command, as this package sends them.
type script struct {
	answers map[string][]string // by command; the last one is given for ever; "" is none at all
	chunk   int                 // bytes of one read at most; 0: all there is
	onWrite func(text string) error

	sent   []string // commands without ESC, CR and panel data
	frames [][]byte
	queue  []byte
}

// answersOf is a Primacy 2 with cards, a ribbon, and nothing inside.
func answersOf(over map[string][]string) map[string][]string {
	all := map[string][]string{
		"Rtp": {"Evolis Primacy 2"}, "Rsn": {"10000012345"}, "Rfv": {"0820"}, "Rem": {"2;0"},
		"Rlr;p": {"OK"}, "Rlr;r": {"OK"}, "Rlr;h": {"NO CARD"},
		"Rse;o": {"5,00 Volts"}, "Rse;f": {"5,00 Volts"}, "Rse;n": {"0,17 Volts"},
		"Rco;c": {"100"}, "Rco;p": {"500"}, "Rr": {"ymcko"}, "Rcr": {"OK"},
		"Rrt;qty": {"300"}, "Rrt;count": {"250"}, "Rrt;zone": {"EU"}, "Rzp": {"eu"},
	}
	for k, v := range over {
		all[k] = v
	}
	return all
}

// textOf cuts the command out of a frame: all fields but the data of a panel.
func textOf(frame []byte) string {
	frame = bytes.TrimPrefix(frame, []byte{0x1b})
	fields := map[byte]int{'D': 3}
	if bytes.HasPrefix(frame, []byte("Dbc;")) {
		fields['D'] = 4
	}
	if n := fields[frame[0]]; n > 0 {
		parts := bytes.SplitN(frame, []byte{';'}, n+1)
		return string(bytes.Join(parts[:n], []byte{';'}))
	}
	text, _, _ := bytes.Cut(frame, []byte{0x0d})
	return string(text)
}

func (s *script) Write(ctx context.Context, p []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(bytes.Trim(p, "\x00")) == 0 {
		s.sent, s.frames = append(s.sent, "NUL x "+strconv.Itoa(len(p))), append(s.frames, slices.Clone(p))
		return nil
	}
	text := textOf(p)
	s.sent, s.frames = append(s.sent, text), append(s.frames, slices.Clone(p))
	if s.onWrite != nil {
		if err := s.onWrite(text); err != nil {
			return err
		}
	}
	list, told := s.answers[text]
	answer := "OK"
	if told {
		answer = list[0]
		if len(list) > 1 {
			s.answers[text] = list[1:]
		}
	}
	if answer != "" {
		for part := range strings.SplitSeq(answer, "|") { // several answers at once
			s.queue = append(append(s.queue, part...), 0)
		}
	}
	return nil
}

func (s *script) Read(ctx context.Context, p []byte) (int, error) {
	if len(s.queue) == 0 {
		<-ctx.Done()
		return 0, ctx.Err()
	}
	n := min(len(p), len(s.queue))
	if s.chunk > 0 {
		n = min(n, s.chunk)
	}
	copy(p, s.queue[:n])
	s.queue = s.queue[n:]
	return n, nil
}

func (s *script) DeviceID(context.Context) (string, error) {
	return "MFG:Evolis;MDL:Primacy 2;", nil
}
func (s *script) Close() error { return nil }

// forget drops what was sent until now.
func (s *script) forget() { s.sent, s.frames = nil, nil }

// since are the commands sent, without the reads.
func (s *script) acts() []string {
	var out []string
	for _, c := range s.sent {
		if c[0] != 'R' {
			out = append(out, c)
		}
	}
	return out
}

var errCable = errors.New("the cable is out")

// opened opens a printer on the script. Every test with a script runs in a bubble, so that
// waits cost nothing.
func opened(t *testing.T, s *script, cfg Config) *Printer {
	t.Helper()
	if s.answers == nil {
		s.answers = answersOf(nil)
	}
	p, err := Open(t.Context(), s, cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.forget()
	return p
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}
