package inspect_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"blanko/applet"
	"blanko/biometric/finger"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/keys"
	"blanko/keys/software"
	"blanko/ktp"
)

var (
	seed = []byte("inspect tests")
	from = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at   = time.Date(2026, 3, 2, 9, 30, 15, 0, time.UTC)
	ours = ktp.AttemptID{0xAB, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
)

// codec keeps pictures in memory; its bytes are a name and filler.
type codec struct {
	mu       sync.Mutex
	pictures map[[32]byte]image.Image
}

// boxes begin a JPEG 2000 file (ISO/IEC 15444-1, I.5.1).
const boxes = "\x00\x00\x00\x0CjP  \r\n\x87\n"

func (c *codec) MIME() string { return "image/jp2" }

func (c *codec) Encode(img image.Image, budget int) ([]byte, error) {
	const most = 2600
	b := img.Bounds()
	h := sha256.New()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			h.Write([]byte{byte(r >> 8), byte(g >> 8), byte(bl >> 8)})
		}
	}
	name := [32]byte(h.Sum(nil))
	c.mu.Lock()
	c.pictures[name] = img
	c.mu.Unlock()
	out := make([]byte, min(budget, most))
	copy(out[copy(out, boxes):], name[:])
	return out, nil
}

func (c *codec) Decode(b []byte) (image.Image, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	img, ok := c.pictures[[32]byte(b[len(boxes):][:32])]
	if !ok {
		return nil, errors.New("no such picture")
	}
	return img, nil
}

func picture(w, h int, dark func(x, y int) bool) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetGray(x, y, color.Gray{Y: 250})
			if dark(x, y) {
				img.SetGray(x, y, color.Gray{Y: 20})
			}
		}
	}
	return img
}

var (
	portrait  = sync.OnceValue(func() image.Image { return picture(480, 640, func(x, y int) bool { return (x/40+y/40)%2 == 0 }) })
	signature = sync.OnceValue(func() image.Image {
		return picture(300, 100, func(x, y int) bool { return x > 30 && x < 270 && (x+y)%17 < 3 })
	})
)

// minutiae are scattered by the seed; move shifts and jitters them, as a second impression does.
func minutiae(n int, id uint64, move int) []finger.Minutia {
	r := rand.New(rand.NewPCG(id, 7))
	j := rand.New(rand.NewPCG(id, uint64(move)))
	var out []finger.Minutia
	for range n {
		m := finger.Minutia{Type: 1 + byte(r.IntN(2)), X: 40 + r.IntN(300), Y: 40 + r.IntN(290), Angle: byte(r.IntN(256)), Quality: 60}
		if move > 0 {
			m.X, m.Y = m.X+move+j.IntN(3), m.Y-move+j.IntN(3)
		}
		out = append(out, m)
	}
	return out
}

func template(t testing.TB, f ktp.Finger, m []finger.Minutia) []byte {
	t.Helper()
	b, err := (&finger.Template{Width: 400, Height: 400, ResX: 197, ResY: 197, Views: []finger.View{{Position: f, Quality: 80, Minutiae: m}}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func slot(t testing.TB, f ktp.Finger, id uint64) ktp.FingerSlot {
	m := minutiae(60, id, 0)
	return ktp.FingerSlot{Finger: f, Best60: template(t, f, m), Best40: template(t, f, m[:40]), Second: template(t, f, minutiae(60, id, 9)[5:55])}
}

// center is a data center that signs identity statements.
type center struct {
	key *ecdsa.PrivateKey
	id  [8]byte
}

func newCenter(t testing.TB, scalar byte) center {
	t.Helper()
	raw := make([]byte, 32)
	raw[31] = scalar
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(spki)
	return center{key: key, id: [8]byte(sum[:])}
}

func (c center) sign(t testing.TB, r *ktp.Record) {
	t.Helper()
	sum := sha256.Sum256(r.IdentityClaim().Statement())
	a, b, err := ecdsa.Sign(rand8{}, c.key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	r.Identity.KeyID = c.id
	copy(r.Identity.Signature[:32], a.FillBytes(make([]byte, 32)))
	copy(r.Identity.Signature[32:], b.FillBytes(make([]byte, 32)))
}

// rand8 is a source for tests in which the value of the nonce does not matter.
type rand8 struct{}

func (rand8) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(rand.IntN(256))
	}
	return len(b), nil
}

// record is a person of the center; who makes persons differ.
func record(t testing.TB, who int) ktp.Record {
	t.Helper()
	r := ktp.Record{ID: fmt.Sprintf("R-%d", who), Version: 1, Office: "31.73", Type: "new", Profile: "ktp-el-wni", Person: ktp.Person{
		NIK: ktp.NIK(fmt.Sprintf("317304170890%04d", 1234+who)), FamilyCard: "3173040101100001", Names: []string{"BUDI SANTOSO", "MAS BUDI"},
		BirthPlace: "JAKARTA", BirthDate: time.Date(1990, 8, 17, 0, 0, 0, 0, time.UTC), Sex: ktp.Male, Blood: 4,
		Street: "JL. MAWAR NO. 12", RT: "001", RW: "002", Village: "KEBON JERUK", District: "KEBON JERUK",
		Regency: "KOTA JAKARTA BARAT", Province: "DKI JAKARTA", RegionCode: "31.73.05.1001",
		Religion: 1, Marital: 2, Occupation: "KARYAWAN SWASTA", Nationality: "IDN", Citizenship: "WNI", Validity: ktp.Lifelong,
	}}
	r.Fingers = [2]ktp.FingerSlot{slot(t, ktp.RightIndex, uint64(10+who)), slot(t, ktp.LeftIndex, uint64(20+who))}
	return r
}

// field is an emulated chip on a reader; alter may change an answer.
type field struct {
	card  *chip.Card
	alter func(capdu, rapdu []byte) []byte
	count int
	// refuse may keep a command from the card.
	refuse func(capdu []byte) error
}

func (f *field) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	f.count++
	if f.refuse != nil {
		if err := f.refuse(capdu); err != nil {
			return nil, err
		}
	}
	r, err := f.card.Transmit(ctx, capdu)
	if err == nil && f.alter != nil {
		r = f.alter(capdu, r)
	}
	return r, translate(err)
}

func (f *field) Reset(ctx context.Context) ([]byte, error) {
	atr, err := f.card.Reset(ctx)
	return atr, translate(err)
}

func (f *field) Close() error { return nil }

func translate(err error) error {
	switch {
	case errors.Is(err, chip.ErrFieldLost):
		return applet.CardRemoved.At("field.Transmit", err)
	case errors.Is(err, chip.ErrMute):
		return applet.CardMute.At("field.Transmit", err)
	}
	return err
}

// shop makes cards of one profile.
type shop struct {
	profile *chipdata.Profile
	size    int
	icao    bool
	bac     bool // the ICAO view opens by Basic Access Control too
	noPACE  bool
	can     string // opens PACE; empty: digits that nobody keeps
	maxLc   int    // of the chip's buffer; zero: the short forms
	maxLe   int
	keys    *software.Source
	pki     software.PKI
	signer  chipdata.Signer
	center  center
	made    uint64
	codec   *codec
}

func newShop(t testing.TB, name string) *shop {
	t.Helper()
	p, err := chipdata.LoadProfile(name)
	if err != nil {
		t.Fatal(err)
	}
	p.Photo.Sizes = []chipdata.Size{{Width: 24, Height: 32, Floor: 30}} // pictures are no matter of these tests
	p.Signature.Sizes = []chipdata.Size{{Width: 30, Height: 10, Floor: 16}}
	pki, err := software.DevelopmentPKI(seed, from)
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{profile: p, size: chip.Size32K, keys: software.New(seed), pki: pki, center: newCenter(t, 5), codec: &codec{pictures: map[[32]byte]image.Image{}}}
	signer := pki.Full
	if name == "ktpel-op-1-8k" {
		s.size, signer = chip.Size8K, pki.Compact
	}
	s.signer = chipdata.Signer{Certificate: signer.Certificate, Key: signer.Key}
	return s
}

func (s *shop) blank() *chip.Card {
	s.made++
	var serial [8]byte
	binary.BigEndian.PutUint64(serial[:], s.made)
	return chip.New(chip.Config{
		Serial: serial, Size: s.size, ICAOView: s.icao, BAC: s.bac, NoPACE: s.noPACE, MaxLc: s.maxLc, MaxLe: s.maxLe,
		TransportKey: chip.Diversify(s.keys.Master(keys.Transport), chip.KDD(serial)),
	})
}

func (s *shop) plan(t testing.TB, r ktp.Record) *chipdata.Plan {
	t.Helper()
	is := chipdata.Issuance{Authority: "DISDUKCAPIL", IssuePlace: "JAKARTA BARAT", IssueDate: at, PersonalizedAt: at, Station: "SN1"}
	plan, err := chipdata.Prepare(s.profile, r, is, portrait(), signature(), s.codec, s.signer)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// write personalizes a card to the state written; change may alter the plan behind the back of
// everyone, after it was prepared.
func (s *shop) write(t testing.TB, card *chip.Card, plan *chipdata.Plan) *applet.Encoder {
	t.Helper()
	ctx := context.Background()
	e := &applet.Encoder{Transport: &field{card: card}, Keys: s.keys, Profile: s.profile, CAN: s.can}
	if _, err := e.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Write(ctx, ours, plan, s.signer, at); err != nil {
		t.Fatal(err)
	}
	if err := e.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	return e
}

// active makes an active card.
func (s *shop) active(t testing.TB, plan *chipdata.Plan) *chip.Card {
	t.Helper()
	card := s.blank()
	if err := s.write(t, card, plan).Activate(context.Background(), ours); err != nil {
		t.Fatal(err)
	}
	return card
}

// signed is a record with the center's signature.
func (s *shop) signed(t testing.TB, who int) ktp.Record {
	t.Helper()
	r := record(t, who)
	s.center.sign(t, &r)
	return r
}
