package chip

import (
	"context"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"io"
)

// SAMConfig is what a SAM card is made with.
type SAMConfig struct {
	Serial     [8]byte
	Generation byte             // of the master
	Master     []byte           // MK_SAM, AES
	Issuer     *ecdsa.PublicKey // P-256: whose word renews it
	Random     io.Reader        // nil: the system's
}

// SAM is a card with the application "KTPEL-SAM 1": it holds the master key for reading and opens secure
// channels to cards for whoever holds it, as often and as long as its issuer has let it. Master, card keys
// and session keys never leave it. One channel at a time. Not safe for concurrent use.
//
// Commands: SELECT; CLA 80 with F2 status, 84 challenge, 10 open, 12 wrap, 14 unwrap, 16 close, 18 the
// nonce of a renewal, 1A the renewal. It has no clock: the terminal tells the day, and no day before the
// latest one that it was told is taken.
type SAM struct {
	SAMConfig
	master   *cmac
	uses     uint32
	used     uint32 // ever; it only rises
	until    uint32 // last day, days since 1970
	latest   uint32 // day that was told
	selected bool
	nonce    []byte // of a renewal, once
	asked    []byte // host challenge, once
	channel  *samChannel
}

// samChannel is the host side of SCP03 (GlobalPlatform Amendment D, chapter 6), level 33.
type samChannel struct {
	enc            cipher.Block
	mac, rmac      *cmac
	chain, counter [blockSize]byte
}

// NewSAM makes a card that nobody has let be used yet.
func NewSAM(c SAMConfig) *SAM {
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return &SAM{SAMConfig: c, master: newCMAC(newAES(c.Master))}
}

// aidSAM selects the application.
var aidSAM = []byte{0xF0, 'K', 'T', 'P', 'E', 'L', '-', 'S', 'A', 'M', 0x01}

// Status words of the SAM beside those of a card.
const (
	swNoUses  status = 0x6983 // the cap is reached
	swNoDays  status = 0x6984 // the last day is over, or the day told is before the latest
	swNotMine status = 0x6982 // signature of a renewal wrong
)

// samCommands by their instruction.
var samCommands = map[byte]func(*SAM, byte, []byte) ([]byte, status){
	0xF2: (*SAM).status, 0x84: (*SAM).challenge, 0x10: (*SAM).open, 0x12: (*SAM).wrap, 0x14: (*SAM).unwrap, 0x16: (*SAM).closed,
	0x18: (*SAM).ask, 0x1A: (*SAM).renew,
}

// Transmit takes one command, short or extended, and gives the answer with its status word.
func (s *SAM) Transmit(_ context.Context, capdu []byte) ([]byte, error) {
	out, sw := s.answer(capdu)
	if sw != swOK {
		out = nil
	}
	return binary.BigEndian.AppendUint16(out, uint16(sw)), nil
}

// Reset forgets everything but what lies in the memory of the card.
func (s *SAM) Reset(context.Context) ([]byte, error) {
	s.selected, s.nonce, s.asked, s.channel = false, nil, nil, nil
	return []byte{0x3B, 0x80, 0x01, 0x81}, nil // T=1 and no historical bytes (ISO/IEC 7816-3, section 8.2)
}

// Close takes the power away.
func (s *SAM) Close() error { _, err := s.Reset(context.Background()); return err }

func (s *SAM) answer(c []byte) ([]byte, status) {
	if len(c) < 4 {
		return nil, swWrongLength
	}
	data, ok := samData(c[4:])
	switch do := samCommands[c[1]]; {
	case !ok:
		return nil, swWrongLength
	case c[0] == 0x00 && c[1] == 0xA4 && c[2] == 0x04:
		s.selected = string(data) == string(aidSAM)
		if !s.selected {
			return nil, swFileNotFound
		}
		return nil, swOK
	case !s.selected:
		return nil, swConditions
	case c[0] != 0x80:
		return nil, swUnknownCLA
	case do == nil:
		return nil, swUnknownINS
	default:
		return do(s, c[2], data)
	}
}

// samData is the data of a command: none, short, or extended.
func samData(body []byte) ([]byte, bool) {
	switch {
	case len(body) <= 1:
		return nil, true
	case body[0] == 0 && len(body) >= 3:
		n := int(body[1])<<8 | int(body[2])
		return body[3:min(len(body), 3+n)], len(body) >= 3+n && len(body) <= 3+n+2
	default:
		n := int(body[0])
		return body[1:min(len(body), 1+n)], len(body) >= 1+n && len(body) <= 1+n+1
	}
}

// status is serial (8) | generation | check value (3) | uses left (4) | last day (4) | uses ever (4).
func (s *SAM) status(byte, []byte) ([]byte, status) {
	kcv := keyCheck(newAES(s.Master))
	out := append(s.Serial[:len(s.Serial):len(s.Serial)], s.Generation)
	out = append(out, kcv[:]...)
	for _, n := range []uint32{s.uses, s.until, s.used} {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return out, swOK
}

func (s *SAM) draw(n int) ([]byte, status) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.Random, b); err != nil {
		return nil, swNoDiagnosis
	}
	return b, swOK
}

func (s *SAM) challenge(byte, []byte) (out []byte, sw status) {
	out, sw = s.draw(challengeLength)
	s.asked = out
	return out, sw
}

// Lengths of open: day (4) | answer of INITIALIZE UPDATE (32).
const (
	dayLength    = 4
	openedLength = 32
	kddLength    = 10
)

// open answers host cryptogram (8) | C-MAC (8) of EXTERNAL AUTHENTICATE. One use is taken before anything
// is reckoned.
func (s *SAM) open(level byte, data []byte) ([]byte, status) {
	asked := s.asked
	s.asked, s.channel = nil, nil
	switch {
	case level != levelFull:
		return nil, swWrongParameters
	case len(data) != dayLength+openedLength:
		return nil, swWrongLength
	case asked == nil:
		return nil, swConditions
	}
	day, answer := binary.BigEndian.Uint32(data), data[dayLength:]
	if day < s.latest || day > s.until {
		return nil, swNoDays
	}
	if s.uses == 0 {
		return nil, swNoUses
	}
	s.latest = day
	s.uses--
	s.used++
	if answer[kddLength] != kvnSAM || answer[kddLength+1] != scpIdentifier {
		return nil, swWrongData
	}
	var enc, mac [16]byte
	kdd := [kddLength]byte(answer[:kddLength])
	deriveKDF3(s.master, purposeENC, enc[:], kdd)
	deriveKDF3(s.master, purposeMAC, mac[:], kdd)
	staticENC, staticMAC := newCMAC(newAES(enc[:])), newCMAC(newAES(mac[:]))
	both := append(asked[:challengeLength:challengeLength], answer[13:21]...)
	session := func(m *cmac, constant byte) cipher.Block {
		var k [16]byte
		deriveSCP03(m, constant, k[:], both)
		return newAES(k[:])
	}
	ch := &samChannel{enc: session(staticENC, deriveSENC), mac: newCMAC(session(staticMAC, deriveSMAC)), rmac: newCMAC(session(staticMAC, deriveSRMAC))}
	var card, host [macLength]byte
	deriveSCP03(ch.mac, deriveCardCryptogram, card[:], both)
	if subtle.ConstantTimeCompare(card[:], answer[21:29]) != 1 {
		return nil, swCryptogram
	}
	deriveSCP03(ch.mac, deriveHostCryptogram, host[:], both)
	s.channel = ch
	command := ch.sign(append([]byte{0x84, 0x82, levelFull, 0x00, 2 * macLength}, host[:]...))
	return command[5:], swOK
}

// sign puts the C-MAC behind a command whose length counts it already.
func (ch *samChannel) sign(command []byte) []byte {
	var sum [blockSize]byte
	ch.mac.sum(&sum, ch.chain[:], command)
	ch.chain = sum
	return append(command, sum[:macLength]...)
}

// longestWrapped is the most data of a command that fits with padding and MAC.
const longestWrapped = 239

// wrap protects a short command, or one without data that expects a long answer.
func (s *SAM) wrap(_ byte, plain []byte) ([]byte, status) {
	ch := s.channel
	if ch == nil {
		return nil, swConditions
	}
	if len(plain) < 4 {
		return nil, swWrongLength
	}
	body, le := plain[4:], []byte(nil)
	var data []byte
	extended := len(body) >= 3 && body[0] == 0
	switch {
	case extended && len(body) == 3:
		le = body[1:]
	case extended: // a reader of cards sends nothing that long
		return nil, swWrongLength
	case len(body) == 1:
		le = body
	case len(body) > 1:
		n := int(body[0])
		if n == 0 || n > longestWrapped || len(body) < 1+n || len(body) > 2+n {
			return nil, swWrongLength
		}
		data, le = body[1:1+n], body[1+n:]
	}
	raise(&ch.counter)
	if len(data) > 0 {
		data = append(data[:len(data):len(data)], 0x80)
		for len(data)%blockSize != 0 {
			data = append(data, 0)
		}
		var iv [blockSize]byte
		ch.enc.Encrypt(iv[:], ch.counter[:])
		cipher.NewCBCEncrypter(ch.enc, iv[:]).CryptBlocks(data, data)
	}
	out := []byte{plain[0] | 0x04, plain[1], plain[2], plain[3]}
	if extended {
		out = append(out, 0, 0)
	}
	out = append(append(out, byte(len(data)+macLength)), data...)
	return append(ch.sign(out), le...), swOK
}

// unwrap opens an answer; a wrong MAC ends the channel.
func (s *SAM) unwrap(_ byte, answer []byte) ([]byte, status) {
	ch := s.channel
	if ch == nil {
		return nil, swConditions
	}
	if len(answer) < 2 {
		return nil, swWrongLength
	}
	sw := answer[len(answer)-2:]
	if !status(binary.BigEndian.Uint16(sw)).carriesMAC() {
		if len(answer) != 2 {
			s.channel = nil
			return nil, swSealWrong
		}
		return answer, swOK
	}
	var sum [blockSize]byte
	n := len(answer) - 2 - macLength
	if n < 0 || n%blockSize != 0 {
		s.channel = nil
		return nil, swSealWrong
	}
	ch.rmac.sum(&sum, ch.chain[:], answer[:n], sw)
	if subtle.ConstantTimeCompare(sum[:macLength], answer[n:n+macLength]) != 1 {
		s.channel = nil
		return nil, swSealWrong
	}
	if n == 0 {
		return sw, swOK
	}
	iv := ch.counter
	iv[0] = 0x80
	ch.enc.Encrypt(iv[:], iv[:])
	plain := make([]byte, n)
	decryptCBC(ch.enc, iv, plain, answer[:n])
	for n--; n > 0 && plain[n] == 0; n-- {
	}
	if plain[n] != 0x80 {
		s.channel = nil
		return nil, swSealWrong
	}
	return append(plain[:n], sw...), swOK
}

func raise(counter *[blockSize]byte) {
	for i := blockSize - 1; i >= 0; i-- {
		counter[i]++
		if counter[i] != 0 {
			return
		}
	}
}

func (s *SAM) closed(byte, []byte) ([]byte, status) {
	s.channel = nil
	return nil, swOK
}

const nonceLength = 16

// ask is serial (8) | a nonce (16) that one renewal may answer.
func (s *SAM) ask(byte, []byte) ([]byte, status) {
	nonce, sw := s.draw(nonceLength)
	s.nonce = nonce
	return append(s.Serial[:len(s.Serial):len(s.Serial)], nonce...), sw
}

// renew is uses (4) | today (4) | last day (4) | signature of the issuer, ASN.1, over
// "KTPEL-SAM 1 renew" | serial | nonce | uses | today | last day.
func (s *SAM) renew(_ byte, data []byte) ([]byte, status) {
	const fixed = 12
	nonce := s.nonce
	s.nonce = nil
	if nonce == nil {
		return nil, swConditions
	}
	if len(data) <= fixed {
		return nil, swWrongLength
	}
	text := append([]byte("KTPEL-SAM 1 renew"), s.Serial[:]...)
	text = append(append(text, nonce...), data[:fixed]...)
	digest := sha256.Sum256(text)
	if !ecdsa.VerifyASN1(s.Issuer, digest[:], data[fixed:]) {
		return nil, swNotMine
	}
	s.uses, s.latest, s.until = binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:]), binary.BigEndian.Uint32(data[8:])
	return nil, swOK
}
