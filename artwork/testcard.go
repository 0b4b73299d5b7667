package artwork

import (
	"image"
	"image/color"
	"strconv"
)

// The test card shows what a printer can do and where it goes wrong: edges, registration, dyes, resin
// and the smallest type. All lengths are in mm from the top left corner of the card.
const (
	markArm   = 2.2  // half a registration mark
	markWidth = 0.17 // two dots at 300 dpi
	markIn    = 4.0  // its middle, from both edges
	gaugeStep = 0.25 // bars at the edges: 0, 0.25 ... 1 mm from them
	gaugeBars = 5
	gaugeLong = 1.6
)

var (
	grayWedge = box{X: 6, Y: 15.2, Width: 73.6, Height: 4.6}
	grayRamp  = box{X: 6, Y: 20, Width: 73.6, Height: 2.2}
	dyeWedges = box{X: 6, Y: 23.4, Width: 38, Height: 2.3} // the first; the others below it
	dyePitch  = 2.5
	patches   = box{X: 49, Y: 23.4, Width: 6.6, Height: 6.6} // two rows of four
	patchStep = 7.8
)

// Steps of the wedges, ends included.
const (
	graySteps = 17
	dyeSteps  = 11
)

// dyes are the wedges: how much of red, green and blue light each takes away.
var dyes = []struct {
	label   string
	r, g, b int
}{{"Y", 0, 0, 1}, {"M", 0, 1, 0}, {"C", 1, 0, 0}, {"R", 0, 1, 1}, {"G", 1, 0, 1}, {"B", 1, 1, 0}}

// resins are patterns of single dots in black, which run together where a head is too hot and break
// up where it is too cold.
var resins = []func(x, y int) bool{
	func(x, _ int) bool { return x%2 == 0 },
	func(_, y int) bool { return y%2 == 0 },
	func(x, y int) bool { return (x+y)%2 == 0 },
	func(x, y int) bool { return (x/2+y/2)%2 == 0 },
}

// skins are tones between light and dark, in which the eye finds a wrong dye first.
var skins = []color.NRGBA{{241, 208, 182, 255}, {214, 164, 124, 255}, {166, 113, 76, 255}, {104, 66, 43, 255}}

// typeSizes are the sizes of the sample text in points, down to what no printer makes readable.
var typeSizes = []float64{7, 6, 5, 4, 3}

// Words of the test card.
const (
	testTitle  = "SPESIMEN - KARTU UJI / TEST CARD"
	testSample = "ABCDEFGHI abcdefghi 0123"
	testOCR    = "0123456789<AB"
)

// Type of the test card.
const (
	titleSize  = 8.0
	noteSize   = 5.5
	noteFirst  = 8.6 // baseline
	notePitch  = 2.4
	noteWidth  = 68.0
	typeLeft   = 9.0
	sampleTop  = 40.2
	ocrLeft    = 51.0
	labelSize  = 5.0
	labelRight = 1.0 // from the wedge
)

// maxNotes is how many lines of notes the test card has room for.
const maxNotes = 3

// TestCard draws the face of a test card at 300 or 600 dpi, with up to three lines of notes such as the
// printer, the day and the reason. It says SPESIMEN and shows no person. Equal input gives equal faces.
// Errors: artwork.resolution_unsupported, artwork.value_invalid, artwork.text_does_not_fit.
func TestCard(dpi int, notes ...string) (*Face, error) {
	const op = "artwork.TestCard"
	if dpi != 300 && dpi != 600 {
		return nil, resolutionUnsupported.At(op, nil).With("dpi", "%d", dpi)
	}
	p, err := newPen(map[string]string{"text": "LiberationSans-Regular.ttf", "bold": "LiberationSans-Bold.ttf", "ocr": "OCRA.ttf"})
	if err != nil {
		return nil, templateInvalid.At(op, err)
	}
	if len(notes) > maxNotes {
		return nil, textDoesNotFit.At(op, nil).With("notes", "%d lines, there is room for %d", len(notes), maxNotes)
	}
	for i, s := range notes {
		if r, lacks := p.lacks("text", s); lacks {
			return nil, valueInvalid.At(op, nil).With("notes["+strconv.Itoa(i)+"]", "no glyph for %q", r)
		}
		if p.width("text", s, noteSize) > noteWidth {
			return nil, textDoesNotFit.At(op, nil).With("notes["+strconv.Itoa(i)+"]", "%d characters", len(s))
		}
	}
	c := testCard{Face: &Face{Width: dot(cardWidth, dpi), Height: dot(cardHeight, dpi), DPI: dpi}, pen: p}
	c.Color = image.NewNRGBA(image.Rect(0, 0, c.Width, c.Height))
	for i := range c.Color.Pix {
		c.Color.Pix[i] = 255
	}
	c.Black = image.NewGray(c.Color.Rect)
	c.edges()
	c.marks()
	c.wedges()
	c.patches()
	c.text(notes)
	return c.Face, nil
}

// Proof is a face on white, black on top of dye, for a person to look at.
func (f *Face) Proof() *image.NRGBA {
	out := image.NewNRGBA(f.Color.Rect)
	copy(out.Pix, f.Color.Pix)
	for y := range f.Height {
		for x := range f.Width {
			if f.Black.GrayAt(x, y).Y != 0 {
				out.SetNRGBA(x, y, color.NRGBA{A: 255})
			}
		}
	}
	return out
}

// testCard is one that is being drawn.
type testCard struct {
	*Face
	pen *pen
}

// resin fills a rectangle of whole dots with black.
func (c testCard) resin(r image.Rectangle) {
	r = r.Intersect(c.Black.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := c.Black.Pix[c.Black.PixOffset(r.Min.X, y):]
		for x := range r.Dx() {
			row[x] = 255
		}
	}
}

// dye fills a rectangle with a color.
func (c testCard) dye(r image.Rectangle, v color.NRGBA) {
	r = r.Intersect(c.Color.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c.Color.SetNRGBA(x, y, v)
		}
	}
}

// edges are bars in the middle of each side: those that are missing lie off the card or off the head.
func (c testCard) edges() {
	wide := max(1, dot(markWidth, c.DPI)/2)
	long := dot(gaugeLong, c.DPI)
	for i := range gaugeBars {
		in := dot(float64(i)*gaugeStep, c.DPI)
		x := c.Width/2 + (i-gaugeBars/2-1)*long
		y := c.Height/2 + (i-gaugeBars/2-1)*long
		c.resin(image.Rect(x, in, x+long, in+wide))
		c.resin(image.Rect(x, c.Height-in-wide, x+long, c.Height-in))
		c.resin(image.Rect(in, y, in+wide, y+long))
		c.resin(image.Rect(c.Width-in-wide, y, c.Width-in, y+long))
	}
}

// marks are crosses in the corners. Left and upper arm are of all three dyes, and show a colored fringe
// where one is off; right and lower arm are resin, and stand aside where resin is off from dye.
func (c testCard) marks() {
	arm, wide, in := dot(markArm, c.DPI), max(2, dot(markWidth, c.DPI)), dot(markIn, c.DPI)
	for _, at := range []image.Point{{in, in}, {c.Width - in, in}, {in, c.Height - in}, {c.Width - in, c.Height - in}} {
		x, y := at.X-wide/2, at.Y-wide/2
		c.dye(image.Rect(at.X-arm, y, x, y+wide), color.NRGBA{0, 0, 0, 255})
		c.dye(image.Rect(x, at.Y-arm, x+wide, y), color.NRGBA{0, 0, 0, 255})
		c.resin(image.Rect(x+wide, y, at.X+arm, y+wide))
		c.resin(image.Rect(x, y+wide, x+wide, at.Y+arm))
	}
}

// wedges go from no dye to full dye.
func (c testCard) wedges() {
	steps := func(b box, n int, of func(step int) color.NRGBA) {
		r := b.dots(c.DPI)
		for i := range n {
			c.dye(image.Rect(r.Min.X+r.Dx()*i/n, r.Min.Y, r.Min.X+r.Dx()*(i+1)/n, r.Max.Y), of(i))
		}
	}
	gray := func(n int) func(int) color.NRGBA {
		return func(i int) color.NRGBA {
			v := byte(255 - 255*i/(n-1))
			return color.NRGBA{v, v, v, 255}
		}
	}
	steps(grayWedge, graySteps, gray(graySteps))
	steps(grayRamp, 256, gray(256))
	for i, d := range dyes {
		b := dyeWedges
		b.Y += float64(i) * dyePitch
		steps(b, dyeSteps, func(i int) color.NRGBA {
			v := 255 * i / (dyeSteps - 1)
			return color.NRGBA{byte(255 - v*d.r), byte(255 - v*d.g), byte(255 - v*d.b), 255}
		})
		c.write("text", d.label, labelSize, b.X+b.Width+labelRight, b.Y+b.Height-0.4)
	}
}

// patches are patterns of resin, and tones of skin below them.
func (c testCard) patches() {
	b := patches
	for i := range resins {
		r := b.dots(c.DPI)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if resins[i](x-r.Min.X, y-r.Min.Y) {
					c.Black.SetGray(x, y, color.Gray{Y: 255})
				}
			}
		}
		below := b
		below.Y += patchStep
		c.dye(below.dots(c.DPI), skins[i])
		b.X += patchStep
	}
}

func (c testCard) write(font, s string, points, x, baseline float64) {
	c.pen.write(c.Black, font, s, points, c.DPI, x*float64(c.DPI)/mmPerInch, dot(baseline, c.DPI))
}

// text is the title, the notes, and the samples with their size in points.
func (c testCard) text(notes []string) {
	c.write("bold", testTitle, titleSize, typeLeft, 5.6)
	for i, s := range notes {
		c.write("text", s, noteSize, typeLeft, noteFirst+float64(i)*notePitch)
	}
	y := sampleTop
	for _, size := range typeSizes {
		y += size*mmPerInch/pointsPerInch + 0.4
		label := strconv.Itoa(int(size)) + " "
		c.write("text", label+testSample, size, typeLeft, y)
		c.write("ocr", label+testOCR, size, ocrLeft, y)
	}
}
