package api

import (
	"image"
	"image/color"
)

// Words for what is behind a face (photo rule: red for an odd birth year, blue for an even one).
const (
	behindRed   = "red"
	behindBlue  = "blue"
	behindOther = "other"
)

// behind is the dominant color behind a face: most of the samples in the two upper corners, where no
// face reaches.
func behind(img image.Image) string {
	const share, grid = 5, 12 // the corners are a fifth of each side; samples per side
	b := img.Bounds()
	w, h := max(1, b.Dx()/share), max(1, b.Dy()/share)
	red, blue, all := 0, 0, 0
	for i := range grid {
		for j := range grid {
			y := b.Min.Y + j*h/grid
			for _, x := range []int{b.Min.X + i*w/grid, b.Max.X - 1 - i*w/grid} {
				all++
				switch colorWord(img.At(x, y)) {
				case behindRed:
					red++
				case behindBlue:
					blue++
				}
			}
		}
	}
	switch {
	case red*2 > all:
		return behindRed
	case blue*2 > all:
		return behindBlue
	}
	return behindOther
}

// colorWord tells a strong red or blue from everything else.
func colorWord(c color.Color) string {
	const stronger = 4 // twice as strong
	r, g, b, _ := c.RGBA()
	switch {
	case r*2 > g*stronger && r*2 > b*stronger:
		return behindRed
	case b*2 > r*stronger && b*10 > g*11:
		return behindBlue
	}
	return behindOther
}
