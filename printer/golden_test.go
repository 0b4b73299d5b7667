package printer

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the pictures under testdata anew; look at them afterwards")

// at100 is a card of 337 x 213 dots on a panel with a border, so that pictures stay small.
var at100 = Geometry{Columns: 341, Rows: 217, DPI: 100, Levels: 128}

// testCard draws what is hard for a ribbon: ramps of each dye, a disc with a soft edge, bars
// of black over color, lines of one dot.
func testCard(w, h int) (*image.NRGBA, *image.Gray) {
	col, black := white(w, h), image.NewGray(image.Rect(0, 0, w, h))
	u := float64(w) / 337
	for y := range h {
		for x := range w {
			fx, fy := float64(x)/u, float64(y)/u
			v := byte(min(255, max(0, 255-fx*255/220)))
			switch {
			case fy < 40:
				col.SetNRGBA(x, y, color.NRGBA{v, 255, 255, 255})
			case fy < 80:
				col.SetNRGBA(x, y, color.NRGBA{255, v, 255, 255})
			case fy < 120:
				col.SetNRGBA(x, y, color.NRGBA{255, 255, v, 255})
			case fy < 160 && fx < 220:
				col.SetNRGBA(x, y, color.NRGBA{v, v, v, 255})
			}
			if d := 45 - math.Hypot(fx-280, fy-110); d > 0 {
				a := min(1, d/12)
				mix := func(c float64) byte { return byte(255*(1-a) + c*a) }
				col.SetNRGBA(x, y, color.NRGBA{mix(219), mix(21), mix(20), 255})
			}
			bar := int(fx)/20%2 == 0 && fy >= 60 && fy < 100 && fx < 220
			line := fy >= 170 && fy < 205 && (x%7 == 0 || y%9 == 0)
			if bar || line {
				black.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return col, black
}

func TestPanelsAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		w, h   int
		how    Separation
		panels string
	}{
		{"panels-same-resolution", 337, 213, Separation{FreeZones: []image.Rectangle{image.Rect(30, 80, 80, 120)}}, "YMCKO"},
		{"panels-half-resolution", 674, 425, Separation{}, "YMCKO"},
		{"panels-without-black", 337, 213, Separation{DropBlank: true}, "YMC"},
	} {
		col, black := testCard(c.w, c.h)
		side, err := c.how.Separate(col, black, at100, c.panels)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, c.name, sheet(side, at100))
	}
}

// sheet puts the panels one below the other; dark is ink.
func sheet(s Side, g Geometry) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, g.Columns, g.Rows*len(s.Panels)))
	for n, p := range s.Panels {
		for i, v := range p.Dots {
			out.Pix[n*len(p.Dots)+i] = byte(255 - int(v)*255/(p.Levels-1))
		}
	}
	return out
}

func golden(t *testing.T, name string, got *image.Gray) {
	t.Helper()
	file := filepath.Join("testdata", name+".png")
	if *update {
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	want := image.NewGray(m.Bounds())
	draw.Draw(want, want.Rect, m, m.Bounds().Min, draw.Src)
	if want.Rect != got.Rect || !bytes.Equal(want.Pix, got.Pix) {
		t.Errorf("%s: the panels differ from their picture; run with -update and look", name)
	}
}
