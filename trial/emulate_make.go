package trial

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"blanko/emulator"
	"blanko/emulator/center"
	"blanko/emulator/chip"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/keys"
	"blanko/ktp"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
)

// emulatedCard is one card with what the world knows of it.
type emulatedCard struct {
	chip  *chip.Card
	kind  string
	spend *pace
	slow  float64  // factor of its working time
	mrz   []string // of a finished card
	can   string
	ahead []ahead
}

// ahead is a fault that waits for a command.
type ahead struct {
	kind chip.Kind
	apdu int // as chip.Fault
}

// coming says what the next commands will meet.
func (c *emulatedCard) coming(v chip.View) []string {
	out := []string{}
	for _, a := range c.ahead {
		switch n := a.apdu - v.APDUs; {
		case n == 1:
			out = append(out, fmt.Sprintf("%s at the next command", a.kind))
		case n > 1:
			out = append(out, fmt.Sprintf("%s after %d commands", a.kind, n-1))
		}
	}
	return out
}

// pace lets the time of a card pass on the clock of the reader in which it lies; outside of readers,
// where it is made, time is free.
type pace struct {
	at atomic.Pointer[func(time.Duration)]
}

func (p *pace) to(ctx context.Context, c *emulator.Clock) {
	f := func(d time.Duration) { _ = c.Spend(ctx, d) }
	p.at.Store(&f)
}

func (p *pace) spend(d time.Duration) {
	if f := p.at.Load(); f != nil {
		(*f)(d)
	}
}

// cardMaker makes the cards of one emulation: blanks of one lot, and the cards of residents by the
// station's own encoder.
type cardMaker struct {
	*outfit
	center   *center.Center
	seed     int64
	variant  string
	finished bool

	mu     sync.Mutex
	made   uint32
	client *datacenter.Client
	trust  osia.Trust
	server *center.Server
}

func newCardMaker(ctx context.Context, o CardOptions) (*cardMaker, error) {
	m := &cardMaker{seed: o.Seed, variant: o.Chip, finished: o.Finished}
	var err error
	if m.center, err = center.New(center.Config{Seed: o.Seed, Offices: []string{office}, Now: func() time.Time { return batchStart }}); err != nil {
		return nil, err
	}
	m.outfit, err = newOutfit(o.Seed, o.Chip, m.center.Keys())
	return m, err
}

// first is the card with which a reader begins.
func (m *cardMaker) first(ctx context.Context) (*emulatedCard, error) {
	if m.finished {
		return m.resident(ctx)
	}
	return m.blank(kindBlank)
}

// blank is a new card of the lot, delivered as the kind says.
func (m *cardMaker) blank(kind string) (*emulatedCard, error) {
	m.mu.Lock()
	m.made++
	var serial [8]byte
	binary.BigEndian.PutUint32(serial[:], uint32(m.seed)) //nolint:gosec // any number serves
	binary.BigEndian.PutUint32(serial[4:], m.made)
	m.mu.Unlock()
	c := &emulatedCard{kind: kind, slow: 1, spend: &pace{}}
	c.chip = chip.New(chip.Config{
		Serial: serial, Size: chips[m.variant].size, ICAOView: true, BAC: true, Spend: c.spend.spend,
		TransportKey: chip.Diversify(m.keys.Master(keys.Transport), chip.KDD(serial)),
	})
	if fault, odd := delivered[kind]; odd {
		if err := c.chip.Inject(chip.Fault{Kind: fault}); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// resident is the active card of the next resident.
func (m *cardMaker) resident(ctx context.Context) (*emulatedCard, error) {
	c, err := m.blank(kindFinished)
	if err != nil {
		return nil, err
	}
	record, err := m.record(ctx)
	if err != nil {
		return nil, err
	}
	plan, err := m.plan(record)
	if err != nil {
		return nil, err
	}
	attempt := attemptOf(record)
	c.can = m.digits(attempt)
	e := &applet.Encoder{Transport: &reader{held{c.chip}}, Keys: m.keys, Profile: m.profile, CAN: c.can}
	defer e.Close()
	if _, err := e.Probe(ctx); err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() error { return e.Claim(ctx, attempt) },
		func() error { _, err := e.Write(ctx, attempt, plan, m.signing.Signer, batchStart); return err },
		func() error { _, err := e.ReadBack(ctx, plan); return err },
		func() error { return e.Finish(ctx) },
		func() error { return e.Activate(ctx, attempt) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c.chip.PowerOff()
	i := slices.IndexFunc(plan.Files, func(f chipdata.File) bool { return f.Name == "DG1" })
	if i < 0 {
		return nil, errors.New("trial: a plan without DG1")
	}
	zone, err := chipdata.ParseDG1(plan.Files[i].Data)
	c.mrz = zone.Lines[:]
	return c, err
}

// held is a chip on the desk where it is made.
type held struct{ *chip.Card }

func (h held) Close() error {
	h.PowerOff()
	return nil
}

func attemptOf(r ktp.Record) ktp.AttemptID {
	sum := sha256.Sum256([]byte("blanko emulated card " + r.ID))
	return ktp.AttemptID(sum[:16])
}

// digits is the card access number: six digits that depend on card and seed.
func (m *cardMaker) digits(a ktp.AttemptID) string {
	const million = 1_000_000
	if !m.profile.NeedsChipKeys() {
		return "" // no PACE on the small chip
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "blanko emulated can %d %s", m.seed, a))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[:])%million)
}

// plan is the chip content of a record.
func (m *cardMaker) plan(r ktp.Record) (*chipdata.Plan, error) {
	portrait, err := decodeImage(r.Portrait.Data)
	if err != nil {
		return nil, err
	}
	signature, err := decodeImage(r.Signature.Data)
	if err != nil {
		return nil, err
	}
	return chipdata.Prepare(m.profile, r, issuance(r, batchStart), portrait, signature, m.codec, m.signing.Signer)
}

// record asks the center for the next resident's record and checks it as a station does.
func (m *cardMaker) record(ctx context.Context) (ktp.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.connect(ctx); err != nil {
		return ktp.Record{}, err
	}
	ids, err := m.center.AddRecords(office, 1)
	if err != nil {
		return ktp.Record{}, err
	}
	item, err := m.client.Record(ctx, ids[0])
	if err != nil {
		return ktp.Record{}, err
	}
	checked, err := osia.Checker{Trust: m.trust, Office: office}.Check(item.Record, item.ID, batchStart)
	return checked.Record, err
}

// connect opens the center, once.
func (m *cardMaker) connect(ctx context.Context) (err error) {
	if m.client != nil {
		return nil
	}
	if m.server, err = m.center.ListenTLS("127.0.0.1:0"); err != nil {
		return err
	}
	cred, err := m.server.Client(office)
	if err != nil {
		return err
	}
	anchor, err := datacenter.Anchor(m.center.Anchor().Public)
	if err != nil {
		return err
	}
	client := datacenter.New(datacenter.Config{URL: cred.URL, Office: office, TLS: cred.TLS})
	if m.trust, err = client.Keys(ctx, anchor, batchStart); err != nil {
		return err
	}
	m.client = client
	return nil
}

func (m *cardMaker) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil {
		return nil
	}
	err := m.server.Close()
	m.server, m.client = nil, nil
	return err
}

// WriteTrust lays down what a reader has to believe to accept the finished cards: the certificate of
// the issuing authority in FOLDER/csca and the center's keys in FOLDER/center.
func (r *CardReaders) WriteTrust(folder string) error {
	files := map[string][]byte{}
	for _, c := range r.maker.signing.Anchors {
		files[filepath.Join("csca", strings.ToLower(strings.ReplaceAll(c.Subject.CommonName, " ", "-"))+".cer")] = c.Raw
	}
	for id, key := range r.maker.signing.CenterKeys {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			return err
		}
		files[filepath.Join("center", fmt.Sprintf("%x.pem", id))] = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	}
	for name, data := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
