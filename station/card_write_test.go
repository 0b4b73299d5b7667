package station

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// laid is a card that was laid down: CPLC, FCI and EF.PROF of an active card (card profile KTPEL-OP 1,
// sections 3.5 and 7.1).
type laid struct{ sent []byte }

func (l *laid) Transmit(_ context.Context, capdu []byte) ([]byte, error) {
	const getData, selectFile, readBinary = 0xCA, 0xA4, 0xB0
	l.sent = append(l.sent, capdu[1])
	switch capdu[1] {
	case getData:
		return []byte("\x9F\x7F\x2A" + strings.Repeat("\x11", 42) + "\x90\x00"), nil
	case selectFile:
		return []byte("\x6F\x1D\x84\x07\xF0KTPEL\x01\x8A\x01\x05\x85\x0F\x80\x08KTPEL-OP\x82\x03\x01\xFF\x00\x90\x00"), nil
	case readBinary:
		return []byte("KTPEL-OP\x01\x00" + strings.Repeat("\x22", 16) + "\x02\x00\x00\x00\x00\x00\x90\x00"), nil
	}
	return nil, errors.New("what a card in its place must never be sent")
}

func (*laid) Reset(context.Context) ([]byte, error) { return []byte{0x3B, 0x80, 0x01}, nil }
func (*laid) Close() error                          { return nil }

// Why a specimen failed is never left out.
func TestWhySpecimenFailed(t *testing.T) {
	t.Parallel()
	for want, cause := range map[string]error{
		"interrupted":                  fmt.Errorf("claim: %w", context.Canceled),
		"failed":                       errors.New("of no room"),
		"applet.card_removed":          applet.CardRemoved.At("test", context.Canceled),
		"applet.misuse, it has 1 byte": applet.Misuse.At("test", nil).With("capdu", "it has 1 byte"),
	} {
		if got := why(cause); got != want {
			t.Errorf("%v: %q, expected %q", cause, got, want)
		}
	}
}

// A card that somebody lays down in place of a blank that failed keeps its life.
func TestSpoilLeavesAnotherCard(t *testing.T) {
	t.Parallel()
	p, err := chipdata.LoadProfile("ktpel-op-1-8k")
	if err != nil {
		t.Fatal(err)
	}
	this := ktp.ChipUID("00001111111111111111")
	for name, out := range map[string]Written{
		"another chip":                 {Chip: "0000FAB101020304BA7C", Attempt: ktp.AttemptID([]byte(strings.Repeat("\x22", 16)))},
		"the chip, of another attempt": {Chip: this, Attempt: ktp.AttemptID{1}},
	} {
		card := &laid{}
		w := writer{ctx: t.Context(), out: out, encoder: &applet.Encoder{Transport: card, Profile: p}}
		err := w.spoil("write", applet.CardRemoved.At("test", nil))
		if !fault.Is(err, SpecimenFailed) || !strings.Contains(err.Error(), "another card lies in the reader") {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(string(card.sent), "\x50") {
			t.Errorf("%s: a channel was begun: % X", name, card.sent)
		}
	}
}

// A recheck whose commands are counted knows how long an APDU the reader carries: counting once hid what a
// reader of short APDUs says of itself.
func TestCountedReaderTellsItsLimits(t *testing.T) {
	t.Parallel()
	var n int
	short := applet.Limits{Command: 261, Answer: 258}
	if got := (traced{&narrow{limits: short}, &n}).Limits(); got != short {
		t.Errorf("a reader of short APDUs: %+v", got)
	}
	if got := (traced{&laid{}, &n}).Limits(); got != (applet.Limits{}) {
		t.Errorf("a reader that does not say: %+v", got)
	}
}

// narrow is a reader that tells its limits.
type narrow struct {
	laid
	limits applet.Limits
}

func (n *narrow) Limits() applet.Limits { return n.limits }
