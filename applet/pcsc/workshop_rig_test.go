//go:build cgo

package pcsc

import (
	"context"
	"encoding/binary"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/emulator/cable"
	"blanko/emulator/chip"
	"blanko/internal/rig"
	"blanko/keys"
	"blanko/keys/software"
)

// seed of the keys of these tests, and when the certificates begin.
var (
	seed = []byte("readers of tests")
	from = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at   = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

// workshop makes blank cards of one profile and what is needed to write them.
type workshop struct {
	profile *chipdata.Profile
	keys    *software.Source
	signer  chipdata.Signer
	size    int
	made    atomic.Uint64
}

func newWorkshop(t testing.TB, profile string) *workshop {
	t.Helper()
	p, err := chipdata.LoadProfile(profile)
	if err != nil {
		t.Fatal(err)
	}
	pki, err := software.DevelopmentPKI(seed, from)
	if err != nil {
		t.Fatal(err)
	}
	w := &workshop{profile: p, keys: software.New(seed), size: chip.Size32K}
	signer := pki.Full
	if profile == "ktpel-op-1-8k" {
		w.size, signer = chip.Size8K, pki.Compact
	}
	w.signer = chipdata.Signer{Certificate: signer.Certificate, Key: signer.Key}
	return w
}

func (w *workshop) blank() *chip.Card {
	var serial [8]byte
	binary.BigEndian.PutUint64(serial[:], w.made.Add(1))
	return chip.New(chip.Config{
		Serial: serial, Size: w.size,
		TransportKey: chip.Diversify(w.keys.Master(keys.Transport), chip.KDD(serial)),
	})
}

// pad is a place in a reader whose card can be exchanged while nobody looks, and whose answers can
// be held back. It saves the tests the half second in which pcscd notices a card.
type pad struct {
	mu     sync.Mutex
	card   cable.Chip
	before func(capdu []byte) error // may be nil; runs without the lock
}

func (p *pad) lay(c cable.Chip) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.card, p.before = c, nil
}

func (p *pad) watch(before func([]byte) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.before = before
}

func (p *pad) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	p.mu.Lock()
	card, before := p.card, p.before
	p.mu.Unlock()
	if before != nil {
		if err := before(capdu); err != nil {
			return nil, err
		}
	}
	return card.Transmit(ctx, capdu)
}

func (p *pad) Reset(ctx context.Context) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.card.Reset(ctx)
}

func (p *pad) PowerOff() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.card.PowerOff()
}

// place is a real reader of the rig with a slot for emulated cards.
type place struct {
	rig.Reader
	slot *cable.Slot
}

func take(t testing.TB) *place {
	t.Helper()
	r := rig.PCSC(t).Take(t)
	p := &place{r, cable.Plug(t.Context(), r.Addr)}
	t.Cleanup(p.slot.Close)
	return p
}

// put inserts a card and waits until the service sees it.
func (p *place) put(t testing.TB, tr *Transport, c cable.Chip) {
	t.Helper()
	if err := p.slot.Insert(c); err != nil {
		t.Fatal(err)
	}
	if err := tr.WaitCard(soon(t)); err != nil {
		t.Fatal(err)
	}
}

func (p *place) open(t testing.TB) *Transport {
	t.Helper()
	tr, err := OpenReader(soon(t), p.Name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Close() })
	return tr
}

// soon is a context with a generous end, so that a test that waits in vain says where.
func soon(t testing.TB) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(stop)
	return ctx
}

func selectApplet(w *workshop) []byte { return applet.SelectApplication(w.profile.AID).Encode() }
