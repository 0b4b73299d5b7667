package inspect_test

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"testing"

	"blanko/emulator/chip"
)

// subject is a finished card in front of the strict reader.
type subject struct {
	t       *testing.T
	name    string
	card    *chip.Card
	csca    *x509.Certificate
	files   map[uint16][]byte // as they lie on the chip
	open    *reader
	openers map[string]func(*reader) // ways into the ICAO view
	large   bool
	tried   int
}

// newSubject makes a card of a profile that opens in every way that its chip has, with buffers for lc and
// le bytes (zero: the short forms).
func newSubject(t *testing.T, profile string, lc, le int) *subject {
	t.Helper()
	s := newShop(t, profile)
	s.icao, s.bac, s.maxLc, s.maxLe = true, true, lc, le
	large := s.size == chip.Size32K
	if large {
		s.can = "314159"
	}
	card := s.active(t, s.plan(t, s.signed(t, 0)))
	sub := &subject{name: profile, card: card, csca: s.pki.CSCA, files: card.View().Files, large: large, openers: map[string]func(*reader){}}
	information := zoneInformation(t, sub.files[0x0101])
	sub.openers["BAC"] = func(r *reader) { r.basic(information) }
	if large {
		sub.openers["PACE with the CAN"] = func(r *reader) { r.pace(byCAN, []byte(s.can)) }
		sub.openers["PACE with the zone"] = func(r *reader) { r.pace(byMRZ, hashOf(information)) }
	}
	return sub
}

// Buffers of chips, bytes of command and of answer data.
const (
	longLc, longLe   = 1991, 1998 // extended lengths, APDUs of 2,000 bytes
	smallLc, smallLe = 122, 126   // APDUs of 128 bytes
)

// newSubjects are a card of each profile, the large one on a chip that announces extended lengths.
func newSubjects(t *testing.T) []*subject {
	t.Helper()
	return []*subject{newSubject(t, profiles[0], longLc, longLe), newSubject(t, profiles[1], 0, 0)}
}

// run runs a row against the card.
func (s *subject) run(t *testing.T, row func(*subject)) {
	t.Helper()
	s.t, s.tried, s.open = t, 0, &reader{t: t, card: s.card}
	row(s)
	if s.tried == 0 {
		t.Errorf("%s: nothing was tried", s.name)
	}
}

// lives: the channel that is open still reads.
func (s *subject) lives(behind string) {
	s.t.Helper()
	a := s.open.send(0xB0, 0x80|0x1E, 0x00, nil, 1)
	s.check(a.sealed && a.sw == 0x9000 && bytes.Equal(a.data, []byte{0x60}), "%s: EF.COM behind it: %v", behind, a)
}

func (s *subject) check(ok bool, format string, args ...any) {
	s.t.Helper()
	s.tried++
	if !ok {
		s.t.Errorf("%s: %s", s.name, fmt.Sprintf(format, args...))
	}
}

// inChannel opens the view in every way that the card offers, authenticates the chip where it has a key
// for that, and tries. Nothing of it may end the channel (3.2.1 of the guideline).
func (s *subject) inChannel(try func(*reader)) {
	s.t.Helper()
	for name, open := range s.openers {
		open(s.open)
		if s.large {
			s.open.authenticateChip(s.card.View().ChipAuthentication)
		}
		try(s.open)
		s.lives(name)
	}
}
