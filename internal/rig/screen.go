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

// Two pictures are held against each other by the mean brightness of tiles: digits of numbers and times may differ,
// a part that is missing, elsewhere or in another language may not.
const (
	tile       = 20
	mostOfTile = 0.1   // difference of a tile's brightness, of 1, from which it is another
	mostTiles  = 0.004 // share of tiles that are others
	worstTile  = 0.5
)

// ScreenDifference is what is between two pictures of pages: the share of tiles that are others, and the worst of all.
type ScreenDifference struct{ Share, Worst float64 }

// Same reports whether both show the same.
func (d ScreenDifference) Same() bool { return d.Share <= mostTiles && d.Worst <= worstTile }

func (d ScreenDifference) String() string {
	return fmt.Sprintf("%.2f%% of it, at most %.2f", 100*d.Share, d.Worst)
}

// ScreenTiles is the mean brightness of the tiles of a picture.
type ScreenTiles struct {
	size  image.Point
	means []float64
}

// ScreensApart holds two pictures of pages against each other.
func ScreensApart(a, b image.Image) ScreenDifference { return TilesOf(a).Apart(TilesOf(b)) }

// Apart is what is between two pictures.
func (t ScreenTiles) Apart(o ScreenTiles) (d ScreenDifference) {
	if t.size != o.size {
		return ScreenDifference{1, 1}
	}
	for i := range t.means {
		off := max(t.means[i]-o.means[i], o.means[i]-t.means[i])
		d.Worst = max(d.Worst, off)
		if off > mostOfTile {
			d.Share += 1 / float64(len(t.means))
		}
	}
	return d
}

// TilesOf divides a picture into tiles.
func TilesOf(m image.Image) ScreenTiles {
	b := m.Bounds()
	t := ScreenTiles{size: b.Size()}
	for y := b.Min.Y; y < b.Max.Y; y += tile {
		for x := b.Min.X; x < b.Max.X; x += tile {
			sum, n := 0.0, 0.0
			for ty := y; ty < min(y+tile, b.Max.Y); ty++ {
				for tx := x; tx < min(x+tile, b.Max.X); tx++ {
					sum += float64(color.GrayModel.Convert(m.At(tx, ty)).(color.Gray).Y) / 255
					n++
				}
			}
			t.means = append(t.means, sum/n)
		}
	}
	return t
}
