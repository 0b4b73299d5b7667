package inspect_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"fmt"
	"math/big"
	"testing"

	"blanko/emulator/chip"
)

// reader is a strict reader of the ICAO view, written from Doc 9303-11 for these tests alone: it shares
// no code with the station's terminal, and holds every answer to the letter of secure messaging.
type reader struct {
	t        testing.TB
	card     *chip.Card
	enc, mac []byte
	ssc      []byte // 8 bytes: 3DES, 16: AES-128
}

// answer is what came for a command: its data in the clear.
type answer struct {
	data   []byte
	sw     uint16
	sealed bool // under secure messaging, checksum right
}

// refused reports an ISO checking error: any word but 9000 and the warnings, no data.
func (a answer) refused() bool {
	return len(a.data) == 0 && a.sw >= 0x6400 && a.sw < 0x7000
}

func (r *reader) reset() {
	r.t.Helper()
	if _, err := r.card.Reset(context.Background()); err != nil {
		r.t.Fatal(err)
	}
	r.ssc = nil
}

// plain sends a command as it stands.
func (r *reader) plain(capdu ...byte) answer {
	r.t.Helper()
	b, err := r.card.Transmit(context.Background(), capdu)
	if err != nil {
		r.t.Fatalf("%X: %v", capdu[:4], err)
	}
	n := len(b) - 2
	return answer{data: b[:n], sw: uint16(b[n])<<8 | uint16(b[n+1])}
}

// need is plain for commands that have to succeed.
func (r *reader) need(capdu ...byte) []byte {
	r.t.Helper()
	a := r.plain(capdu...)
	if a.sw != 0x9000 {
		r.t.Fatalf("%X: %04X", capdu[:4], a.sw)
	}
	return a.data
}

// object is a data object in DER.
func object(tag uint16, value ...byte) []byte {
	var out []byte
	if tag > 0xFF {
		out = append(out, byte(tag>>8))
	}
	out = append(out, byte(tag))
	switch n := len(value); {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	default:
		out = append(out, 0x82, byte(n>>8), byte(n))
	}
	return append(out, value...)
}

// padded is ISO/IEC 9797-1 padding method 2.
func padded(b []byte, size int) []byte {
	b = append(bytes.Clone(b), 0x80)
	return append(b, make([]byte, (size-len(b)%size)%size)...)
}

// derived is the key derivation function of Doc 9303-11, 9.7.1.
func derived(secret []byte, counter byte) []byte {
	sum := sha1.Sum(append(bytes.Clone(secret), 0, 0, 0, counter))
	return sum[:16]
}

func block(b cipher.Block, err error) cipher.Block {
	if err != nil {
		panic(err)
	}
	return b
}

func tripleDES(key []byte) cipher.Block {
	return block(des.NewTripleDESCipher(append(bytes.Clone(key), key[:8]...)))
}

func cbc(b cipher.Block, iv, text []byte, encipher bool) []byte {
	out := make([]byte, len(text))
	if encipher {
		cipher.NewCBCEncrypter(b, iv).CryptBlocks(out, text)
	} else {
		cipher.NewCBCDecrypter(b, iv).CryptBlocks(out, text)
	}
	return out
}

// retailMAC is ISO/IEC 9797-1 MAC algorithm 3 with padding method 2.
func retailMAC(key, text []byte) []byte {
	text = padded(text, 8)
	chain := make([]byte, 8)
	if head := text[:len(text)-8]; len(head) > 0 {
		chain = cbc(block(des.NewCipher(key[:8])), chain, head, true)
		chain = chain[len(chain)-8:]
	}
	return cbc(tripleDES(key), chain, text[len(text)-8:], true)
}

// aesCMAC is CMAC of NIST SP 800-38B, cut to eight bytes.
func aesCMAC(key, text []byte) []byte {
	b := block(aes.NewCipher(key))
	k := make([]byte, 16)
	b.Encrypt(k, k)
	double := func() {
		carry := k[0] >> 7
		for i := range k {
			k[i] <<= 1
			if i < 15 {
				k[i] |= k[i+1] >> 7
			}
		}
		k[15] ^= carry * 0x87
	}
	double()
	text = bytes.Clone(text)
	if len(text) == 0 || len(text)%16 != 0 {
		double()
		text = padded(text, 16)
	}
	for i := range k {
		text[len(text)-16+i] ^= k[i]
	}
	out := cbc(b, make([]byte, 16), text, true)
	return out[len(out)-16:][:8]
}

func (r *reader) checksum(text []byte) []byte {
	text = append(bytes.Clone(r.ssc), text...)
	if len(r.ssc) == 8 {
		return retailMAC(r.mac, text)
	}
	return aesCMAC(r.mac, padded(text, 16))
}

func (r *reader) crypt(text []byte, encipher bool) []byte {
	iv := make([]byte, len(r.ssc))
	if len(r.ssc) == 8 {
		return cbc(tripleDES(r.enc), iv, text, encipher)
	}
	b := block(aes.NewCipher(r.enc))
	b.Encrypt(iv, r.ssc)
	return cbc(b, iv, text, encipher)
}

func (r *reader) count() {
	for i := len(r.ssc) - 1; i >= 0; i-- {
		if r.ssc[i]++; r.ssc[i] != 0 {
			return
		}
	}
}

const noLe = -1

// seal is the protected form of a command (Doc 9303-11, 9.8); le 0 is as much as there is, extended
// asks for lengths of two bytes. It counts the command.
func (r *reader) seal(ins, p1, p2 byte, data []byte, le int, extended bool) []byte {
	r.count()
	var body []byte
	if len(data) > 0 {
		text := r.crypt(padded(data, len(r.ssc)), true)
		if ins%2 == 0 {
			body = object(0x87, append([]byte{1}, text...)...)
		} else {
			body = object(0x85, text...)
		}
	}
	switch {
	case le == noLe:
	case extended || le > 255:
		body = append(body, object(0x97, byte(le>>8), byte(le))...)
	default:
		body = append(body, object(0x97, byte(le))...)
	}
	head := padded([]byte{0x0C, ins, p1, p2}, len(r.ssc))
	body = append(body, object(0x8E, r.checksum(append(head, body...))...)...)
	if extended {
		return append(append([]byte{0x0C, ins, p1, p2, 0, byte(len(body) >> 8), byte(len(body))}, body...), 0, 0)
	}
	return append(append([]byte{0x0C, ins, p1, p2, byte(len(body))}, body...), 0)
}

// open checks a protected answer; an answer without objects is a plain one.
func (r *reader) open(ins byte, a answer) answer {
	r.t.Helper()
	if len(a.data) == 0 {
		return a
	}
	r.count()
	b := a.data
	at := len(b) - 14
	if at < 0 || !bytes.Equal(b[at:at+4], []byte{0x99, 2, byte(a.sw >> 8), byte(a.sw)}) || !bytes.Equal(b[at+4:at+6], []byte{0x8E, 8}) {
		r.t.Fatalf("%02X: no status word of %04X and checksum at the end: %X", ins, a.sw, b)
	}
	if !bytes.Equal(r.checksum(b[:at+4]), b[at+6:]) {
		r.t.Fatalf("%02X: the checksum is wrong", ins)
	}
	out := answer{sw: a.sw, sealed: true}
	if b = b[:at]; len(b) == 0 {
		return out
	}
	tag := byte(0x87)
	if ins%2 == 1 {
		tag = 0x85
	}
	value := b[2:]
	if n := b[1]; n > 0x80 {
		value = b[2+n&0x7F:]
	}
	if !bytes.Equal(b, object(uint16(tag), value...)) {
		r.t.Fatalf("%02X: the cryptogram is %X", ins, b)
	}
	if tag == 0x87 {
		if value[0] != 1 {
			r.t.Fatalf("%02X: padding indicator %02X", ins, value[0])
		}
		value = value[1:]
	}
	text := bytes.TrimRight(r.crypt(value, false), "\x00")
	if n := len(text) - 1; n < len(value)-len(r.ssc) || text[n] != 0x80 {
		r.t.Fatalf("%02X: the padding is wrong", ins)
	}
	out.data = text[:len(text)-1]
	return out
}

// send sends a command under secure messaging.
func (r *reader) send(ins, p1, p2 byte, data []byte, le int) answer {
	r.t.Helper()
	return r.open(ins, r.plain(r.seal(ins, p1, p2, data, le, false)...))
}

// selectLDS makes the LDS application current (Doc 9303-10, 3.1).
var selectLDS = []byte{0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01}

// basic opens the view by Basic Access Control (Doc 9303-11, 4.3) with the MRZ information.
func (r *reader) basic(information string) {
	r.t.Helper()
	r.reset()
	r.need(selectLDS...)
	seed := sha1.Sum([]byte(information))
	enc, mac := derived(seed[:16], 1), derived(seed[:16], 2)
	challenge := r.need(0x00, 0x84, 0x00, 0x00, 0x08)
	random := make([]byte, 8+16)
	rand.Read(random)
	text := append(append(bytes.Clone(random[:8]), challenge...), random[8:]...)
	zero := make([]byte, 8)
	data := cbc(tripleDES(enc), zero, text, true)
	data = append(data, retailMAC(mac, data)...)
	b := r.need(append(append([]byte{0x00, 0x82, 0x00, 0x00, 0x28}, data...), 0x28)...)
	if len(b) != 40 || !bytes.Equal(retailMAC(mac, b[:32]), b[32:]) {
		r.t.Fatalf("EXTERNAL AUTHENTICATE: %X", b)
	}
	reply := cbc(tripleDES(enc), zero, b[:32], false)
	if !bytes.Equal(reply[:8], challenge) || !bytes.Equal(reply[8:16], random[:8]) {
		r.t.Fatal("EXTERNAL AUTHENTICATE: the challenges do not come back")
	}
	keying := make([]byte, 16)
	for i := range keying {
		keying[i] = random[8+i] ^ reply[16+i]
	}
	r.enc, r.mac = derived(keying, 1), derived(keying, 2)
	r.ssc = append(bytes.Clone(challenge[4:]), random[4:8]...)
}

// Passwords of PACE by their reference (Doc 9303-11, 4.4.4.1).
const (
	byMRZ = 1
	byCAN = 2
)

// oidPACE is id-PACE-ECDH-GM-AES-CBC-CMAC-128, oidCA is id-CA-ECDH-AES-CBC-CMAC-128.
var (
	oidPACE = []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02}
	oidCA   = []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x02}
)

// general is one GENERAL AUTHENTICATE of PACE: 7C with one object out and one in.
func (r *reader) general(cla, tag byte, value []byte, want byte) []byte {
	r.t.Helper()
	var inner []byte
	if tag != 0 {
		inner = object(uint16(tag), value...)
	}
	data := object(0x7C, inner...)
	b := r.need(append(append([]byte{cla, 0x86, 0x00, 0x00, byte(len(data))}, data...), 0)...)
	if len(b) < 4 || b[2] != want || !bytes.Equal(b, object(0x7C, object(uint16(want), b[4:]...)...)) {
		r.t.Fatalf("GENERAL AUTHENTICATE %02X: %X", tag, b)
	}
	return b[4:]
}

// pace opens the view by PACE, ECDH with generic mapping on P-256 (Doc 9303-11, 4.4), and selects the
// LDS application.
func (r *reader) pace(reference byte, secret []byte) {
	r.t.Helper()
	r.reset()
	curve := elliptic.P256()
	set := append(object(0x80, oidPACE...), object(0x83, reference)...)
	r.need(append([]byte{0x00, 0x22, 0xC1, 0xA4, byte(len(set))}, set...)...)
	nonce := cbc(block(aes.NewCipher(derived(secret, 3))), make([]byte, 16), r.general(0x10, 0, nil, 0x80), false)

	key, x, y := r.ephemeral()
	hx, hy := r.point(r.general(0x10, 0x81, elliptic.Marshal(curve, x, y), 0x82))
	hx, hy = curve.ScalarMult(hx, hy, key)
	gx, gy := curve.ScalarBaseMult(nonce)
	gx, gy = curve.Add(gx, gy, hx, hy)

	key, _, _ = r.ephemeral()
	x, y = curve.ScalarMult(gx, gy, key)
	ours := elliptic.Marshal(curve, x, y)
	theirs := r.general(0x10, 0x83, ours, 0x84)
	tx, ty := r.point(theirs)
	tx, _ = curve.ScalarMult(tx, ty, key)
	secret = tx.FillBytes(make([]byte, 32))
	r.enc, r.mac = derived(secret, 1), derived(secret, 2)
	token := func(public []byte) []byte {
		return aesCMAC(r.mac, object(0x7F49, append(object(0x06, oidPACE...), object(0x86, public...)...)...))
	}
	if got := r.general(0x00, 0x85, token(theirs), 0x86); !bytes.Equal(got, token(ours)) {
		r.t.Fatalf("the card's token is %X", got)
	}
	r.ssc = make([]byte, 16)
	if a := r.send(0xA4, 0x04, 0x0C, selectLDS[5:], noLe); a.sw != 0x9000 || !a.sealed {
		r.t.Fatalf("SELECT: %04X", a.sw)
	}
}

func (r *reader) ephemeral() (key []byte, x, y *big.Int) {
	r.t.Helper()
	key, x, y, err := elliptic.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		r.t.Fatal(err)
	}
	return key, x, y
}

func (r *reader) point(b []byte) (x, y *big.Int) {
	r.t.Helper()
	if x, y = elliptic.Unmarshal(elliptic.P256(), b); x == nil {
		r.t.Fatalf("no point on P-256: %X", b)
	}
	return x, y
}

// authenticateChip is chip authentication under MSE:Set AT and GENERAL AUTHENTICATE (Doc 9303-11, 6.2): the
// channel goes on under the new keys.
func (r *reader) authenticateChip(public []byte) {
	r.t.Helper()
	key, x, y := r.ephemeral()
	if a := r.send(0x22, 0x41, 0xA4, object(0x80, oidCA...), noLe); a.sw != 0x9000 {
		r.t.Fatalf("MSE:Set AT: %04X", a.sw)
	}
	a := r.send(0x86, 0x00, 0x00, object(0x7C, object(0x80, elliptic.Marshal(elliptic.P256(), x, y)...)...), 0)
	if a.sw != 0x9000 || !bytes.Equal(a.data, object(0x7C)) {
		r.t.Fatalf("GENERAL AUTHENTICATE: %X %04X", a.data, a.sw)
	}
	sx, sy := r.point(public)
	sx, _ = elliptic.P256().ScalarMult(sx, sy, key)
	secret := sx.FillBytes(make([]byte, 32))
	r.enc, r.mac, r.ssc = derived(secret, 1), derived(secret, 2), make([]byte, 16)
}

// file reads an EF of the view to its end.
func (r *reader) file(fid uint16) []byte {
	r.t.Helper()
	if a := r.send(0xA4, 0x02, 0x0C, []byte{byte(fid >> 8), byte(fid)}, noLe); a.sw != 0x9000 {
		r.t.Fatalf("SELECT %04X: %04X", fid, a.sw)
	}
	var out []byte
	for {
		a := r.send(0xB0, byte(len(out)>>8), byte(len(out)), nil, 223)
		switch {
		case a.sw == 0x6B00 && len(out) > 0:
			return out
		case a.sw != 0x9000 && a.sw != 0x6282 || !a.sealed:
			r.t.Fatalf("READ BINARY %04X at %d: %04X", fid, len(out), a.sw)
		}
		if out = append(out, a.data...); a.sw == 0x6282 {
			return out
		}
	}
}

func (a answer) String() string {
	kind := "plain"
	if a.sealed {
		kind = "protected"
	}
	return fmt.Sprintf("%d bytes, %04X %s", len(a.data), a.sw, kind)
}
