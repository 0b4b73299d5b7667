package chip

import (
	"crypto/cipher"
	"crypto/subtle"
)

// Security levels: P1 of EXTERNAL AUTHENTICATE (GlobalPlatform Amendment D, 7.1.2).
const (
	levelCMAC byte = 0x01
	levelCENC byte = 0x02
	levelRMAC byte = 0x10
	levelRENC byte = 0x20
	levelFull byte = 0x33
)

// levels are the combinations that the card accepts.
var levels = [...]byte{0x01, 0x03, 0x11, 0x13, levelFull}

const (
	macLength       = 8 // bytes of C-MAC and R-MAC on the wire
	challengeLength = 8
)

// session is the card side of one SCP03 channel (GlobalPlatform Amendment D, chapter 6). Its
// buffers are reused from command to command: what unwrap returns holds until the next call.
type session struct {
	pending bool // INITIALIZE UPDATE answered, EXTERNAL AUTHENTICATE awaited
	open    bool
	kvn     byte
	level   byte

	hostCryptogram [macLength]byte
	enc            cipher.Block // S-ENC
	mac, rmac      *cmac        // S-MAC, S-RMAC
	chain          [blockSize]byte
	counter        [blockSize]byte
	dataOnly       bool // the counter rises only with commands that carry data

	claimShown bool // the attempt that owns the card has shown its id in this channel
	activated  bool // ACTIVATE was done in this channel

	head  []byte
	sum   [blockSize]byte
	icv   [blockSize]byte
	plain []byte
}

// closed is the session without its channel, with what does not end with it.
func (s *session) closed() session {
	return session{dataOnly: s.dataOnly, head: s.head, plain: s.plain}
}

// openingAnswer is what a new session tells the host.
type openingAnswer struct{ challenge, cryptogram [macLength]byte }

// begin derives challenge, session keys and cryptograms of a new channel. sequence is the
// counter after it was raised, aid the application that the channel belongs to.
func (s *session) begin(k *keySet, hostChallenge []byte, sequence [3]byte, aid []byte) openingAnswer {
	var a openingAnswer
	var seed [3 + 16]byte
	n := copy(seed[:], sequence[:])
	n += copy(seed[n:], aid)
	deriveSCP03(k.enc, deriveCardChallenge, a.challenge[:], seed[:n])

	var context [2 * challengeLength]byte
	copy(context[:], hostChallenge)
	copy(context[challengeLength:], a.challenge[:])
	var key [32]byte
	derive := func(m *cmac, constant byte) cipher.Block {
		deriveSCP03(m, constant, key[:k.size], context[:])
		return newAES(key[:k.size])
	}
	*s = s.closed()
	s.pending, s.kvn = true, k.kvn
	s.enc = derive(k.enc, deriveSENC)
	s.mac = newCMAC(derive(k.mac, deriveSMAC))
	s.rmac = newCMAC(derive(k.mac, deriveSRMAC))
	deriveSCP03(s.mac, deriveCardCryptogram, a.cryptogram[:], context[:])
	deriveSCP03(s.mac, deriveHostCryptogram, s.hostCryptogram[:], context[:])
	return a
}

// authenticate checks the data of EXTERNAL AUTHENTICATE (host cryptogram, C-MAC) and opens the
// channel.
func (s *session) authenticate(cmd *command) status {
	if subtle.ConstantTimeCompare(cmd.data[:macLength], s.hostCryptogram[:]) != 1 {
		return swCryptogram
	}
	if !s.verify(cmd, cmd.data) {
		return swSecurity
	}
	s.pending, s.open, s.level = false, true, cmd.p1
	return swOK
}

// verify checks the C-MAC at the end of body and moves the chaining value on.
func (s *session) verify(cmd *command, body []byte) bool {
	s.head = append(append(s.head[:0], cmd.cla, cmd.ins, cmd.p1, cmd.p2), cmd.lc...)
	text, mac := body[:len(body)-macLength], body[len(body)-macLength:]
	s.mac.sum(&s.sum, s.chain[:], s.head, text)
	if subtle.ConstantTimeCompare(s.sum[:macLength], mac) != 1 {
		return false
	}
	s.chain = s.sum
	return true
}

// unwrap checks and deciphers the body of a command. False means a security error: the caller
// closes the channel.
func (s *session) unwrap(cmd *command) bool {
	if len(cmd.data) < macLength {
		return false
	}
	if !s.dataOnly || len(cmd.data) > macLength {
		s.raise()
	}
	if !s.verify(cmd, cmd.data) {
		return false
	}
	text := cmd.data[:len(cmd.data)-macLength]
	if s.level&levelCENC != 0 && len(text) > 0 {
		if len(text)%blockSize != 0 {
			return false
		}
		s.enc.Encrypt(s.icv[:], s.counter[:])
		if len(s.plain) < len(text) {
			s.plain = make([]byte, max(len(text), shortLc))
		}
		decryptCBC(s.enc, s.icv, s.plain, text)
		n := len(text) - 1
		for n > 0 && s.plain[n] == 0 {
			n--
		}
		if s.plain[n] != 0x80 || len(text)-n > blockSize {
			return false
		}
		text = s.plain[:n]
	}
	cmd.data, cmd.secure = text, true
	return true
}

// raise counts one command.
func (s *session) raise() {
	for i := blockSize - 1; i >= 0; i-- {
		s.counter[i]++
		if s.counter[i] != 0 {
			return
		}
	}
}

// wrap turns the answer data into what goes out before the status word: enciphered, with the
// R-MAC behind it. answer needs room for a block of padding and the MAC.
func (s *session) wrap(answer []byte, sw status) []byte {
	if s.level&levelRENC != 0 && len(answer) > 0 {
		answer = append(answer, 0x80)
		for len(answer)%blockSize != 0 {
			answer = append(answer, 0)
		}
		s.icv = s.counter
		s.icv[0] = 0x80
		s.enc.Encrypt(s.icv[:], s.icv[:])
		for o := 0; o < len(answer); o += blockSize {
			b := answer[o : o+blockSize]
			subtle.XORBytes(b, b, s.icv[:])
			s.enc.Encrypt(b, b)
			copy(s.icv[:], b)
		}
	}
	if s.level&levelRMAC != 0 {
		s.head = append(s.head[:0], byte(sw>>8), byte(sw))
		s.rmac.sum(&s.sum, s.chain[:], answer, s.head)
		answer = append(answer, s.sum[:macLength]...)
	}
	return answer
}

// decryptCBC deciphers whole blocks of text into out, which must not overlap it.
func decryptCBC(b cipher.Block, iv [blockSize]byte, out, text []byte) {
	previous := iv[:]
	for o := 0; o < len(text); o += blockSize {
		in, x := text[o:o+blockSize], out[o:o+blockSize]
		b.Decrypt(x, in)
		subtle.XORBytes(x, x, previous)
		previous = in
	}
}
