package applet

import "fmt"

// Lengths of APDUs (ISO/IEC 7816-4, section 5.1).
const (
	maxLc         = 255
	maxLe         = 256
	maxExtendedLc = 65535
	maxExtendedLe = 65536
)

// Command is a command APDU. Its case follows from what is set: data or none, Expect or none. Its
// length fields are short where data and Expect fit them and Extended is not set.
type Command struct {
	CLA, INS, P1, P2 byte
	Data             []byte // at most 255 bytes, extended 65,535
	Expect           int    // Ne: longest answer wanted, 1 to 256, extended 65,536; 0: none, no Le field is sent
	Extended         bool   // extended length fields although short ones would do
}

// extended reports whether the length fields are extended.
func (c Command) extended() bool { return c.Extended || len(c.Data) > maxLc || c.Expect > maxLe }

// String shows header and lengths, never a body.
func (c Command) String() string {
	return fmt.Sprintf("%02X%02X%02X%02X(%d bytes, %d expected)", c.CLA, c.INS, c.P1, c.P2, len(c.Data), c.Expect)
}

// GoString shows header and lengths, never a body.
func (c Command) GoString() string { return c.String() }

// Encode is the command on the wire, in exactly its case: 1 header; 2 header, Le; 3 header, Lc,
// data; 4 header, Lc, data, Le.
func (c Command) Encode() []byte {
	if len(c.Data) > maxExtendedLc || c.Expect < 0 || c.Expect > maxExtendedLe {
		panic(fmt.Sprintf("command %02X%02X: %d bytes of data, %d expected", c.CLA, c.INS, len(c.Data), c.Expect))
	}
	b := make([]byte, 0, extendedHeader+len(c.Data)+extendedLe)
	b = append(b, c.CLA, c.INS, c.P1, c.P2)
	if c.extended() {
		return c.appendExtended(b)
	}
	if len(c.Data) > 0 {
		b = append(append(b, byte(len(c.Data))), c.Data...)
	}
	if c.Expect > 0 {
		b = append(b, byte(c.Expect)) // 256 is 00
	}
	return b
}

// appendExtended appends length fields of two bytes and data. The byte 00 that marks the form stands
// once, before the first of them.
func (c Command) appendExtended(b []byte) []byte {
	if len(c.Data) == 0 && c.Expect == 0 {
		return b // case 1 has one form
	}
	b = append(b, 0)
	if len(c.Data) > 0 {
		b = append(append(b, byte(len(c.Data)>>8), byte(len(c.Data))), c.Data...)
	}
	if c.Expect > 0 {
		b = append(b, byte(c.Expect>>8), byte(c.Expect)) // 65,536 is 0000
	}
	return b
}

// Answer is what a card answers: data and status word.
type Answer struct {
	Data []byte
	SW   Status
}

// String shows the length and the status word, never a body.
func (a Answer) String() string { return fmt.Sprintf("%04X(%d bytes)", uint16(a.SW), len(a.Data)) }

// GoString shows the length and the status word, never a body.
func (a Answer) GoString() string { return a.String() }

// parseAnswer takes the status word off. Longer than any answer is no answer.
func parseAnswer(b []byte) (Answer, error) {
	if len(b) < 2 {
		return Answer{}, CardMute.At("applet.parseAnswer", nil).With("answer", "%d bytes hold no status word", len(b))
	}
	n := len(b) - 2
	if n > maxAnswer {
		return Answer{}, CardMute.At("applet.parseAnswer", nil).With("answer", "%d bytes, the longest there is has %d", n, maxAnswer)
	}
	return Answer{Data: b[:n:n], SW: Status(b[n])<<8 | Status(b[n+1])}, nil
}

// Encode is the answer on the wire.
func (a Answer) Encode() []byte {
	return append(a.Data[:len(a.Data):len(a.Data)], byte(a.SW>>8), byte(a.SW))
}
