package printer

import (
	"image"
	"image/draw"
	"strings"
)

// ID-1 card size in hundredths of a millimetre (ISO/IEC 7810), and one inch.
const (
	cardWidth  = 8560
	cardHeight = 5398
	inch       = 2540
)

// maxCrop is how much of a face may fall outside a panel on each edge, in hundredths of a
// millimetre: printers with a panel smaller than the card leave such a border blank, and
// card templates keep it free.
const maxCrop = 100

// Separation says how a face becomes panels. The zero value is the common case: overlay
// everywhere, every panel sent.
type Separation struct {
	// FreeZones stay without overlay, in dots of the panel: contacts of a chip, for example.
	FreeZones []image.Rectangle
	// DropBlank leaves out panels without a single dot of ink, where the family allows it.
	DropBlank bool
}

// Separate is Separation{}.Separate.
func Separate(color image.Image, black *image.Gray, g Geometry, panels string) (Side, error) {
	return Separation{}.Separate(color, black, g, panels)
}

// Separate turns the face of one side into the panels named by panels (letters Y, M, C, K
// and O, in the order of the ribbon).
//
// Color is opaque or lies on white; white is no ink. Black is the mask of text and line art
// of the same size: 128 and more is ink. Either may be nil when the side has none. The face
// is ID-1 at any resolution: at the resolution of g it is copied dot for dot, else scaled by
// area; then it is centered on the panel. The mask goes to K and nowhere else, so the dots
// under it carry no dye; without a K panel it is printed with all three dyes. Dye is
// 1 - RGB, scaled to Levels - 1 and rounded to the nearest. Equal input gives equal output.
//
// Errors: printer.face_size_wrong, printer.panels_unsupported, printer.nothing_to_print.
func (s Separation) Separate(color image.Image, black *image.Gray, g Geometry, panels string) (Side, error) {
	const op = "printer.Separate"
	if g.Columns <= 0 || g.Rows <= 0 || g.DPI <= 0 || g.Levels < 2 || g.Levels > 256 {
		return Side{}, FaceSizeWrong.At(op, nil).With("geometry", "%d x %d dots at %d dpi, %d levels", g.Columns, g.Rows, g.DPI, g.Levels)
	}
	if err := checkPanels(panels); err != nil {
		return Side{}, err
	}
	size, err := faceSize(color, black)
	if err != nil {
		return Side{}, err
	}
	want := image.Pt(dots(cardWidth, g.DPI), dots(cardHeight, g.DPI))
	at := image.Pt((g.Columns-want.X)/2, (g.Rows-want.Y)/2)
	if crop := dots(maxCrop, g.DPI); at.X < -crop || at.Y < -crop {
		return Side{}, FaceSizeWrong.At(op, nil).With("geometry", "a panel of %d x %d dots is smaller than the card (%d x %d)", g.Columns, g.Rows, want.X, want.Y)
	}
	rgb := opaque(color, size)
	mask := bilevel(black, size)
	if size != want {
		rgb = resample(rgb, 4, size, want)
		mask = resample(mask, 1, size, want)
		for i, v := range mask {
			mask[i] = step(v)
		}
	}

	side := Side{}
	onK := strings.Contains(panels, "K")
	if !onK && !strings.ContainsAny(panels, "YMC") {
		return Side{}, PanelsUnsupported.At(op, nil).With("panels", "no panel of %q carries ink", panels)
	}
	if !strings.ContainsAny(panels, "YMC") && inked(rgb) {
		return Side{}, PanelsUnsupported.At(op, nil).With("panels", "the face has color, %q has none", panels)
	}
	for _, letter := range []byte(panels) {
		p := Panel{Letter: letter, Levels: 2, Dots: make([]byte, g.Columns*g.Rows)}
		switch letter {
		case 'Y', 'M', 'C':
			p.Levels = g.Levels
			dye(p.Dots, g, rgb, mask, want, at, channel[letter], onK)
		case 'K':
			resin(p.Dots, g, mask, want, at)
		case 'O':
			overlay(p.Dots, g, s.FreeZones)
		}
		if s.DropBlank && blank(p.Dots) {
			continue
		}
		side.Panels = append(side.Panels, p)
	}
	if len(side.Panels) == 0 {
		return Side{}, NothingToPrint.At(op, nil)
	}
	return side, nil
}

// channel is the byte of an NRGBA dot that a dye absorbs.
var channel = map[byte]int{'C': 0, 'M': 1, 'Y': 2}

func dots(hundredths, dpi int) int { return (hundredths*dpi*2 + inch) / (2 * inch) }

func checkPanels(panels string) error {
	for i := range len(panels) {
		if !strings.ContainsRune("YMCKO", rune(panels[i])) {
			return PanelsUnsupported.At("printer.Separate", nil).With("panels", "panel %q is unknown", panels[i])
		}
		if strings.IndexByte(panels, panels[i]) != i {
			return PanelsUnsupported.At("printer.Separate", nil).With("panels", "panel %q stands twice on one side", panels[i])
		}
	}
	if panels == "" {
		return PanelsUnsupported.At("printer.Separate", nil).With("panels", "no panel")
	}
	return nil
}

// faceSize is the common size of both layers, proved to have the shape of a card.
func faceSize(color image.Image, black *image.Gray) (image.Point, error) {
	const op = "printer.Separate"
	var size image.Point
	switch {
	case color != nil && black != nil:
		size = color.Bounds().Size()
		if black.Bounds().Size() != size {
			return size, FaceSizeWrong.At(op, nil).With("black", "the mask has %v, the color %v", black.Bounds().Size(), size)
		}
	case color != nil:
		size = color.Bounds().Size()
	case black != nil:
		size = black.Bounds().Size()
	default:
		return size, NothingToPrint.At(op, nil)
	}
	// One dot either way is rounding of the card size to whole dots.
	if size.X < 1 || size.Y < 1 || abs(size.X*cardHeight-size.Y*cardWidth) > cardWidth {
		return size, FaceSizeWrong.At(op, nil).With("face", "%d x %d dots is not the shape of a card", size.X, size.Y)
	}
	return size, nil
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}

// opaque is the color layer on white, four bytes for each dot; nil for no layer.
func opaque(color image.Image, size image.Point) []byte {
	if color == nil {
		return nil
	}
	out := image.NewRGBA(image.Rectangle{Max: size}) // opaque: the same bytes as of NRGBA, and package draw is quick with it
	if n, ok := color.(*image.NRGBA); ok && n.Opaque() {
		for y := range size.Y {
			from := n.PixOffset(n.Rect.Min.X, n.Rect.Min.Y+y)
			copy(out.Pix[y*out.Stride:(y+1)*out.Stride], n.Pix[from:])
		}
		return out.Pix
	}
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, color, color.Bounds().Min, draw.Over)
	return out.Pix
}

// bilevel is the mask with 0 and 255 only, one byte for each dot.
func bilevel(black *image.Gray, size image.Point) []byte {
	if black == nil {
		return nil
	}
	out := make([]byte, size.X*size.Y)
	for y := range size.Y {
		from := black.PixOffset(black.Rect.Min.X, black.Rect.Min.Y+y)
		line := out[y*size.X : (y+1)*size.X]
		for x, v := range black.Pix[from : from+size.X] {
			line[x] = step(v)
		}
	}
	return out
}

func step(v byte) byte {
	return -(v >> 7) // all bits, or none
}

func inked(rgb []byte) bool {
	for i := 0; i+2 < len(rgb); i += 4 {
		if rgb[i] != 255 || rgb[i+1] != 255 || rgb[i+2] != 255 {
			return true
		}
	}
	return false
}

func blank(d []byte) bool {
	for _, v := range d {
		if v != 0 {
			return false
		}
	}
	return true
}

// dye fills one of the panels Y, M, C from channel c of the face.
func dye(out []byte, g Geometry, rgb, mask []byte, size, at image.Point, c int, onK bool) {
	var level [256]byte
	for v := range level {
		level[v] = byte(((255-v)*(g.Levels-1)*2 + 255) / 510)
	}
	full := byte(g.Levels - 1)
	lines(g, size, at, func(dot, face, n int) {
		to := out[dot : dot+n]
		if rgb != nil {
			from := rgb[4*face+c:]
			for i := range to {
				to[i] = level[from[4*i]]
			}
		}
		if mask != nil {
			for i, v := range mask[face : face+n] {
				switch {
				case v == 0:
				case onK:
					to[i] = 0
				default:
					to[i] = full
				}
			}
		}
	})
}

func resin(out []byte, g Geometry, mask []byte, size, at image.Point) {
	if mask == nil {
		return
	}
	lines(g, size, at, func(dot, face, n int) {
		to := out[dot : dot+n]
		for i, v := range mask[face : face+n] {
			to[i] = v >> 7
		}
	})
}

func overlay(out []byte, g Geometry, free []image.Rectangle) {
	for i := range out {
		out[i] = 1
	}
	for _, r := range free {
		r = r.Intersect(image.Rect(0, 0, g.Columns, g.Rows))
		for y := r.Min.Y; y < r.Max.Y; y++ {
			clear(out[y*g.Columns+r.Min.X : y*g.Columns+r.Max.X])
		}
	}
}

// lines calls do for every line of the face as far as it lies on the panel: n dots from dot of the panel and from
// face of the face on.
func lines(g Geometry, size, at image.Point, do func(dot, face, n int)) {
	on := image.Rectangle{Min: at, Max: at.Add(size)}.Intersect(image.Rect(0, 0, g.Columns, g.Rows))
	for y := on.Min.Y; y < on.Max.Y; y++ {
		do(y*g.Columns+on.Min.X, (y-at.Y)*size.X+on.Min.X-at.X, on.Dx())
	}
}
