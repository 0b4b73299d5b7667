package spool

import (
	"encoding/binary"
	"math"

	"blanko/printer"
)

// A page of CUPS raster, version 3, uncompressed (CUPS Raster Format, "Page Device Dictionary"):
// a word that says the byte order, then for each page a header and the dots.
const (
	syncBigEndian = 0x52615333 // "RaS3"
	headerSize    = 1796
	rgb           = 1 // cupsColorSpace: device RGB
	bytesPerDot   = 3
	pointsPerInch = 72
)

// Places in the header, in bytes.
const (
	atDuplex       = 272
	atResolution   = 276
	atNumCopies    = 340
	atPageSize     = 352
	atTumble       = 368
	atWidth        = 372
	atHeight       = 376
	atBitsPerColor = 384
	atBitsPerPixel = 388
	atBytesPerLine = 392
	atColorSpace   = 400
	atNumColors    = 420
	atPageSizeF    = 428
	atImagingBoxF  = 436
)

// document is the job's file: a page for each side, black over color. Panels whose levels are
// finer or coarser than a byte are scaled to it; without a dye the face is white there.
func document(p printer.Panels) []byte {
	sides := []printer.Side{p.Front}
	if p.Back != nil {
		sides = append(sides, *p.Back)
	}
	g := p.Geometry
	out := make([]byte, 0, 4+len(sides)*(headerSize+g.Columns*g.Rows*bytesPerDot))
	out = binary.BigEndian.AppendUint32(out, syncBigEndian)
	for _, s := range sides {
		out = append(out, header(g, len(sides) > 1)...)
		out = append(out, page(g, s)...)
	}
	return out
}

func header(g printer.Geometry, twoSided bool) []byte {
	h := make([]byte, headerSize)
	put := func(at int, v ...int) {
		for i, n := range v {
			binary.BigEndian.PutUint32(h[at+4*i:], uint32(n))
		}
	}
	real := func(at int, v ...float64) {
		for i, n := range v {
			binary.BigEndian.PutUint32(h[at+4*i:], math.Float32bits(float32(n)))
		}
	}
	if twoSided {
		put(atDuplex, 1)
	}
	width, height := float64(g.Columns)*pointsPerInch/float64(g.DPI), float64(g.Rows)*pointsPerInch/float64(g.DPI)
	put(atResolution, g.DPI, g.DPI)
	put(atNumCopies, 1)
	put(atPageSize, int(math.Round(width)), int(math.Round(height)))
	put(atWidth, g.Columns)
	put(atHeight, g.Rows)
	put(atBitsPerColor, 8)
	put(atBitsPerPixel, 8*bytesPerDot)
	put(atBytesPerLine, g.Columns*bytesPerDot)
	put(atColorSpace, rgb)
	put(atNumColors, bytesPerDot)
	real(atPageSizeF, width, height)
	real(atImagingBoxF, 0, 0, width, height)
	return h
}

// channel is the byte of an RGB dot that a dye takes light from.
var channel = map[byte]int{'C': 0, 'M': 1, 'Y': 2}

// page is the dots of one side.
func page(g printer.Geometry, s printer.Side) []byte {
	out := make([]byte, g.Columns*g.Rows*bytesPerDot)
	for i := range out {
		out[i] = 255
	}
	for _, p := range s.Panels {
		c, dye := channel[p.Letter]
		if !dye {
			continue
		}
		full := p.Levels - 1
		for i, v := range p.Dots {
			out[i*bytesPerDot+c] = byte(255 - (int(v)*255*2+full)/(2*full))
		}
	}
	for _, p := range s.Panels {
		if p.Letter != 'K' {
			continue
		}
		for i, v := range p.Dots {
			if v != 0 {
				clear(out[i*bytesPerDot : (i+1)*bytesPerDot])
			}
		}
	}
	return out
}
