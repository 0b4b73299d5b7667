package main

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/internal/rig"
)

var update = flag.Bool("update", false, "take the pictures of the manual anew")

// Pictures of the manual.
const (
	pictureWidth, pictureHeight = 1100, 760
	pictureColors               = 128
)

// picture holds the page against the manual's picture of it, in both languages, each after what a person does there
// first; -update takes it anew.
func (g *guest) picture(name string, first ...func()) {
	g.t.Helper()
	g.do(chromedp.EmulateViewport(pictureWidth, pictureHeight))
	for _, l := range []string{"en", "id"} {
		g.language(l)
		for _, do := range first {
			do()
		}
		shot, err := chromedp.Run(g.ctx, chromedp.CaptureScreenshot())
		g.must(err)
		got, err := png.Decode(bytes.NewReader(shot))
		g.must(err)
		file := filepath.Join("..", "..", "docs", "manual", l, name+".png")
		if *update {
			g.must(os.WriteFile(file, rig.SmallScreen(got, pictureColors), 0o644))
			continue
		}
		want, err := rig.Screen(file)
		g.must(err)
		if d := rig.ScreensApart(got, want); !d.Same() {
			g.keep(name + "-" + l)
			g.t.Errorf("%s in %s looks otherwise than in the manual (%v); go test ./cmd/blanko-lab -run TestHouse -update takes it anew", name, l, d)
		}
	}
	g.do(chromedp.EmulateViewport(1200, 800))
}

// Each picture of the manual is told from every other one, in the other language too, from a grey picture and from
// an empty page; and is itself.
func TestPicturesAreToldApart(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "docs", "manual", "*", "*.png"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d pictures, %v", len(files), err)
	}
	pictures := make([]rig.ScreenTiles, len(files))
	for i, name := range files {
		m, err := rig.Screen(name)
		if err != nil {
			t.Fatal(err)
		}
		pictures[i] = rig.TilesOf(m)
		if d := pictures[i].Apart(pictures[i]); !d.Same() {
			t.Errorf("%s is not itself: %v", files[i], d)
		}
		for _, shade := range []uint8{0, 128, 235, 255} {
			plain := image.NewUniform(color.Gray{Y: shade})
			of := image.NewGray(m.Bounds())
			draw.Draw(of, of.Bounds(), plain, image.Point{}, draw.Src)
			if d := pictures[i].Apart(rig.TilesOf(of)); d.Same() {
				t.Errorf("%s passes as a picture of shade %d: %v", files[i], shade, d)
			}
		}
		for j, other := range pictures[:i] {
			if d := pictures[i].Apart(other); d.Same() {
				t.Errorf("%s passes as %s: %v", files[i], files[j], d)
			}
		}
	}
}
