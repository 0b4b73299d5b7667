package chip

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// host is the other side of the card, written for these tests alone: its SCP03, its CMAC and
// its derivations share nothing with the card's.
type host struct {
	card *Card
	keys map[byte]Keys

	enc, mac, rmac []byte
	chain          []byte
	counter        uint64
	level          byte
}

// swError is a status word that the host did not want.
type swError struct {
	step string
	sw   uint16
}

func (e swError) Error() string { return fmt.Sprintf("%s: %04X", e.step, e.sw) }

// testKeys are four unlike key sets.
func testKeys() map[byte]Keys {
	keys := map[byte]Keys{}
	for _, kvn := range []byte{0x30, 0x31, 0x38, 0x39} {
		var k Keys
		for i := range 16 {
			k.ENC[i], k.MAC[i], k.DEK[i] = kvn+byte(i), kvn^0x80+byte(3*i), kvn^0x55+byte(5*i)
		}
		keys[kvn] = k
	}
	return keys
}

// newHost makes a blank card and the host that holds its keys.
func newHost(cfg Config) *host {
	keys := testKeys()
	cfg.TransportKey = keys[0x30]
	if cfg.Serial == ([8]byte{}) {
		cfg.Serial = [8]byte{0xFA, 0xB1, 1, 2, 3, 4, 0xBA, 0x7C}
	}
	return &host{card: New(cfg), keys: keys}
}

// hostCMAC is NIST SP 800-38B over big-endian bit shifts, a whole message at a time.
func hostCMAC(key, message []byte) []byte {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	shift := func(in []byte) []byte {
		hi, lo := binary.BigEndian.Uint64(in), binary.BigEndian.Uint64(in[8:])
		out := binary.BigEndian.AppendUint64(nil, hi<<1|lo>>63)
		out = binary.BigEndian.AppendUint64(out, lo<<1)
		if hi>>63 == 1 {
			out[15] ^= 0x87
		}
		return out
	}
	l := make([]byte, 16)
	b.Encrypt(l, l)
	sub := shift(l)
	m := bytes.Clone(message)
	if len(m) == 0 || len(m)%16 != 0 {
		sub = shift(sub)
		m = append(m, 0x80)
		m = append(m, make([]byte, (16-len(m)%16)%16)...)
	}
	for i := range 16 {
		m[len(m)-16+i] ^= sub[i]
	}
	out := make([]byte, len(m))
	cipher.NewCBCEncrypter(b, make([]byte, 16)).CryptBlocks(out, m)
	return out[len(out)-16:]
}

func hostDerive(key []byte, constant byte, bits int, context []byte) []byte {
	in := append(make([]byte, 11), constant, 0, byte(bits>>8), byte(bits), 1)
	return hostCMAC(key, append(in, context...))[:bits/8]
}

func hostCBC(key, iv, in []byte, encrypt bool) []byte {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	out := make([]byte, len(in))
	if encrypt {
		cipher.NewCBCEncrypter(b, iv).CryptBlocks(out, in)
	} else {
		cipher.NewCBCDecrypter(b, iv).CryptBlocks(out, in)
	}
	return out
}

// icv enciphers the command counter.
func (h *host) icv(first byte) []byte {
	c := binary.BigEndian.AppendUint64(make([]byte, 8), h.counter)
	c[0] = first
	return hostCBC(h.enc, make([]byte, 16), c, true)
}

// raw sends bytes as they are.
func (h *host) raw(capdu []byte) ([]byte, uint16, error) {
	r, err := h.card.Transmit(context.Background(), capdu)
	if err != nil {
		return nil, 0, err
	}
	return r[:len(r)-2], binary.BigEndian.Uint16(r[len(r)-2:]), nil
}

func (h *host) reset() error {
	_, err := h.card.Reset(context.Background())
	return err
}

// selectIssuer answers with the FCI.
func (h *host) selectIssuer() ([]byte, uint16, error) {
	return h.raw([]byte{0x00, 0xA4, 0x04, 0x00, 0x07, 0xF0, 0x4B, 0x54, 0x50, 0x45, 0x4C, 0x01})
}

// open runs INITIALIZE UPDATE and EXTERNAL AUTHENTICATE; a refusal is a swError.
func (h *host) open(kvn, level byte) error {
	challenge := []byte{1, 2, 3, 4, 5, 6, 7, kvn}
	iu, sw, err := h.raw(append(append([]byte{0x80, 0x50, kvn, 0x00, 0x08}, challenge...), 0x00))
	if err != nil {
		return err
	}
	if sw != 0x9000 {
		return swError{fmt.Sprintf("INITIALIZE UPDATE %02X", kvn), sw}
	}
	if len(iu) != 32 || iu[10] != kvn || iu[11] != 0x03 || iu[12] != 0x70 {
		return fmt.Errorf("INITIALIZE UPDATE answers %X", iu)
	}
	k := h.keys[kvn]
	ctx := append(bytes.Clone(challenge), iu[13:21]...)
	h.enc = hostDerive(k.ENC[:], 4, 128, ctx)
	h.mac = hostDerive(k.MAC[:], 6, 128, ctx)
	h.rmac = hostDerive(k.MAC[:], 7, 128, ctx)
	h.chain, h.counter, h.level = make([]byte, 16), 0, level
	if !bytes.Equal(iu[21:29], hostDerive(h.mac, 0, 64, ctx)) {
		return fmt.Errorf("card cryptogram of %02X is wrong", kvn)
	}
	ea := append([]byte{0x84, 0x82, level, 0x00, 0x10}, hostDerive(h.mac, 1, 64, ctx)...)
	h.chain = hostCMAC(h.mac, append(bytes.Clone(h.chain), ea...))
	_, sw, err = h.raw(append(ea, h.chain[:8]...))
	if err == nil && sw != 0x9000 {
		err = swError{fmt.Sprintf("EXTERNAL AUTHENTICATE %02X", kvn), sw}
	}
	return err
}

// send wraps a command, sends it and unwraps the answer.
func (h *host) send(ins, p1, p2 byte, data []byte, le int) ([]byte, uint16, error) {
	h.counter++
	if len(data) > 0 && h.level&2 != 0 {
		p := append(bytes.Clone(data), 0x80)
		p = append(p, make([]byte, (16-len(p)%16)%16)...)
		data = hostCBC(h.enc, h.icv(0), p, true)
	}
	c := append([]byte{0x84, ins, p1, p2, byte(len(data) + 8)}, data...)
	h.chain = hostCMAC(h.mac, append(bytes.Clone(h.chain), c...))
	c = append(c, h.chain[:8]...)
	if le >= 0 {
		c = append(c, byte(le))
	}
	r, sw, err := h.raw(c)
	if err != nil {
		return nil, 0, err
	}
	if sw != 0x9000 {
		if len(r) != 0 {
			return nil, sw, fmt.Errorf("refusal %04X with %d bytes of data", sw, len(r))
		}
		return nil, sw, nil
	}
	if h.level&0x10 != 0 {
		if len(r) < 8 {
			return nil, sw, errors.New("answer without R-MAC")
		}
		mac := r[len(r)-8:]
		r = r[:len(r)-8]
		want := hostCMAC(h.rmac, append(append(bytes.Clone(h.chain), r...), 0x90, 0x00))
		if !bytes.Equal(mac, want[:8]) {
			return nil, sw, errors.New("R-MAC is wrong")
		}
	}
	if h.level&0x20 != 0 && len(r) > 0 {
		r = hostCBC(h.enc, h.icv(0x80), r, false)
		r = r[:bytes.LastIndexByte(r, 0x80)]
	}
	return r, sw, nil
}

// want sends and takes 9000 or one of the others for success.
func (h *host) want(step string, ins, p1, p2 byte, data []byte, le int, also ...uint16) ([]byte, error) {
	r, sw, err := h.send(ins, p1, p2, data, le)
	if err == nil && sw != 0x9000 && !slices.Contains(also, sw) {
		err = swError{step, sw}
	}
	return r, err
}

// testID is an attempt.
var testID = [16]byte{0xA7, 0x7E, 0x4D, 0x97, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}

func claimData(id [16]byte) []byte {
	b := append([]byte("KTPEL-OP\x01\x00"), id[:]...)
	return append(b, 1, 0, 0, 0, 0, 0)
}

func (h *host) claim(id [16]byte) error {
	_, err := h.want("claim", 0xD6, 0x94, 0x00, claimData(id), -1)
	return err
}

// keyBlock enciphers a key set under the DEK of another.
func (h *host) keyBlock(kvn, under byte) []byte {
	dek := h.keys[under].DEK
	out := []byte{kvn}
	k := h.keys[kvn]
	for _, key := range [][16]byte{k.ENC, k.MAC, k.DEK} {
		out = append(out, 0x88, 0x11, 0x10)
		out = append(out, hostCBC(dek[:], make([]byte, 16), key[:], true)...)
		kcv := hostCBC(key[:], make([]byte, 16), bytes.Repeat([]byte{1}, 16), true)
		out = append(append(out, 3), kcv[:3]...)
	}
	return out
}

// putKey puts a set, or replaces it where the card says it is there.
func (h *host) putKey(kvn, under byte) error {
	block := h.keyBlock(kvn, under)
	_, sw, err := h.send(0xD8, 0x00, 0x81, block, -1)
	if err == nil && sw == 0x6A80 {
		_, sw, err = h.send(0xD8, kvn, 0x81, block, -1)
	}
	if err == nil && sw != 0x9000 {
		err = swError{fmt.Sprintf("PUT KEY %02X", kvn), sw}
	}
	return err
}

// testFile is a file to write.
type testFile struct {
	fid  uint16
	sfi  byte
	data []byte
}

func (h *host) create(f testFile) error {
	b := []byte{
		0x62, 17, 0x80, 2, byte(len(f.data) >> 8), byte(len(f.data)), 0x82, 1, 1,
		0x83, 2, byte(f.fid >> 8), byte(f.fid), 0x88, 1, f.sfi << 3, 0x8A, 1, 3,
	}
	_, err := h.want(fmt.Sprintf("CREATE %04X", f.fid), 0xE0, 0, 0, b, -1)
	return err
}

const testChunk = 239

func (h *host) update(f testFile) error {
	for o := 0; o < len(f.data); o += testChunk {
		end := min(len(f.data), o+testChunk)
		step := fmt.Sprintf("UPDATE %04X at %d", f.fid, o)
		if _, err := h.want(step, 0xD6, byte(o>>8), byte(o), f.data[o:end], -1); err != nil {
			return err
		}
	}
	return nil
}

func (h *host) read(fid uint16, size int) ([]byte, error) {
	if _, err := h.want("SELECT EF", 0xA4, 0x02, 0x0C, []byte{byte(fid >> 8), byte(fid)}, -1); err != nil {
		return nil, err
	}
	var out []byte
	for len(out) < size {
		o := len(out)
		r, err := h.want(fmt.Sprintf("READ %04X at %d", fid, o), 0xB0, byte(o>>8), byte(o), nil, min(testChunk, size-o))
		if err != nil {
			return nil, err
		}
		out = append(out, r...)
	}
	return out, nil
}

// probe selects the application and reads EF.PROF: life cycle byte and its content.
func (h *host) probe() (lcs byte, prof []byte, err error) {
	fci, sw, err := h.selectIssuer()
	if err != nil {
		return 0, nil, err
	}
	if len(fci) < 14 {
		return 0, nil, swError{"SELECT", sw}
	}
	prof, sw, err = h.raw([]byte{0x00, 0xB0, 0x94, 0x00, 0x20})
	if err == nil && sw != 0x9000 {
		err = swError{"READ EF.PROF", sw}
	}
	return fci[13], prof, err
}

// plan is what a card is personalized with.
type plan struct {
	id       [16]byte
	files    []testFile // EF.SOD last
	bac, can bool
	bacKeys  []byte // zeros where nil
	keyPairs bool
	onPairs  func(points [][]byte) []testFile // files that depend on the card's keys; replaces files
}

// personalize runs the sequence of the card profile, section 8.2, steps 1 to 15, on a blank
// card or on one that a cut left half done.
func (h *host) personalize(p plan) error {
	if _, sw, err := h.raw([]byte{0x80, 0xCA, 0x9F, 0x7F, 0x00}); err != nil || sw != 0x9000 {
		return errors.Join(err, fmt.Errorf("CPLC: %04X", sw))
	}
	lcs, prof, err := h.probe()
	if err != nil {
		return err
	}
	blank := prof[26] == 0
	if lcs != 3 || !blank && [16]byte(prof[10:26]) != p.id {
		return fmt.Errorf("life cycle %02X, attempt %X", lcs, prof[10:26])
	}
	if prof[26] == 2 {
		return nil
	}
	issuer := false
	if !blank {
		var refused swError
		switch err := h.open(0x31, 0x33); {
		case err == nil:
			issuer = true
		case !errors.As(err, &refused) || refused.sw != 0x6A88:
			return err
		}
	}
	if !issuer {
		if err := h.open(0x30, 0x33); err != nil {
			return err
		}
		if err := h.claim(p.id); err != nil {
			return err
		}
		if err := h.putKey(0x31, 0x30); err != nil {
			return err
		}
		if err := h.open(0x31, 0x33); err != nil {
			return err
		}
	}
	if err := h.claim(p.id); err != nil {
		return err
	}
	files := p.files
	if err := h.secrets(p, &files); err != nil {
		return err
	}
	if !blank {
		for _, f := range files {
			if _, err := h.want("DELETE", 0xE4, 0, 0, []byte{0x83, 2, byte(f.fid >> 8), byte(f.fid)}, -1, 0x6A82); err != nil {
				return err
			}
		}
	}
	for _, f := range files {
		if err := h.create(f); err != nil {
			return err
		}
		if err := h.update(f); err != nil {
			return err
		}
	}
	for _, f := range files {
		got, err := h.read(f.fid, len(f.data))
		if err != nil {
			return err
		}
		if !bytes.Equal(got, f.data) {
			return fmt.Errorf("read back of %04X differs", f.fid)
		}
	}
	return h.finish()
}

// secrets is step 9.
func (h *host) secrets(p plan, files *[]testFile) error {
	if p.bac {
		if _, err := h.want("PUT DATA BAC", 0xDA, 0x00, 0xD0, append(bytes.Clone(p.bacKeys), make([]byte, 32-len(p.bacKeys))...), -1); err != nil {
			return err
		}
	}
	if p.can {
		if _, err := h.want("PUT DATA CAN", 0xDA, 0x00, 0xD1, []byte("123456"), -1); err != nil {
			return err
		}
	}
	if !p.keyPairs {
		return nil
	}
	var points [][]byte
	for _, n := range []byte{1, 2} {
		r, err := h.want("GENERATE", 0x46, 0x80, 0x00, []byte{0xAC, 3, 0x80, 1, n}, 0)
		if err != nil {
			return err
		}
		if len(r) != 70 || !bytes.Equal(r[:5], []byte{0x7F, 0x49, 0x43, 0x86, 0x41}) {
			return fmt.Errorf("GENERATE answers %X", r)
		}
		points = append(points, r[5:])
	}
	if p.onPairs != nil {
		*files = p.onPairs(points)
	}
	return nil
}

// finish is steps 14 and 15.
func (h *host) finish() error {
	if err := h.putKey(0x38, 0x31); err != nil {
		return err
	}
	if err := h.putKey(0x39, 0x31); err != nil {
		return err
	}
	if _, err := h.want("DELETE KEY 30", 0xE4, 0, 0, []byte{0xD2, 1, 0x30}, -1, 0x6A88); err != nil {
		return err
	}
	_, err := h.want("mark", 0xD6, 0x94, 26, []byte{2}, -1)
	return err
}

// activate is step 17, in a channel of its own; done already is success.
func (h *host) activate(id [16]byte) error {
	lcs, prof, err := h.probe()
	if err != nil {
		return err
	}
	if [16]byte(prof[10:26]) != id {
		return fmt.Errorf("attempt %X", prof[10:26])
	}
	if lcs == 5 {
		return nil
	}
	if err := h.open(0x31, 0x33); err != nil {
		return err
	}
	if err := h.claim(id); err != nil {
		return err
	}
	_, err = h.want("ACTIVATE", 0x44, 0, 0, nil, -1)
	return err
}

// smallPlan is a card of few bytes whose files do not end on page borders.
func smallPlan() plan {
	content := func(n int, first byte) []byte {
		b := []byte{first}
		for i := 1; i < n; i++ {
			b = append(b, byte(7*i)^first)
		}
		return b
	}
	return plan{id: testID, bac: true, files: []testFile{
		{0x0101, 0x01, content(95, 0x61)},
		{0x0102, 0x02, content(600, 0x75)},
		{0x0201, 0x11, content(130, 0x7F)},
		{0x011D, 0x1D, content(300, 0x77)},
	}}
}

// situation is a state of the card as the table of the card profile, 7.3, tells them apart.
type situation string

const (
	inBlank       situation = "blank"
	inClaimed     situation = "claimed, 31 absent"
	inClaimed31   situation = "claimed, 31 present"
	inClaimedKeys situation = "claimed, 38 and 39 present"
	inWritten     situation = "written"
	inActive      situation = "active"
	inBlocked     situation = "blocked"
	inTerminated  situation = "terminated"
)

var situations = []situation{inBlank, inClaimed, inClaimed31, inClaimedKeys, inWritten, inActive, inBlocked, inTerminated}

// hostIn drives a fresh card to a situation by commands alone. It leaves no channel open and
// the application selected.
func hostIn(t testing.TB, s situation) *host {
	t.Helper()
	return hostWith(t, s, Config{}, smallPlan())
}

// hostWith is hostIn for a chip and a plan of the caller's.
func hostWith(t testing.TB, s situation, cfg Config, p plan) *host {
	t.Helper()
	h := newHost(cfg)
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	choose := func() {
		t.Helper()
		_, _, err := h.selectIssuer()
		do(err)
	}
	choose()
	switch s {
	case inBlank:
	case inClaimed, inClaimed31, inClaimedKeys:
		do(h.open(0x30, 0x33))
		do(h.claim(p.id))
		if s == inClaimed {
			break
		}
		do(h.putKey(0x31, 0x30))
		do(h.open(0x31, 0x33))
		do(h.claim(p.id))
		for _, f := range p.files {
			do(h.create(f))
			do(h.update(f))
		}
		if s == inClaimedKeys {
			do(h.putKey(0x38, 0x31))
			do(h.putKey(0x39, 0x31))
			_, err := h.want("DELETE KEY 30", 0xE4, 0, 0, []byte{0xD2, 1, 0x30}, -1)
			do(err)
		}
	default:
		do(h.personalize(p))
		if s == inWritten {
			break
		}
		do(h.activate(p.id))
		if s == inActive {
			break
		}
		choose()
		do(h.open(0x39, 0x33))
		ins := byte(0x04)
		if s == inTerminated {
			ins = 0xE6
		}
		_, err := h.want("block or terminate", ins, 0, 0, nil, -1)
		do(err)
	}
	choose()
	return h
}
