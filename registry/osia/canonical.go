package osia

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds nesting of what is canonicalized; records need six levels.
const maxDepth = 32

// Canonical is the RFC 8785 form of a JSON text: members sorted by UTF-16 code units, no white
// space, numbers as ECMAScript writes them. Members named in drop are left out; a dotted name
// reaches into objects ("requestData.priority"). Duplicate members, lone surrogates and numbers
// beyond IEEE 754 are refused.
func Canonical(text []byte, drop ...string) ([]byte, error) {
	v, err := parse(text)
	if err != nil {
		return nil, err
	}
	for _, name := range drop {
		remove(v, strings.Split(name, "."))
	}
	var b bytes.Buffer
	if err := writeValue(&b, v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// parse reads one JSON value as Canonical takes it: nothing stands twice, nothing is lost.
func parse(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8")
	}
	if loneSurrogate(text) {
		return nil, errors.New("half of a surrogate pair")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("text after the value")
	}
	return v, nil
}

// loneSurrogate reports whether an escape \uD800 to \uDFFF stands without its other half. The
// decoder would make U+FFFD of it, and texts that differ would have one form (RFC 8785, 3.2.2.2).
func loneSurrogate(text []byte) bool {
	const escape = 6 // backslash, u, four digits
	unit := func(at int) (r rune) {
		if at+escape > len(text) || text[at] != '\\' || text[at+1] != 'u' {
			return 0
		}
		n, err := strconv.ParseUint(string(text[at+2:at+escape]), 16, 16)
		if err != nil {
			return 0
		}
		return rune(n)
	}
	for at := 0; at < len(text); at++ {
		if text[at] != '\\' {
			continue
		}
		switch r := unit(at); {
		case !utf16.IsSurrogate(r):
			at++ // what is escaped is no escape itself
		case utf16.DecodeRune(r, unit(at+escape)) == utf8.RuneError:
			return true
		default:
			at += 2*escape - 1
		}
	}
	return false
}

type object map[string]any

func readValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := tok.(json.Delim)
	if !ok {
		return tok, nil
	}
	if delim == '[' {
		list := []any{}
		for d.More() {
			v, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err = d.Token()
		return list, err
	}
	o := object{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, errors.New("member without a name")
		}
		if _, twice := o[name]; twice {
			return nil, errors.New("a member stands twice")
		}
		if o[name], err = readValue(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return o, err
}

func remove(v any, path []string) {
	o, ok := v.(object)
	if !ok {
		return
	}
	if len(path) == 1 {
		delete(o, path[0])
		return
	}
	remove(o[path[0]], path[1:])
}

func writeValue(b *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case string:
		writeString(b, v)
	case json.Number:
		return writeNumber(b, v)
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeValue(b, e); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case object:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.SortFunc(names, func(x, y string) int {
			return slices.Compare(utf16.Encode([]rune(x)), utf16.Encode([]rune(y)))
		})
		b.WriteByte('{')
		for i, name := range names {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, name)
			b.WriteByte(':')
			if err := writeValue(b, v[name]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	}
	return nil
}

func writeString(b *bytes.Buffer, s string) {
	const hexDigits = "0123456789abcdef"
	b.WriteByte('"')
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c >= 0x20:
			b.WriteByte(c)
		case strings.IndexByte("\b\t\n\f\r", c) >= 0:
			b.WriteByte('\\')
			b.WriteByte("btnfr"[strings.IndexByte("\b\t\n\f\r", c)])
		default:
			b.WriteString(`\u00`)
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	b.WriteByte('"')
}

// writeNumber follows ECMA-262, Number::toString, as RFC 8785 section 3.2.2.3 wants.
func writeNumber(b *bytes.Buffer, n json.Number) error {
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || math.IsInf(f, 0) {
		return errors.New("number beyond IEEE 754 double precision")
	}
	switch abs := math.Abs(f); {
	case f == 0:
		b.WriteByte('0')
	case abs >= 1e21 || abs < 1e-6:
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		exponent = exponent[:1] + strings.TrimLeft(exponent[1:], "0")
		b.WriteString(mantissa + "e" + exponent)
	default:
		b.WriteString(strconv.FormatFloat(f, 'f', -1, 64))
	}
	return nil
}
