package stock

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// LabelRange is printed numbers that follow each other, both ends of it included: what stands before their last digits is
// the same, and so is the number of these digits. From and To alike: that label alone.
type LabelRange struct{ From, To Label }

// DeniedRange is a range whose blanks may not be used.
type DeniedRange struct {
	LabelRange
	Reason string
	At     time.Time
	Actor  string
}

// MostInRange bounds the numbers of one range.
const MostInRange = 100_000

// mostDigits are the digits of a number that is counted.
const mostDigits = 18

// Valid reports whether a range is one, of at most [MostInRange] numbers.
func (r LabelRange) Valid() bool {
	if !r.From.Valid() || !r.To.Valid() {
		return false
	}
	if r.From == r.To {
		return true
	}
	a, numbered := r.From.series()
	b, too := r.To.series()
	return numbered && too && a.prefix == b.prefix && a.digits == b.digits && a.n < b.n && b.n-a.n < MostInRange
}

// String is a range as it is written down.
func (r LabelRange) String() string { return string(r.From) + ".." + string(r.To) }

// serial is a label as one of a series.
type serial struct {
	prefix string
	digits int
	n      int64
}

// series takes a label apart: its last digits are its number. False where it has none, or too many to count.
func (l Label) series() (serial, bool) {
	prefix := strings.TrimRight(string(l), "0123456789")
	digits := len(l) - len(prefix)
	if digits == 0 || digits > mostDigits {
		return serial{}, false
	}
	n, err := strconv.ParseInt(string(l[len(prefix):]), 10, 64)
	return serial{prefix, digits, n}, err == nil
}

// label is the number n of the same series.
func (s serial) label(n int64) Label { return Label(fmt.Sprintf("%s%0*d", s.prefix, s.digits, n)) }

// stretch is a range of a series.
type stretch struct {
	serial
	last int64
}

func stretchOf(r LabelRange) (stretch, bool) {
	a, numbered := r.From.series()
	b, _ := r.To.series()
	return stretch{a, b.n}, numbered
}

func (s stretch) labels() LabelRange { return LabelRange{s.label(s.n), s.label(s.last)} }

// without are the parts of a stretch that lie beside another of its series.
func (s stretch) without(o stretch) (rest []stretch) {
	for _, part := range []stretch{{s.serial, min(s.last, o.n-1)}, {serial{s.prefix, s.digits, max(s.n, o.last+1)}, s.last}} {
		if part.n <= part.last {
			rest = append(rest, part)
		}
	}
	return rest
}
