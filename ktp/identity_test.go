package ktp

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

// The two worked examples of the card profile, section 3.3.
func TestIdentityStatement(t *testing.T) {
	t.Parallel()
	fill := func(b byte) (h [32]byte) {
		for i := range h {
			h[i] = b
		}
		return h
	}
	one := Identity{
		NIK: "3173041708901234", Names: []string{"BUDI SANTOSO"}, Validity: "SEUMUR HIDUP",
		BirthDate: time.Date(1990, 8, 17, 0, 0, 0, 0, time.UTC),
		Fingers:   [2]*FingerHashes{{Best40: fill(0x11), Best60: fill(0x22)}, nil},
	}
	two := one
	two.Fingers[1] = &FingerHashes{Best40: fill(0x33), Best60: fill(0x44)}
	for _, c := range []struct {
		name string
		in   Identity
		size int
		sum  string
	}{
		{"one finger", one, 265, "1767D6D96B39C7D710F30DAC3732334E99799A39D48C98E11961FD59D98DCE4F"},
		{"two fingers", two, 406, "5BD4B88A2165C4C9CEFFCA549D43ACB72343D5BA705683A5C3E113917F98D28E"},
	} {
		got := c.in.Statement()
		sum := sha256.Sum256(got)
		if len(got) != c.size || strings.ToUpper(hex.EncodeToString(sum[:])) != c.sum {
			t.Errorf("%s: %d bytes, SHA-256 %x", c.name, len(got), sum)
		}
	}
}
