package extract

import (
	"blanko/biometric/finger"
	"blanko/ktp"
)

// Image is a gray picture of one finger: rows from the top, dark ridges on a light ground.
type Image struct {
	Pixels        []byte // Width x Height, 0 black
	Width, Height int
	DPI           int // dots per inch on both axes
}

// What a picture may be.
const (
	LeastSide = 60   // pixels at 500 dpi
	MostSide  = 1600 // pixels as given
	LeastDPI  = 250
	MostDPI   = 2000
	workDPI   = 500
	workRes   = 197 // pixels per centimeter at workDPI
)

// Capture is what a picture of a finger holds.
type Capture struct {
	Template *finger.Template // one view at 500 dpi, minutiae of the highest reliability first
	Quality  Quality
}

// Extractor holds the buffers of an extraction; after the first picture of a size it takes little from
// the heap. Not for concurrent use; the zero value is ready.
type Extractor struct {
	w, h  int // of the picture at 500 dpi
	gray  []byte
	mean  field
	gain  field
	norm  plane // normalized picture
	once  plane // enhanced with the usual ridge distance
	twice plane // enhanced with the distance and direction found in once
	cells grid
	along plane
	lines skeleton
	found []minutia
}

// Extract finds the minutiae of a picture and judges the capture. A picture that is no fingerprint gives
// a capture with reasons, not an error; one that cannot be looked at (size, resolution) is fault code
// extract.image_unusable. The record has at most 255 minutiae, the best by reliability.
func (e *Extractor) Extract(im Image, position ktp.Finger) (Capture, error) {
	if err := im.check(); err != nil {
		return Capture{}, err
	}
	if !position.Valid() && position != 0 {
		return Capture{}, ImageUnusable.At("extract.Extract", nil).With("position", "%d is none of 0 to 10", position)
	}
	e.load(im)
	e.normalize()
	e.orient(&e.norm, 2)
	e.segment()
	e.enhance(&e.norm, &e.once, usualDistance)
	e.orient(&e.once, 1)
	e.measureDistance(&e.once)
	e.enhance(&e.norm, &e.twice, 0)
	e.find()
	q := e.judge()
	t := &finger.Template{Width: e.w, Height: e.h, ResX: workRes, ResY: workRes}
	v := finger.View{Position: position, Quality: byte(q.Score), Minutiae: make([]finger.Minutia, 0, min(len(e.found), mostMinutiae))}
	for _, m := range e.found[:min(len(e.found), mostMinutiae)] {
		v.Minutiae = append(v.Minutiae, finger.Minutia{Type: m.kind, X: m.x, Y: m.y, Angle: m.angle, Quality: m.reliability})
	}
	t.Views = []finger.View{v}
	return Capture{Template: t, Quality: q}, nil
}

const mostMinutiae = 255

func (im Image) check() error {
	bad := func(field, format string, args ...any) error {
		return ImageUnusable.At("extract.Extract", nil).With(field, format, args...)
	}
	switch {
	case im.DPI < LeastDPI || im.DPI > MostDPI:
		return bad("dpi", "%d dots per inch are outside %d to %d", im.DPI, LeastDPI, MostDPI)
	case im.Width < 1 || im.Height < 1 || im.Width > MostSide || im.Height > MostSide:
		return bad("size", "%d x %d pixels are outside 1 to %d", im.Width, im.Height, MostSide)
	case im.Width*workDPI/im.DPI < LeastSide || im.Height*workDPI/im.DPI < LeastSide:
		return bad("size", "%d x %d pixels at %d dpi are smaller than %d x %d at %d", im.Width, im.Height, im.DPI, LeastSide, LeastSide, workDPI)
	case len(im.Pixels) != im.Width*im.Height:
		return bad("pixels", "%d bytes for %d x %d", len(im.Pixels), im.Width, im.Height)
	case im.Width*workDPI/im.DPI > MostSide || im.Height*workDPI/im.DPI > MostSide:
		return bad("size", "%d x %d pixels at %d dpi are a surface beyond a finger", im.Width, im.Height, im.DPI)
	}
	return nil
}
