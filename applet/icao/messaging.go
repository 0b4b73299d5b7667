package icao

import (
	"bytes"
	"crypto/subtle"

	"blanko/applet"
	"blanko/chipdata"
)

// Data objects of secure messaging (Doc 9303-11, 9.8.3; ISO/IEC 7816-4, 10).
const (
	tagCryptogram = 0x87 // padding indicator 01 and cryptogram
	tagLe         = 0x97
	tagStatus     = 0x99
	tagChecksum   = 0x8E

	paddingISO = 0x01
	claSecure  = 0x0C
	statusSize = 2
	maxLc      = 255
	maxLe      = 256
)

// messaging is one secure channel: suite and send sequence counter.
type messaging struct {
	*suite
	ssc []byte // as long as a block
}

func newMessaging(s *suite, ssc []byte) *messaging {
	m := &messaging{suite: s, ssc: make([]byte, s.block)}
	copy(m.ssc, ssc)
	return m
}

func (m *messaging) count() {
	for i := len(m.ssc) - 1; i >= 0; i-- {
		if m.ssc[i]++; m.ssc[i] != 0 {
			return
		}
	}
}

// wrap protects a command: class 0C, data enciphered, Le and header under the checksum. ok is
// false where the protected form is no short APDU, or the instruction is odd (its data would be
// BER-TLV under another tag).
func (m *messaging) wrap(c applet.Command) (out applet.Command, ok bool) {
	if c.INS%2 != 0 || c.Expect > maxLe {
		return applet.Command{}, false
	}
	m.count()
	header := []byte{c.CLA | claSecure, c.INS, c.P1, c.P2}
	var body []byte
	if len(c.Data) > 0 {
		text := encryptCBC(m.enc, m.iv(m.ssc), pad(c.Data, m.block))
		body = chipdata.AppendTLV(body, tagCryptogram, append([]byte{paddingISO}, text...)...)
	}
	if c.Expect > 0 {
		body = chipdata.AppendTLV(body, tagLe, byte(c.Expect)) // 256 is 00
	}
	input := append(bytes.Clone(m.ssc), pad(header, m.block)...)
	if len(body) > 0 {
		input = append(input, pad(body, m.block)...)
	}
	body = chipdata.AppendTLV(body, tagChecksum, m.mac(input)...)
	if len(body) > maxLc {
		return applet.Command{}, false
	}
	return applet.Command{CLA: header[0], INS: c.INS, P1: c.P1, P2: c.P2, Data: body, Expect: maxLe}, true
}

// unwrap checks and opens an answer. reason is empty when it is good; the status word is the one under
// the checksum.
func (m *messaging) unwrap(data []byte) (a applet.Answer, reason string) {
	m.count()
	list, err := chipdata.ParseTLV(data)
	if err != nil {
		return a, "its data objects cannot be read"
	}
	var text []byte
	signed := data
	if len(list) > 0 && list[0].Tag == tagCryptogram {
		text, list = list[0].Value, list[1:]
		if len(text) < 1+m.block || text[0] != paddingISO || (len(text)-1)%m.block != 0 {
			return a, "the cryptogram has no whole blocks"
		}
	}
	if len(list) != 2 || list[0].Tag != tagStatus || len(list[0].Value) != statusSize || list[1].Tag != tagChecksum || len(list[1].Value) != macBytes {
		return a, "no status word and checksum, in this order"
	}
	signed = signed[:len(signed)-2-macBytes] // all before 8E 08
	input := append(bytes.Clone(m.ssc), pad(signed, m.block)...)
	if subtle.ConstantTimeCompare(m.mac(input), list[1].Value) != 1 {
		return a, "the checksum is wrong"
	}
	if text != nil {
		plain, ok := unpad(decryptCBC(m.enc, m.iv(m.ssc), text[1:]), m.block)
		if !ok {
			return a, "the padding is wrong"
		}
		a.Data = plain
	}
	a.SW = applet.Status(list[0].Value[0])<<8 | applet.Status(list[0].Value[1])
	return a, ""
}
