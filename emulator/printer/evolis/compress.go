package evolis

import (
	"bytes"
	"fmt"
)

// Bytes of a compressed black or overlay line: 00 blank, FF solid, 01 to 51 (1 to 81) that
// many bytes follow and the rest of the line is zero.
const (
	blankLine = 0x00
	solidLine = 0xFF
	lineBytes = dots / 8 // 81
)

// resinLines walks compressed black or overlay data and returns the number of lines.
// Every line is handed to see (nil: only counted): its bytes, and whether it is solid.
func resinLines(data []byte, see func(x int, b []byte, solid bool)) (int, error) {
	x := 0
	for i := 0; i < len(data); x++ {
		n := int(data[i])
		i++
		var b []byte
		switch {
		case n == blankLine, n == solidLine:
		case n > lineBytes:
			return x, fmt.Errorf("line %d: length byte %02X", x, n)
		case i+n > len(data):
			return x, fmt.Errorf("line %d: %d bytes are missing", x, i+n-len(data))
		default:
			b = data[i : i+n]
			i += n
		}
		if see != nil {
			see(x, b, n == solidLine)
		}
	}
	return x, nil
}

// resin unpacks compressed black or overlay data that begins at line first.
func resin(first int) func([]byte) []byte {
	return func(packed []byte) []byte {
		img := make([]byte, lines*dots)
		full := bytes.Repeat([]byte{0xFF}, lineBytes)
		_, _ = resinLines(bytes.Clone(packed), func(x int, b []byte, solid bool) {
			if solid {
				b = full
			}
			if first+x < lines {
				placeBits(img, b, first+x)
			}
		})
		return img
	}
}

// placeBits is place for a packed line of two levels.
//
//go:norace
func placeBits(img, line []byte, x int) {
	for i, eight := range line {
		for j := 8 * i; eight != 0; j++ {
			if eight&0x80 != 0 {
				img[(dots-1-j)*lines+x] = 1
			}
			eight <<= 1
		}
	}
}

// dyeRuns walks compressed yellow, magenta or cyan data (5, 6 or 7 bits per dot): a byte with
// bit 7 clear is one dot; with bit 7 set it is a value whose count follows in the next byte.
// With 6 bits, bit 6 adds 256 to the count; with 5 bits, bits 6 and 5 add 256 each. A count of
// zero fills the line with white to its end. Returns the number of dots.
func dyeRuns(data []byte, bits int, see func(at, n int, v byte)) (int, error) {
	low := byte(1<<bits - 1)
	at := 0
	for i := 0; i < len(data); {
		b := data[i]
		i++
		n := 1
		v := b & low
		if b&0x80 != 0 {
			if i == len(data) {
				return at, fmt.Errorf("dot %d: the count is missing", at)
			}
			n = int(data[i])
			i++
			for bit := bits; bit < 7; bit++ {
				if b>>bit&1 == 1 {
					n += 256
				}
			}
			if n == 0 {
				n, v = dots-at%dots, 0
			}
		}
		if at+n > lines*dots {
			return at, fmt.Errorf("dot %d: a run of %d leaves the panel", at, n)
		}
		if see != nil {
			see(at, n, v)
		}
		at += n
	}
	return at, nil
}

// run lays n dots of a value into lines that lie one after another, as far as there are any.
//
//go:norace
func run(flat []byte, at, n int, v byte) {
	for i := at; i < min(at+n, len(flat)); i++ {
		flat[i] = v
	}
}

// dye unpacks compressed yellow, magenta or cyan data that begins at line first.
func dye(bits, first int) func([]byte) []byte {
	return func(packed []byte) []byte {
		flat := make([]byte, lines*dots)
		_, _ = dyeRuns(packed, bits, func(at, n int, v byte) {
			run(flat, first*dots+at, n, v)
		})
		img := make([]byte, lines*dots)
		for x := range lines {
			place(img, flat[x*dots:(x+1)*dots], x)
		}
		return img
	}
}
