package applet

import (
	"context"
	"errors"
	"fmt"

	"blanko/chipdata"
	"blanko/fault"
)

// Limits are the longest APDUs that something on the way to the card takes, in bytes of the whole
// command and of the whole answer, length fields and status word included. Zero: it does not say.
type Limits struct{ Command, Answer int }

// Limiter is a transport whose reader says how long an APDU it carries. It is asked after a
// reset. A transport without it, and one that answers zeros, is taken to carry what the card
// takes, until a command of that length fails.
type Limiter interface{ Limits() Limits }

// Lengths are what profile, card and reader agree on for one card. They are settled before a
// secure channel opens and never change in it.
type Lengths struct {
	Chunk        int  // plain bytes of one UPDATE or READ BINARY
	MaxLc, MaxLe int  // longest data field of a command and of an answer that all of them take
	Extended     bool // the chunk goes in APDUs of extended length (ISO/IEC 7816-4, section 5.1)
	Reopened     int  // channels that were opened anew with a shorter chunk
}

func (l Lengths) String() string {
	form := "short"
	if l.Extended {
		form = "extended"
	}
	return fmt.Sprintf("chunk %d, %s APDUs, Lc %d, Le %d, reopened %d", l.Chunk, form, l.MaxLc, l.MaxLe, l.Reopened)
}

// Bytes beside the data field.
const (
	shortHeader    = 5 // CLA INS P1 P2 Lc
	extendedHeader = 7 // CLA INS P1 P2 00 Lc Lc
	extendedLe     = 2
	maxShort       = shortHeader + maxLc + 1
	maxExtended    = 65535 // as many as EF.ATR/INFO can say in two bytes
)

// chunkSteps are what is tried, each for once and in a new channel, where a longer piece does not
// get through although card and reader said nothing against it: one frame without and with a CID,
// and what old readers carry (card profile KTPEL-OP 1, section 8.3).
var chunkSteps = []int{shortChunk, 223, leastStep}

const (
	leastStep  = 112
	shortChunk = 239 // the longest whose sealed form fits a short APDU
	leastChunk = blockLength - 1
	// leastData is what every channel needs beside the chunk: the three AES-128 keys of PUT
	// KEY, sealed.
	leastData = 88
)

// ChunkFor is the largest chunk whose sealed form fits the data fields that card and reader take,
// and not more than the profile plans. It is settled before the channel opens and never changed
// in it.
func ChunkFor(profile, maxLc, maxLe int) int {
	fits := (min(maxLc, maxLe)-macLength)/blockLength*blockLength - 1 // padding takes a byte at least
	return min(profile, max(fits, leastChunk))
}

// Lengths settles the lengths for the card that was looked at. Extended length is used where the
// profile plans it, the card's FCI or EF.ATR/INFO promises it and the reader does not say that it
// carries short APDUs alone.
func (c *Card) Lengths(l Look) Lengths {
	var reader Limits
	if r, ok := c.Transport.(Limiter); ok {
		reader = r.Limits()
	}
	lc, le := min(l.MaxLc, maxLc), min(l.MaxLe, maxLe)
	header := shortHeader
	byFCI, byFile := l.MaxLc > maxLc || l.MaxLe > maxLe, c.extended != Limits{}
	if c.Profile.Quirks.ExtendedLength && (byFCI || byFile) && (reader.Command == 0 || reader.Command > maxShort) {
		header, lc, le = extendedHeader, maxExtendedLc, maxExtendedLe
		if byFCI {
			lc, le = l.MaxLc, l.MaxLe
		}
		if byFile {
			lc, le = min(lc, c.extended.Command-extendedHeader-extendedLe), min(le, c.extended.Answer-statusBytes)
		}
	}
	if reader.Command > 0 {
		lc = min(lc, reader.Command-header)
	}
	if reader.Answer > 0 {
		le = min(le, reader.Answer-statusBytes)
	}
	chunk := ChunkFor(c.Profile.Chunk, lc, le)
	return Lengths{Chunk: chunk, MaxLc: lc, MaxLe: le, Extended: chunk > shortChunk}
}

// EF.ATR/INFO: short file id (Doc 9303-10, section 3.11.2) and the extended length information
// in it (ISO/IEC 7816-4, section 12.7.1): 7F66 { 02 command | 02 answer }, bytes of whole APDUs.
const (
	sfiATRInfo        = 0x01
	tagExtendedLength = 0x7F66
	tagInteger        = 0x02
	maxIntegerBytes   = 3
	sizeATRInfo       = 16 // of the emulated card: card capabilities beside it
)

// readExtended asks the card for its extended length information, where the profile plans
// extended length. A card that has none is taken with short APDUs.
func (c *Card) readExtended(ctx context.Context) error {
	c.extended = Limits{}
	if !c.Profile.Quirks.ExtendedLength {
		return nil
	}
	a, err := c.Plain(ctx, ReadShort(claISO, sfiATRInfo, maxLe))
	if err != nil {
		return err
	}
	if a.SW == SWOK || a.SW == SWEndOfFile {
		c.extended = parseATRInfo(a.Data)
	}
	return nil
}

// parseATRInfo finds the extended length information; zeros where there is none, or none that
// can be read.
func parseATRInfo(b []byte) Limits {
	list, err := chipdata.ParseTLV(b)
	if err != nil {
		return Limits{}
	}
	for _, t := range list {
		if t.Tag != tagExtendedLength {
			continue
		}
		two, err := chipdata.ParseTLV(t.Value)
		if err != nil || len(two) != 2 {
			return Limits{}
		}
		var n [2]int
		for i, v := range two {
			if v.Tag != tagInteger || len(v.Value) == 0 || len(v.Value) > maxIntegerBytes {
				return Limits{}
			}
			for _, x := range v.Value {
				n[i] = n[i]<<8 | int(x)
			}
		}
		if n[0] < leastData+extendedHeader+extendedLe || n[1] < leastData+statusBytes {
			return Limits{} // no card of the profile
		}
		return Limits{Command: min(n[0], maxExtended), Answer: min(n[1], maxExtended)}
	}
	return Limits{}
}

// trial is what an encoder has learned of its reader: the longest piece that went through either
// way, and the chunk that it is held to since a longer one was refused.
type trial struct {
	wrote, read int
	bound       int  // 0: none
	failed      bool // the error on its way is of a piece longer than any before
}

// wrotePiece and readPiece take note of what became of a piece of n bytes.
func (e *Encoder) wrotePiece(n int, err error) error { return e.trial.note(&e.trial.wrote, n, err) }
func (e *Encoder) readPiece(n int, err error) error  { return e.trial.note(&e.trial.read, n, err) }

func (t *trial) note(longest *int, n int, err error) error {
	t.failed = err != nil && n > max(*longest, leastStep)
	if err == nil {
		*longest = max(*longest, n)
	}
	return err
}

// lengthRefused reports whether an error may come from the length of an APDU, and whether it says
// so itself: 6700, 6Cxx, or a reader that does not send it. A channel that dies and an answer that
// does not come may have many reasons.
func lengthRefused(err error) (maybe, sure bool) {
	if status, ok := errors.AsType[*StatusError](err); ok && (status.SW == SWWrongLength || status.SW>>8 == exactWants) {
		return true, true
	}
	if fault.Is(err, LengthRefused) {
		return true, true
	}
	return fault.Is(err, ChannelDead) || fault.Is(err, CardMute), false
}

// shorten goes down to the next chunk after a piece longer than any before did not get through:
// the card is reset and looked at again, and the claim is shown in a new channel where it was
// shown before. False: the error stands. A refusal that names the length holds for the reader;
// any other for this card alone.
func (e *Encoder) shorten(ctx context.Context, err error) bool {
	maybe, sure := lengthRefused(err)
	failed, was, shown, clean := e.trial.failed, e.lengths, e.shown, e.clean
	e.trial.failed = false
	if !failed || !maybe || ctx.Err() != nil {
		return false
	}
	next := 0
	for _, step := range chunkSteps {
		if step < was.Chunk {
			next = step
			break
		}
	}
	if next == 0 {
		return false
	}
	kdd, attempt := e.kdd, e.attempt
	p, err := e.Probe(ctx)
	if err != nil || p.KDD != kdd || p.Attempt != attempt {
		e.probed = false
		return false
	}
	if sure {
		e.trial.bound = next
	}
	e.lengths.Chunk, e.lengths.Reopened, e.clean = min(e.lengths.Chunk, next), was.Reopened+1, clean
	e.lengths.Extended = e.lengths.Chunk > shortChunk
	return shown.IsZero() || e.proveIssuer(ctx, shown) == nil
}

// Lengths are those of the card that was probed last.
func (e *Encoder) Lengths() Lengths { return e.lengths }
