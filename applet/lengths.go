package applet

import "fmt"

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

const (
	leastStep  = 112
	shortChunk = 239 // the longest whose sealed form fits a short APDU
	leastChunk = blockLength - 1
	// leastData is what every channel needs beside the chunk: the three AES-128 keys of PUT
	// KEY, sealed.
	leastData = 88
)

// chunkFor is the largest chunk whose sealed form fits the data fields that card and reader take,
// and not more than the profile plans. It is settled before the channel opens and never changed
// in it.
func chunkFor(profile, maxLc, maxLe int) int {
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
	chunk := chunkFor(c.Profile.Chunk, lc, le)
	return Lengths{Chunk: chunk, MaxLc: lc, MaxLe: le, Extended: chunk > shortChunk}
}

// Lengths are those of the card that was probed last.
func (e *Encoder) Lengths() Lengths { return e.lengths }
