package evolis

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// parseAll cuts a whole stream.
func parseAll(p parser, b []byte, idle bool) (all []*command, rest []byte) {
	for {
		c, used := p.next(b, idle)
		b = b[used:]
		if c == nil {
			if used == 0 || len(b) == 0 {
				return all, b
			}
			continue
		}
		all = append(all, c)
	}
}

func names(all []*command) string {
	var s []string
	for _, c := range all {
		n := c.name
		for _, f := range c.fields {
			n += ";" + f
		}
		if c.trouble != "" {
			n += "!"
		}
		if len(c.data) > 0 {
			n += fmt.Sprintf(" %d", len(c.data))
		}
		s = append(s, n)
	}
	return strings.Join(s, " | ")
}

// db makes an uncompressed panel command.
func db(letter byte, levels int, data []byte) []byte {
	return slices.Concat([]byte(fmt.Sprintf("\x1bDb;%c;%d;", letter, levels)), data, []byte{'\r'})
}

func TestParse(t *testing.T) {
	t.Parallel()
	nasty := bytes.Repeat([]byte("\x1b\r;Db;k;2;\x00"), panelSize(1)/11+1)[:panelSize(1)]
	for _, v := range []struct{ name, in, want string }{
		{"firmware read", "\x1b\x52\x66\x76\x0d", "Rfv"},
		{"where is the card", "\x1b\x52\x6c\x72\x3b\x70\x0d", "Rlr;p"},
		{"keep the card", "\x1b\x50\x6e\x65\x61\x62\x3b\x45\x0d", "Pneab;E"},
		{"escape left out after a return", "\x1bSs\rSr\rSe\r", "Ss | Sr | Se"},
		{"NUL between commands", "\x00\x00\x1bSs\r\x00\x00\x1bSe;1\r" + strings.Repeat("\x00", 64), "Ss | Se;1"},
		{"unfinished", "\x1bSs\r\x1bSi", "Ss"},
		{"no end before the next", "\x1bSs\x1bSr\r", "! | Sr"},
		{"panel with control bytes", string(db('k', 2, nasty)) + "\x1bSe\r", "Db;k;2 82296 | Se"},
		{"the larger buffer", string(db('k', 2, make([]byte, largeSize(1)))) + "\x1bSe\r", "Db;k;2 84624 | Se"},
		{"compressed", "\x1bDbc;k;2;4;\x02\r\r\x00\r\x1bSe\r", "Dbc;k;2;4 4 | Se"},
		{"part", "\x1bDbp;o;2;1000;2;" + strings.Repeat("\r", 162) + "\r\x1bSe\r", "Dbp;o;2;1000;2 162 | Se"},
		{"compressed part", "\x1bDbpc;k;2;5;2;\x00\xff\r", "Dbpc;k;2;5;2 2"},
		{"bitmap file", "\x1bDbmp;k;0;648;0;" + string(bmp(16, 1, func(x, y int) bool { return true })) + "\rSe\r", "Dbmp;k;0;648;0 66 | Se"},
		{"bit count instead of levels", "\x1bDb;y;6;\r", "Db;y;6!"},
		{"too many lines in a part", "\x1bDbp;k;2;0;421;\r", "Dbp;k;2;0;421!"},
		{"fields missing", "\x1bDbc;k;2\r\x1bSe\r", "Dbc;k! | Se"},
		{"not a bitmap", "\x1bDbmp;k;0;0;0;PNGPNG\r", "Dbmp;k;0;0;0! | PNGPNG"},
	} {
		got, rest := parseAll(newParser(), []byte(v.in), true)
		if names(got) != v.want {
			t.Errorf("%s: %s (rest %d), want %s", v.name, names(got), len(rest), v.want)
		}
	}
}

// A panel that is one byte too long shifts the stream and is noticed.
func TestParseWrongSize(t *testing.T) {
	t.Parallel()
	in := slices.Concat(db('k', 2, make([]byte, panelSize(1)+1)), []byte("\x1bSe\r"))
	if c, used := newParser().next(in, false); c != nil || used != 0 {
		t.Errorf("decided before the larger buffer could be complete")
	}
	got, _ := parseAll(newParser(), in, true)
	if names(got) != "Db;k;2! | Se" {
		t.Errorf("got %s", names(got))
	}
}

// Any way to cut the stream into writes gives the same commands.
func TestParsePieces(t *testing.T) {
	t.Parallel()
	in := slices.Concat([]byte("\x1bSs\r\x1bSr\r"), db('k', 2, packImage(1, ruled)), make([]byte, 63), []byte("\x1bSe\r"))
	want, _ := parseAll(newParser(), in, false)
	for _, size := range []int{1, 7, 64, 512} {
		var got []*command
		var buf []byte
		var step int
		for at := 0; at < len(in); at += step {
			if step = size; at > 100 && at < len(in)-100 {
				step = max(size, 4096) // inside the panel nothing can happen
			}
			buf = append(buf, in[at:min(at+step, len(in))]...)
			for {
				c, used := newParser().next(buf, false)
				buf = buf[used:]
				if c == nil {
					break
				}
				got = append(got, c)
			}
		}
		if names(got) != names(want) {
			t.Errorf("pieces of %d: %s, want %s", size, names(got), names(want))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\x1bSs\r\x1bSr\r\x1bDbc;k;2;2;\x00\xff\r\x1bSe\r"))
	f.Add([]byte("\x1bDb;k;2;"))
	f.Add([]byte("\x1bDbp;o;2;1000;1;\r"))
	f.Add([]byte("\x1bDbmp;k;0;648;0;BM\x3e\x00\x00\x00"))
	f.Add(bytes.Repeat([]byte{';'}, 600))
	f.Add([]byte("\x1bDbpc;y;128;99999999999999999999;4;\r"))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, idle := range []bool{false, true} {
			b := in
			for len(b) > 0 {
				c, used := newParser().next(b, idle)
				if used < 0 || used > len(b) || c != nil && used == 0 {
					t.Fatalf("used %d of %d, command %v", used, len(b), c)
				}
				if used == 0 {
					break
				}
				b = b[used:]
			}
			newParser().downloadAt(in)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{0x51, 1, 2}, byte(7))
	f.Add([]byte{0x80, 0}, byte(6))
	f.Add(bmp(8, 8, func(x, y int) bool { return x == y }), byte(5))
	f.Fuzz(func(t *testing.T, data []byte, bits byte) {
		if n, err := resinLines(data, nil); err == nil && n <= lines {
			resin(0)(data)
		}
		if bits >= 5 && bits <= 7 {
			if _, err := dyeRuns(data, int(bits), nil); err == nil {
				dye(int(bits), 1000)(data)
			}
		}
		_ = drawBMP(make([]byte, lines*dots), data, 3, 5)
	})
}
