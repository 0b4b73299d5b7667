package keys

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Share is one of the components of a master key: any Threshold shares of one Set give the key, and
// fewer say nothing about it (Shamir 1979, byte by byte over GF(2^8) with the polynomial of AES).
type Share struct {
	Set       [4]byte // the same in all shares of one key
	Threshold int     // how many are needed
	Index     int     // 1 to the number of shares
	Value     []byte  // as long as the key
}

// maxShares is how many people one key may be divided among.
const maxShares = 9

// Split divides a key among n persons of whom any m can put it together again.
func Split(key []byte, m, n int) ([]Share, error) {
	if m < 2 || m > n || n > maxShares || len(key) == 0 {
		return nil, BadShares.At("keys.Split", nil).With("shares", "%d of %d; 2 to %d are possible", m, n, maxShares)
	}
	var set [4]byte
	rand.Read(set[:]) // it never fails (crypto/rand)
	// A polynomial of degree m-1 for each byte; its value at 0 is the byte of the key.
	coefficients := make([][]byte, m)
	coefficients[0] = key
	for i := 1; i < m; i++ {
		coefficients[i] = make([]byte, len(key))
		rand.Read(coefficients[i]) // it never fails (crypto/rand)
		defer clear(coefficients[i])
	}
	out := make([]Share, n)
	for i := range out {
		x, value := byte(i+1), make([]byte, len(key))
		for c := m - 1; c >= 0; c-- {
			for b := range value {
				value[b] = multiply(value[b], x) ^ coefficients[c][b]
			}
		}
		out[i] = Share{set, m, i + 1, value}
	}
	return out, nil
}

// Combine puts a key together of as many shares as it needs. Whether they are right shows by the key's
// check value alone.
func Combine(shares []Share) ([]byte, error) {
	const op = "keys.Combine"
	wrong := func(format string, args ...any) error { return BadShares.At(op, nil).With("shares", format, args...) }
	if len(shares) == 0 || len(shares) != shares[0].Threshold {
		return nil, wrong("%d shares", len(shares))
	}
	first, seen := shares[0], map[int]bool{}
	for _, s := range shares {
		switch {
		case s.Set != first.Set || s.Threshold != first.Threshold || len(s.Value) != len(first.Value):
			return nil, wrong("share %d is of another key", s.Index)
		case s.Index < 1 || s.Index > maxShares || seen[s.Index]:
			return nil, wrong("share %d stands twice, or is none", s.Index)
		}
		seen[s.Index] = true
	}
	key := make([]byte, len(first.Value))
	for _, s := range shares {
		weight := byte(1) // Lagrange: the product of x/(x - own) over the others; minus is plus here
		for _, o := range shares {
			if o.Index != s.Index {
				weight = multiply(weight, multiply(byte(o.Index), inverse(byte(o.Index)^byte(s.Index))))
			}
		}
		for b := range key {
			key[b] ^= multiply(weight, s.Value[b])
		}
	}
	return key, nil
}

// multiply is in GF(2^8) with x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2), in the same time for any value.
func multiply(a, b byte) (p byte) {
	const reduction = 0x1B
	for range 8 {
		p ^= a & -(b & 1)
		a = a<<1 ^ reduction&-(a>>7)
		b >>= 1
	}
	return p
}

// inverse is a to the power of 254.
func inverse(a byte) byte {
	out := byte(1)
	for range 254 {
		out = multiply(out, a)
	}
	return out
}

// shareCheck is the length of the check of a written share, in bytes: a slip of the pen is found but
// for one in four billion.
const shareCheck = 4

func (s Share) check() []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "blanko share %X %d %d %X", s.Set, s.Threshold, s.Index, s.Value))
	return sum[:shareCheck]
}

// Text is the share as its holder writes it down: set, needed, index, value in groups, check:
// "1A2B3C4D-2-1 0011 2233 ... F00D".
func (s Share) Text() string {
	digits := strings.ToUpper(hex.EncodeToString(append(append([]byte{}, s.Value...), s.check()...)))
	var b strings.Builder
	fmt.Fprintf(&b, "%X-%d-%d", s.Set, s.Threshold, s.Index)
	const group = 4
	for ; len(digits) > 0; digits = digits[min(group, len(digits)):] {
		b.WriteString(" " + digits[:min(group, len(digits))])
	}
	return b.String()
}

// ParseShare reads what a holder types; spaces and case do not matter.
func ParseShare(text string) (Share, error) {
	const op = "keys.ParseShare"
	head, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	parts := strings.Split(head, "-")
	digits, err := hex.DecodeString(strings.ReplaceAll(rest, " ", ""))
	if len(parts) != 3 || err != nil || len(digits) <= shareCheck {
		return Share{}, BadShares.At(op, nil).With("share", "SET-NEEDED-INDEX and groups of digits are wanted")
	}
	var s Share
	set, err := hex.DecodeString(parts[0])
	if err != nil || len(set) != len(s.Set) {
		return Share{}, BadShares.At(op, nil).With("share", "the set is 8 digits")
	}
	copy(s.Set[:], set)
	threshold, errM := strconv.Atoi(parts[1])
	index, errI := strconv.Atoi(parts[2])
	if errM != nil || errI != nil || threshold < 2 || index < 1 || threshold > maxShares || index > maxShares {
		return Share{}, BadShares.At(op, nil).With("share", "needed is 2 to %d and the index 1 to %d", maxShares, maxShares)
	}
	s.Threshold, s.Index, s.Value = threshold, index, digits[:len(digits)-shareCheck]
	if subtle.ConstantTimeCompare(digits[len(s.Value):], s.check()) != 1 {
		return Share{}, BadShares.At(op, nil).With("share", "the check does not fit: a digit is wrong")
	}
	return s, nil
}

// Wipe overwrites the value.
func (s Share) Wipe() { clear(s.Value) }

// String never shows the value.
func (s Share) String() string { return fmt.Sprintf("Share(%d, redacted)", s.Index) }

// GoString never shows the value.
func (s Share) GoString() string { return s.String() }
