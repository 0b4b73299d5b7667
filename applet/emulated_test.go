package applet_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/keys"
	"blanko/keys/software"
)

// software keys satisfy the port of this room in plain types.
var _ applet.KeySource = (*software.Source)(nil)

// field is an emulated chip on a reader.
type field struct {
	card   *chip.Card
	closed bool
}

func (f *field) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	if f.closed {
		return nil, errors.New("the reader is closed")
	}
	r, err := f.card.Transmit(ctx, capdu)
	return r, f.translate(err)
}

func (f *field) Reset(ctx context.Context) ([]byte, error) {
	if f.closed {
		return nil, errors.New("the reader is closed")
	}
	atr, err := f.card.Reset(ctx)
	return atr, f.translate(err)
}

func (f *field) Close() error { f.closed = true; f.card.PowerOff(); return nil }

func (f *field) translate(err error) error {
	switch {
	case errors.Is(err, chip.ErrFieldLost):
		return applet.CardRemoved.At("field.Transmit", err)
	case errors.Is(err, chip.ErrMute):
		return applet.CardMute.At("field.Transmit", err)
	}
	return err
}

var (
	seed = []byte("applet tests")
	from = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at   = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

// variants are the two sizes of chip with their profiles.
var variants = []struct {
	profile string
	size    int
	compact bool
}{{"ktpel-op-1-32k", chip.Size32K, false}, {"ktpel-op-1-8k", chip.Size8K, true}}

// workshop makes blank cards of one profile and what is needed to write them.
type workshop struct {
	profile *chipdata.Profile
	size    int
	keys    *software.Source
	signer  chipdata.Signer
	made    uint64
	// buffers of the chips; zero is the short form
	maxLc, maxLe int
}

func newWorkshop(t testing.TB, name string) *workshop {
	t.Helper()
	for _, v := range variants {
		if v.profile != name {
			continue
		}
		p, err := chipdata.LoadProfile(name)
		if err != nil {
			t.Fatal(err)
		}
		pki, err := software.DevelopmentPKI(seed, from)
		if err != nil {
			t.Fatal(err)
		}
		signer := pki.Full
		if v.compact {
			signer = pki.Compact
		}
		return &workshop{profile: p, size: v.size, keys: software.New(seed), signer: chipdata.Signer{Certificate: signer.Certificate, Key: signer.Key}}
	}
	t.Fatalf("no variant %s", name)
	return nil
}

// blank makes the next card.
func (w *workshop) blank() *chip.Card {
	w.made++
	var serial [8]byte
	binary.BigEndian.PutUint64(serial[:], w.made)
	return chip.New(chip.Config{
		Serial: serial, Size: w.size, MaxLc: w.maxLc, MaxLe: w.maxLe,
		TransportKey: chip.Diversify(w.keys.Master(keys.Transport), chip.KDD(serial)),
	})
}

func (w *workshop) encoder(card *chip.Card) *applet.Encoder {
	return &applet.Encoder{Transport: &field{card: card}, Keys: w.keys, Profile: w.profile}
}

// practised is an encoder whose reader has carried a whole card before, so that no length is on
// trial any more.
func (w *workshop) practised(t testing.TB, card *chip.Card) *applet.Encoder {
	t.Helper()
	f := &field{card: w.blank()}
	e := &applet.Encoder{Transport: f, Keys: w.keys, Profile: w.profile}
	if err := line(w, e, applettest.Plan(t, w.profile, 1)); err != nil {
		t.Fatal(err)
	}
	f.card = card
	return e
}

func TestTransportSuite(t *testing.T) {
	t.Parallel()
	for _, v := range variants {
		w := newWorkshop(t, v.profile)
		t.Run(v.profile, func(t *testing.T) {
			applettest.Run(t, w.profile, func(*testing.T) applet.Transport { return &field{card: w.blank()} })
		})
	}
}

func TestEncoderSuite(t *testing.T) {
	t.Parallel()
	for _, v := range variants {
		w := newWorkshop(t, v.profile)
		t.Run(v.profile, func(t *testing.T) {
			applettest.RunEncoder(t, func(*testing.T) applettest.Bench {
				return applettest.Bench{Transport: &field{card: w.blank()}, Keys: w.keys, Profile: w.profile, Signer: w.signer}
			})
		})
	}
}

// The emulated chip counts, step by step, the commands and bytes that the generated table has,
// and the sums of the card profile KTPEL-OP 1, sections 8.2 and 9.
func TestCountAgainstChip(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	totals := map[string]int{"ktpel-op-1-32k": 202, "ktpel-op-1-8k": 97}
	for _, v := range variants {
		w := newWorkshop(t, v.profile)
		card := w.blank()
		e := w.encoder(card)
		traced := 0
		e.Trace = func(x applet.Exchange) { traced += x.Sent + x.Received }
		plan := applettest.Plan(t, w.profile, 1)
		id := [16]byte{1}
		steps := []struct {
			rows [2]int // first and last number of the rows that the step covers
			run  func() error
		}{
			{[2]int{1, 3}, func() error { _, err := e.Probe(ctx); return err }},
			{[2]int{4, 8}, func() error { return e.Claim(ctx, id) }},
			{[2]int{9, 12}, func() error { _, err := e.Write(ctx, id, plan, w.signer, at); return err }},
			{[2]int{13, 13}, func() error { _, err := e.ReadBack(ctx, plan); return err }},
			{[2]int{14, 15}, func() error { return e.Finish(ctx) }},
			{[2]int{17, 17}, func() error { return e.Activate(ctx, id) }},
		}
		var before chip.View
		var counted [][2]int
		for _, s := range steps {
			if err := s.run(); err != nil {
				t.Fatalf("%s, steps %v: %v", v.profile, s.rows, err)
			}
			after := card.View()
			counted = append(counted, [2]int{after.APDUs - before.APDUs, after.BytesIn + after.BytesOut - before.BytesIn - before.BytesOut})
			before = after
		}
		sizes := map[uint16]int{}
		for _, f := range plan.Files {
			sizes[f.FID] = len(f.Data)
		}
		table := applet.Count(w.profile, sizes)
		for i, s := range steps {
			var want [2]int
			for _, row := range table {
				if row.Number >= s.rows[0] && row.Number <= s.rows[1] {
					want[0] += row.APDUs
					want[1] += row.Bytes
				}
			}
			if counted[i] != want {
				t.Errorf("%s, steps %v: the chip counts %v, the table %v", v.profile, s.rows, counted[i], want)
			}
		}
		if before.APDUs != totals[v.profile] || traced != before.BytesIn+before.BytesOut {
			t.Errorf("%s: %d commands, want %d; %d bytes traced, %d on the wire", v.profile, before.APDUs, totals[v.profile], traced, before.BytesIn+before.BytesOut)
		}
		if before.State != "active" || before.Attempt != id || !before.BACKeys || before.CAN != (v.size == chip.Size32K) {
			t.Errorf("%s: %s, attempt %x, BAC %v, CAN %v", v.profile, before.State, before.Attempt, before.BACKeys, before.CAN)
		}
		if got := fmt.Sprintf("%x", before.Keys); got != "313839" {
			t.Errorf("%s: key sets %s", v.profile, got)
		}
	}
}
