package artwork

import (
	"embed"
	"fmt"
	"image"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Liberation Sans (SIL OFL 1.1, fonts/LICENSE-Liberation.txt) and OCR-A by John Sauter
// (public domain, fonts/LICENSE-OCR-A.txt), unmodified.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// pointsPerInch of typography, mmPerInch of the card.
const (
	pointsPerInch = 72
	mmPerInch     = 25.4
)

// pen sets type. It keeps drawn glyphs, so that a batch of cards draws each once; safe for
// concurrent use.
type pen struct {
	fonts map[string]*sfnt.Font

	mu     sync.Mutex
	buf    sfnt.Buffer
	glyphs map[glyphKey]*glyph
}

type glyphKey struct {
	font string
	ppem fixed.Int26_6 // dots per em, in 1/64
	r    rune
}

// glyph is one drawn character: dots are ink (255) or not (0), At is their top left corner
// seen from the pen position on the baseline.
type glyph struct {
	dots *image.Gray
	at   image.Point
}

func newPen(files map[string]string) (*pen, error) {
	p := &pen{fonts: map[string]*sfnt.Font{}, glyphs: map[glyphKey]*glyph{}}
	for name, file := range files {
		b, err := fontFiles.ReadFile("fonts/" + file)
		if err != nil {
			return nil, fmt.Errorf("fonts: %s: no embedded font has the name %q", name, file)
		}
		if p.fonts[name], err = sfnt.Parse(b); err != nil {
			return nil, fmt.Errorf("fonts: %s: %w", file, err)
		}
	}
	return p, nil
}

// lacks is the first character of s that the font has no glyph for.
func (p *pen) lacks(font, s string) (rune, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range s {
		if i, err := p.fonts[font].GlyphIndex(&p.buf, r); err != nil || i == 0 {
			return r, true
		}
	}
	return 0, false
}

// width of s in mm at a size in points, kerning included. It does not depend on the
// resolution, so a text breaks alike at 300 and 600 dpi.
func (p *pen) width(font, s string, points float64) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.fonts[font]
	em := fixed.I(int(f.UnitsPerEm()))
	_, total := p.pens(f, s, em)
	return float64(total) / float64(em) * points * mmPerInch / pointsPerInch
}

// pens gives the pen position before each character of s and after the last.
func (p *pen) pens(f *sfnt.Font, s string, ppem fixed.Int26_6) ([]fixed.Int26_6, fixed.Int26_6) {
	var at fixed.Int26_6
	var out []fixed.Int26_6
	before := sfnt.GlyphIndex(0)
	for i, r := range s {
		g, _ := f.GlyphIndex(&p.buf, r)
		if i > 0 {
			if k, err := f.Kern(&p.buf, before, g, ppem, font.HintingNone); err == nil {
				at += k
			}
		}
		out = append(out, at)
		if a, err := f.GlyphAdvance(&p.buf, g, ppem, font.HintingNone); err == nil {
			at += a
		}
		before = g
	}
	return out, at
}

// write sets s on mask: its left end at x, its baseline at y, both in dots. Glyphs stand on
// whole dots and have hard edges, for resin has no shades.
func (p *pen) write(mask *image.Gray, font, s string, points float64, dpi int, x float64, y int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.fonts[font]
	ppem := fixed.Int26_6(math.Round(points * float64(dpi) / pointsPerInch * 64))
	pens, _ := p.pens(f, s, ppem)
	i := 0
	for _, r := range s {
		left := int(math.Floor(x + float64(pens[i])/64 + 0.5))
		p.glyph(font, r, ppem).stamp(mask, left, y)
		i++
	}
}

func (g *glyph) stamp(mask *image.Gray, x, y int) {
	if g.dots == nil {
		return
	}
	to := g.dots.Rect.Add(g.at).Add(image.Pt(x, y)).Intersect(mask.Rect)
	for row := to.Min.Y; row < to.Max.Y; row++ {
		src := g.dots.Pix[(row-y-g.at.Y)*g.dots.Stride+to.Min.X-x-g.at.X:]
		dst := mask.Pix[mask.PixOffset(to.Min.X, row):]
		for i := range to.Dx() {
			dst[i] |= src[i]
		}
	}
}

// glyph draws a character or finds it drawn. The lock is held.
func (p *pen) glyph(name string, r rune, ppem fixed.Int26_6) *glyph {
	key := glyphKey{name, ppem, r}
	if g := p.glyphs[key]; g != nil {
		return g
	}
	g := &glyph{}
	if o, ok := p.outline(name, r, ppem, func(x, y float64) (float64, float64) { return x, y }); ok {
		g.at = o.at
		g.dots = image.NewGray(image.Rectangle{Max: o.alpha.Rect.Size()})
		for i, v := range o.alpha.Pix {
			if v >= 128 { // half of the dot or more
				g.dots.Pix[i] = 255
			}
		}
	}
	p.glyphs[key] = g
	return g
}

// drawn is the coverage of an outline; at is its top left corner.
type drawn struct {
	alpha *image.Alpha
	at    image.Point
}

// outline draws the outline of a character after moving every point by move (dots, y down).
// It reports false for a character without ink. The lock is held.
func (p *pen) outline(name string, r rune, ppem fixed.Int26_6, move func(x, y float64) (float64, float64)) (drawn, bool) {
	f := p.fonts[name]
	index, err := f.GlyphIndex(&p.buf, r)
	if err != nil {
		return drawn{}, false
	}
	segments, err := f.LoadGlyph(&p.buf, index, ppem, nil)
	if err != nil || len(segments) == 0 {
		return drawn{}, false
	}
	type point struct{ x, y float32 }
	points := make([][3]point, len(segments))
	low, high := point{math.MaxFloat32, math.MaxFloat32}, point{-math.MaxFloat32, -math.MaxFloat32}
	for i, s := range segments {
		for j := range argCount(s.Op) {
			x, y := move(float64(s.Args[j].X)/64, float64(s.Args[j].Y)/64)
			q := point{float32(x), float32(y)}
			points[i][j] = q
			low = point{min(low.x, q.x), min(low.y, q.y)}
			high = point{max(high.x, q.x), max(high.y, q.y)}
		}
	}
	at := image.Pt(int(math.Floor(float64(low.x))), int(math.Floor(float64(low.y))))
	size := image.Pt(int(math.Ceil(float64(high.x)))-at.X, int(math.Ceil(float64(high.y)))-at.Y)
	if size.X <= 0 || size.Y <= 0 {
		return drawn{}, false
	}
	z := vector.NewRasterizer(size.X, size.Y)
	for i, s := range segments {
		q := points[i]
		for j := range q {
			q[j].x -= float32(at.X)
			q[j].y -= float32(at.Y)
		}
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.MoveTo(q[0].x, q[0].y)
		case sfnt.SegmentOpLineTo:
			z.LineTo(q[0].x, q[0].y)
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(q[0].x, q[0].y, q[1].x, q[1].y)
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(q[0].x, q[0].y, q[1].x, q[1].y, q[2].x, q[2].y)
		}
	}
	alpha := image.NewAlpha(image.Rectangle{Max: size})
	z.Draw(alpha, alpha.Rect, image.Opaque, image.Point{})
	return drawn{alpha, at}, true
}

func argCount(op sfnt.SegmentOp) int {
	switch op {
	case sfnt.SegmentOpQuadTo:
		return 2
	case sfnt.SegmentOpCubeTo:
		return 3
	}
	return 1
}
