package people

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand/v2"
)

// dice is a stream of chance that depends on the seed, the resident and the purpose alone, so
// that one resident is the same however many others are made, and a change to the portraits
// does not change the names.
type dice struct{ src *rand.ChaCha8 }

func newDice(seed int64, index int, purpose string) *dice {
	b := binary.BigEndian.AppendUint64(nil, uint64(seed))
	b = binary.BigEndian.AppendUint64(b, uint64(index))
	return &dice{rand.NewChaCha8(sha256.Sum256(append(b, purpose...)))}
}

// n is a whole number from 0 to below.
func (d *dice) n(below int) int {
	hi, _ := bits.Mul64(d.src.Uint64(), uint64(below))
	return int(hi)
}

// between is a whole number from lo to hi, both included.
func (d *dice) between(lo, hi int) int { return lo + d.n(hi-lo+1) }

// one is true once in so many times.
func (d *dice) one(in int) bool { return d.n(in) == 0 }

// f is evenly spread from lo to hi.
func (d *dice) f(lo, hi float64) float64 {
	return lo + (hi-lo)*float64(d.src.Uint64()>>11)/(1<<53)
}

// bell is about normally spread around 0 with the given standard deviation, never beyond 3 of them
// (sum of twelve even spreads).
func (d *dice) bell(deviation float64) float64 {
	var s float64
	for range 12 {
		s += d.f(-0.5, 0.5)
	}
	return deviation * math.Max(-3, math.Min(3, s))
}

// pick takes one of the list.
func pick[T any](d *dice, list []T) T { return list[d.n(len(list))] }

// weighted takes the index of one of the weights.
func (d *dice) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := d.n(sum)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	return len(weights) - 1
}
