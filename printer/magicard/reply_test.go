package magicard

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"blanko/printer"
)

// pieces delivers bytes in pieces of the given sizes, the last size for the rest.
type pieces struct {
	data  []byte
	sizes []byte
}

func (p *pieces) Read(_ context.Context, b []byte) (int, error) {
	if len(p.data) == 0 {
		return 0, io.EOF
	}
	n := 1
	if len(p.sizes) > 0 {
		n = 1 + int(p.sizes[0])
		if len(p.sizes) > 1 {
			p.sizes = p.sizes[1:]
		}
	}
	n = min(n, len(p.data), len(b))
	copy(b, p.data[:n])
	p.data = p.data[n:]
	return n, nil
}
func (*pieces) Write(context.Context, []byte) error      { return nil }
func (*pieces) DeviceID(context.Context) (string, error) { return "", nil }
func (*pieces) Close() error                             { return nil }

func readAll(t *testing.T, data, sizes []byte) ([]string, error) {
	t.Helper()
	var r replies
	var out []string
	link := &pieces{bytes.Clone(data), bytes.Clone(sizes)}
	for {
		text, err := r.next(t.Context(), link)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, text)
	}
}

// Answers from 01 to 03, in whatever pieces they come; what stands between them is dropped.
func TestReplies(t *testing.T) {
	t.Parallel()
	stream := []byte("END\x01STA$$2,Enduro\x03\x03xx\x01STA,CCQ412,\x03\x01rest")
	want := []string{"STA$$2,Enduro", "STA,CCQ412,"}
	for _, sizes := range [][]byte{{255}, {0}, {1}, {2, 0, 4}, {15}} {
		if got, err := readAll(t, stream, sizes); err != nil || !slices.Equal(got, want) {
			t.Errorf("%v: %q, %v", sizes, got, err)
		}
	}
	if _, err := readAll(t, []byte("\x01"+strings.Repeat("x", 5000)), []byte{255}); !errors.Is(err, errReplyTooLong) {
		t.Errorf("an answer without end: %v", err)
	}
}

// Worked bytes of requests and of one answer (framing of the filter and of Gutenprint).
func TestWorkedBytes(t *testing.T) {
	t.Parallel()
	for want, got := range map[string][]byte{
		"012c5245512c494e462c1c03":                         askStatus(),
		"050505050505050505015245512c5354412c4343512c1c03": askKey(keySince),
		"05050505050505050501454a542c1c03":                 command(eject),
		"0505050505050505050152" + "53542c1c03":            command(restart),
	} {
		if hex.EncodeToString(got) != want {
			t.Errorf("% x, want %s", got, want)
		}
	}
	answer, _ := hex.DecodeString("015354412c4343513431322c03")
	texts, err := readAll(t, answer, []byte{3})
	if err != nil || len(texts) != 1 {
		t.Fatalf("%q, %v", texts, err)
	}
	if v, ok := parseValue(texts[0], keySince); !ok || v != "412" {
		t.Errorf("%q, %v", v, ok)
	}
	if _, ok := parseValue(texts[0], keyLimit); ok {
		t.Error("an answer to another key is taken")
	}
}

func TestParseStatus(t *testing.T) {
	t.Parallel()
	good := enduro(nil)
	for name, v := range map[string]struct {
		text string
		ok   bool
	}{
		"as it comes":         {good, true},
		"with colons":         {strings.ReplaceAll(good, ",60", ":60"), true},
		"fields of tomorrow":  {good + ",1,2", true},
		"other mark":          {strings.Replace(good, "STA$$", "STA,", 1), false},
		"cut off":             {strings.Join(strings.Split(good, ",")[:24], ","), false},
		"no count":            {enduro(map[int]string{fieldCards: ""}), false},
		"no error number":     {enduro(map[int]string{fieldMajor: "E"}), false},
		"negative":            {enduro(map[int]string{fieldMinor: "-1"}), false},
		"beyond every number": {enduro(map[int]string{fieldCards: "99999999999999999999"}), false},
		"nothing":             {"", false},
	} {
		s, ok := parseStatus(v.text)
		if ok != v.ok {
			t.Errorf("%s: %v", name, ok)
			continue
		}
		if ok && (s.text(fieldName) != "Enduro" || s.number(fieldCards) != printer.Know(1200) || s.text(fieldFilm) != "LC1" || s.number(fieldPosition) != printer.Know(50)) {
			t.Errorf("%s: %q", name, s)
		}
	}
}

// Any cutting of a stream gives the same answers; none is longer than the bound, and nothing but
// printable ASCII goes on from a status.
func FuzzReplies(f *testing.F) {
	f.Add([]byte("\x01"+enduro(nil)+"\x03"), []byte{3})
	f.Add([]byte("\x01STA,CCQ412,\x03\x01STA,"), []byte{0})
	f.Add([]byte("\x03\x01\x01\x03\x05"), []byte{1, 0})
	f.Fuzz(func(t *testing.T, data, sizes []byte) {
		whole, err := readAll(t, data, []byte{255})
		cut, err2 := readAll(t, data, sizes)
		if err == nil && err2 == nil && !slices.Equal(whole, cut) {
			t.Fatalf("%q and %q", whole, cut)
		}
		for _, text := range whole {
			if len(text) > maxReply {
				t.Fatalf("%d bytes", len(text))
			}
			s, ok := parseStatus(text)
			if !ok {
				continue
			}
			for i := range s {
				if strings.ContainsFunc(s.text(i), func(c rune) bool { return c < ' ' || c > '~' }) {
					t.Fatalf("field %d is %q", i, s.text(i))
				}
			}
			r := s.reading()
			if r.left.Known && (r.left.Value < 0 || r.left.Value > r.total.Value) {
				t.Fatalf("%d of %d left", r.left.Value, r.total.Value)
			}
			if again, ok := parseStatus(statusMark + strings.Join(s, ",")); !ok || !slices.Equal(again, s) {
				t.Fatalf("%q is read as %q", s, again)
			}
		}
	})
}

func FuzzParseModel(f *testing.F) {
	files, err := modelFiles.ReadDir("models")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range files {
		b, err := modelFiles.ReadFile("models/" + e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseModel(b)
		if err != nil {
			return
		}
		text := topic{model: m, firmware: "1.40"}.header(page{planes: []plane{{'K', nil}}, coated: true, overcoat: overcoat{area: whole}}, 1)
		if strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' }) {
			t.Fatalf("header %q", text)
		}
	})
}
