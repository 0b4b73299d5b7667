//go:build cgo

package pkcs11

import (
	"context"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"math/big"
	"testing"
	"time"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/internal/rig"
	"blanko/keys"
	"blanko/ktp"
)

// A token satisfies the port of applet in plain types.
var _ applet.KeySource = (*Source)(nil)

// field is an emulated chip on a reader.
type field struct{ card *chip.Card }

func (f *field) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	r, err := f.card.Transmit(ctx, capdu)
	if errors.Is(err, chip.ErrFieldLost) {
		err = applet.CardRemoved.At("field.Transmit", err)
	}
	return r, err
}
func (f *field) Reset(ctx context.Context) ([]byte, error) { return f.card.Reset(ctx) }
func (f *field) Close() error                              { f.card.PowerOff(); return nil }

var (
	from = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	at   = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ours = ktp.AttemptID{0xC0, 0xFF, 0xEE, 1}
)

// workshop makes cards with every master and signing key on a token.
type workshop struct {
	hsm     *rig.SoftHSM
	token   *Token
	source  *Source
	signer  chipdata.Signer
	csca    *x509.Certificate
	profile *chipdata.Profile
	made    uint64
}

func newWorkshop(t testing.TB, generation int) *workshop {
	t.Helper()
	w := &workshop{hsm: rig.NeedSoftHSM(t)}
	w.token = openRig(t, w.hsm, nil)
	equip(t, w.token, generation)
	names := keys.Names{Authority: "TEST CSCA", Signer: "TEST DS", CRL: "http://localhost/test.crl"}
	authority, err := w.token.GeneratePair(t.Context(), Name{"CSCA", 1})
	if err != nil {
		t.Fatal(err)
	}
	document, err := w.token.GeneratePair(t.Context(), Name{"DS", 1})
	if err != nil {
		t.Fatal(err)
	}
	authorityKey, err := w.token.Signer(t.Context(), authority)
	if err != nil {
		t.Fatal(err)
	}
	der, err := keys.Authority(nil, authorityKey, names, big.NewInt(1), from)
	if err != nil {
		t.Fatal(err)
	}
	if w.csca, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	der, err = keys.DocumentSigner(nil, w.csca, authorityKey, document, names, big.NewInt(2), from, false)
	if err != nil {
		t.Fatal(err)
	}
	documentKey, err := w.token.Signer(t.Context(), document)
	if err != nil {
		t.Fatal(err)
	}
	w.signer = chipdata.Signer{Certificate: der, Key: documentKey}
	if w.profile, err = chipdata.LoadProfile("ktpel-op-1-32k"); err != nil {
		t.Fatal(err)
	}
	w.renew(t)
	return w
}

// renew takes the masters that the token holds now.
func (w *workshop) renew(t testing.TB) {
	t.Helper()
	var err error
	if w.source, err = w.token.Source(t.Context(), true); err != nil {
		t.Fatal(err)
	}
}

func (w *workshop) blank(generation int) *chip.Card {
	w.made++
	var serial [8]byte
	binary.BigEndian.PutUint64(serial[:], w.made)
	return chip.New(chip.Config{Serial: serial, Size: chip.Size32K, TransportKey: chip.Diversify(masterBytes(generation)[keys.Transport], chip.KDD(serial))})
}

func (w *workshop) encoder(card *chip.Card) *applet.Encoder {
	return &applet.Encoder{Transport: &field{card}, Keys: w.source, Profile: w.profile}
}

// steps of a card, each as a line repeats it after a stop.
func (w *workshop) steps(t testing.TB) []func(context.Context, *applet.Encoder) error {
	plan := applettest.Plan(t, w.profile, 1)
	return []func(context.Context, *applet.Encoder) error{
		func(ctx context.Context, e *applet.Encoder) error { return e.Claim(ctx, ours) },
		func(ctx context.Context, e *applet.Encoder) error {
			_, err := e.Write(ctx, ours, plan, w.signer, at)
			return err
		},
		func(ctx context.Context, e *applet.Encoder) error { _, err := e.ReadBack(ctx, plan); return err },
		func(ctx context.Context, e *applet.Encoder) error { return e.Finish(ctx) },
		func(ctx context.Context, e *applet.Encoder) error { return e.Activate(ctx, ours) },
	}
}

// The conformance suite of applet, with every key on the token. The chip derives the masters' keys
// with code of its own.
func TestEncoderSuite(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, 1)
	applettest.RunEncoder(t, func(*testing.T) applettest.Bench {
		return applettest.Bench{Transport: &field{w.blank(1)}, Keys: w.source, Profile: w.profile, Signer: w.signer}
	})
}

// The token is pulled before every step of a card. The step says that the key source is away, or is
// done; the card is as it was; and when the token is back the same steps make the card.
func TestPulledAtEveryStep(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, 1)
	for pulled := range w.steps(t) {
		card := w.blank(1)
		e := w.encoder(card)
		if _, err := e.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n, step := range w.steps(t) {
			if n == pulled {
				if err := w.hsm.Pull(); err != nil {
					t.Fatal(err)
				}
				err := step(t.Context(), e)
				if ready := w.token.Ready(t.Context()); !fault.Is(ready, TokenAway) {
					t.Errorf("step %d: a token that was pulled is %v", n, ready)
				}
				if err != nil && !fault.Is(err, applet.KeySourceFailed) && fault.CodeOf(err) != "chipdata.signer_unusable" {
					t.Errorf("step %d: %v", n, err)
				}
				if err := w.hsm.Plug(); err != nil {
					t.Fatal(err)
				}
				if err == nil { // done in a channel that was open: its keys are no token's
					continue
				}
				if _, err := e.Probe(t.Context()); err != nil {
					t.Fatal(err)
				}
				if n > 0 {
					if err := e.Claim(t.Context(), ours); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := step(t.Context(), e); err != nil {
				t.Fatalf("pulled before step %d, step %d: %v", pulled, n, err)
			}
		}
		if v := card.View(); v.State != "active" || v.Attempt != ours {
			t.Errorf("pulled before step %d: the card is %s and holds %x", pulled, v.State, v.Attempt)
		}
	}
}

// A card that was claimed under masters of one generation is finished after the change to the next;
// a new card is under the new ones alone. A transport key of another consignment opens its blanks.
func TestGenerations(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, 1)
	begun := w.blank(1)
	e := w.encoder(begun)
	if _, err := e.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := e.Claim(t.Context(), ours); err != nil {
		t.Fatal(err)
	}
	equip(t, w.token, 2)
	w.renew(t)
	for _, c := range []struct {
		name string
		card *chip.Card
	}{{"begun before", begun}, {"blank of the first consignment", w.blank(1)}, {"blank of the second", w.blank(2)}} {
		e := w.encoder(c.card)
		if _, err := e.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n, step := range w.steps(t) {
			if err := step(t.Context(), e); err != nil {
				t.Fatalf("%s, step %d: %v", c.name, n, err)
			}
		}
	}
	_, _, kcv, err := w.source.Describe(t.Context())
	for _, role := range keys.Roles {
		want, kerr := keys.KCV(masterBytes(2)[role])
		if err != nil || kerr != nil || kcv[string(role)] != hexOf(want) {
			t.Errorf("%s: check value %s, want %s, %v", role, kcv[string(role)], hexOf(want), err)
		}
	}
}
