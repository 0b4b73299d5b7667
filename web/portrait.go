package web

import (
	"image"
	"image/draw"
	"math"

	"blanko/registry"
)

// PortraitMeasure is one thing that is measured of a portrait: at Least its quality is the lowest that is not poor
// (registry.PoorQuality), at Best it is 100, and on a line through both elsewhere.
type PortraitMeasure struct {
	Hint  string  `json:"hint"` // what is wrong with a portrait beyond Least
	Of    string  `json:"of"`   // light, contrast, detail
	Least float64 `json:"least"`
	Best  float64 `json:"best"`
}

// PortraitMeasures are what the station and the page of capture measure of a face. Light and contrast are mean and
// spread of its luma (ITU-R BT.601), 0 to 255. Their limits are those of ISO/IEC 29794-5, luminance mean and luminance
// variance, as its reference implementation OFIQ reckons them: half of the quality at 0.2 and 0.8 of full light and all
// of it from 0.4 to 0.6, a fifth of it at a spread of 0.034 and all of it at 0.13. Detail is the spread of the Laplacian:
// measured on 40 generated portraits on 2026-11-27, sharp ones have 26 to 40, and those whose dots are mixed with four on
// each side at most 7.2.
var PortraitMeasures = []PortraitMeasure{
	{"dark", "light", 51, 102},
	{"bright", "light", 204, 153},
	{"flat", "contrast", 9, 33},
	{"blurred", "detail", 8, 24},
}

// The face is reduced to points, each the mean of its dots, so that the grain of a sensor does not pass for detail: of
// the page's photo of 480 x 640 two by two dots.
const acrossFace, downFace = 80, 120

// PortraitQuality is how good a portrait is, 1 to 100: the worst of what is measured.
func PortraitQuality(img image.Image) int {
	found, quality := measured(img), 100.0
	for _, m := range PortraitMeasures {
		quality = min(quality, m.quality(found[m.Of]))
	}
	return max(1, int(math.Floor(quality)))
}

func (m PortraitMeasure) quality(value float64) float64 {
	return registry.PoorQuality + (100-registry.PoorQuality)*(value-m.Least)/(m.Best-m.Least)
}

// measured are light, contrast and detail of a face.
func measured(img image.Image) map[string]float64 {
	points := facePoints(img)
	var sum, square, edge float64
	for at, p := range points {
		sum += p
		square += p * p
		if x, y := at%acrossFace, at/acrossFace; x > 0 && x < acrossFace-1 && y > 0 && y < downFace-1 {
			e := 4*p - points[at-1] - points[at+1] - points[at-acrossFace] - points[at+acrossFace]
			edge += e * e
		}
	}
	const all, inner = acrossFace * downFace, (acrossFace - 2) * (downFace - 2)
	mean := sum / all
	return map[string]float64{"light": mean, "contrast": math.Sqrt(max(0, square/all-mean*mean)), "detail": math.Sqrt(edge / inner)}
}

// facePoints are the lumas of the part of a portrait in which the guide of the page of capture holds the face.
func facePoints(img image.Image) []float64 {
	b := img.Bounds()
	at := image.Rect(b.Min.X+b.Dx()/3, b.Min.Y+b.Dy()/4, b.Max.X-b.Dx()/3, b.Min.Y+max(1, b.Dy()*5/8))
	face := image.NewRGBA(at)
	draw.Draw(face, at, img, at.Min, draw.Src)
	points := make([]float64, 0, acrossFace*downFace)
	for j := range downFace {
		for i := range acrossFace {
			x, y := at.Min.X+at.Dx()*i/acrossFace, at.Min.Y+at.Dy()*j/downFace
			points = append(points, luma(face, image.Rect(x, y, max(x+1, at.Min.X+at.Dx()*(i+1)/acrossFace), max(y+1, at.Min.Y+at.Dy()*(j+1)/downFace))))
		}
	}
	return points
}

// luma is the mean of a block of dots.
func luma(m *image.RGBA, block image.Rectangle) (sum float64) {
	for y := block.Min.Y; y < block.Max.Y; y++ {
		for x := block.Min.X; x < block.Max.X; x++ {
			p := m.Pix[m.PixOffset(x, y):]
			sum += 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
		}
	}
	return sum / float64(block.Dx()*block.Dy())
}
