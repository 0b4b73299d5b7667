package chip

// maxCommand is the APDU buffer of the chip: header, Lc, 255 bytes, Le.
const maxCommand = 261

// noLe marks a command without an Le field; an Le byte of 00 is maxLe.
const (
	noLe  = -1
	maxLe = 256
	maxLc = 255
)

// command is one short APDU of ISO/IEC 7816-3, 12.1. Under a channel data is the plain text.
type command struct {
	cla, ins, p1, p2 byte
	lc               byte
	data             []byte
	le               int
	secure           bool // came through the open channel, MAC checked
}

// parseCommand splits a short APDU of case 1 to 4. Extended lengths are refused: the chip
// announces none.
func parseCommand(b []byte) (command, bool) {
	if len(b) < 4 || len(b) > maxCommand {
		return command{}, false
	}
	c := command{cla: b[0], ins: b[1], p1: b[2], p2: b[3], le: noLe}
	switch rest := b[4:]; {
	case len(rest) == 0:
		return c, true
	case len(rest) == 1:
		c.le = lengthExpected(rest[0])
		return c, true
	default:
		n := int(rest[0])
		if n == 0 || len(rest) < 1+n || len(rest) > 2+n {
			return command{}, false
		}
		c.lc, c.data = rest[0], rest[1:1+n]
		if len(rest) == 2+n {
			c.le = lengthExpected(rest[1+n])
		}
		return c, true
	}
}

func lengthExpected(b byte) int {
	if b == 0 {
		return maxLe
	}
	return int(b)
}
