package evolis

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Defaults of the three bytes that Psc can change.
const (
	escape    = 0x1B
	separator = ';'
	carriage  = '\r'
)

// Longest text command that is waited for; Dm carries a magnetic track of 107 characters at most.
const textLimit = 512

// Longest text field of a download command.
const headerLimit = 64

// parser cuts a byte stream into commands.
type parser struct{ start, sep, end byte }

func newParser() parser { return parser{escape, separator, carriage} }

// command is one command as it was received.
type command struct {
	name    string
	fields  []string
	data    []byte
	large   bool   // the panel came in the larger buffer
	trouble string // what was wrong with its form; empty: nothing
}

// key is the name with its first field, as faults and traces name commands.
func (c *command) key() string {
	if len(c.fields) == 0 {
		return c.name
	}
	return c.name + ";" + c.fields[0]
}

func (c *command) field(i int) string {
	if i < len(c.fields) {
		return c.fields[i]
	}
	return ""
}

func (c *command) number(i int) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(c.field(i)))
	return n, err == nil && n >= 0
}

// headerFields is the number of text fields before the data of each download command.
var headerFields = map[string]int{"Db": 2, "Dbc": 3, "Dbp": 4, "Dbpc": 4, "Dbmp": 4}

// next cuts the first command off buf. used bytes are consumed with or without a command;
// nothing used: more bytes are needed. idle tells that the host waits for an answer, so that
// nothing more will come by itself. The data of the command is a copy.
func (p parser) next(buf []byte, idle bool) (c *command, used int) {
	for used < len(buf) && (buf[used] == 0 || buf[used] == p.end) {
		used++
	}
	if used == len(buf) {
		return nil, used
	}
	if used > 0 {
		c, n := p.next(buf[used:], idle)
		return c, used + n
	}
	at := 0
	if buf[0] == p.start {
		at = 1
	}
	text := buf[:min(len(buf), textLimit+1)]
	name, stop := p.word(text, at, textLimit)
	if stop < 0 {
		return p.unfinished(buf)
	}
	if n, ok := headerFields[name]; ok && buf[stop] == p.sep {
		return p.download(buf, name, stop+1, n, idle)
	}
	end := bytes.IndexByte(text[at:], p.end)
	if end < 0 {
		return p.unfinished(buf)
	}
	end += at
	if again := bytes.IndexByte(buf[at:end], p.start); again >= 0 {
		return &command{trouble: "the command has no end"}, at + again
	}
	parts := strings.Split(string(buf[at:end]), string([]byte{p.sep}))
	return &command{name: parts[0], fields: parts[1:]}, end + 1
}

// word is the text from at to the next separator or end, which must come within limit bytes.
func (p parser) word(buf []byte, at, limit int) (string, int) {
	for i := at; i < min(len(buf), at+limit); i++ {
		if buf[i] == p.sep || buf[i] == p.end {
			return string(buf[at:i]), i
		}
	}
	return "", -1
}

// unfinished waits for the end of a text command, but not for ever.
func (p parser) unfinished(buf []byte) (*command, int) {
	if len(buf) <= textLimit {
		return nil, 0
	}
	return &command{trouble: "the command has no end"}, textLimit
}

// download takes the text fields of a D command, then its data.
func (p parser) download(buf []byte, name string, at, n int, idle bool) (*command, int) {
	c := &command{name: name}
	for range n {
		w, stop := p.word(buf, at, headerLimit)
		if stop < 0 {
			if len(buf)-at >= headerLimit {
				return &command{name: name, trouble: "the fields before the data are not finished"}, at
			}
			return nil, 0
		}
		if buf[stop] == p.end {
			return &command{name: name, fields: c.fields, trouble: "fields are missing"}, stop + 1
		}
		c.fields = append(c.fields, w)
		at = stop + 1
	}
	size, other, trouble := c.sizes(buf[at:])
	switch {
	case trouble != "":
		c.trouble = trouble
		return c, at
	case size < 0 || len(buf) <= at+size:
		return nil, 0
	case buf[at+size] == p.end:
		c.data = bytes.Clone(buf[at : at+size])
		return c, at + size + 1
	case other > 0 && len(buf) > at+other && buf[at+other] == p.end:
		c.data, c.large = bytes.Clone(buf[at:at+other]), true
		return c, at + other + 1
	case other > 0 && len(buf) <= at+other && !idle:
		return nil, 0
	}
	c.trouble = "no end of command after " + strconv.Itoa(size) + " data bytes: the panel has another size"
	return c, at + size
}

// sizes is the number of data bytes, and the one of the larger buffer where there is one; -1
// when more bytes are needed to know it.
func (c *command) sizes(data []byte) (size, other int, trouble string) {
	if len(c.field(0)) != 1 {
		return 0, 0, "no panel letter"
	}
	if c.name == "Dbmp" {
		if len(data) < bmpSizeAt+4 {
			return -1, 0, ""
		}
		n, err := bmpLength(data)
		if err != nil {
			return 0, 0, err.Error()
		}
		return n, 0, ""
	}
	levels, ok := c.number(1)
	bits := bitsOf[levels]
	if !ok || bits == 0 {
		return 0, 0, "unknown number of levels"
	}
	switch c.name {
	case "Db":
		return panelSize(bits), largeSize(bits), ""
	case "Dbp":
		n, ok := c.number(3)
		if !ok || n == 0 || n > partLines {
			return 0, 0, "number of lines"
		}
		return n * dots * bits / 8, 0, ""
	}
	n, ok := c.number(len(c.fields) - 1)
	if !ok || n > largeSize(8) {
		return 0, 0, "number of bytes"
	}
	return n, 0, ""
}

// partLines is the most that one Dbp may carry.
const partLines = 420

// downloadAt tells whether buf begins with a download command whose header is complete: where
// its data begins and how long it is; size 0 when not.
func (p parser) downloadAt(buf []byte) (begin, size int) {
	at := 0
	for at < len(buf) && (buf[at] == 0 || buf[at] == p.end) {
		at++
	}
	if at < len(buf) && buf[at] == p.start {
		at++
	}
	name, stop := p.word(buf, at, headerLimit)
	n, ok := headerFields[name]
	if stop < 0 || !ok || buf[stop] == p.end {
		return 0, 0
	}
	c := &command{name: name}
	at = stop + 1
	for range n {
		w, stop := p.word(buf, at, headerLimit)
		if stop < 0 || buf[stop] == p.end {
			return 0, 0
		}
		c.fields = append(c.fields, w)
		at = stop + 1
	}
	size, _, trouble := c.sizes(buf[at:])
	if trouble != "" || size < 0 {
		return 0, 0
	}
	return at, size
}

// line is the command as text, without data.
func (c *command) line() string {
	s := c.name
	for _, f := range c.fields {
		s += ";" + f
	}
	return fmt.Sprintf("%.80q", s)
}
