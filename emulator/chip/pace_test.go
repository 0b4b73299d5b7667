package chip

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"testing"
	"time"
)

// curve is short Weierstrass arithmetic in affine coordinates, the terminal's own.
type curve struct{ p, a, gx, gy *big.Int }

func hexInt(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 16)
	if !ok {
		panic(s)
	}
	return n
}

// P-256 (FIPS 186-4, D.1.2.3) and brainpoolP256r1 (RFC 5639, 3.4).
var (
	curveP256 = curve{
		hexInt("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"),
		hexInt("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC"),
		hexInt("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"),
		hexInt("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"),
	}
	curveBrainpool = curve{
		hexInt("A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377"),
		hexInt("7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9"),
		hexInt("8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"),
		hexInt("547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997"),
	}
)

// affine is a point; nil is the one at infinity.
type affine struct{ x, y *big.Int }

func (c curve) add(p, q *affine) *affine {
	if p == nil {
		return q
	}
	if q == nil {
		return p
	}
	num, den := new(big.Int).Sub(q.y, p.y), new(big.Int).Sub(q.x, p.x)
	if den.Sign() == 0 {
		if num.Sign() != 0 || p.y.Sign() == 0 {
			return nil
		}
		num.Mul(p.x, p.x).Mul(num, big.NewInt(3)).Add(num, c.a)
		den.Lsh(p.y, 1)
	}
	m := new(big.Int).ModInverse(den.Mod(den, c.p), c.p)
	m.Mul(m, num).Mod(m, c.p)
	x := new(big.Int).Mul(m, m)
	x.Sub(x, p.x).Sub(x, q.x).Mod(x, c.p)
	y := new(big.Int).Sub(p.x, x)
	y.Mul(y, m).Sub(y, p.y).Mod(y, c.p)
	return &affine{x, y}
}

func (c curve) mul(k []byte, p *affine) *affine {
	var out *affine
	for _, b := range k {
		for bit := 7; bit >= 0; bit-- {
			out = c.add(out, out)
			if b>>bit&1 == 1 {
				out = c.add(out, p)
			}
		}
	}
	return out
}

func (c curve) base() *affine { return &affine{c.gx, c.gy} }

func (a *affine) bytes() []byte {
	b := make([]byte, 65)
	b[0] = 4
	a.x.FillBytes(b[1:33])
	a.y.FillBytes(b[33:])
	return b
}

func affineOf(b []byte) *affine {
	return &affine{new(big.Int).SetBytes(b[1:33]), new(big.Int).SetBytes(b[33:])}
}

// tokenText is what a token is over: 7F49 { OID, point }.
func tokenText(public []byte) []byte {
	return append([]byte{
		0x7F, 0x49, 0x4F, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02, 0x86, 0x41,
	}, public...)
}

// The worked example of Doc 9303-11, appendix G.1, on brainpoolP256r1: the card's derivations and
// tokens, and the arithmetic of the terminal of these tests.
func TestPACEExample(t *testing.T) {
	t.Parallel()
	information := sha1.Sum([]byte("T22000129364081251010318"))
	key := deriveICAO(information[:], derivePassword)
	if !bytes.Equal(key, unhex(t, "89DED1B26624EC1E634C1989302849DD")) {
		t.Errorf("K pi %X", key)
	}
	nonce := unhex(t, "3F00C4D39D153F2B2A214A078D899B22")
	z := make([]byte, 16)
	newAES(key).Encrypt(z, nonce)
	if !bytes.Equal(z, unhex(t, "95A3A016522EE98D01E76CB6B98B42C3")) {
		t.Errorf("nonce enciphered %X", z)
	}
	c := curveBrainpool
	ours := unhex(t, "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99")
	theirs := affineOf(unhex(t, "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54"))
	if got := c.mul(ours, c.base()).bytes(); !bytes.Equal(got, unhex(t, "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D")) {
		t.Errorf("mapping key %X", got)
	}
	mappedBase := c.add(c.mul(nonce, c.base()), c.mul(ours, theirs))
	if got := mappedBase.bytes(); !bytes.Equal(got, unhex(t, "048CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E28C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522")) {
		t.Errorf("mapped base %X", got)
	}
	ephemeral := unhex(t, "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595")
	terminalPublic := unhex(t, "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462")
	cardPublic := unhex(t, "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094")
	if got := c.mul(ephemeral, mappedBase).bytes(); !bytes.Equal(got, terminalPublic) {
		t.Errorf("ephemeral key %X", got)
	}
	secret := c.mul(ephemeral, affineOf(cardPublic)).bytes()[1:33]
	if !bytes.Equal(secret, unhex(t, "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925")) {
		t.Errorf("secret %X", secret)
	}
	if got := deriveICAO(secret, deriveEncryption); !bytes.Equal(got, unhex(t, "F5F0E35C0D7161EE6724EE513A0D9A7F")) {
		t.Errorf("KSenc %X", got)
	}
	mac := deriveICAO(secret, deriveMAC)
	if !bytes.Equal(mac, unhex(t, "FE251C7858B356B24514B3BD5F4297D1")) {
		t.Errorf("KSmac %X", mac)
	}
	for want, public := range map[string][]byte{"C2B0BD78D94BA866": cardPublic, "3ABB9674BCE93C08": terminalPublic} {
		a := affineOf(public)
		if got := token(newCMAC(newAES(mac)), point{a.x, a.y}); !bytes.Equal(got[:8], unhex(t, want)) {
			t.Errorf("token %X, want %s", got[:8], want)
		}
	}
}

// The MRZ information of testMRZ, whose document number is long (Doc 9303-11, 9.7.3): number, birth
// date and expiry, each with its check digit.
const (
	nikInformation = "31730417089012341" + "9008179" + "9912315"
	nikCAN         = "123456"
)

// pacePlan is a card that PACE and both proofs of genuineness can be shown on.
func pacePlan() plan {
	p := smallPlan()
	p.files[0].data = append([]byte{0x61, 0x5D, 0x5F, 0x1F, 0x5A}, testMRZ...)
	p.can, p.keyPairs = true, true
	sum := sha1.Sum([]byte(nikInformation))
	p.bacKeys = append(terminalKey(sum[:16], 1), terminalKey(sum[:16], 2)...)
	return p
}

// passwords are the secrets that the terminal shows.
func password(reference byte) []byte {
	if reference == 2 {
		return []byte(nikCAN)
	}
	sum := sha1.Sum([]byte(nikInformation))
	return sum[:]
}

var paceOID = []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02}

// setAT is MSE:Set AT for PACE.
func setAT(reference byte) []byte {
	return apdu(0x00, 0x22, 0xC1, 0xA4, append(berObject(0x80, paceOID), 0x83, 1, reference), -1)
}

// general is GENERAL AUTHENTICATE with one object in its template; tag 0: none.
func (m *terminal) general(cla, tag byte, value []byte) ([]byte, error) {
	var body []byte
	if tag != 0 {
		body = berObject(tag, value)
	}
	r, sw, err := m.raw(apdu(cla, 0x86, 0, 0, berObject(0x7C, body), 256))
	switch {
	case err != nil:
		return nil, err
	case sw != 0x9000:
		return nil, swError{fmt.Sprintf("GENERAL AUTHENTICATE %02X", tag), sw}
	}
	want := map[byte]byte{0: 0x80, 0x81: 0x82, 0x83: 0x84, 0x85: 0x86}[tag]
	if len(r) < 4 || r[0] != 0x7C || int(r[1]) != len(r)-2 || r[2] != want || int(r[3]) != len(r)-4 {
		return nil, fmt.Errorf("GENERAL AUTHENTICATE %02X answers %X", tag, r)
	}
	return r[4:], nil
}

// openPACE runs PACE with a password; a refusal is a swError.
func (m *terminal) openPACE(reference byte, secret []byte) error {
	if _, sw, err := m.raw(setAT(reference)); err != nil || sw != 0x9000 {
		return errors.Join(err, swError{"MSE:Set AT", sw})
	}
	return m.agree(secret)
}

// agree is PACE behind MSE:Set AT.
func (m *terminal) agree(secret []byte) error {
	z, err := m.general(0x10, 0, nil)
	if err != nil {
		return err
	}
	if len(z) != 16 {
		return fmt.Errorf("nonce %X", z)
	}
	b, err := aes.NewCipher(terminalKey(secret, 3))
	if err != nil {
		return err
	}
	s := make([]byte, 16)
	cipher.NewCBCDecrypter(b, make([]byte, 16)).CryptBlocks(s, z)
	c := curveP256
	d := sha256.Sum256(append([]byte("mapping"), z...))
	r, err := m.general(0x10, 0x81, c.mul(d[:], c.base()).bytes())
	if err != nil {
		return err
	}
	base := c.add(c.mul(s, c.base()), c.mul(d[:], affineOf(r)))
	d = sha256.Sum256(append([]byte("ephemeral"), z...))
	public := c.mul(d[:], base).bytes()
	card, err := m.general(0x10, 0x83, public)
	if err != nil {
		return err
	}
	shared := c.mul(d[:], affineOf(card)).bytes()[1:33]
	mac := terminalKey(shared, 2)
	r, err = m.general(0x00, 0x85, hostCMAC(mac, tokenText(card))[:8])
	if err != nil {
		return err
	}
	if !bytes.Equal(r, hostCMAC(mac, tokenText(public))[:8]) {
		return fmt.Errorf("the card's token %X is wrong", r)
	}
	m.enc, m.mac, m.ssc = terminalKey(shared, 1), mac, make([]byte, 16)
	return nil
}

// inMF is a terminal before an active card with PACE, nothing selected.
func inMF(t testing.TB, cfg Config) *terminal {
	t.Helper()
	m := activeTerminal(t, cfg, pacePlan())
	if err := m.reset(); err != nil {
		t.Fatal(err)
	}
	return m
}

// PACE by MRZ and by CAN, in the MF and in the application; every file is read under AES.
func TestPACE(t *testing.T) {
	t.Parallel()
	m := inMF(t, Config{BAC: true})
	for _, reference := range []byte{1, 2} {
		for _, first := range [][]byte{nil, selectICAO, unhex(t, "00A4000C")} {
			if err := m.reset(); err != nil {
				t.Fatal(err)
			}
			if first != nil {
				m.must(t, first)
			}
			if err := m.openPACE(reference, password(reference)); err != nil {
				t.Fatalf("password %d: %v", reference, err)
			}
			if _, sw, err := m.do(0xA4, 4, 0x0C, aidICAO, -1); err != nil || sw != 0x9000 {
				t.Fatalf("SELECT: %04X, %v", sw, err)
			}
			for _, f := range pacePlan().files {
				if !ldsFID(f.fid) {
					continue
				}
				for _, n := range []int{50, 223, 256} {
					if got, err := m.readFile(f.fid, n); err != nil || !bytes.Equal(got, f.data) {
						t.Errorf("password %d, %04X in pieces of %d: %d bytes, %v", reference, f.fid, n, len(got), err)
					}
				}
			}
			if _, sw, err := m.do(0xB0, 0x91, 0, nil, 4); err != nil || sw != 0x6A82 {
				t.Errorf("READ of a finger: %04X, %v", sw, err)
			}
			if _, sw, err := m.do(0x22, 0xC1, 0xA4, append(berObject(0x80, paceOID), 0x83, 1, 1), -1); err != nil || sw != 0x6985 {
				t.Errorf("PACE under secure messaging: %04X, %v", sw, err)
			}
		}
	}
	if err := m.reopen(pacePlan().bacKeys); err != nil {
		t.Errorf("BAC on the same card: %v", err)
	}
	if v := m.card.View(); v.CANFailures != 0 {
		t.Errorf("%d failures of the CAN", v.CANFailures)
	}
}

// Every deviation from the order of PACE or the form of its objects ends it.
func TestPACERefusals(t *testing.T) {
	t.Parallel()
	oid := fmt.Sprintf("800A%X", paceOID)
	set := func(objects string) string {
		b := unhex(t, objects)
		return fmt.Sprintf("0022C1A4%02X%X", len(b), b)
	}
	good := set(oid + "830102")
	public := fmt.Sprintf("%X", curveP256.base().bytes())
	off := "04" + fmt.Sprintf("%0128d", 1)
	for _, c := range []struct {
		name     string
		commands []string
		want     string // answer to the last; those before it are 9000
	}{
		{"MSE, domain parameters 12", []string{set(oid + "83010184010C")}, "9000"},
		{"MSE, domain parameters 13", []string{set(oid + "83010184010D")}, "6A88"},
		{"MSE, PIN", []string{set(oid + "830103")}, "6A88"},
		{"MSE, no password", []string{set(oid)}, "6A80"},
		{"MSE, password of two bytes", []string{set(oid + "83020001")}, "6A80"},
		{"MSE, password twice", []string{set(oid + "830101830102")}, "6A80"},
		{"MSE, password empty", []string{set(oid + "8300")}, "6A80"},
		{"MSE, no mechanism", []string{set("830101")}, "6A80"},
		{"MSE, 3DES", []string{set("800A04007F00070202040201830101")}, "6A80"},
		{"MSE, AES-256", []string{set("800A04007F00070202040204830101")}, "6A80"},
		{"MSE, an object of no use", []string{set(oid + "8301015F2000")}, "6A80"},
		{"MSE, cut off", []string{set(oid + "8302")}, "6A80"},
		{"MSE with Le", []string{good + "00"}, "6700"},
		{"MSE without data", []string{"0022C1A4"}, "6700"},
		{"MSE, other P1", []string{"002281A4" + good[8:]}, "6A86"},
		{"MSE, Set DST", []string{"002281B6" + good[8:]}, "6A86"},
		{"MSE:Set KAT", []string{"002241A6" + good[8:]}, "6A86"},
		{"GENERAL AUTHENTICATE alone", []string{"10860000027C0000"}, "6985"},
		{"step 1", []string{good, "10860000027C0000"}, "9000"},
		{"step 1, exact Le", []string{good, "10860000027C0014"}, "9000"},
		{"step 1, wrong Le", []string{good, "10860000027C0010"}, "6C14"},
		{"step 1 not chained", []string{good, "00860000027C0000"}, "6985"},
		{"step 1 without Le", []string{good, "10860000027C00"}, "6700"},
		{"step 1 with an object", []string{good, "10860000047C02800000"}, "6A80"},
		{"step 1 without a template", []string{good, "1086000002800000"}, "6A80"},
		{"step 1 without data", []string{good, "1086000000"}, "6700"},
		{"P1", []string{good, "10860100027C0000"}, "6A86"},
		{"another command between", []string{good, "00B09C0004", "10860000027C0000"}, "6985"},
		{"step 1 twice", []string{good, "10860000027C0000", "10860000027C0000"}, "6A80"},
		{"step 3 first", []string{good, "10860000457C438341" + public + "00"}, "6A80"},
		{"mapping, another object", []string{good, "10860000027C0000", "10860000457C438241" + public + "00"}, "6A80"},
		{"mapping, off the curve", []string{good, "10860000027C0000", "10860000457C438141" + off + "00"}, "6A80"},
		{"mapping, infinity", []string{good, "10860000027C0000", "10860000057C0381010000"}, "6A80"},
		{"mapping, compressed", []string{good, "10860000027C0000", "10860000257C238121" + "03" + public[2:66] + "00"}, "6A80"},
		{"mapping twice", []string{good, "10860000027C0000", "10860000457C438141" + public + "00", "10860000457C438141" + public + "00"}, "6A80"},
		{"key off the curve", []string{good, "10860000027C0000", "10860000457C438141" + public + "00", "10860000457C438341" + off + "00"}, "6A80"},
		{"token chained", []string{good, "10860000027C0000", "10860000457C438141" + public + "00", "10860000457C438341" + public + "00", "108600000C7C0A8508000000000000000000"}, "6985"},
		{"token too short", []string{good, "10860000027C0000", "10860000457C438141" + public + "00", "10860000457C438341" + public + "00", "008600000B7C09850700000000000000" + "00"}, "6A80"},
		{"token wrong", []string{good, "10860000027C0000", "10860000457C438141" + public + "00", "10860000457C438341" + public + "00", "008600000C7C0A8508000000000000000000"}, "63C9"},
		{"token wrong, MRZ", []string{set(oid + "830101"), "10860000027C0000", "10860000457C438141" + public + "00", "10860000457C438341" + public + "00", "008600000C7C0A8508000000000000000000"}, "6300"},
	} {
		m := inMF(t, Config{})
		for i, x := range c.commands {
			want := "9000"
			if i == len(c.commands)-1 {
				want = c.want
			}
			_, sw, err := m.raw(unhex(t, x))
			if got := fmt.Sprintf("%04X", sw); err != nil || got != want {
				t.Errorf("%s, command %d: %s, %v, want %s", c.name, i+1, got, err, want)
			}
		}
		if c.want != "9000" {
			if _, sw, err := m.raw(unhex(t, "10860000027C0000")); err != nil || sw != 0x6985 {
				t.Errorf("%s: PACE goes on: %04X, %v", c.name, sw, err)
			}
		}
		if v := m.card.View(); (v.CANFailures == 1) != (c.want == "63C9") {
			t.Errorf("%s: %d failures of the CAN", c.name, v.CANFailures)
		}
	}
}

// A terminal that sends the card's own key back is refused, and so is one that cannot know it.
func TestPACEReflection(t *testing.T) {
	t.Parallel()
	var kept []byte
	draw := reader(func(b []byte) (int, error) {
		for i := range b {
			b[i] = byte(3*i + 1)
		}
		kept = append(kept, b...)
		return len(b), nil
	})
	m := inMF(t, Config{Rand: draw})
	m.must(t, setAT(2))
	z, err := m.general(0x10, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := aes.NewCipher(terminalKey([]byte(nikCAN), 3))
	if err != nil {
		t.Fatal(err)
	}
	s := make([]byte, 16)
	b.Decrypt(s, z)
	c := curveP256
	r, err := m.general(0x10, 0x81, c.base().bytes())
	if err != nil {
		t.Fatal(err)
	}
	// The source repeats itself: the card's second key is the first on the mapped base.
	base := c.add(c.mul(s, c.base()), affineOf(r))
	d, err := drawScalar(draw)
	if err != nil {
		t.Fatal(err)
	}
	var refused swError
	if _, err = m.general(0x10, 0x83, c.mul(d, base).bytes()); !errors.As(err, &refused) || refused.sw != 0x6A80 {
		t.Errorf("the card's own key: %v", err)
	}
}

// reader is a random source.
type reader func([]byte) (int, error)

func (r reader) Read(b []byte) (int, error) { return r(b) }

// The CAN is suspended after ten wrong tokens in a row, also across resets; the MRZ resumes it.
func TestSuspendedCAN(t *testing.T) {
	t.Parallel()
	m := inMF(t, Config{BAC: true})
	refused := func(secret string) uint16 {
		t.Helper()
		if err := m.reset(); err != nil {
			t.Fatal(err)
		}
		var e swError
		if err := m.openPACE(2, []byte(secret)); !errors.As(err, &e) {
			t.Fatalf("CAN %s: %v", secret, err)
		}
		return e.sw
	}
	suspend := func() {
		t.Helper()
		for i := range 10 {
			if sw, want := refused("654321"), uint16(0x63C9-i); sw != want {
				t.Fatalf("try %d: %04X, want %04X", i+1, sw, want)
			}
		}
		if sw := refused(nikCAN); sw != 0x6983 {
			t.Fatalf("suspended: %04X", sw)
		}
	}
	for i := range 9 {
		if sw, want := refused("000000"), uint16(0x63C9-i); sw != want {
			t.Fatalf("try %d: %04X, want %04X", i+1, sw, want)
		}
	}
	if err := errors.Join(m.reset(), m.openPACE(2, []byte(nikCAN))); err != nil {
		t.Fatalf("the right CAN after nine wrong ones: %v", err)
	}
	suspend()
	if err := errors.Join(m.reset(), m.openPACE(1, password(1))); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(m.reset(), m.openPACE(2, []byte(nikCAN))); err != nil {
		t.Errorf("resumed by PACE with the MRZ: %v", err)
	}
	suspend()
	if err := m.reopen(pacePlan().bacKeys); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(m.reset(), m.openPACE(2, []byte(nikCAN))); err != nil {
		t.Errorf("resumed by BAC: %v", err)
	}
	for range 12 { // the MRZ has no counter
		var e swError
		if err := errors.Join(m.reset(), m.openPACE(1, []byte(nikCAN))); !errors.As(err, &e) || e.sw != 0x6300 {
			t.Fatalf("wrong MRZ: %v", err)
		}
	}
	if v := m.card.View(); v.CANFailures != 0 {
		t.Errorf("%d failures of the CAN", v.CANFailures)
	}
}

// A power cut gives no try away: the counter is up before the token is looked at, and a right
// token whose success is cut off leaves it up.
func TestCANUnderPowerCuts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		secret string
		fault  func(m *terminal) Fault
		want   int
	}{
		{"wrong, cut before", "000000", func(m *terminal) Fault { return Fault{Kind: FieldLoss, APDU: m.card.View().APDUs + 5} }, 0},
		{"wrong, cut while counting", "000000", func(m *terminal) Fault { return Fault{Kind: FieldLoss, Page: m.card.View().Pages + 1} }, 0},
		{"wrong, cut behind", "000000", func(m *terminal) Fault {
			return Fault{Kind: FieldLoss, APDU: m.card.View().APDUs + 5, After: true}
		}, 1},
		{"right, cut while counting", nikCAN, func(m *terminal) Fault { return Fault{Kind: FieldLoss, Page: m.card.View().Pages + 1} }, 0},
		{"right, cut while forgetting", nikCAN, func(m *terminal) Fault { return Fault{Kind: FieldLoss, Page: m.card.View().Pages + 2} }, 1},
		{"right, cut behind", nikCAN, func(m *terminal) Fault {
			return Fault{Kind: FieldLoss, APDU: m.card.View().APDUs + 5, After: true}
		}, 0},
	} {
		m := inMF(t, Config{})
		if err := m.card.Inject(c.fault(m)); err != nil {
			t.Fatal(err)
		}
		if err := m.openPACE(2, []byte(c.secret)); !errors.Is(err, ErrFieldLost) {
			t.Errorf("%s: %v", c.name, err)
		}
		if v := m.card.View(); v.CANFailures != c.want || v.Pending != 0 {
			t.Errorf("%s: %d failures, want %d; %d faults pending", c.name, v.CANFailures, c.want, v.Pending)
		}
		if err := errors.Join(m.reset(), m.openPACE(2, []byte(nikCAN))); err != nil {
			t.Errorf("%s: the right CAN afterwards: %v", c.name, err)
		}
	}
	m := inMF(t, Config{})
	if err := m.card.Inject(Fault{Kind: NVMError}); err != nil {
		t.Fatal(err)
	}
	var e swError
	if err := m.openPACE(2, []byte("000000")); !errors.As(err, &e) || e.sw != 0x6581 {
		t.Errorf("memory failure: %v", err)
	}
}

// Cards without one of the passwords or without PACE at all.
func TestPACEOffered(t *testing.T) {
	t.Parallel()
	bare := smallPlan() // DG1 is no MRZ, no CAN
	for _, c := range []struct {
		name      string
		cfg       Config
		plan      plan
		reference byte
		want      uint16
	}{
		{"no CAN", Config{}, bare, 2, 0x6A88},
		{"no MRZ in DG1", Config{}, bare, 1, 0x6A88},
		{"switched off", Config{NoPACE: true}, pacePlan(), 2, 0x6985},
	} {
		m := activeTerminal(t, c.cfg, c.plan)
		if _, sw, err := m.raw(setAT(c.reference)); err != nil || sw != c.want {
			t.Errorf("%s: %04X, %v, want %04X", c.name, sw, err, c.want)
		}
	}
	small := hostWith(t, inActive, Config{ICAOView: true, Size: Size8K}, bare)
	off := hostWith(t, inActive, Config{}, pacePlan())
	for _, c := range []struct {
		name    string
		host    *host
		command string
		want    uint16
	}{
		{"small chip, MSE", small, fmt.Sprintf("%X", setAT(2)), 0x6D00},
		{"small chip, GENERAL AUTHENTICATE", small, "10860000027C0000", 0x6D00},
		{"small chip, INTERNAL AUTHENTICATE", small, "0088000008000000000000000000", 0x6D00},
		{"ICAO view off, MSE", off, fmt.Sprintf("%X", setAT(2)), 0x6D00},
		{"ICAO view off, GENERAL AUTHENTICATE", off, "10860000027C0000", 0x6E00},
		{"ICAO view off, INTERNAL AUTHENTICATE", off, "0088000008000000000000000000", 0x6D00},
		{"ICAO view off, secure messaging", off, "0CB09C000D970104 8E080000000000000000 00", 0x6E00},
	} {
		if err := c.host.reset(); err != nil {
			t.Fatal(err)
		}
		if _, sw, err := c.host.raw(unhex(t, c.command)); err != nil || sw != c.want {
			t.Errorf("%s: %04X, %v, want %04X", c.name, sw, err, c.want)
		}
	}
	without := activeTerminal(t, Config{NoPACE: true}, pacePlan())
	without.must(t, unhex(t, "00A4000C023F00"))
	if _, sw, err := without.raw(unhex(t, "00B09C0000")); err != nil || sw != 0x6A82 {
		t.Errorf("EF.CardAccess without PACE: %04X, %v", sw, err)
	}
}

// chipAuthentication runs the protocol against a public key from DG14 and changes the session
// keys; whether the card has the private key shows in the next command.
func (m *terminal) chipAuthentication(public []byte) error {
	mse := berObject(0x80, []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x02})
	if _, sw, err := m.do(0x22, 0x41, 0xA4, mse, -1); err != nil || sw != 0x9000 {
		return errors.Join(err, swError{"MSE:Set AT", sw})
	}
	d := sha256.Sum256([]byte("chip authentication"))
	own := curveP256.mul(d[:], curveP256.base()).bytes()
	r, sw, err := m.do(0x86, 0, 0, berObject(0x7C, berObject(0x80, own)), 256)
	if err != nil || sw != 0x9000 || !bytes.Equal(r, []byte{0x7C, 0}) {
		return errors.Join(err, swError{fmt.Sprintf("GENERAL AUTHENTICATE answers %X", r), sw})
	}
	secret := curveP256.mul(d[:], affineOf(public)).bytes()[1:33]
	m.enc, m.mac, m.ssc = terminalKey(secret, 1), terminalKey(secret, 2), make([]byte, 16)
	return nil
}

// activeAuthentication has the card sign a challenge and checks it under a key from DG15.
func (m *terminal) activeAuthentication(public []byte) error {
	challenge := []byte{8, 7, 6, 5, 4, 3, 2, 1}
	sig, sw, err := m.do(0x88, 0, 0, challenge, 256)
	if err != nil || sw != 0x9000 || len(sig) != 64 {
		return errors.Join(err, swError{fmt.Sprintf("INTERNAL AUTHENTICATE answers %X", sig), sw})
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), public)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(challenge)
	if !ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		return errors.New("the signature is wrong")
	}
	return nil
}

// opened opens a card in one of the three ways and selects the application.
func (m *terminal) opened(way string) error {
	if way == "BAC" {
		return m.reopen(pacePlan().bacKeys)
	}
	reference := map[string]byte{"PACE-MRZ": 1, "PACE-CAN": 2}[way]
	if err := errors.Join(m.reset(), m.openPACE(reference, password(reference))); err != nil {
		return err
	}
	_, sw, err := m.do(0xA4, 4, 0x0C, aidICAO, -1)
	if sw != 0x9000 {
		return errors.Join(err, swError{"SELECT", sw})
	}
	return err
}

var ways = []string{"BAC", "PACE-MRZ", "PACE-CAN"}

// The card proves itself by both protocols, in every channel; afterwards the channel runs under
// the new keys alone.
func TestGenuine(t *testing.T) {
	t.Parallel()
	m := inMF(t, Config{BAC: true})
	v := m.card.View()
	for _, way := range ways {
		if err := m.opened(way); err != nil {
			t.Fatalf("%s: %v", way, err)
		}
		if err := m.activeAuthentication(v.ActiveAuthentication); err != nil {
			t.Errorf("%s: active authentication: %v", way, err)
		}
		before := *m
		before.ssc = bytes.Clone(m.ssc)
		for range 2 { // it can be repeated in the new channel
			if err := m.chipAuthentication(v.ChipAuthentication); err != nil {
				t.Fatalf("%s: chip authentication: %v", way, err)
			}
			if r, sw, err := m.do(0xB0, 0x81, 0, nil, 5); err != nil || sw != 0x9000 || !bytes.Equal(r, []byte{0x61, 0x5D, 0x5F, 0x1F, 0x5A}) {
				t.Fatalf("%s: READ under the new keys: %X %04X, %v", way, r, sw, err)
			}
		}
		if err := m.activeAuthentication(v.ActiveAuthentication); err != nil {
			t.Errorf("%s: active authentication in the new channel: %v", way, err)
		}
		before.count()
		before.count()
		before.count()
		before.count() // four messages of chip authentication
		if _, sw, err := before.do(0xB0, 0x81, 0, nil, 5); !errors.Is(err, errPlain) || sw != 0x6988 {
			t.Errorf("%s: the old keys: %04X, %v", way, sw, err)
		}
	}
}

// A copy has every byte of the card, opens as it does, and fails both proofs.
func TestClone(t *testing.T) {
	t.Parallel()
	original := inMF(t, Config{BAC: true})
	v := original.card.View()
	card, err := original.card.Clone()
	if err != nil {
		t.Fatal(err)
	}
	c := card.View()
	if c.KDD != v.KDD || !bytes.Equal(c.ATR, v.ATR) || c.State != "active" || len(c.Files) != len(v.Files) {
		t.Errorf("the copy is %+v", c)
	}
	for fid, data := range v.Files {
		if !bytes.Equal(data, c.Files[fid]) {
			t.Errorf("%04X differs", fid)
		}
	}
	m := &terminal{host: &host{card: card, keys: original.keys}}
	for _, way := range ways {
		if err := m.opened(way); err != nil {
			t.Fatalf("%s: %v", way, err)
		}
		if got, err := m.readFile(0x0102, 223); err != nil || !bytes.Equal(got, v.Files[0x0102]) {
			t.Errorf("%s: DG2: %v", way, err)
		}
		if err := m.activeAuthentication(v.ActiveAuthentication); err == nil || err.Error() != "the signature is wrong" {
			t.Errorf("%s: active authentication of the copy: %v", way, err)
		}
		if err := m.chipAuthentication(v.ChipAuthentication); err != nil {
			t.Fatalf("%s: chip authentication of the copy: %v", way, err)
		}
		if _, sw, err := m.do(0xB0, 0x81, 0, nil, 5); !errors.Is(err, errPlain) || sw != 0x6988 {
			t.Errorf("%s: READ behind chip authentication of the copy: %04X, %v", way, sw, err)
		}
	}
	if _, _, err := m.selectIssuer(); err != nil {
		t.Fatal(err)
	}
	if err := m.open(0x38, 0x33); err == nil {
		t.Error("the copy opens under the SAM key")
	}
	if after := original.card.View(); after.CANFailures != 0 || after.APDUs != v.APDUs {
		t.Error("the copy changes the original")
	}
}

// Chip and active authentication, refused; the channel lives on.
func TestGenuineRefusals(t *testing.T) {
	t.Parallel()
	mse := "800A04007F00070202030202"
	public := fmt.Sprintf("%X", curveP256.base().bytes())
	type sealedCommand struct {
		ins, p1, p2 byte
		data        string
		le          int
	}
	set := sealedCommand{0x22, 0x41, 0xA4, mse, -1}
	for _, c := range []struct {
		name     string
		pairs    bool
		commands []sealedCommand
		want     uint16
	}{
		{"MSE, key number", true, []sealedCommand{{0x22, 0x41, 0xA4, mse + "840101", -1}}, 0x6A88},
		{"MSE, password", true, []sealedCommand{{0x22, 0x41, 0xA4, mse + "830101", -1}}, 0x6A80},
		{"MSE, 3DES", true, []sealedCommand{{0x22, 0x41, 0xA4, "800A04007F00070202030201", -1}}, 0x6A80},
		{"MSE:Set KAT", true, []sealedCommand{{0x22, 0x41, 0xA6, "9141" + public, -1}}, 0x6A86},
		{"MSE, no key on the card", false, []sealedCommand{set}, 0x6A88},
		{"GENERAL AUTHENTICATE alone", true, []sealedCommand{{0x86, 0, 0, "7C438041" + public, 256}}, 0x6985},
		{"another command between", true, []sealedCommand{set, {0xB0, 0x81, 0, "", 4}, {0x86, 0, 0, "7C438041" + public, 256}}, 0x6985},
		{"off the curve", true, []sealedCommand{set, {0x86, 0, 0, "7C43804104" + fmt.Sprintf("%0128d", 1), 256}}, 0x6A80},
		{"another object", true, []sealedCommand{set, {0x86, 0, 0, "7C438141" + public, 256}}, 0x6A80},
		{"no template", true, []sealedCommand{set, {0x86, 0, 0, "8041" + public, 256}}, 0x6A80},
		{"no Le", true, []sealedCommand{set, {0x86, 0, 0, "7C438041" + public, -1}}, 0x6700},
		{"AA, seven bytes", true, []sealedCommand{{0x88, 0, 0, "01020304050607", 256}}, 0x6700},
		{"AA without Le", true, []sealedCommand{{0x88, 0, 0, "0102030405060708", -1}}, 0x6700},
		{"AA, P1", true, []sealedCommand{{0x88, 1, 0, "0102030405060708", 256}}, 0x6A86},
		{"AA, no key on the card", false, []sealedCommand{{0x88, 0, 0, "0102030405060708", 256}}, 0x6A88},
		{"AA in the MF", true, []sealedCommand{{0xA4, 0, 0x0C, "3F00", -1}, {0x88, 0, 0, "0102030405060708", 256}}, 0x6982},
		{"CA in the MF", true, []sealedCommand{{0xA4, 0, 0x0C, "3F00", -1}, set}, 0x6982},
	} {
		p := pacePlan()
		p.keyPairs = c.pairs
		m := activeTerminal(t, Config{BAC: true}, p)
		if err := m.openBAC(p.bacKeys); err != nil {
			t.Fatal(err)
		}
		for i, x := range c.commands {
			want := uint16(0x9000)
			if i == len(c.commands)-1 {
				want = c.want
			}
			if _, sw, err := m.do(x.ins, x.p1, x.p2, unhex(t, x.data), x.le); err != nil || sw != want {
				t.Errorf("%s, command %d: %04X, %v, want %04X", c.name, i+1, sw, err, want)
			}
		}
		if _, sw, err := m.do(0xA4, 4, 0x0C, aidICAO, -1); err != nil || sw != 0x9000 {
			t.Errorf("%s: the channel afterwards: %04X, %v", c.name, sw, err)
		}
	}
	m := inMF(t, Config{})
	m.must(t, selectICAO)
	for _, command := range []string{"0088000008010203040506070800", "002241A40C" + mse} {
		if _, sw, err := m.raw(unhex(t, command)); err != nil || sw != 0x6982 {
			t.Errorf("%s without a channel: %04X, %v", command, sw, err)
		}
	}
}

// The clock: a multiplication on the curve takes its time, and so does each block of cipher and
// MAC under secure messaging.
func TestICAOTiming(t *testing.T) {
	t.Parallel()
	link := Link{D: 1, FSC: 256, FSD: 256}
	spent := func(timing Timing, way string, act func(m *terminal) error) time.Duration {
		t.Helper()
		timing.Link, timing.FWI, timing.Page = link, 14, 64
		m := inMF(t, Config{BAC: true, Timing: timing})
		if way != "" {
			if err := m.opened(way); err != nil {
				t.Fatal(err)
			}
		}
		before := m.card.View().Spent
		if err := act(m); err != nil {
			t.Fatal(err)
		}
		return m.card.View().Spent - before
	}
	read := func(m *terminal) error { _, _, err := m.do(0xB0, 0x81, 0, nil, 4); return err }
	v := inMF(t, Config{}).card.View()
	for _, c := range []struct {
		name       string
		way        string
		act        func(m *terminal) error
		multiplied int
		blocks     int
	}{
		// K pi: nonce 1; two tokens of 82 bytes, 6 blocks each.
		{"PACE", "", func(m *terminal) error { return m.openPACE(1, password(1)) }, 5, 1 + 12},
		// MSE (14 bytes, padded to 16): MAC over counter, header, 21 bytes; text 1 and start 1; answer
		// counter and 99. Template of 69 bytes in 5 blocks: MAC over counter, header, 86 bytes; answer
		// text 1 and start 1, MAC over counter and 23 bytes.
		{"chip authentication", "PACE-MRZ", func(m *terminal) error { return m.chipAuthentication(v.ChipAuthentication) }, 1, (2 + 2 + 2) + 2 + (6 + 2 + 6) + (2 + 3)},
		// Challenge of 8 bytes: MAC over counter, header, 22 bytes; text 1 and start 1. Signature of 64
		// bytes in 5 blocks and start: MAC over counter and 88 bytes.
		{"active authentication", "PACE-MRZ", func(m *terminal) error { return m.activeAuthentication(v.ActiveAuthentication) }, 1, 4 + 2 + 6 + 7},
		// MAC over counter, header, 97: 3. Text 1, start 1 under AES; MAC over counter and 87, 99.
		{"READ under AES", "PACE-MRZ", read, 0, 3 + 2 + 3},
		{"READ under 3DES", "BAC", read, 0, 3 + 1 + 3},
	} {
		free := spent(Timing{}, c.way, c.act)
		if got, want := spent(Timing{Multiply: 10 * time.Millisecond}, c.way, c.act)-free, time.Duration(c.multiplied)*10*time.Millisecond; got != want {
			t.Errorf("%s: %v on the curve, want %v", c.name, got, want)
		}
		if got, want := spent(Timing{AES: time.Millisecond}, c.way, c.act)-free, time.Duration(c.blocks)*time.Millisecond; got != want {
			t.Errorf("%s: %v of blocks, want %v", c.name, got, want)
		}
	}
}
