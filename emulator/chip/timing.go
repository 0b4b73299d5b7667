package chip

import (
	"math"
	"time"
)

// carrier is the frequency of the field, Hz (ISO/IEC 14443-2, 6.1).
const carrier = 13.56e6

// Link is the air interface of ISO/IEC 14443-3 and -4.
type Link struct {
	D        int  // bit rate divisor 1, 2, 4, 8: 106, 212, 424, 848 kbit/s; a chip's zero is 1
	FSC, FSD int  // frame sizes of card and reader, bytes, with PCB and CRC
	CID      bool // a CID byte in every block
	TypeB    bool // ISO/IEC 14443 type B framing
}

func (l Link) etu() float64 { return 128 / (carrier * float64(l.D)) }

// frameDelay is the pause before an answer, seconds: 1172 carrier cycles, both ways.
const frameDelay = 1172 / carrier

// overhead is PCB and CRC, and the CID where there is one.
func (l Link) overhead() int {
	if l.CID {
		return 4
	}
	return 3
}

// frame is the time of one frame of n bytes, PCB and CRC included, seconds. Type A has 9 etu
// per byte and 2 for start and end, type B 10 and about 24.
func (l Link) frame(n int) float64 {
	if l.TypeB {
		return float64(24+10*n) * l.etu()
	}
	return float64(2+9*n) * l.etu()
}

// way is one direction of a transfer: n bytes in blocks of at most size bytes, each block but
// the last acknowledged.
func (l Link) way(n, size int) (t float64) {
	o := l.overhead()
	for n > 0 {
		k := max(min(n, size-o), 1)
		t += l.frame(k+o) + frameDelay
		if n -= k; n > 0 {
			t += l.frame(o) + frameDelay
		}
	}
	return t
}

// Wire is the air time of one APDU of c command bytes and r answer bytes, status word
// included, in seconds.
func (l Link) Wire(c, r int) float64 { return l.way(c, l.FSC) + l.way(r, l.FSD) }

// extension is the air time of one waiting time extension, S(WTX) and its answer.
func (l Link) extension() float64 { return 2*l.frame(4) + 2*frameDelay }

// Timing is the model of a chip's speed. The host's own time is never part of it.
type Timing struct {
	Link          Link
	Activation    time.Duration // REQA to RATS and PPS, at every reset
	Turn          time.Duration // turnaround per APDU
	AES           time.Duration // per AES block
	Page          int           // bytes of one page of the memory
	PageTime      time.Duration // erasing and programming one page
	Touched       bool          // a page is programmed by every APDU that touches it; else a
	KeyGeneration time.Duration // page that the next APDU continues is counted once
	Multiply      time.Duration // a point of P-256 times a scalar, or a signature
	FWI           int           // frame waiting time integer, ISO/IEC 14443-4, 7.2
}

// MidChip is the default chip: type A, 424 kbit/s, frames of 256 bytes, 60 us per AES block, pages
// of 64 bytes in 2 ms. Turnaround is measured on NXP DESFire cards, 1.3 to 1.5 ms and margin;
// the page time is an assumption between current flash (0.5 ms) and old EEPROM (5 ms). A key
// pair takes 0.3 s, the middle of 0.1 to 0.5 s, and a multiplication on the curve 60 ms, an
// assumption: PACE has five of them, chip and active authentication one each.
func MidChip() Timing {
	return Timing{
		Link:       Link{D: 4, FSC: 256, FSD: 256},
		Activation: 10 * time.Millisecond, Turn: 1700 * time.Microsecond, AES: 60 * time.Microsecond,
		Page: 64, PageTime: 2 * time.Millisecond, KeyGeneration: 300 * time.Millisecond,
		Multiply: 60 * time.Millisecond, FWI: 8,
	}
}

// FastChip is a current chip: 20 us per AES block, 0.5 ms per page, 20 ms per multiplication.
func FastChip() Timing {
	t := MidChip()
	t.AES, t.PageTime, t.Multiply = 20*time.Microsecond, 500*time.Microsecond, 20*time.Millisecond
	return t
}

// SlowChip is an old chip: 200 us per AES block, 5 ms per page, 200 ms per multiplication.
func SlowChip() Timing {
	t := MidChip()
	t.AES, t.PageTime, t.Multiply = 200*time.Microsecond, 5*time.Millisecond, 200*time.Millisecond
	return t
}

// Pages of memory that a command programs beside file contents: one for a record (EF.PROF, a
// file header, a state, a value of PUT DATA, a deletion), two for keys.
const (
	pagesRecord = 1
	pagesKeySet = 2
)

// clock is Timing in seconds, as the card adds it up.
type clock struct {
	link                                           Link
	activation, turn, aes, pageTime, keyGeneration float64
	multiply                                       float64
	waiting                                        float64 // frame waiting time
	page                                           int
	touched                                        bool
}

func newClock(t Timing) clock {
	if t == (Timing{}) {
		t = MidChip()
	}
	if t.Link.D <= 0 {
		t.Link.D = 1
	}
	return clock{
		link: t.Link, activation: t.Activation.Seconds(), turn: t.Turn.Seconds(), aes: t.AES.Seconds(),
		pageTime: t.PageTime.Seconds(), keyGeneration: t.KeyGeneration.Seconds(), multiply: t.Multiply.Seconds(),
		waiting: 256 * 16 / carrier * math.Exp2(float64(t.FWI)),
		page:    max(t.Page, 1), touched: t.Touched,
	}
}

// aesBlocks is the cipher and MAC work of one wrapped APDU with this many bytes of cipher text
// in command and answer together.
func aesBlocks(cipherText int) int { return 2*cipherText/blockSize + 2 }

// exchange is the time of one APDU: wire, the card's own work, and the extensions it asks for
// where the work outlasts the frame waiting time.
func (k *clock) exchange(command, answer int, work float64) float64 {
	t := k.link.Wire(command, answer) + work
	if work > k.waiting {
		t += math.Floor(work/k.waiting) * k.link.extension()
	}
	return t
}

// duration rounds seconds to nanoseconds.
func duration(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds * float64(time.Second)))
}
