package chip

// noLe marks a command without an Le field.
const noLe = -1

// Longest data field and answer of short APDUs, and of extended ones (ISO/IEC 7816-3, 12.1).
const (
	shortLc    = 255
	shortLe    = 256
	extendedLc = 65535
	extendedLe = 65536
)

// limits are the longest command data and answer data that the chip's buffer takes. Beyond the
// short forms the chip takes extended lengths.
type limits struct{ lc, le int }

// newLimits takes the values of Config; zero is the short form.
func newLimits(lc, le int) limits {
	l := limits{lc: shortLc, le: shortLe}
	if lc > 0 {
		l.lc = min(lc, extendedLc)
	}
	if le > 0 {
		l.le = min(le, extendedLe)
	}
	return l
}

func (l limits) extended() bool { return l.lc > shortLc || l.le > shortLe }

// command is one APDU of ISO/IEC 7816-3, 12.1. Under a channel data is the plain text, and under
// secure messaging of the ICAO view le is that of the inner command.
type command struct {
	cla, ins, p1, p2 byte
	lc               []byte // the Lc field as it came
	data             []byte
	le               int
	wild             bool // Le of zeros: as much as there is
	extended         bool // lengths of two bytes
	secure           bool // came through the open SCP03 channel, MAC checked
	sealed           bool // came through the secure messaging of the ICAO view, MAC checked
}

// parse splits an APDU of case 1 to 4; false is a wrong length. Extended lengths are refused
// where the chip announces none.
func (l limits) parse(b []byte) (command, bool) {
	if len(b) < 4 {
		return command{}, false
	}
	c := command{cla: b[0], ins: b[1], p1: b[2], p2: b[3], le: noLe}
	rest, width := b[4:], 1 // bytes of a length field
	if len(rest) >= 3 && rest[0] == 0 {
		if !l.extended() {
			return command{}, false
		}
		rest, width, c.extended = rest[1:], 2, true
	}
	switch {
	case len(rest) == 0:
		return c, true
	case len(rest) == width:
		c.expect(rest)
		return c, c.wild || c.le <= l.le
	}
	n := number(rest[:width])
	rest = rest[width:]
	if n == 0 || n > l.lc || len(rest) != n && len(rest) != n+width {
		return command{}, false
	}
	c.lc, c.data = b[4:len(b)-len(rest)], rest[:n]
	if len(rest) > n {
		c.expect(rest[n:])
	}
	return c, c.wild || c.le <= l.le
}

// expect takes an Le field of one or two bytes.
func (c *command) expect(field []byte) {
	c.le = number(field)
	if c.wild = c.le == 0; c.wild {
		c.le = 1 << (8 * len(field))
	}
}

func number(b []byte) (n int) {
	for _, x := range b {
		n = n<<8 | int(x)
	}
	return n
}
