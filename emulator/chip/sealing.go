package chip

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/sha1"
	"crypto/subtle"
)

// sealing is the secure messaging of the ICAO view and what leads to it. All of it goes with the
// power.
type sealing struct {
	channel   *channel
	next      *channel // takes over behind the answer that is being given
	challenge []byte   // RND.IC, until the command behind GET CHALLENGE
	pace      *paceRun // between MSE:Set AT and the last GENERAL AUTHENTICATE
	chipAuth  bool     // MSE:Set AT has chosen chip authentication
}

// opener is a protocol that opens the ICAO view.
type opener uint8

const (
	byBAC opener = iota
	byPACE
)

func (s *sealing) open() bool { return s.channel != nil }

// forget drops what only the very next command of a protocol may use.
func (s *sealing) forget(ins byte) {
	if ins != insExternalAuthenticate {
		s.challenge = nil
	}
	if ins != insGeneralAuthenticate {
		s.pace, s.chipAuth = nil, false
	}
}

// mayOpen is the column BAC and PACE of the card profile, 7.3: an active card only.
func (c *Card) mayOpen(by opener) status {
	if c.state != stateActive || !c.offers[by] {
		return swConditions
	}
	return swOK
}

// Data objects of secure messaging (Doc 9303-11, 9.8.4).
const (
	tagCryptogram    = 0x87 // padding indicator 01 and cipher text; even instruction byte
	tagCryptogramOdd = 0x85 // cipher text; odd instruction byte
	tagLe            = 0x97
	tagStatus        = 0x99
	tagMAC           = 0x8E

	paddingISO = 0x01 // padding indicator: 80 00 ..

	statusObject = 4             // 99 02 SW
	macObject    = 2 + macLength // 8E 08 MAC
)

// algorithms are cipher and MAC of a channel (Doc 9303-11, 9.8.6 and 9.8.7). Both take whole
// blocks.
type algorithms interface {
	size() int
	start() int // blocks that a start value costs
	crypt(ssc, b []byte, encipher bool)
	mac(b []byte) [macLength]byte
}

// withDES is 3DES in CBC mode with start value zero, and the retail MAC.
type withDES struct{ enc, mac3 desKey }

func (withDES) size() int                          { return des.BlockSize }
func (withDES) start() int                         { return 0 }
func (a withDES) crypt(_, b []byte, encipher bool) { a.enc.cbc(b, encipher) }
func (a withDES) mac(b []byte) [macLength]byte     { return a.mac3.mac(b) }

// withAES is AES-128 in CBC mode with the enciphered counter as start value, and CMAC cut to
// eight bytes.
type withAES struct {
	enc  cipher.Block
	cmac *cmac
}

func (withAES) size() int  { return aes.BlockSize }
func (withAES) start() int { return 1 }

func (a withAES) crypt(ssc, b []byte, encipher bool) {
	iv := make([]byte, aes.BlockSize)
	a.enc.Encrypt(iv, ssc)
	if encipher {
		cipher.NewCBCEncrypter(a.enc, iv).CryptBlocks(b, b)
	} else {
		cipher.NewCBCDecrypter(a.enc, iv).CryptBlocks(b, b)
	}
}

func (a withAES) mac(b []byte) [macLength]byte {
	var sum [aes.BlockSize]byte
	a.cmac.sum(&sum, b)
	return [macLength]byte(sum[:])
}

// channel is one secure messaging. It counts the cipher and MAC blocks that it works, for the
// card's clock.
type channel struct {
	algorithms
	ssc    []byte // send sequence counter, as long as a block
	blocks int
}

// Counters of the key derivation function (Doc 9303-11, 9.7.1).
const (
	deriveEncryption byte = 1
	deriveMAC        byte = 2
	derivePassword   byte = 3
)

// deriveICAO is the key derivation function for 16-byte keys: SHA-1 over secret and counter.
func deriveICAO(secret []byte, counter byte) []byte {
	sum := sha1.Sum(append(append([]byte{}, secret...), 0, 0, 0, counter))
	return sum[:16]
}

// newDESChannel opens a channel of 3DES.
func newDESChannel(secret, ssc []byte) *channel {
	a := withDES{newDES(deriveICAO(secret, deriveEncryption)), newDES(deriveICAO(secret, deriveMAC))}
	return &channel{algorithms: a, ssc: ssc}
}

// newAESChannel opens a channel of AES-128, its counter at zero.
func newAESChannel(secret []byte) *channel {
	a := withAES{newAES(deriveICAO(secret, deriveEncryption)), newCMAC(newAES(deriveICAO(secret, deriveMAC)))}
	return &channel{algorithms: a, ssc: make([]byte, aes.BlockSize)}
}

// count raises the send sequence counter.
func (ch *channel) count() {
	for i := len(ch.ssc) - 1; i >= 0; i-- {
		ch.ssc[i]++
		if ch.ssc[i] != 0 {
			return
		}
	}
}

// sum is the MAC over counter and text, padded.
func (ch *channel) sum(text []byte) [macLength]byte {
	b := pad(append(append([]byte{}, ch.ssc...), text...), ch.size())
	ch.blocks += len(b) / ch.size()
	return ch.mac(b)
}

// room is the most plain bytes that fit an answer of n bytes.
func (ch *channel) room(n int) int {
	n -= statusObject + macObject
	fits := 0
	for text := ch.size(); len(tlvHead(nil, tagCryptogram, 1+text))+1+text <= n; text += ch.size() {
		fits = text - 1
	}
	return fits
}

// unwrap checks a command and puts its plain text in its place. Objects that are missing are
// 6987, wrong ones 6988, and so is a wrong MAC: the caller closes the channel.
func (ch *channel) unwrap(cmd *command) status {
	ch.count()
	if !cmd.wild {
		return swWrongLength // the answer always has objects; their length is the card's matter
	}
	header := pad([]byte{cmd.cla, cmd.ins, cmd.p1, cmd.p2}, ch.size())
	tag := uint16(tagCryptogram)
	if cmd.ins&1 == 1 {
		tag = tagCryptogramOdd
	}
	var cryptogram, le, mac, covered []byte
	body := cmd.data
	for len(body) > 0 {
		t, rest, err := nextTLV(body)
		switch {
		case err != nil:
			return swSealWrong
		case t.tag == tag && cryptogram == nil && le == nil && len(t.value) > 0:
			cryptogram = t.value
		case t.tag == tagLe && le == nil && (len(t.value) == 1 || len(t.value) == 2):
			le = t.value
		case t.tag == tagMAC && len(rest) == 0 && len(t.value) == macLength:
			mac, covered = t.value, cmd.data[:len(cmd.data)-len(body)]
		default:
			return swSealWrong
		}
		body = rest
	}
	if mac == nil {
		return swSealMissing
	}
	want := ch.sum(append(header, covered...))
	if subtle.ConstantTimeCompare(want[:], mac) != 1 {
		return swSealWrong
	}
	return ch.reveal(cmd, cryptogram, le)
}

// reveal deciphers the data of a command and takes its Le.
func (ch *channel) reveal(cmd *command, cryptogram, le []byte) status {
	cmd.data, cmd.le, cmd.wild = nil, noLe, false
	if cryptogram != nil {
		text := append([]byte{}, cryptogram...)
		if cmd.ins&1 == 0 {
			if text[0] != paddingISO {
				return swSealWrong
			}
			text = text[1:]
		}
		if len(text) == 0 || len(text)%ch.size() != 0 {
			return swSealWrong
		}
		ch.blocks += len(text)/ch.size() + ch.start()
		ch.crypt(ch.ssc, text, false)
		var ok bool
		if cmd.data, ok = unpad(text, ch.size()); !ok {
			return swSealWrong
		}
	}
	if le != nil {
		cmd.expect(le)
	}
	cmd.cla, cmd.sealed = classISO, true
	return swOK
}

// wrap is the answer with its status word: [87 or 85] 99 8E.
func (ch *channel) wrap(answer []byte, sw status, odd bool) []byte {
	ch.count()
	var out []byte
	if len(answer) > 0 {
		text := pad(append([]byte{}, answer...), ch.size())
		ch.blocks += len(text)/ch.size() + ch.start()
		ch.crypt(ch.ssc, text, true)
		if odd {
			out = append(tlvHead(out, tagCryptogramOdd, len(text)), text...)
		} else {
			out = append(append(tlvHead(out, tagCryptogram, 1+len(text)), paddingISO), text...)
		}
	}
	out = append(out, tagStatus, 2, byte(sw>>8), byte(sw))
	mac := ch.sum(out)
	return append(append(out, tagMAC, macLength), mac[:]...)
}

// serveSealed is a command under secure messaging. A wrong object closes the channel with a plain
// status word; any other refusal is protected and leaves it open.
func (c *Card) serveSealed(cmd *command) status {
	ch := c.sealing.channel
	if sw := ch.unwrap(cmd); sw != swOK {
		c.closeChannel()
		return sw
	}
	sw := swWrongLength
	if cmd.wild || cmd.le <= c.limits.le {
		sw = c.dispatch(cmd)
	}
	if sw == swNone {
		return sw
	}
	if !sw.carriesMAC() {
		c.answer = c.answer[:0]
	}
	c.answer = ch.wrap(c.answer, sw, cmd.ins&1 == 1)
	c.work += float64(ch.blocks) * c.clock.aes
	ch.blocks = 0
	switch {
	case c.closing:
		c.closeChannel()
	case c.sealing.next != nil:
		c.sealing.channel, c.sealing.next = c.sealing.next, nil
	}
	return sw
}
