package ktp

import (
	"encoding/hex"
	"fmt"
	"regexp"
)

// AttemptID names one try at one blank: 16 random bytes, never derived from a person.
// The chip carries it from claim on (EF.PROF).
type AttemptID [16]byte

func (a AttemptID) String() string { return hex.EncodeToString(a[:]) }

// IsZero is true on a blank chip.
func (a AttemptID) IsZero() bool { return a == AttemptID{} }

// MarshalText writes 32 hex digits.
func (a AttemptID) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads 32 hex digits.
func (a *AttemptID) UnmarshalText(b []byte) error {
	v, err := ParseAttemptID(string(b))
	*a = v
	return err
}

// ParseAttemptID reads 32 hex digits.
func ParseAttemptID(s string) (AttemptID, error) {
	var a AttemptID
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(a) {
		return a, fmt.Errorf("an attempt id has 32 hex digits")
	}
	copy(a[:], b)
	return a, nil
}

// ChipUID is the stable key of a chip: the 10-byte key diversification data, upper-case hex.
type ChipUID string

var chipUID = regexp.MustCompile(`^[0-9A-F]{20}$`)

// Valid reports whether c has the form of a UID: 20 upper-case hex digits.
func (c ChipUID) Valid() bool { return chipUID.MatchString(string(c)) }
