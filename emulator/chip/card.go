package chip

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/sha256"
	"io"
	"sync"
	"time"
)

// Config is one chip as it leaves its maker.
type Config struct {
	// Serial are the eight bytes that name the chip (CPLC); the KDD is made of them.
	Serial [8]byte
	// Size is the memory for file contents in bytes, Size8K or Size32K; zero is Size32K. The
	// headers of the profile's files have room beside it. Above 8,192 the chip brings
	// EF.CardAccess and generates key pairs.
	Size int
	// TransportKey is key set 30, diversified for this chip (Diversify).
	TransportKey Keys
	// Timing of the chip and its link; the zero value is MidChip.
	Timing Timing
	// Rand feeds key generation; nil is a stream derived from Serial. The same source makes
	// the same card.
	Rand io.Reader
	// Spend lets the computed time pass, once per call of Transmit or Reset and outside the
	// card's lock; nil makes time free.
	Spend func(time.Duration)
	// ICAOView makes the LDS application selectable. It is opened by PACE, on a chip above 8,192
	// bytes, and by BAC where that is switched on; else it shows its refusals.
	ICAOView bool
	// BAC opens the ICAO view by Basic Access Control: the switch for interoperability.
	BAC bool
	// NoPACE takes PACE and EF.CardAccess from a chip that would bring them.
	NoPACE bool
	// MaxLc and MaxLe are the longest command data and answer data that the chip's buffer takes,
	// bytes. Zero is what short APDUs can say, 255 and 256; a chip with a buffer of 128 bytes has
	// 122 and 126. Beyond the short forms the chip takes extended lengths and says so in
	// EF.ATR/INFO and in the FCI of the issuer view.
	MaxLc, MaxLe int
	// CounterOnlyWithData is the quirk of chips whose C-ENC counter skips commands that carry
	// no data.
	CounterOnlyWithData bool
}

// Card is one emulated chip. Transmit and Reset are for one goroutine at a time; View, Inject
// and PowerOff may come from another.
type Card struct {
	mu    sync.Mutex
	clock clock
	spend func(time.Duration)

	// what the chip is
	kdd      [10]byte
	atr      []byte
	large    bool    // EF.CardAccess, key pairs
	master   []*file // EFs under the MF
	limits   limits
	capacity int
	icaoView bool
	offers   [2]bool // protocols of the ICAO view, by opener
	foreign  bool
	random   io.Reader

	// what its memory keeps without power
	state          state
	attempt        [16]byte
	marker         byte
	keySets        [len(kvns)]keySet
	files          []*file // EF.PROF first
	bac            [bacKeysSize]byte
	can            [canSize]byte
	bacSet, canSet bool
	canFailures    int // wrong tokens under the CAN since it last opened the card
	pairs          [2]*ecdsa.PrivateKey

	// what goes with the power
	view    view
	current *file
	session session
	sealing sealing  // secure messaging of the ICAO view, and what leads to it
	tail    struct { // end of the last UPDATE BINARY: the page buffer
		file *file
		end  int
	}

	// one command
	command command
	answer  []byte
	work    float64 // seconds of the card's own time
	closing bool    // the channel ends with this answer

	// faults and their effects
	faults               []Fault
	lost, mute, dead     bool
	garble, corrupt      bool
	nvmFails, nvmLasting bool
	factor               float64

	// counters
	apdus, pages, resets int
	bytesIn, bytesOut    int
	spent                time.Duration
}

// New makes a blank card that lies in the field.
func New(cfg Config) *Card {
	if cfg.Size <= 0 {
		cfg.Size = Size32K
	}
	c := &Card{
		clock: newClock(cfg.Timing), spend: cfg.Spend,
		kdd: KDD(cfg.Serial), atr: atrOf([]byte(profileID)),
		capacity: cfg.Size + profileFiles*fileHeader, large: cfg.Size > largeChip, limits: newLimits(cfg.MaxLc, cfg.MaxLe),
		icaoView: cfg.ICAOView, random: cfg.Rand, factor: 1,
	}
	c.answer = make([]byte, 0, c.limits.le+blockSize+macLength)
	c.offers = [2]bool{byBAC: cfg.ICAOView && cfg.BAC, byPACE: cfg.ICAOView && c.large && !cfg.NoPACE}
	c.master = masterFiles(c.large && !cfg.NoPACE, c.limits)
	if c.random == nil {
		c.random = randomOf(cfg.Serial[:])
	}
	c.session.dataOnly = cfg.CounterOnlyWithData
	k := cfg.TransportKey
	*c.keys(kvnTransport) = newKeySet(kvnTransport, k.ENC[:], k.MAC[:], k.DEK[:])
	c.files = []*file{{fid: fidPROF, sfi: sfiPROF, data: make([]byte, profSize)}}
	c.refreshPROF()
	return c
}

// randomOf is an endless stream that depends on its seed alone: AES-128-CTR under the first half
// of the seed's SHA-256.
func randomOf(from []byte) io.Reader {
	seed := sha256.Sum256(from)
	return cipher.StreamReader{S: cipher.NewCTR(newAES(seed[:16]), seed[16:16+aes.BlockSize]), R: zeros{}}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// Transmit gives the card one command APDU and returns its answer, status word last. The errors
// are ErrFieldLost, ErrMute, or that of a context that was done before the command went out.
func (c *Card) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	rapdu, seconds, err := c.exchange(capdu)
	d := duration(seconds)
	c.spent += d
	c.mu.Unlock()
	c.pass(d)
	return rapdu, err
}

// Reset switches the field off and on and returns the ATR.
func (c *Card) Reset(ctx context.Context) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.powerOff()
	c.lost, c.mute = false, c.dead
	c.resets++
	d := duration(c.clock.activation)
	c.spent += d
	var atr []byte
	err := ErrMute
	if !c.dead {
		atr, err = append(atr, c.atr...), nil
	}
	c.mu.Unlock()
	c.pass(d)
	return atr, err
}

// PowerOff takes the card out of the field: its channel is gone, and it answers again only
// after a Reset.
func (c *Card) PowerOff() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.powerOff()
	c.lost = true
}

func (c *Card) powerOff() {
	c.closeChannel()
	c.view, c.current = viewMF, nil
	c.tail.file = nil
}

// closeChannel ends whatever channel is open, of SCP03 or of the ICAO view.
func (c *Card) closeChannel() { c.session, c.sealing = c.session.closed(), sealing{} }

func (c *Card) pass(d time.Duration) {
	if c.spend != nil && d > 0 {
		c.spend(d)
	}
}

// exchange is one command with its faults and its time in seconds.
func (c *Card) exchange(capdu []byte) ([]byte, float64, error) {
	switch {
	case c.lost:
		return nil, 0, ErrFieldLost
	case c.mute:
		return nil, c.clock.link.Wire(len(capdu), 0) + c.clock.waiting, ErrMute
	}
	c.apdus++
	c.bytesIn += len(capdu)
	if len(c.faults) > 0 {
		c.meet(false)
	}
	c.answer, c.work, c.closing = c.answer[:0], c.clock.turn, false
	var sw status
	if !c.lost && !c.mute {
		sw = c.serve(capdu)
		if len(c.faults) > 0 && !c.lost {
			c.meet(true)
		}
	}
	work := c.work * c.factor
	switch {
	case c.lost:
		c.powerOff()
		return nil, c.clock.link.Wire(len(capdu), 0) + work, ErrFieldLost
	case c.mute:
		c.powerOff()
		return nil, c.clock.link.Wire(len(capdu), 0) + c.clock.waiting, ErrMute
	}
	rapdu := make([]byte, len(c.answer)+2)
	copy(rapdu, c.answer)
	rapdu[len(rapdu)-2], rapdu[len(rapdu)-1] = byte(sw>>8), byte(sw)
	if c.garble {
		c.garble = false
		rapdu[max(0, len(rapdu)-3)] ^= 0x01
	}
	c.bytesOut += len(rapdu)
	return rapdu, c.clock.exchange(len(capdu), len(rapdu), work), nil
}

// serve takes the command through channel, instruction table and answer protection. The answer
// data are in c.answer afterwards.
func (c *Card) serve(capdu []byte) status {
	parsed, ok := c.limits.parse(capdu)
	if !ok {
		c.closeChannel()
		return swWrongLength
	}
	c.command = parsed
	cmd := &c.command
	c.sealing.forget(cmd.ins)
	switch {
	case c.sealing.open() && cmd.cla == classSealed:
		return c.serveSealed(cmd)
	case c.sealing.open() && (cmd.ins != insSelect || cmd.p1 != selectByName):
		c.closeChannel()
		return swSealMissing
	case cmd.cla == classSecure && cmd.ins == insExternalAuthenticate:
		sw := externalAuthenticate(c, cmd)
		if sw != swOK {
			c.closeChannel()
		}
		return sw
	case cmd.cla == classSecure && c.session.open:
		return c.serveSecure(cmd)
	}
	// Whatever is not under the channel ends it, and ends an opening half done.
	if c.session.open || c.session.pending || c.sealing.open() {
		c.closeChannel()
	}
	sw := c.dispatch(cmd)
	if !sw.carriesMAC() {
		c.answer = c.answer[:0]
	}
	return sw
}

// serveSecure is a command under the channel: a security error closes it with 6982; any other
// refusal is a plain status word and leaves it open.
func (c *Card) serveSecure(cmd *command) status {
	sent := len(cmd.data)
	if !c.session.unwrap(cmd) {
		c.closeChannel()
		return swSecurity
	}
	sw := c.dispatch(cmd)
	if sw == swNone {
		return sw
	}
	cipherText := max(sent-macLength, 0)
	if sw.carriesMAC() {
		c.answer = c.session.wrap(c.answer, sw)
		cipherText += max(len(c.answer)-macLength, 0)
	} else {
		c.answer = c.answer[:0]
	}
	c.work += float64(aesBlocks(cipherText)) * c.clock.aes
	if c.closing {
		c.closeChannel()
	}
	return sw
}
