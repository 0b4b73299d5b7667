package evolis

import (
	"encoding/binary"
	"errors"
)

// Bytes of a Windows bitmap file that tell its size, and offsets in its headers
// (BITMAPFILEHEADER and BITMAPINFOHEADER).
const (
	bmpSizeAt   = 2
	bmpDataAt   = 10
	bmpWidthAt  = 18
	bmpHeightAt = 22
	bmpBitsAt   = 28
	bmpPalette  = 54
	bmpHeaders  = 62 // with a palette of two colors
)

var errBMP = errors.New("not a Windows bitmap with one bit per dot")

// bmpLength is the length of the file from its first six bytes.
func bmpLength(b []byte) (int, error) {
	if b[0] != 'B' || b[1] != 'M' {
		return 0, errBMP
	}
	n := binary.LittleEndian.Uint32(b[bmpSizeAt:])
	if n < bmpHeaders || n > 1<<20 {
		return 0, errBMP
	}
	return int(n), nil
}

// drawBMP puts a bitmap into a landscape black or overlay plane with its lower left corner at
// column x, and its bottom row just above row y counted from the top. What leaves the plane is
// cut off. The darker color of the palette is ink.
func drawBMP(plane []byte, b []byte, x, y int) error {
	if len(b) < bmpHeaders || binary.LittleEndian.Uint16(b[bmpBitsAt:]) != 1 {
		return errBMP
	}
	w := int(int32(binary.LittleEndian.Uint32(b[bmpWidthAt:])))
	h := int(int32(binary.LittleEndian.Uint32(b[bmpHeightAt:])))
	down := h < 0
	if down {
		h = -h
	}
	start := int(binary.LittleEndian.Uint32(b[bmpDataAt:]))
	stride := (w + 31) / 32 * 4
	if w <= 0 || w > 4096 || h <= 0 || h > 4096 || start < bmpHeaders || start+stride*h > len(b) {
		return errBMP
	}
	sum := func(i int) int {
		p := b[bmpPalette+4*i:]
		return int(p[0]) + int(p[1]) + int(p[2])
	}
	ink := byte(0)
	if sum(1) < sum(0) {
		ink = 1
	}
	for r := range h {
		row := b[start+r*stride:]
		top := y - 1 - r
		if down {
			top = y - h + r
		}
		for i := range w {
			if px, py := x+i, top; row[i/8]>>(7-i%8)&1 == ink && px >= 0 && px < lines && py >= 0 && py < dots {
				plane[py*lines+px] = 1
			}
		}
	}
	return nil
}
