package artwork

import (
	"image"
	"image/color"
	"math"
)

// Pictures are scaled in linear light (sRGB, IEC 61966-2-1), as amounts of light and not of
// code values add up. Whole numbers throughout, so that every machine gives the same bytes.

// light is full linear light: 15 bits leave room for weights and overshoot in 32.
const light = 1<<15 - 1

// toLight is linear light of each sRGB code; toCode is the nearest code of each light.
var toLight, toCode = lightTables()

func lightTables() (to [256]int32, from [light + 1]byte) {
	for i := range to {
		c := float64(i) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		to[i] = int32(math.Round(c * light))
	}
	code := 0
	for v := range from {
		for code < 255 && to[code+1]-int32(v) <= int32(v)-to[code] {
			code++
		}
		from[v] = byte(code)
	}
	return to, from
}

// placePortrait fills the box with the middle of the picture.
func placePortrait(on *image.NRGBA, at image.Rectangle, picture image.Image) {
	at = at.Intersect(on.Rect)
	from := cover(picture.Bounds(), at.Size())
	src := linear(picture, from, at.Size())
	out := src.scale(at.Size())
	for y := range at.Dy() {
		dst := on.Pix[on.PixOffset(at.Min.X, at.Min.Y+y):]
		row := out.pix[y*out.w*3:]
		for x := range at.Dx() {
			for c := range 3 {
				dst[4*x+c] = toCode[min(max(row[3*x+c], 0), light)]
			}
		}
	}
}

// cover is the largest middle part of r that has the shape of size.
func cover(r image.Rectangle, size image.Point) image.Rectangle {
	w, h := r.Dx(), r.Dy()
	switch {
	case w*size.Y > h*size.X:
		w = max(1, (h*size.X+size.Y/2)/size.Y)
	default:
		h = max(1, (w*size.Y+size.X/2)/size.X)
	}
	min := image.Pt(r.Min.X+(r.Dx()-w)/2, r.Min.Y+(r.Dy()-h)/2)
	return image.Rectangle{Min: min, Max: min.Add(image.Pt(w, h))}
}

// raster is linear light, three values for each dot.
type raster struct {
	w, h int
	pix  []int32
}

// linear reads a part of a picture on white. Where it is larger than twice what is wanted,
// blocks of n x n dots are averaged while reading, so that at least twice is left for the kernel.
func linear(m image.Image, part image.Rectangle, want image.Point) raster {
	n := max(1, min(part.Dx()/max(1, 2*want.X), part.Dy()/max(1, 2*want.Y)))
	r := raster{w: part.Dx() / n, h: part.Dy() / n}
	r.pix = make([]int32, r.w*r.h*3)
	line := make([]byte, part.Dx()*3)
	for y := range r.h {
		row := r.pix[y*r.w*3 : (y+1)*r.w*3]
		for dy := range n {
			readLine(line, m, part, part.Min.Y+y*n+dy)
			for x := range r.w {
				for dx := range n {
					at := (x*n + dx) * 3
					row[3*x] += toLight[line[at]]
					row[3*x+1] += toLight[line[at+1]]
					row[3*x+2] += toLight[line[at+2]]
				}
			}
		}
		if n > 1 {
			for i := range row {
				row[i] = (row[i] + int32(n*n/2)) / int32(n*n)
			}
		}
	}
	return r
}

// readLine reads one line of a picture as sRGB codes on white, three bytes for each dot.
func readLine(out []byte, m image.Image, part image.Rectangle, y int) {
	switch m := m.(type) {
	case *image.YCbCr:
		for x := range part.Dx() {
			i, j := m.YOffset(part.Min.X+x, y), m.COffset(part.Min.X+x, y)
			out[3*x], out[3*x+1], out[3*x+2] = color.YCbCrToRGB(m.Y[i], m.Cb[j], m.Cr[j])
		}
	case *image.Gray:
		for x, v := range m.Pix[m.PixOffset(part.Min.X, y):][:part.Dx()] {
			out[3*x], out[3*x+1], out[3*x+2] = v, v, v
		}
	case *image.NRGBA:
		src := m.Pix[m.PixOffset(part.Min.X, y):][:4*part.Dx()]
		for x := range part.Dx() {
			a := int(src[4*x+3])
			for c := range 3 {
				out[3*x+c] = byte((int(src[4*x+c])*a + 255*(255-a) + 127) / 255)
			}
		}
	case *image.RGBA:
		src := m.Pix[m.PixOffset(part.Min.X, y):][:4*part.Dx()]
		for ; len(src) >= 4 && len(out) >= 3; src, out = src[4:], out[3:] {
			white := 255 - int(src[3])
			out[0], out[1], out[2] = byte(min(255, int(src[0])+white)), byte(min(255, int(src[1])+white)), byte(min(255, int(src[2])+white))
		}
	default:
		for x := range part.Dx() {
			r, g, b, a := m.At(part.Min.X+x, y).RGBA()
			for c, v := range [3]uint32{r, g, b} {
				out[3*x+c] = byte(min(v+0xffff-a, 0xffff) >> 8)
			}
		}
	}
}

// scale resamples with the Catmull-Rom kernel, first along the lines, then across them.
func (r raster) scale(to image.Point) raster {
	wide := raster{w: to.X, h: r.h, pix: make([]int32, to.X*r.h*3)}
	taps := kernel(r.w, to.X)
	for y := range r.h {
		row, out := r.pix[y*r.w*3:(y+1)*r.w*3], wide.pix[y*to.X*3:(y+1)*to.X*3]
		for x, t := range taps {
			var s0, s1, s2 int32 = half, half, half
			at := 3 * t.first
			for _, w := range t.weights {
				v := row[at : at+3 : at+3]
				s0, s1, s2 = s0+w*v[0], s1+w*v[1], s2+w*v[2]
				at += 3
			}
			out[3*x], out[3*x+1], out[3*x+2] = s0>>weightBits, s1>>weightBits, s2>>weightBits
		}
	}
	out := raster{w: to.X, h: to.Y, pix: make([]int32, to.X*to.Y*3)}
	for y, t := range kernel(r.h, to.Y) {
		dst := out.pix[y*to.X*3 : (y+1)*to.X*3]
		for i := range dst {
			dst[i] = half
		}
		for i, w := range t.weights {
			src := wide.pix[(t.first+i)*to.X*3:][:len(dst)]
			for j, v := range src {
				dst[j] += w * v
			}
		}
		for i := range dst {
			dst[i] >>= weightBits
		}
	}
	return out
}

// Weights sum to 1<<weightBits. With 15 bits of light and an overshoot of less than two they
// stay within 32 bits.
const (
	weightBits = 14
	half       = 1 << (weightBits - 1)
)

// tap is the part of a source line that one dot of the result is made of.
type tap struct {
	first   int
	weights []int32
}

// kernel gives the taps for resampling a line of from dots to to dots: Catmull-Rom
// (B = 0, C = 1/2), widened when the line gets shorter; dots beyond the ends repeat the last.
func kernel(from, to int) []tap {
	const one = 1 << 16 // a distance of one kernel unit
	out := make([]tap, to)
	unit := max(from, to) // of one kernel unit, in 1/to of a source dot
	for i := range out {
		center := (2*i + 1) * from // twice, in 1/to of a source dot, from the left edge
		low := (center - 4*unit) / (2 * to)
		high := (center + 4*unit) / (2 * to)
		first, last := max(0, low-1), min(from-1, high+1)
		raw := make([]int64, last-first+1)
		var sum int64
		for d := low - 1; d <= high+1; d++ {
			distance := int64(abs((2*d+1)*to-center)) * one / int64(2*unit)
			w := catmullRom(distance, one)
			raw[min(max(d, first), last)-first] += w
			sum += w
		}
		for len(raw) > 1 && raw[0] == 0 {
			raw, first = raw[1:], first+1
		}
		for len(raw) > 1 && raw[len(raw)-1] == 0 {
			raw = raw[:len(raw)-1]
		}
		t := tap{first: first, weights: make([]int32, len(raw))}
		rest, best := int32(1<<weightBits), 0
		for j, w := range raw {
			t.weights[j] = int32((w<<weightBits + sum/2) / sum)
			rest -= t.weights[j]
			if raw[j] > raw[best] {
				best = j
			}
		}
		t.weights[best] += rest // rounding
		out[i] = t
	}
	return out
}

// catmullRom is the kernel at distance t >= 0, both in units of 1/one.
func catmullRom(t, one int64) int64 {
	t2 := t * t / one
	t3 := t2 * t / one
	switch {
	case t < one:
		return (3*t3 - 5*t2 + 2*one) / 2
	case t < 2*one:
		return (-t3 + 5*t2 - 8*t + 4*one) / 2
	}
	return 0
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}
