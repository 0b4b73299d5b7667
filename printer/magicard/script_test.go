package magicard

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/printer"
)

// script is a link with fixed answers: what a unit said to each question. Everything that was
// written is kept.
type script struct {
	id      string
	answers map[string][]string // by INF or key; the last one is given for ever; "" is none at all
	chunk   int                 // bytes of one read at most; 0: all there is
	onWrite func(p []byte) error
	hold    time.Duration // every write takes so long

	sent  [][]byte
	queue []byte
	freed []bool
}

// enduro is a healthy printer with a film that has 250 of 300 shots left.
func enduro(over map[int]string) string {
	f := []string{
		"2", "Enduro", "0", "46E1234", "H1", "B1", "1.40", "2.0", "0", "1200", "1200", "6000", "3", "40", "8", "1000", "50", "50", "50", "0", "0",
		"E0040100AB", "300", "50", "LC1", "60", "60", "60", "0", "0", "20260101", "MAKER", "7", "0", "",
	}
	for i, v := range over {
		f[i] = v
	}
	return statusMark + strings.Join(f, ",")
}

// tango is a healthy printer of the other format, without INF.
func tango(over map[string][]string) map[string][]string {
	all := map[string][]string{
		"INF": {""}, "MSR": {"T42"}, "VRS": {"2.01"}, "FPP": {"50"}, "TCQ": {"1200"}, "DFR": {"1250"}, "CCQ": {"8"}, "CCP": {"1000"}, "CLP": {"0"},
	}
	for k, v := range over {
		all[k] = v
	}
	return all
}

func (s *script) Write(ctx context.Context, p []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.hold > 0 {
		if err := printer.Sleep(ctx, s.hold); err != nil {
			return err
		}
	}
	if s.onWrite != nil {
		if err := s.onWrite(p); err != nil {
			return err
		}
	}
	s.sent = append(s.sent, slices.Clone(p))
	text := string(bytes.Trim(p, "\x05\x01\x03\x1c"))
	key, ok := strings.CutPrefix(text, "REQ,STA,")
	if key = strings.Trim(key, ","); !ok {
		if text != ",REQ,INF," {
			return nil
		}
		key = "INF"
	}
	list := s.answers[key]
	if len(list) == 0 {
		return nil
	}
	answer := list[0]
	if len(list) > 1 {
		s.answers[key] = list[1:]
	}
	switch {
	case answer == "":
	case key == "INF":
		s.queue = append(s.queue, "\x01"+answer+"\x03"...)
	default:
		s.queue = append(s.queue, "\x01STA,"+key+answer+",\x03"...)
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

func (s *script) DeviceID(context.Context) (string, error) { return s.id, nil }
func (s *script) Close() error                             { return nil }

// ClearHalt is what a link over USB has.
func (s *script) ClearHalt(_ context.Context, in bool) error {
	s.freed = append(s.freed, in)
	return nil
}

// acts are what was sent besides questions: commands, headers, planes as their letters.
func (s *script) acts() []string {
	var out []string
	for _, p := range s.sent {
		text := string(bytes.Trim(p, "\x05\x01\x03\x1c"))
		switch {
		case len(p) > 10_000 && text == "":
			out = append(out, "filling")
		case len(p) > 10_000:
			tail := strings.TrimSuffix(string(p[len(p)-4:]), "\x03")
			out = append(out, "plane "+tail[len(tail)-2:len(tail)-1])
		case !strings.Contains(text, "REQ,"):
			out = append(out, strings.Trim(text, ","))
		}
	}
	s.sent = nil
	return out
}

var errCable = errors.New("the cable is out")

// opened opens a printer on the script. Every test with a script runs in a bubble, so that waits
// cost nothing.
func opened(t *testing.T, s *script, cfg Config) *Printer {
	t.Helper()
	if s.answers == nil {
		s.answers = map[string][]string{"INF": {enduro(nil)}}
	}
	p, err := Open(t.Context(), s, cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.sent = nil
	return p
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}
