package center

import (
	"bytes"
	"io"
	"testing"
)

// The cache is bounded, and what was pushed out is made again, equal.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	made := 0
	c := newCache[int](100, func(b []byte) int { return len(b) })
	get := func(k int) []byte {
		b, err := c.get(k, func() ([]byte, error) { made++; return bytes.Repeat([]byte{byte(k)}, 40), nil })
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, k := range []int{1, 2, 1, 3, 1, 2} {
		if b := get(k); len(b) != 40 || b[0] != byte(k) {
			t.Errorf("%d: %v", k, b)
		}
		if c.bytes > 100 || len(c.cells) != c.order.Len() {
			t.Errorf("%d bytes in %d cells", c.bytes, len(c.cells))
		}
	}
	if made != 4 { // 1, 2, 3, and 2 again, which was used longest ago when 3 came
		t.Errorf("made %d times", made)
	}
	fails := 0
	for range 2 {
		if _, err := c.get(9, func() ([]byte, error) { fails++; return nil, io.ErrUnexpectedEOF }); err == nil {
			t.Error("a failure was kept as a success")
		}
	}
	if fails != 2 || len(c.cells) != c.order.Len() {
		t.Errorf("a failure was kept: %d", fails)
	}
}
