package center

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// member and object are a JSON object in the order in which it is written.
type member struct {
	name  string
	value any
}

type object []*member

// get is the value of a member; nil when it is absent.
func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// set gives a member a value, at its place or at the end.
func (o *object) set(name string, value any) {
	for _, m := range *o {
		if m.name == name {
			m.value = value
			return
		}
	}
	*o = append(*o, &member{name, value})
}

// drop takes a member out.
func (o *object) drop(name string) {
	*o = slices.DeleteFunc(*o, func(m *member) bool { return m.name == name })
}

// without is a copy of the object that lacks some members.
func (o object) without(names ...string) object {
	var out object
	for _, m := range o {
		if !slices.Contains(names, m.name) {
			out = append(out, m)
		}
	}
	return out
}

// appendPlain writes v as JSON in the order of its members, with every character beyond ASCII
// as an escape: the same value as its canonical form, in other bytes. []byte is base64.
func appendPlain(b []byte, v any) ([]byte, error) { return writer{}.value(b, v) }

// canonicalJSON is v as RFC 8785 wants it.
func canonicalJSON(v any) ([]byte, error) { return writer{canonical: true}.value(nil, v) }

type writer struct{ canonical bool }

func (w writer) value(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case string:
		return w.text(b, v)
	case []byte:
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, v)
		return append(b, '"'), nil
	case int:
		return appendNumber(b, float64(v))
	case int64:
		return appendNumber(b, float64(v))
	case float64:
		return appendNumber(b, v)
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return nil, err
		}
		return appendNumber(b, f)
	case *object:
		return w.object(b, *v)
	case object:
		return w.object(b, v)
	case map[string]any:
		var o object
		for name, value := range v {
			o = append(o, &member{name, value})
		}
		return writer{canonical: true}.object(b, o)
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			var err error
			if b, err = w.value(b, e); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	default:
		return nil, fmt.Errorf("no JSON for %T", v)
	}
}

// object orders its members by the UTF-16 code units of their names (RFC 8785, 3.2.3) when canonical.
func (w writer) object(b []byte, o object) ([]byte, error) {
	if w.canonical {
		o = slices.Clone(o)
		slices.SortFunc(o, func(x, y *member) int {
			return slices.Compare(utf16.Encode([]rune(x.name)), utf16.Encode([]rune(y.name)))
		})
	}
	b = append(b, '{')
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = w.text(b, m.name); err != nil {
			return nil, err
		}
		b = append(b, ':')
		if b, err = w.value(b, m.value); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// twoLetter are the escapes that RFC 8785, 3.2.2.2 keeps.
var twoLetter = map[rune]string{'\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`, '"': `\"`, '\\': `\\`}

func (w writer) text(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("a string is not UTF-8")
	}
	b = append(b, '"')
	for _, r := range s {
		switch short, ok := twoLetter[r]; {
		case ok:
			b = append(b, short...)
		case r < 0x20:
			b = fmt.Appendf(b, `\u%04x`, r)
		case r > 0x7E && !w.canonical:
			for _, u := range utf16.Encode([]rune{r}) {
				b = fmt.Appendf(b, `\u%04x`, u)
			}
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"'), nil
}

// appendNumber writes a number as ECMAScript's Number::toString does (RFC 8785, 3.2.2.3).
func appendNumber(b []byte, f float64) ([]byte, error) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return nil, fmt.Errorf("no JSON for %v", f)
	case f == 0:
		return append(b, '0'), nil
	case f < 0:
		b, f = append(b, '-'), -f
	}
	text := strconv.FormatFloat(f, 'e', -1, 64) // d.ddde±xx, the shortest digits that read back
	mantissa, exponent, _ := strings.Cut(text, "e")
	digits := strings.Replace(mantissa, ".", "", 1)
	e, err := strconv.Atoi(exponent)
	if err != nil {
		return nil, err
	}
	point := e + 1 // the decimal point stands after so many digits
	switch {
	case point > 21 || point < -5:
		b = append(b, digits[0])
		if len(digits) > 1 {
			b = append(append(b, '.'), digits[1:]...)
		}
		return fmt.Appendf(b, "e%+d", e), nil
	case point <= 0:
		b = append(append(b, "0."...), strings.Repeat("0", -point)...)
		return append(b, digits...), nil
	case point >= len(digits):
		b = append(b, digits...)
		return append(b, strings.Repeat("0", point-len(digits))...), nil
	default:
		b = append(append(b, digits[:point]...), '.')
		return append(b, digits[point:]...), nil
	}
}

// parse reads one JSON value, objects as map[string]any, numbers as json.Number.
func parse(r io.Reader) (any, error) {
	d := json.NewDecoder(r)
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one JSON value")
	}
	return v, nil
}
