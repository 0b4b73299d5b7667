package sam

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/keys"
	"blanko/keys/software"
	"blanko/ktp"
)

// A SAM satisfies the port of applet, and is reached by what reaches a card.
var (
	_ applet.KeySource = (*Source)(nil)
	_ applet.Transport = (*chip.SAM)(nil)
	_ Transport        = applet.Transport(nil)
)

var (
	today  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	issuer = software.New([]byte("sam test"))
)

// field is an emulated chip on a reader.
type field struct{ card *chip.Card }

func (f field) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	return f.card.Transmit(ctx, capdu)
}
func (f field) Reset(ctx context.Context) ([]byte, error) { return f.card.Reset(ctx) }
func (f field) Close() error                              { f.card.PowerOff(); return nil }

// desk is a SAM in its slot, a card that was made, and the Dinas.
type desk struct {
	*testing.T
	dinas   *ecdsa.PrivateKey
	slot    *chip.SAM
	sam     *Source
	now     time.Time
	profile *chipdata.Profile
	plan    *chipdata.Plan
	card    *chip.Card
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, now: today}
	var err error
	d.dinas, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	d.fine(err)
	d.slot = chip.NewSAM(chip.SAMConfig{Serial: [8]byte{7}, Generation: 1, Master: issuer.Master(keys.Reading), Issuer: &d.dinas.PublicKey})
	d.sam, err = Open(t.Context(), d.slot, func() time.Time { return d.now })
	d.fine(err)
	d.profile, err = chipdata.LoadProfile("ktpel-op-1-32k")
	d.fine(err)
	serial := [8]byte{1}
	d.card = chip.New(chip.Config{Serial: serial, Size: chip.Size32K, TransportKey: chip.Diversify(issuer.Master(keys.Transport), chip.KDD(serial))})
	pki, err := software.DevelopmentPKI([]byte("sam test"), today.AddDate(0, 0, -1))
	d.fine(err)
	d.plan = applettest.Plan(t, d.profile, 1)
	e := &applet.Encoder{Transport: field{d.card}, Keys: issuer, Profile: d.profile}
	_, err = e.Probe(t.Context())
	d.fine(err)
	ours := ktp.AttemptID{1}
	d.fine(e.Claim(t.Context(), ours))
	_, err = e.Write(t.Context(), ours, d.plan, chipdata.Signer{Certificate: pki.Full.Certificate, Key: pki.Full.Key}, today)
	d.fine(err)
	_, err = e.ReadBack(t.Context(), d.plan)
	d.fine(err)
	d.fine(e.Finish(t.Context()))
	d.fine(e.Activate(t.Context(), ours))
	return d
}

func (d *desk) fine(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// renew is the way to the Dinas and back.
func (d *desk) renew(uses int, until time.Time) {
	d.Helper()
	q, err := d.sam.Request(d.Context())
	d.fine(err)
	r, err := Grant(d.dinas, q, uses, d.now, until)
	d.fine(err)
	d.fine(d.sam.Renew(d.Context(), r))
}

// read opens a channel by the SAM and reads the fingers.
func (d *desk) read() error {
	d.Helper()
	c := applet.Card{Transport: field{d.card}, Keys: d.sam, Profile: d.profile}
	defer c.Close()
	if _, err := c.Reset(d.Context()); err != nil {
		return err
	}
	if _, err := c.Plain(d.Context(), applet.Command{INS: 0xA4, P1: 0x04, Data: d.profile.AID, Expect: 256}); err != nil {
		return err
	}
	if _, err := c.Open(d.Context(), keys.Reading.Version(), nil); err != nil {
		return err
	}
	for _, f := range d.plan.Files {
		spec, _ := d.profile.File(chipdata.BuildFinger1)
		if f.FID != spec.FID {
			continue
		}
		a, err := c.Sealed(d.Context(), applet.SelectFile(0x80, f.FID))
		if err != nil || a.SW != applet.SWOK {
			d.Fatalf("%v, %v", a.SW, err)
		}
		for _, chunk := range []int{64, 200} {
			got, err := c.ReadFile(d.Context(), chunk, len(f.Data))
			if err != nil || !bytes.Equal(got, f.Data) {
				d.Fatalf("%s by %d bytes: %d of %d, %v", f.Name, chunk, len(got), len(f.Data), err)
			}
		}
		return nil
	}
	d.Fatal("no finger was planned")
	return nil
}

// The fingers of a card are read through a SAM in any reader, as often and as long as the Dinas let it.
func TestCap(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	capped := func(want fault.Entry) {
		t.Helper()
		challenge, err := d.sam.Challenge(t.Context(), keys.Reading.Version())
		d.fine(err)
		c := applet.Card{Transport: field{d.card}, Keys: d.sam, Profile: d.profile}
		_, err = c.Reset(t.Context())
		d.fine(err)
		_, err = c.Plain(t.Context(), applet.Command{INS: 0xA4, P1: 0x04, Data: d.profile.AID, Expect: 256})
		d.fine(err)
		a, err := c.Plain(t.Context(), applet.InitializeUpdate(keys.Reading.Version(), challenge))
		d.fine(err)
		if _, _, err := d.sam.Open(t.Context(), keys.Reading.Version(), [10]byte(a.Data[:10]), challenge, 0x33, a.Data); !fault.Is(err, want) {
			t.Errorf("%v, want %s", err, want.Code)
		}
	}
	capped(DaysOver) // nobody has let it be used
	d.renew(2, today.AddDate(0, 0, 7))
	d.fine(d.read())
	d.fine(d.read())
	capped(UsedUp)
	d.renew(5, today.AddDate(0, 0, 7))
	d.now = today.AddDate(0, 0, 7)
	d.fine(d.read())
	d.now = today // back: the SAM has seen a later day
	capped(DaysOver)
	d.now = today.AddDate(0, 0, 8)
	capped(DaysOver)
	st, err := d.sam.Status(t.Context())
	if err != nil || st.Uses != 4 || st.Used != 3 || st.Serial != [8]byte{7} || st.Generation != 1 || !st.Until.Equal(today.AddDate(0, 0, 7).Truncate(24*time.Hour)) {
		t.Errorf("%+v, %v", st, err)
	}
	d.renew(1, d.now)
	d.fine(d.read())
}

// A renewal is of this Dinas, for this SAM, this nonce, and once.
func TestRenewalIsForOneRequest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	d.fine(err)
	until := today.AddDate(0, 0, 1)
	grant := func(key *ecdsa.PrivateKey, q Request) Renewal {
		t.Helper()
		r, err := Grant(key, q, 10, today, until)
		d.fine(err)
		return r
	}
	refused := func(name string, bend func(Request) Renewal) {
		t.Helper()
		q, err := d.sam.Request(t.Context())
		d.fine(err)
		if err := d.sam.Renew(t.Context(), bend(q)); !fault.Is(err, RenewalRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("of somebody else", func(q Request) Renewal { return grant(other, q) })
	refused("another SAM", func(q Request) Renewal { q.Serial[0]++; return grant(d.dinas, q) })
	refused("an earlier request", func(q Request) Renewal { q.Nonce[0]++; return grant(d.dinas, q) })
	refused("more uses", func(q Request) Renewal { r := grant(d.dinas, q); r.Uses++; return r })
	refused("more days", func(q Request) Renewal { r := grant(d.dinas, q); r.Until = r.Until.AddDate(0, 0, 1); return r })
	q, err := d.sam.Request(t.Context())
	d.fine(err)
	good := grant(d.dinas, q)
	d.fine(d.sam.Renew(t.Context(), good))
	if err := d.sam.Renew(t.Context(), good); err == nil {
		t.Error("it was taken twice")
	}
	if st, err := d.sam.Status(t.Context()); err != nil || st.Uses != 10 {
		t.Errorf("%+v, %v", st, err)
	}
	for _, c := range []struct {
		uses  int
		until time.Time
	}{{0, until}, {MostUses + 1, until}, {1, today.AddDate(0, 0, -1)}, {1, today.AddDate(0, 0, MostDays+1)}} {
		if _, err := Grant(d.dinas, q, c.uses, today, c.until); !fault.Is(err, grantTooLarge) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A SAM reads and does nothing else; a wrong card takes a use and gives no channel; a channel that was
// closed, or that another took the place of, is gone; a card that is no SAM is told apart.
func TestWhatASAMRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.renew(10, today)
	ctx := t.Context()
	for _, role := range []keys.Role{keys.Transport, keys.Personalization, keys.Admin} {
		if _, err := d.sam.Challenge(ctx, role.Version()); !fault.Is(err, keys.NoKey) {
			t.Errorf("%s: %v", role, err)
		}
	}
	if _, _, err := d.sam.KeyBlock(ctx, 1, 0x31, [10]byte{}); !fault.Is(err, keys.NoKey) {
		t.Error(err)
	}
	challenge, err := d.sam.Challenge(ctx, 0x38)
	d.fine(err)
	forged := append(append(make([]byte, 10), 0x38, 0x03, 0x70), make([]byte, 19)...)
	if _, _, err := d.sam.Open(ctx, 0x38, [10]byte{}, challenge, 0x33, forged); fault.CodeOf(err) != applet.CardCryptogramWrong {
		t.Errorf("forged: %v", err)
	}
	if _, _, err := d.sam.Open(ctx, 0x38, [10]byte{}, challenge, 0x33, forged); !fault.Is(err, keys.NoChannel) {
		t.Errorf("a challenge was good for two: %v", err)
	}
	if st, err := d.sam.Status(ctx); err != nil || st.Uses != 9 {
		t.Errorf("%+v, %v", st, err)
	}
	if _, err := d.sam.Wrap(ctx, 1, []byte{0, 0xB0, 0, 0, 0}); !fault.Is(err, keys.NoChannel) {
		t.Errorf("no channel: %v", err)
	}
	kind, production, kcv, err := d.sam.Describe(ctx)
	want, kerr := keys.KCV(issuer.Master(keys.Reading))
	if err != nil || kerr != nil || kind != Kind || !production || len(kcv) != 1 || kcv["MK_SAM"] == "" || want == [3]byte{} {
		t.Errorf("%s %v %v %v", kind, production, kcv, err)
	}
	if _, err := Open(ctx, field{d.card}, nil); !fault.Is(err, NotASAM) {
		t.Errorf("a card of a person: %v", err)
	}
}
