package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
)

// Security level bits, P1 of EXTERNAL AUTHENTICATE (GlobalPlatform Amendment D, section 7.1.2).
const (
	levelCMAC = 0x01
	levelCENC = 0x02
	levelRMAC = 0x10
	levelRENC = 0x20
)

// levels are the combinations that the amendment allows; level 00 protects nothing and is not
// among them here.
var levels = []byte{
	levelCMAC, levelCMAC | levelCENC, levelCMAC | levelRMAC, levelCMAC | levelCENC | levelRMAC,
	levelCMAC | levelCENC | levelRMAC | levelRENC,
}

// Bits of the parameter i in the answer of INITIALIZE UPDATE.
const (
	iPseudoRandom = 0x10
	iRMAC         = 0x20
	iRENC         = 0x40
)

// scp03 is the secure channel protocol number in the answer of INITIALIZE UPDATE.
const scp03 = 0x03

// macSize is the length of MACs, challenges and cryptograms in the 8-byte mode.
const macSize = 8

// Static is a card's static key set as a host needs it: Key-ENC and Key-MAC only compute
// CMACs, Key-DEK only enciphers new keys.
type Static struct {
	ENC, MAC MAC
	DEK      cipher.Block
	Size     int // bytes per key
}

// Static makes the set usable from keys in memory. The KeySet may be wiped afterwards.
func (s KeySet) Static() (Static, error) {
	out := Static{Size: len(s.ENC)}
	var err error
	if out.ENC, err = NewMAC(s.ENC); err != nil {
		return Static{}, err
	}
	if out.MAC, err = NewMAC(s.MAC); err != nil {
		return Static{}, err
	}
	if out.DEK, err = aes.NewCipher(s.DEK); err != nil {
		return Static{}, badKey.At("keys.KeySet.Static", err)
	}
	return out, nil
}

// Channel is the host side of one SCP03 channel in 8-byte mode. It is not safe for concurrent use.
type Channel struct {
	level               byte
	enc                 cipher.Block // S-ENC
	mac, rmac           MAC          // S-MAC, S-RMAC
	dek                 cipher.Block // static Key-DEK
	chain               [16]byte     // MAC chaining value
	counter             uint64       // of the last enciphered command
	counterOnlyWithData bool
	dead                bool
}

// Opening is what a channel is opened with.
type Opening struct {
	KVN       byte
	KDD       [10]byte
	Challenge [8]byte // the host's
	Level     byte    // P1 of EXTERNAL AUTHENTICATE
	// CounterOnlyWithData is for chips that raise the encryption counter only for commands
	// with data; the standard raises it for every command.
	CounterOnlyWithData bool
	// Application is the AID that a pseudo-random card challenge follows from, with the sequence counter;
	// empty: it is not looked at.
	Application []byte
}

// Initialized is the answer of INITIALIZE UPDATE taken apart: KDD (10) | KVN | 03 | i |
// card challenge (8) | card cryptogram (8) [| sequence counter (3)].
type Initialized struct {
	KDD        [10]byte
	KVN, SCP   byte
	I          byte
	Challenge  [8]byte
	Cryptogram [8]byte
	Sequence   [3]byte // where i says pseudo-random, else zero
}

// Counter is the sequence counter as a number: how often a channel was asked for under this key set.
func (a Initialized) Counter() int {
	return int(a.Sequence[0])<<16 | int(a.Sequence[1])<<8 | int(a.Sequence[2])
}

// Counts reports whether the card told its sequence counter: its challenge follows from it.
func (a Initialized) Counts() bool { return a.I&iPseudoRandom != 0 }

// ParseInitialized reads 29 or 32 bytes, without status word.
func ParseInitialized(b []byte) (Initialized, error) {
	const op = "keys.ParseInitialized"
	const random, pseudo = 29, 32
	if len(b) != random && len(b) != pseudo {
		return Initialized{}, badAnswer.At(op, nil).With("answer", "29 or 32 bytes expected, got %d", len(b))
	}
	a := Initialized{KDD: [10]byte(b[:10]), KVN: b[10], SCP: b[11], I: b[12], Challenge: [8]byte(b[13:21]), Cryptogram: [8]byte(b[21:29])}
	if a.SCP != scp03 {
		return a, badAnswer.At(op, nil).With("scp", "SCP 03 expected, got %02X", a.SCP)
	}
	if wants := a.I&iPseudoRandom != 0; wants != (len(b) == pseudo) {
		return a, badAnswer.At(op, nil).With("answer", "i %02X does not fit %d bytes", a.I, len(b))
	}
	if len(b) == pseudo {
		a.Sequence = [3]byte(b[random:])
	}
	return a, nil
}

// OpenChannel checks the card cryptogram in the answer of INITIALIZE UPDATE and returns the
// channel with its EXTERNAL AUTHENTICATE command. Fault
// keys.card_cryptogram_wrong: not this key, or a sequence counter that the card did not tell.
func OpenChannel(static Static, o Opening, answer []byte) (*Channel, []byte, error) {
	const op = "keys.OpenChannel"
	a, err := ParseInitialized(answer)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case a.KVN != o.KVN:
		return nil, nil, badAnswer.At(op, nil).With("kvn", "key version %02X expected, got %02X", o.KVN, a.KVN)
	case a.KDD != o.KDD:
		return nil, nil, badAnswer.At(op, nil).With("kdd", "the card answers with another KDD than the one asked for")
	case !levelAllowed(o.Level):
		return nil, nil, badAnswer.At(op, nil).With("level", "no such security level: %02X", o.Level)
	case o.Level&levelRMAC != 0 && a.I&iRMAC == 0, o.Level&levelRENC != 0 && a.I&iRENC == 0:
		return nil, nil, badAnswer.At(op, nil).With("i", "i %02X does not allow security level %02X", a.I, o.Level)
	}
	context := append(o.Challenge[:], a.Challenge[:]...)
	c := &Channel{level: o.Level, dek: static.DEK, counterOnlyWithData: o.CounterOnlyWithData}
	bits := static.Size * 8
	senc, err := SessionKDF(static.ENC, kdfSENC, bits, context)
	if err != nil {
		return nil, nil, err
	}
	smac, err := SessionKDF(static.MAC, kdfSMAC, bits, context)
	if err != nil {
		return nil, nil, err
	}
	srmac, err := SessionKDF(static.MAC, kdfSRMAC, bits, context)
	if err != nil {
		return nil, nil, err
	}
	defer KeySet{senc, smac, srmac}.Wipe()
	if c.enc, err = aes.NewCipher(senc); err != nil {
		return nil, nil, badKey.At(op, err)
	}
	if c.mac, err = NewMAC(smac); err != nil {
		return nil, nil, err
	}
	if c.rmac, err = NewMAC(srmac); err != nil {
		return nil, nil, err
	}
	expected, err := SessionKDF(c.mac, kdfCardCryptogram, macSize*8, context)
	if err != nil {
		return nil, nil, err
	}
	if subtle.ConstantTimeCompare(expected, a.Cryptogram[:]) != 1 {
		return nil, nil, CardCryptogramWrong.At(op, nil)
	}
	if err := static.counted(a, o.Application); err != nil {
		return nil, nil, err
	}
	host, err := SessionKDF(c.mac, kdfHostCryptogram, macSize*8, context)
	if err != nil {
		return nil, nil, err
	}
	// EXTERNAL AUTHENTICATE is MACed but never enciphered, whatever the level.
	command := append([]byte{0x84, 0x82, o.Level, 0x00, byte(len(host) + macSize)}, host...)
	if command, err = c.sign(command); err != nil {
		return nil, nil, err
	}
	return c, command, nil
}

// counted checks that the sequence counter of an answer is the card's own: the pseudo-random challenge follows
// from it under Key-ENC (GlobalPlatform Amendment D, section 6.2.2.1).
func (s Static) counted(a Initialized, application []byte) error {
	if a.I&iPseudoRandom == 0 || len(application) == 0 {
		return nil
	}
	want, err := SessionKDF(s.ENC, kdfCardChallenge, macSize*8, append(a.Sequence[:], application...))
	if err == nil && subtle.ConstantTimeCompare(want, a.Challenge[:]) != 1 {
		err = CardCryptogramWrong.At("keys.OpenChannel", nil).With("counter", "the card challenge does not follow from it")
	}
	return err
}

func levelAllowed(level byte) bool {
	for _, l := range levels {
		if l == level {
			return true
		}
	}
	return false
}

// sign appends the C-MAC and moves the chaining value. Lc in the command counts the MAC already;
// the logical channel is not MACed.
func (c *Channel) sign(command []byte) ([]byte, error) {
	const channelBits = 0x03
	input := append(c.chain[:], command...)
	input[len(c.chain)] &^= channelBits
	mac, err := c.mac(input)
	if err != nil {
		return nil, err
	}
	c.chain = mac
	return append(command, mac[:macSize]...), nil
}

// Wrap protects a plain command: bit 3 of CLA set, data enciphered (C-ENC) and MACed. Le stays at
// the end and is not MACed. A short command stays short: at most 239 bytes of data are accepted
// with C-ENC, 247 without. An extended one stays extended, and its Lc is MACed in the form in
// which it is sent, three bytes (GlobalPlatform Amendment D, section 6.2.4).
func (c *Channel) Wrap(command []byte) ([]byte, error) {
	const op = "keys.Channel.Wrap"
	const secureMessaging = 0x04
	if c.dead {
		return nil, NoChannel.At(op, nil)
	}
	data, le, extended, err := splitCommand(command)
	if err != nil {
		return nil, err
	}
	body := data
	if c.level&levelCENC != 0 {
		if len(data) > 0 || !c.counterOnlyWithData {
			c.counter++
		}
		if len(data) > 0 {
			body = c.encipher(pad(data))
		}
	}
	lc, most := len(body)+macSize, 0xFF
	if extended {
		most = 0xFFFF
	}
	if lc > most {
		return nil, badCommand.At(op, nil).With("data", "%d bytes of data do not fit a protected command", len(data))
	}
	out := make([]byte, 0, longestHeader+lc+longestLe)
	out = append(out, command[0]|secureMessaging, command[1], command[2], command[3])
	if extended {
		out = append(out, 0, byte(lc>>8))
	}
	out = append(append(out, byte(lc)), body...)
	if out, err = c.sign(out); err != nil {
		c.Wipe()
		return nil, err
	}
	return append(out, le...), nil
}

// Bytes of an extended command beside its data: header with 00 and Lc, and Le.
const (
	longestHeader = 7
	longestLe     = 2
)

// splitCommand takes the data field and the bytes of the Le field out of a command of case 1 to
// 4, short or extended (ISO/IEC 7816-4, section 5.1). An extended command without data gives its
// Le without the leading 00, since the protected one has an Lc that carries it.
func splitCommand(command []byte) (data, le []byte, extended bool, err error) {
	const header = 4
	const op = "keys.splitCommand"
	n := len(command)
	switch {
	case n < header:
		return nil, nil, false, badCommand.At(op, nil).With("command", "%d bytes are no command", n)
	case n <= header+1:
		return nil, command[header:], false, nil
	case command[header] != 0:
		lc, rest := int(command[header]), command[header+1:]
		if len(rest) < lc || len(rest) > lc+1 {
			return nil, nil, false, badCommand.At(op, nil).With("lc", "Lc %d does not fit a command of %d bytes", lc, n)
		}
		return rest[:lc], rest[lc:], false, nil
	case n == longestHeader:
		return nil, command[header+1:], true, nil
	case n > longestHeader:
		lc, rest := int(binary.BigEndian.Uint16(command[header+1:])), command[longestHeader:]
		if lc > 0 && (len(rest) == lc || len(rest) == lc+longestLe) {
			return rest[:lc], rest[lc:], true, nil
		}
	}
	return nil, nil, false, badCommand.At(op, nil).With("lc", "the length fields do not fit a command of %d bytes", n)
}

// pad appends 80 and zeros up to a whole block (ISO/IEC 9797-1, method 2).
func pad(data []byte) []byte {
	out := make([]byte, (len(data)/aes.BlockSize+1)*aes.BlockSize)
	out[copy(out, data)] = 0x80
	return out
}

// unpad takes the padding off; ok is false where there is none.
func unpad(data []byte) (plain []byte, ok bool) {
	for i := len(data) - 1; i >= 0 && i >= len(data)-aes.BlockSize; i-- {
		switch data[i] {
		case 0x00:
		case 0x80:
			return data[:i], true
		default:
			return nil, false
		}
	}
	return nil, false
}

// icv enciphers the command counter; answers have 80 in its first byte.
func (c *Channel) icv(answer bool) []byte {
	icv := make([]byte, aes.BlockSize)
	binary.BigEndian.PutUint64(icv[8:], c.counter)
	if answer {
		icv[0] = 0x80
	}
	c.enc.Encrypt(icv, icv)
	return icv
}

func (c *Channel) encipher(padded []byte) []byte {
	cipher.NewCBCEncrypter(c.enc, c.icv(false)).CryptBlocks(padded, padded)
	return padded
}

// Unwrap checks the R-MAC and opens the answer to the last wrapped command; the status word
// stays at the end. An answer that reports an error carries no protection and comes back as the
// bare status word. Any failure ends the channel.
func (c *Channel) Unwrap(answer []byte) ([]byte, error) {
	if c.dead {
		return nil, NoChannel.At("keys.Channel.Unwrap", nil)
	}
	plain, err := c.unwrap(answer)
	if err != nil {
		c.Wipe()
	}
	return plain, err
}

func (c *Channel) unwrap(answer []byte) ([]byte, error) {
	const op = "keys.Channel.Unwrap"
	if len(answer) < 2 {
		return nil, ChannelBroken.At(op, nil).With("answer", "%d bytes hold no status word", len(answer))
	}
	body, sw := answer[:len(answer)-2], answer[len(answer)-2:]
	if c.level&levelRMAC == 0 {
		return answer, nil
	}
	if !protected(sw) {
		if len(body) > 0 {
			return nil, ChannelBroken.At(op, nil).With("answer", "unprotected data beside status %X", sw)
		}
		return answer, nil
	}
	if len(body) < macSize {
		return nil, ChannelBroken.At(op, nil).With("answer", "status %X came without a MAC", sw)
	}
	body, mac := body[:len(body)-macSize], body[len(body)-macSize:]
	input := append(append(append([]byte{}, c.chain[:]...), body...), sw...)
	expected, err := c.rmac(input)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(expected[:macSize], mac) != 1 {
		return nil, ChannelBroken.At(op, nil).With("answer", "the MAC of the answer is wrong")
	}
	if c.level&levelRENC == 0 || len(body) == 0 {
		return append(append([]byte{}, body...), sw...), nil
	}
	if len(body)%aes.BlockSize != 0 {
		return nil, ChannelBroken.At(op, nil).With("answer", "%d enciphered bytes are no whole blocks", len(body))
	}
	deciphered := make([]byte, len(body))
	cipher.NewCBCDecrypter(c.enc, c.icv(true)).CryptBlocks(deciphered, body)
	plain, ok := unpad(deciphered)
	if !ok {
		return nil, ChannelBroken.At(op, nil).With("answer", "the padding of the answer is wrong")
	}
	return append(append([]byte{}, plain...), sw...), nil
}

// protected reports whether an answer with this status word carries an R-MAC: 9000 and the
// warnings 62xx and 63xx do, errors do not.
func protected(sw []byte) bool {
	return sw[0] == 0x90 && sw[1] == 0x00 || sw[0] == 0x62 || sw[0] == 0x63
}

// Wipe ends the channel and drops its keys.
func (c *Channel) Wipe() {
	*c = Channel{dead: true}
}
