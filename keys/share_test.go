package keys

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"blanko/fault"
)

// The product of FIPS 197, 4.2: 57 and 83 is C1; and every inverse is one.
func TestField(t *testing.T) {
	t.Parallel()
	if got := multiply(0x57, 0x83); got != 0xC1 {
		t.Errorf("57 x 83 is %02X", got)
	}
	for a := 1; a < 256; a++ {
		if got := multiply(byte(a), inverse(byte(a))); got != 1 {
			t.Errorf("%02X: %02X", a, got)
		}
	}
}

// Any m of n shares, in any order and as they were written down, give the key; other numbers are
// refused.
func TestSharesGiveTheKey(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, maxShares).Draw(t, "n")
		m := rapid.IntRange(2, n).Draw(t, "m")
		key := rapid.SliceOfN(rapid.Byte(), 16, 32).Draw(t, "key")
		shares, err := Split(key, m, n)
		if err != nil || len(shares) != n {
			t.Fatal(err)
		}
		chosen := rapid.Permutation(shares).Draw(t, "holders")[:m]
		for i, s := range chosen {
			typed := strings.ToLower(strings.ReplaceAll(s.Text(), " 0", "  0"))
			if chosen[i], err = ParseShare(" " + typed + "\n"); err != nil {
				t.Fatalf("%q: %v", typed, err)
			}
		}
		if got, err := Combine(chosen); err != nil || !bytes.Equal(got, key) {
			t.Fatalf("%X, %v", got, err)
		}
		if _, err := Combine(chosen[:m-1]); !fault.Is(err, BadShares) {
			t.Errorf("one share fewer: %v", err)
		}
		if _, err := Combine(append(chosen[:m-1:m-1], chosen[0])); m > 1 && !fault.Is(err, BadShares) {
			t.Errorf("one share twice: %v", err)
		}
	})
}

// Below the threshold a share says nothing: for one byte, two of three, every value of a share goes
// with every key as often (all polynomials are walked).
func TestShareSaysNothing(t *testing.T) {
	t.Parallel()
	for key := range 256 {
		var seen [256]int
		for slope := range 256 {
			seen[multiply(byte(slope), 2)^byte(key)]++
		}
		for value, n := range seen {
			if n != 1 {
				t.Fatalf("key %02X gives share %02X %d times", key, value, n)
			}
		}
	}
}

func TestSharesRefused(t *testing.T) {
	t.Parallel()
	key := []byte("sixteen bytes ok")
	for _, c := range [][2]int{{1, 3}, {0, 0}, {4, 3}, {2, 10}, {2, 1}} {
		if _, err := Split(key, c[0], c[1]); !fault.Is(err, BadShares) {
			t.Errorf("%d of %d: %v", c[0], c[1], err)
		}
	}
	one, err := Split(key, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	two, err := Split(key, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Combine([]Share{one[0], two[1]}); !fault.Is(err, BadShares) {
		t.Errorf("shares of two keys: %v", err)
	}
	if _, err := Combine(nil); !fault.Is(err, BadShares) {
		t.Errorf("no share: %v", err)
	}
	good := one[0].Text()
	for at, c := range good {
		if c == ' ' || c == '-' {
			continue
		}
		other := '0'
		if c == '0' {
			other = '1'
		}
		if s, err := ParseShare(good[:at] + string(other) + good[at+1:]); err == nil {
			t.Errorf("digit %d changed: %v", at, s)
		}
	}
	for _, text := range []string{"", "A-B-C", "12345678-2-1", "12345678-2-1 00", "1234567-2-1 00112233", "12345678-x-1 001122", "12345678-2-10 001122", "12345678-2-1 zz"} {
		if _, err := ParseShare(text); !fault.Is(err, BadShares) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if shown := fmt.Sprintf("%v %+v %#v", one[0], one[0], one[0]); shown != strings.Repeat("Share(1, redacted) ", 3)[:len(shown)] {
		t.Errorf("a share prints as %s", shown)
	}
}

// FuzzParseShare: what a person types is read, or refused.
func FuzzParseShare(f *testing.F) {
	shares, err := Split([]byte("sixteen bytes ok"), 2, 3)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shares[0].Text())
	f.Add("12345678-2-1 0011 2233")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseShare(text)
		if err != nil {
			if !fault.Is(err, BadShares) {
				t.Fatal(err)
			}
			return
		}
		if again, err := ParseShare(s.Text()); err != nil || !bytes.Equal(again.Value, s.Value) || again.Index != s.Index {
			t.Fatalf("%q reads as %q", text, s.Text())
		}
	})
}
