package icao

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"blanko/applet"
)

// script is a card that expects exactly these commands and gives these answers.
type script struct {
	t     testing.TB
	lines [][2]string // hex of command and answer
	at    int
}

func (s *script) Transmit(_ context.Context, capdu []byte) ([]byte, error) {
	if s.at == len(s.lines) {
		return nil, applet.CardMute.At("script.Transmit", fmt.Errorf("no line is left for %X", capdu))
	}
	line := s.lines[s.at]
	s.at++
	if want := unhex(s.t, line[0]); !bytes.Equal(capdu, want) {
		s.t.Errorf("command %d:\n%X, want\n%X", s.at, capdu, want)
	}
	return unhex(s.t, line[1]), nil
}

func (s *script) Reset(context.Context) ([]byte, error) { return []byte{0x3B, 0x00}, nil }
func (s *script) Close() error                          { return nil }

// finished reports whether every line was used.
func (s *script) finished() {
	s.t.Helper()
	if s.at != len(s.lines) {
		s.t.Errorf("%d of %d lines were used", s.at, len(s.lines))
	}
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.NewReplacer(" ", "", "\n", "", "\t", "").Replace(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// noCardAccess are the first lines of a card without EF.CardAccess.
var noCardAccess = [2]string{"00A4020C02011C", "6A82"}

var selectView = [2]string{"00A4040C07A0000002471001", "9000"}
