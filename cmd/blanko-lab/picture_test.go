package main

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"

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
		content, err := os.ReadFile(file)
		g.must(err)
		want, err := png.Decode(bytes.NewReader(content))
		g.must(err)
		if d := apart(got, want); d > tolerated {
			g.keep(name + "-" + l)
			g.t.Errorf("%s in %s looks otherwise than in the manual (%.3f); go test ./cmd/blanko-lab -run TestHouse -update takes it anew", name, l, d)
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

// Two pictures are held against each other by the mean brightness of tiles: numbers and times may differ, a part
// that is missing or elsewhere may not.
const (
	tile      = 20
	tolerated = 0.06 // mean difference of all tiles, of 1
)

func apart(a, b image.Image) float64 {
	if a.Bounds().Size() != b.Bounds().Size() {
		return 1
	}
	ta, tb := tiles(a), tiles(b)
	sum := 0.0
	for i := range ta {
		sum += max(ta[i]-tb[i], tb[i]-ta[i])
	}
	return sum / float64(len(ta))
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
