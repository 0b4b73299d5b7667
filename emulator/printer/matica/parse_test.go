package matica

import (
	"bytes"
	"context"
	"testing"
	"time"
)

// pass lets the world's time go by.
func pass(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A block that is taken is the one that was sent.
func FuzzParseBlock(f *testing.F) {
	f.Add(blockOf(1, 0, false, unhex(testUnit)))
	f.Add(blockOf(0xFFFFFFFF, 20, true, unhex("03 00 00 00 14 00")))
	f.Add(blockOf(9, 687_904, false, unhex("2a 00 00 00 00 00 0a 7f 20 00")))
	f.Add([]byte("USBC"))
	f.Fuzz(func(t *testing.T, p []byte) {
		b, err := parseBlock(p)
		if err != nil {
			return
		}
		again := blockOf(b.tag, b.length, b.in, b.cdb)
		if !bytes.Equal(again[:15+len(b.cdb)], p[:15+len(b.cdb)]) {
			t.Errorf("% x became % x", p, again)
		}
	})
}

// Tracks that are taken have characters of their own set, and the bytes that made them.
func FuzzParseStripe(f *testing.F) {
	f.Add(unhex("b4 08 0b 01 02 03 0d 04 05 0f"))
	f.Add(unhex("a6 04 05 22 11 1f b4 01 01"))
	f.Add([]byte{0xC4, 0xFF})
	f.Fuzz(func(t *testing.T, p []byte) {
		text, ok := parseStripe(p)
		if !ok {
			return
		}
		size := 0
		for n := 1; n <= 3; n++ {
			size += len(text[n])
			for _, c := range []byte(text[n]) {
				if c < tracks[n].base || c-tracks[n].base > tracks[n].mask {
					t.Errorf("track %d has the character %02x", n, c)
				}
			}
		}
		if size > len(p) {
			t.Errorf("%d characters of %d bytes", size, len(p))
		}
	})
}
