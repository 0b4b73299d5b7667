package inspecttest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync/atomic"

	"blanko/ktp"
)

// Chips checks the answers of chips that are not there: Answer makes them. The counter of all their keys rises
// with every answer. It satisfies registry.Chips.
type Chips struct{ counter *atomic.Int64 }

// NewChips are chips whose counter stands where a card that was made has it.
func NewChips() Chips {
	c := Chips{new(atomic.Int64)}
	c.counter.Store(1)
	return c
}

// Rewind takes the counter back, as on a copy of a chip.
func (c Chips) Rewind(to int) { c.counter.Store(int64(to)) }

// Challenge makes eight random bytes.
func (Chips) Challenge(context.Context) (c [8]byte, err error) {
	_, _ = rand.Read(c[:]) // never fails (crypto/rand)
	return c, nil
}

// Answered compares with Answer.
func (c Chips) Answered(_ context.Context, chip ktp.ChipUID, challenge [8]byte, answer []byte) (counter int, good bool, err error) {
	return int(c.counter.Add(1)), slices.Equal(answer, Answer(chip, challenge)), nil
}

// Answer is what the chip of a card on the reader says to a challenge: another for every chip and challenge.
func Answer(chip ktp.ChipUID, challenge [8]byte) []byte {
	sum := sha256.Sum256([]byte(string(chip) + hex.EncodeToString(challenge[:])))
	return sum[:]
}
