package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "take the pictures of the manual anew")

// Pictures of the manual.
const (
	pictureWidth, pictureHeight = 1100, 760
	pictureColors               = 128
)

// picture holds the page against the manual's picture of it, in both languages; -update takes it anew.
func (g *guest) picture(name string) {
	g.t.Helper()
	g.do(chromedp.EmulateViewport(pictureWidth, pictureHeight))
	for _, l := range []string{"en", "id"} {
		g.language(l)
		shot, err := chromedp.Run(g.ctx, chromedp.CaptureScreenshot())
		g.must(err)
		got, err := png.Decode(bytes.NewReader(shot))
		g.must(err)
		file := filepath.Join("..", "..", "docs", "manual", l, name+".png")
		if *update {
			g.must(os.WriteFile(file, small(got), 0o644))
			continue
		}
		want, err := pictureIn(file)
		g.must(err)
		if d := apart(got, want); !d.same() {
			g.keep(name + "-" + l)
			g.t.Errorf("%s in %s looks otherwise than in the manual (%v); go test ./cmd/blanko-lab -run TestHouse -update takes it anew", name, l, d)
		}
	}
	g.do(chromedp.EmulateViewport(1200, 800))
}

// small is a picture as PNG with few colors: the most frequent of those that differ to the eye.
func small(m image.Image) []byte {
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
		if len(colors) < pictureColors && !slices.ContainsFunc(colors, func(o color.Color) bool { return alike(c, o.(color.RGBA)) }) {
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

func alike(a, b color.RGBA) bool {
	const step = 12 // of a channel
	near := func(a, b uint8) bool { return max(a, b)-min(a, b) < step }
	return near(a.R, b.R) && near(a.G, b.G) && near(a.B, b.B)
}

func pictureIn(file string) (image.Image, error) {
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

// difference between two pictures: the share of tiles that are others, and the worst of all.
type difference struct{ share, worst float64 }

func (d difference) same() bool { return d.share <= mostTiles && d.worst <= worstTile }

func (d difference) String() string {
	return fmt.Sprintf("%.2f%% of it, at most %.2f", 100*d.share, d.worst)
}

func apart(a, b image.Image) (d difference) {
	if a.Bounds().Size() != b.Bounds().Size() {
		return difference{1, 1}
	}
	ta, tb := tiles(a), tiles(b)
	for i := range ta {
		off := max(ta[i]-tb[i], tb[i]-ta[i])
		d.worst = max(d.worst, off)
		if off > mostOfTile {
			d.share += 1 / float64(len(ta))
		}
	}
	return d
}

// Each picture of the manual is told from every other one, in the other language too, from a grey picture and from
// an empty page; and is itself.
func TestPicturesAreToldApart(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "docs", "manual", "*", "*.png"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d pictures, %v", len(files), err)
	}
	pictures := make([]image.Image, len(files))
	for i, name := range files {
		if pictures[i], err = pictureIn(name); err != nil {
			t.Fatal(err)
		}
	}
	for i, m := range pictures {
		if d := apart(m, m); !d.same() {
			t.Errorf("%s is not itself: %v", files[i], d)
		}
		for _, shade := range []uint8{0, 128, 235, 255} {
			plain := image.NewUniform(color.Gray{Y: shade})
			of := image.NewGray(m.Bounds())
			draw.Draw(of, of.Bounds(), plain, image.Point{}, draw.Src)
			if d := apart(m, of); d.same() {
				t.Errorf("%s passes as a picture of shade %d: %v", files[i], shade, d)
			}
		}
		for j, other := range pictures[i+1:] {
			if d := apart(m, other); d.same() {
				t.Errorf("%s passes as %s: %v", files[i], files[i+1+j], d)
			}
		}
	}
}

func tiles(m image.Image) (means []float64) {
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += tile {
		for x := b.Min.X; x < b.Max.X; x += tile {
			sum, n := 0.0, 0.0
			for ty := y; ty < min(y+tile, b.Max.Y); ty++ {
				for tx := x; tx < min(x+tile, b.Max.X); tx++ {
					sum += float64(color.GrayModel.Convert(m.At(tx, ty)).(color.Gray).Y) / 255
					n++
				}
			}
			means = append(means, sum/n)
		}
	}
	return means
}
