package station

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
)

// FingerShowCommand is blanko finger show.
type FingerShowCommand struct {
	FingerPicture
	Picture string `arg:"" help:"PNG picture of one finger." placeholder:"PICTURE"`
	Drawing string `arg:"" help:"Where the PNG drawing is written: endings red, bifurcations blue, doubtful ones pale." placeholder:"DRAWING"`
	Record  string `help:"Draw the minutiae of this record instead of those found." placeholder:"FILE"`
}

// Run draws every minutia as a square with a line in its direction.
func (c FingerShowCommand) Run(_ Terminal) error {
	var e extract.Extractor
	got, gray, err := c.capture(c.Picture, &e)
	if err != nil {
		return err
	}
	r := got.Template
	if c.Record != "" {
		if r, err = c.template(c.Record, &e); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, drawMinutiae(gray, c.DPI, r)); err != nil {
		return err
	}
	return writeFinger(c.Drawing, b.Bytes())
}

const (
	showScale   = 2 // pixels of the drawing for one of the picture
	showSide    = 3
	showLine    = 18
	pixelsPerCM = 2.54 // pixels per inch over this are pixels per centimeter
	doubtful    = 50   // quality below which a minutia is drawn pale
)

// drawMinutiae draws the first view of a record over the picture it was made from.
func drawMinutiae(gray *image.Gray, dpi int, r *finger.Template) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, showScale*gray.Rect.Dx(), showScale*gray.Rect.Dy()))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, gray.GrayAt(x/showScale, y/showScale))
		}
	}
	scaleX, scaleY := float64(dpi)/pixelsPerCM/float64(r.ResX)*showScale, float64(dpi)/pixelsPerCM/float64(r.ResY)*showScale
	for _, m := range r.Views[0].Minutiae {
		ink := color.RGBA{R: 220, A: 255}
		if m.Type == 2 {
			ink = color.RGBA{B: 230, A: 255}
		}
		if m.Quality != 0 && m.Quality < doubtful {
			ink.G = 170
		}
		x, y := int(float64(m.X)*scaleX), int(float64(m.Y)*scaleY)
		for k := -showSide; k <= showSide; k++ {
			for _, p := range [4]image.Point{{k, -showSide}, {k, showSide}, {-showSide, k}, {showSide, k}} {
				out.Set(x+p.X, y+p.Y, ink)
			}
		}
		sin, cos := math.Sincos(float64(m.Angle) * 2 * math.Pi / 256)
		for k := range showLine {
			out.Set(x+int(math.Round(float64(k)*cos)), y-int(math.Round(float64(k)*sin)), ink)
		}
	}
	return out
}
