package spool

import (
	"slices"

	"github.com/OpenPrinting/goipp"
)

// attributes of one group of an answer, by name. A value of another type than asked for counts as
// absent.
type attributes map[string]goipp.Values

func gather(list goipp.Attributes) attributes {
	out := attributes{}
	for _, a := range list {
		out[a.Name] = a.Values
	}
	return out
}

// words are the values that are text.
func (a attributes) words(name string) (out []string) {
	for _, v := range a[name] {
		switch s := v.V.(type) {
		case goipp.String:
			out = append(out, string(s))
		case goipp.TextWithLang:
			out = append(out, s.Text)
		}
	}
	return out
}

func (a attributes) word(name string) string {
	if w := a.words(name); len(w) > 0 {
		return w[0]
	}
	return ""
}

func (a attributes) has(name, word string) bool { return slices.Contains(a.words(name), word) }

// numbers are the values that are integers or enumerations.
func (a attributes) numbers(name string) (out []int) {
	for _, v := range a[name] {
		if n, ok := v.V.(goipp.Integer); ok {
			out = append(out, int(n))
		}
	}
	return out
}

func (a attributes) number(name string) (int, bool) {
	if n := a.numbers(name); len(n) > 0 {
		return n[0], true
	}
	return 0, false
}

// yes is a boolean; false, false where it is not told.
func (a attributes) yes(name string) (value, known bool) {
	if v := a[name]; len(v) > 0 {
		if b, ok := v[0].V.(goipp.Boolean); ok {
			return bool(b), true
		}
	}
	return false, false
}
