package matica

import "context"

// track is how the characters of one magnetic track lie on the wire.
type track struct {
	tag   byte
	limit int // characters
	mask  byte
	base  byte // of the first character
}

// tracks 1 to 3: track 1 has 6 bits from blank on, tracks 2 and 3 have 4 bits from "0" on.
var tracks = [4]track{{}, {0xA6, 76, 0x3F, 0x20}, {0xB4, 37, 0x0F, 0x30}, {0xC4, 104, 0x0F, 0x30}}

func trackOf(tag byte) int {
	for n, t := range tracks {
		if n > 0 && t.tag == tag {
			return n
		}
	}
	return 0
}

// parseStripe takes the tracks out of the data of a write: tag, length, characters.
func parseStripe(p []byte) (text [4]string, ok bool) {
	for len(p) > 0 {
		if len(p) < 2 {
			return text, false
		}
		n, length := trackOf(p[0]), int(p[1])
		if n == 0 || length > tracks[n].limit || length > len(p)-2 || text[n] != "" {
			return text, false
		}
		chars := make([]byte, length)
		for i, c := range p[2 : 2+length] {
			if c&^tracks[n].mask != 0 {
				return text, false
			}
			chars[i] = c + tracks[n].base
		}
		text[n] = string(chars)
		p = p[2+length:]
	}
	return text, true
}

func (d *Device) writeStripe(ctx context.Context, c *command) ([]byte, error) {
	text, ok := parseStripe(c.data)
	if !ok {
		d.find("magnetic data of %d bytes", len(c.data))
		return nil, refuse(codeCommand)
	}
	for n := 1; n <= 3; n++ {
		if named := c.cdb[2+n]; named != 0 && named != tracks[n].tag || (named != 0) != (text[n] != "") {
			d.find("magnetic track %d: tag %02x", n, named)
			return nil, refuse(codeCommand)
		}
	}
	return nil, d.m.WriteStripe(ctx, text)
}

func (d *Device) readStripe(ctx context.Context, c *command) ([]byte, error) {
	n := 0
	for i := 1; i <= 3; i++ {
		if c.cdb[2+i] != 0 {
			n = i
		}
	}
	text, err := d.m.ReadStripe(ctx, n)
	if err != nil {
		return nil, err
	}
	out := make([]byte, c.length)
	for i := range min(len(text), len(out)) {
		out[i] = text[i] - tracks[n].base
	}
	return out, nil
}
