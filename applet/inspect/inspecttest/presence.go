package inspecttest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"blanko/ktp"
)

// Chips checks the answers of chips that are not there: Answer makes them. It satisfies registry.Chips.
type Chips struct{}

// Challenge makes eight random bytes.
func (Chips) Challenge(context.Context) (c [8]byte, err error) {
	_, _ = rand.Read(c[:]) // never fails (crypto/rand)
	return c, nil
}

// Answered compares with Answer.
func (Chips) Answered(_ context.Context, chip ktp.ChipUID, challenge [8]byte, answer []byte) (bool, error) {
	return slices.Equal(answer, Answer(chip, challenge)), nil
}

// Answer is what the chip of a card on the reader says to a challenge: another for every chip and challenge.
func Answer(chip ktp.ChipUID, challenge [8]byte) []byte {
	sum := sha256.Sum256([]byte(string(chip) + hex.EncodeToString(challenge[:])))
	return sum[:]
}
