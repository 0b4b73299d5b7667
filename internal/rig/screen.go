package rig

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"slices"
)

// SmallScreen is a picture of a page as PNG of so many colors at most: the most frequent of those that differ to the
// eye. The first are as near as the ground of a page and its paper; the fewer there are, the farther apart the rest,
// so that no hue is left out.
func SmallScreen(m image.Image, most int) []byte {
	counts := map[color.RGBA]int{}
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			counts[color.RGBAModel.Convert(m.At(x, y)).(color.RGBA)]++
		}
	}
	var all []color.RGBA
	for c := range counts {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var colors color.Palette
	for _, c := range all {
		step := uint8(nearest)
		if len(colors) >= grounds {
			step = uint8(max(nearest, 384/most))
		}
		if len(colors) < most && !slices.ContainsFunc(colors, func(o color.Color) bool { return alike(c, o.(color.RGBA), step) }) {
			colors = append(colors, c)
		}
	}
	p := image.NewPaletted(b, colors)
	draw.Draw(p, b, m, b.Min, draw.Src)
	var out bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	_ = e.Encode(&out, p) // into memory
	return out.Bytes()
}

const (
	nearest = 8 // steps of a channel between two colors
	grounds = 6 // colors that may be as near
)

func alike(a, b color.RGBA, step uint8) bool {
	near := func(a, b uint8) bool { return max(a, b)-min(a, b) < step }
	return near(a.R, b.R) && near(a.G, b.G) && near(a.B, b.B)
}

// Screen reads a picture of a page.
func Screen(file string) (image.Image, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(content))
}

// Two pictures are held against each other by the mean color of tiles, and by where there is something and where there is
// nothing: digits of numbers and times may differ, a part that is missing, elsewhere, of another color or in another
// language may not.
const (
	tile       = 20
	mostOfTile = 0.1   // difference of a channel of a tile's color, of 1, from which it is another
	mostTiles  = 0.004 // share of tiles that are others
	worstTile  = 0.5
	halves     = 2   // small tiles along one side of a tile
	inkFrom    = 0.1 // difference of brightness within a small tile, of 1, from which something is there
	mostGone   = 7   // small tiles side by side with something in one picture and nothing in the other
)

// ScreenDifference is what is between two pictures of pages: the share of tiles that are others, the worst of all, and
// the largest area that is empty in one of them alone, in small tiles.
type ScreenDifference struct {
	Share, Worst float64
	Gone         int
}

// Same reports whether both show the same.
func (d ScreenDifference) Same() bool {
	return d.Share <= mostTiles && d.Worst <= worstTile && d.Gone <= mostGone
}

func (d ScreenDifference) String() string {
	return fmt.Sprintf("%.2f%% of it, at most %.2f, %d small tiles side by side empty in one", 100*d.Share, d.Worst, d.Gone)
}

// ScreenTiles are the tiles of a picture, row by row.
type ScreenTiles struct {
	size  image.Point
	means [][3]float64
	wide  int    // small tiles of a row
	ink   []bool // of small tiles: something is there
}

// ScreensApart holds a picture of a page against the one that is kept, in the colors of that.
func ScreensApart(got, kept image.Image) ScreenDifference {
	if p, ok := kept.(*image.Paletted); ok && got.Bounds().Size() == kept.Bounds().Size() {
		same := image.NewPaletted(kept.Bounds(), p.Palette)
		draw.Draw(same, same.Bounds(), got, got.Bounds().Min, draw.Src)
		got = same
	}
	return TilesOf(got).Apart(TilesOf(kept))
}

// Apart is what is between two pictures.
func (t ScreenTiles) Apart(o ScreenTiles) (d ScreenDifference) {
	if t.size != o.size {
		return ScreenDifference{1, 1, len(t.ink)}
	}
	for i := range t.means {
		off := 0.0
		for c := range t.means[i] {
			off = max(off, t.means[i][c]-o.means[i][c], o.means[i][c]-t.means[i][c])
		}
		d.Worst = max(d.Worst, off)
		if off > mostOfTile {
			d.Share += 1 / float64(len(t.means))
		}
	}
	gone := make([]bool, len(t.ink))
	for i := range gone {
		gone[i] = t.ink[i] != o.ink[i]
	}
	for i := range gone {
		d.Gone = max(d.Gone, area(gone, t.wide, i))
	}
	return d
}

// area counts the marks that hang together with mark i, side by side, and takes them away.
func area(marks []bool, wide, i int) int {
	if i < 0 || i >= len(marks) || !marks[i] {
		return 0
	}
	marks[i] = false
	n := 1 + area(marks, wide, i-wide) + area(marks, wide, i+wide)
	if i%wide > 0 {
		n += area(marks, wide, i-1)
	}
	if i%wide < wide-1 {
		n += area(marks, wide, i+1)
	}
	return n
}

// TilesOf divides a picture into tiles.
func TilesOf(m image.Image) ScreenTiles {
	pixels := image.NewRGBA(m.Bounds())
	draw.Draw(pixels, pixels.Bounds(), m, m.Bounds().Min, draw.Src)
	t := ScreenTiles{size: m.Bounds().Size()}
	each(pixels.Bounds(), tile, func(r image.Rectangle) { t.means = append(t.means, mean(pixels, r)) })
	t.wide = (t.size.X + tile/halves - 1) / (tile / halves)
	each(pixels.Bounds(), tile/halves, func(r image.Rectangle) { t.ink = append(t.ink, inked(pixels, r)) })
	return t
}

func each(b image.Rectangle, side int, do func(image.Rectangle)) {
	for y := b.Min.Y; y < b.Max.Y; y += side {
		for x := b.Min.X; x < b.Max.X; x += side {
			do(image.Rect(x, y, x+side, y+side).Intersect(b))
		}
	}
}

func mean(m *image.RGBA, r image.Rectangle) (of [3]float64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := m.Pix[m.PixOffset(x, y):]
			for c := range of {
				of[c] += float64(p[c]) / 255
			}
		}
	}
	for c := range of {
		of[c] /= float64(r.Dx() * r.Dy())
	}
	return of
}

// inked reports whether something is there: another brightness beside the ground.
func inked(m *image.RGBA, r image.Rectangle) bool {
	low, high := 255, 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := m.Pix[m.PixOffset(x, y):]
			bright := (299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000
			low, high = min(low, bright), max(high, bright)
		}
	}
	return float64(high-low)/255 >= inkFrom
}
