package trial

import (
	"time"

	"blanko/applet"
	"blanko/emulator/chip"
)

// The physical limit: the least time in which a chip can be made at a bit rate, with a station and a
// reader that take none. The model is that of the emulated chip (ISO/IEC 14443-2, -3 and -4),
// computed here a second time, from the planned sequence and not from what was sent: a command too
// many, or a clock that runs wrong, shows as overhead.
const (
	carrierHz     = 13.56e6 // ISO/IEC 14443-2, 6.1
	etuCycles     = 128     // carrier cycles of one bit at 106 kbit/s
	frameDelay    = 1172 / carrierHz
	bareFrame     = 3 // PCB and CRC; the length of an acknowledgment
	cidByte       = 1
	bitsPerByteA  = 9 // with parity
	edgeBitsA     = 2 // start and end of a frame
	bitsPerByteB  = 10
	edgeBitsB     = 24
	aesBlock      = 16
	macBlocks     = 2 // beside two passes, cipher and MAC, over the cipher text
	pagesOfValue  = 1 // a value of its own: EF.PROF, a header, a state
	pagesOfKeySet = 2
)

// limit is the time of the sequence on a chip of this timing, activation of the field included. The
// time in which a chip generates its key pairs is part of it.
func limit(t chip.Timing, commands []applet.Planned) time.Duration {
	sum := t.Activation.Seconds()
	for _, c := range commands {
		sum += oneWay(t.Link, c.Sent, t.Link.FSC) + oneWay(t.Link, c.Received, t.Link.FSD) + t.Turn.Seconds()
		if c.Sealed {
			sum += float64(2*c.CipherText/aesBlock+macBlocks) * t.AES.Seconds()
		}
		sum += float64(pages(t, c)) * t.PageTime.Seconds()
		if c.KeyPair {
			sum += t.KeyGeneration.Seconds()
		}
	}
	return time.Duration(sum * float64(time.Second))
}

// pages is how many pages of memory a command programs. A page that the next piece continues
// counts once, unless the chip has no buffer for it.
func pages(t chip.Timing, c applet.Planned) int {
	n := c.Records*pagesOfValue + c.KeySets*pagesOfKeySet
	if c.File == 0 {
		return n
	}
	first, last := c.Offset/t.Page, (c.Offset+c.Length-1)/t.Page
	n += last - first + 1
	if !t.Touched && c.Offset%t.Page != 0 {
		n--
	}
	return n
}

// oneWay is the air time of n bytes in blocks of at most size bytes, seconds; every block but the
// last is acknowledged.
func oneWay(l chip.Link, n, size int) float64 {
	bare := bareFrame
	if l.CID {
		bare += cidByte
	}
	room := size - bare
	blocks := (n + room - 1) / room
	t := float64(blocks)*frameDelay + float64(blocks-1)*(frame(l, bare)+frameDelay)
	for ; n > 0; n -= room {
		t += frame(l, min(n, room)+bare)
	}
	return t
}

// frame is the air time of one frame of n bytes, seconds.
func frame(l chip.Link, n int) float64 {
	bits := edgeBitsA + bitsPerByteA*n
	if l.TypeB {
		bits = edgeBitsB + bitsPerByteB*n
	}
	return float64(bits) * etuCycles / (carrierHz * float64(l.D))
}
