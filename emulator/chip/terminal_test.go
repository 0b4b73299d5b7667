package chip

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
)

// terminal is a reader of the ICAO view, written for these tests alone from Doc 9303-11: its
// secure messaging shares nothing with the card's.
type terminal struct {
	*host
	enc, mac []byte // session keys, 16 bytes
	ssc      []byte // 8 bytes: 3DES, 16: AES
}

// terminalKey is the key derivation function of Doc 9303-11, 9.7.1, without parity bits.
func terminalKey(secret []byte, counter byte) []byte {
	sum := sha1.Sum(append(bytes.Clone(secret), 0, 0, 0, counter))
	return sum[:16]
}

func triple(key []byte) cipher.Block {
	b, err := des.NewTripleDESCipher(append(bytes.Clone(key[:16]), key[:8]...))
	if err != nil {
		panic(err)
	}
	return b
}

// padded is ISO/IEC 9797-1 padding method 2.
func padded(b []byte, size int) []byte {
	b = append(bytes.Clone(b), 0x80)
	return append(b, make([]byte, (size-len(b)%size)%size)...)
}

// retail is ISO/IEC 9797-1 MAC algorithm 3 over whole blocks: all blocks but the last in single
// DES, the last one in triple DES.
func retail(key, b []byte) []byte {
	single, err := des.NewCipher(key[:8])
	if err != nil {
		panic(err)
	}
	iv := make([]byte, 8)
	if head := b[:len(b)-8]; len(head) > 0 {
		out := make([]byte, len(head))
		cipher.NewCBCEncrypter(single, iv).CryptBlocks(out, head)
		iv = out[len(out)-8:]
	}
	out := make([]byte, 8)
	cipher.NewCBCEncrypter(triple(key), iv).CryptBlocks(out, b[len(b)-8:])
	return out
}

func (m *terminal) count() {
	low := binary.BigEndian.Uint64(m.ssc[len(m.ssc)-8:])
	binary.BigEndian.PutUint64(m.ssc[len(m.ssc)-8:], low+1)
}

func (m *terminal) crypt(in []byte, encipher bool) []byte {
	var b cipher.Block
	iv := make([]byte, len(m.ssc))
	if len(m.ssc) == 8 {
		b = triple(m.enc)
	} else {
		var err error
		if b, err = aes.NewCipher(m.enc); err != nil {
			panic(err)
		}
		b.Encrypt(iv, m.ssc)
	}
	out := make([]byte, len(in))
	if encipher {
		cipher.NewCBCEncrypter(b, iv).CryptBlocks(out, in)
	} else {
		cipher.NewCBCDecrypter(b, iv).CryptBlocks(out, in)
	}
	return out
}

func (m *terminal) sum(text []byte) []byte {
	b := padded(append(bytes.Clone(m.ssc), text...), len(m.ssc))
	if len(m.ssc) == 8 {
		return retail(m.mac, b)
	}
	return hostCMAC(m.mac, b)[:8]
}

// berObject is a BER data object.
func berObject(tag byte, value []byte) []byte {
	n := len(value)
	switch {
	case n < 128:
		return append([]byte{tag, byte(n)}, value...)
	case n < 256:
		return append([]byte{tag, 0x81, byte(n)}, value...)
	}
	return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, value...)
}

// apdu builds a command: le -1 none, 256 a zero byte, 65536 two.
func apdu(cla, ins, p1, p2 byte, data []byte, le int) []byte {
	out := []byte{cla, ins, p1, p2}
	if len(data) > 255 || le > 256 {
		out = append(out, 0)
		if len(data) > 0 {
			out = append(append(out, byte(len(data)>>8), byte(len(data))), data...)
		}
		if le >= 0 {
			out = append(out, byte(le>>8), byte(le))
		}
		return out
	}
	if len(data) > 0 {
		out = append(append(out, byte(len(data))), data...)
	}
	if le >= 0 {
		out = append(out, byte(le))
	}
	return out
}

// seal protects a command.
func (m *terminal) seal(ins, p1, p2 byte, data []byte, le int) []byte {
	m.count()
	var body []byte
	if len(data) > 0 {
		text := m.crypt(padded(data, len(m.ssc)), true)
		if ins&1 == 0 {
			body = berObject(0x87, append([]byte{1}, text...))
		} else {
			body = berObject(0x85, text)
		}
	}
	outer := 256
	switch {
	case le > 256:
		body = append(body, berObject(0x97, []byte{byte(le >> 8), byte(le)})...)
		outer = 65536
	case le >= 0:
		body = append(body, berObject(0x97, []byte{byte(le)})...)
	}
	if len(body)+10 > 255 {
		outer = 65536
	}
	head := padded([]byte{0x0C, ins, p1, p2}, len(m.ssc))
	body = append(body, berObject(0x8E, m.sum(append(head, body...)))...)
	return apdu(0x0C, ins, p1, p2, body, outer)
}

var errPlain = errors.New("a status word without objects")

// unseal checks an answer. errPlain: the card has closed the channel.
func (m *terminal) unseal(ins byte, r []byte, sw uint16) ([]byte, error) {
	if len(r) == 0 {
		return nil, errPlain
	}
	m.count()
	if len(r) < 14 || !bytes.Equal(r[len(r)-14:len(r)-10], []byte{0x99, 2, byte(sw >> 8), byte(sw)}) {
		return nil, fmt.Errorf("no status object for %04X: %X", sw, r)
	}
	if r[len(r)-10] != 0x8E || r[len(r)-9] != 8 || !bytes.Equal(m.sum(r[:len(r)-10]), r[len(r)-8:]) {
		return nil, fmt.Errorf("MAC is wrong: %X", r)
	}
	r = r[:len(r)-14]
	if len(r) == 0 {
		return nil, nil
	}
	want := byte(0x87)
	if ins&1 == 1 {
		want = 0x85
	}
	at := 2
	if r[1] == 0x81 || r[1] == 0x82 {
		at += int(r[1] & 3)
	}
	if r[0] != want || !bytes.Equal(berObject(want, r[at:]), r) {
		return nil, fmt.Errorf("cryptogram is %X", r)
	}
	if r = r[at:]; want == 0x87 {
		if r[0] != 1 {
			return nil, fmt.Errorf("padding indicator %02X", r[0])
		}
		r = r[1:]
	}
	plain := m.crypt(r, false)
	end := bytes.LastIndexByte(plain, 0x80)
	if end < len(plain)-len(m.ssc) || len(bytes.Trim(plain[end+1:], "\x00")) != 0 {
		return nil, fmt.Errorf("padding: %X", plain)
	}
	return plain[:end], nil
}

// do sends a command under secure messaging.
func (m *terminal) do(ins, p1, p2 byte, data []byte, le int) ([]byte, uint16, error) {
	r, sw, err := m.raw(m.seal(ins, p1, p2, data, le))
	if err != nil {
		return nil, 0, err
	}
	plain, err := m.unseal(ins, r, sw)
	return plain, sw, err
}

// must sends in the clear and takes 9000 alone.
func (m *terminal) must(t testing.TB, capdu []byte) []byte {
	t.Helper()
	r, sw, err := m.raw(capdu)
	if err != nil || sw != 0x9000 {
		t.Fatalf("%X: %04X, %v", capdu, sw, err)
	}
	return r
}

var selectICAO = []byte{0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01}

// terminal values of BAC in the worked example of Doc 9303-11, appendix D.
var (
	testRandomIFD = []byte{0x78, 0x17, 0x23, 0x86, 0x0C, 0x06, 0xC2, 0x26}
	testKeyingIFD = []byte{0x0B, 0x79, 0x52, 0x40, 0xCB, 0x70, 0x49, 0xB0, 0x1C, 0x19, 0xB3, 0x3E, 0x32, 0x80, 0x4F, 0x0B}
)

// openBAC runs Basic Access Control under Kenc | Kmac; a refusal is a swError.
func (m *terminal) openBAC(keys []byte) error {
	challenge, sw, err := m.raw([]byte{0x00, 0x84, 0x00, 0x00, 0x08})
	switch {
	case err != nil:
		return err
	case sw != 0x9000:
		return swError{"GET CHALLENGE", sw}
	case len(challenge) != 8:
		return fmt.Errorf("GET CHALLENGE answers %X", challenge)
	}
	zero := make([]byte, 8)
	text := append(append(bytes.Clone(testRandomIFD), challenge...), testKeyingIFD...)
	e := make([]byte, 32)
	cipher.NewCBCEncrypter(triple(keys), zero).CryptBlocks(e, text)
	data := append(e, retail(keys[16:], padded(e, 8))...)
	r, sw, err := m.raw(apdu(0x00, 0x82, 0x00, 0x00, data, 40))
	switch {
	case err != nil:
		return err
	case sw != 0x9000:
		return swError{"EXTERNAL AUTHENTICATE", sw}
	case len(r) != 40 || !bytes.Equal(retail(keys[16:], padded(r[:32], 8)), r[32:]):
		return fmt.Errorf("EXTERNAL AUTHENTICATE answers %X", r)
	}
	plain := make([]byte, 32)
	cipher.NewCBCDecrypter(triple(keys), zero).CryptBlocks(plain, r[:32])
	if !bytes.Equal(plain[:8], challenge) || !bytes.Equal(plain[8:16], testRandomIFD) {
		return fmt.Errorf("the card returns %X", plain[:16])
	}
	seed := make([]byte, 16)
	for i := range seed {
		seed[i] = testKeyingIFD[i] ^ plain[16+i]
	}
	m.enc, m.mac = terminalKey(seed, 1), terminalKey(seed, 2)
	m.ssc = append(bytes.Clone(challenge[4:]), testRandomIFD[4:]...)
	return nil
}

// readFile selects an EF and reads it to its end in pieces of n bytes.
func (m *terminal) readFile(fid uint16, n int) ([]byte, error) {
	if _, sw, err := m.do(0xA4, 0x02, 0x0C, []byte{byte(fid >> 8), byte(fid)}, -1); err != nil || sw != 0x9000 {
		return nil, errors.Join(err, swError{fmt.Sprintf("SELECT %04X", fid), sw})
	}
	var out []byte
	for {
		r, sw, err := m.do(0xB0, byte(len(out)>>8), byte(len(out)), nil, n)
		switch {
		case err != nil:
			return nil, err
		case sw == 0x6B00 && len(out) > 0:
			return out, nil
		case sw != 0x9000 && sw != 0x6282:
			return nil, swError{fmt.Sprintf("READ %04X at %d", fid, len(out)), sw}
		}
		out = append(out, r...)
		if sw == 0x6282 {
			return out, nil
		}
	}
}
