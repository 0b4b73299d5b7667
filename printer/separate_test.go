package printer

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"

	"blanko/fault"
)

// evolis is the panel of an Evolis direct printer: 648 x 1016 dots at 300 dpi, dyes of 7 bits
// (Evolis Programming Guide A5013).
var evolis = Geometry{Columns: 1016, Rows: 648, DPI: 300, Levels: 128}

// tiny is a card at 15 dpi (51 x 32) on a panel with a border of 2 and 1 dots, so that a
// property can walk every dot.
var tiny = Geometry{Columns: 55, Rows: 34, DPI: 15, Levels: 128}

const tinyX, tinyY = 51, 32

func panel(t interface{ Fatalf(string, ...any) }, s Side, letter byte) Panel {
	for _, p := range s.Panels {
		if p.Letter == letter {
			return p
		}
	}
	t.Fatalf("no panel %c", letter)
	return Panel{}
}

func letters(s Side) string {
	var out []byte
	for _, p := range s.Panels {
		out = append(out, p.Letter)
	}
	return string(out)
}

func white(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	return m
}

// What a face promises the ribbon: K is the mask dot for dot, dye never lies under K and is
// within half a level of 1 - RGB, nothing is printed beside the card.
func TestSeparateKeepsEveryDot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := tiny
		g.Levels = rapid.SampledFrom([]int{2, 32, 64, 128, 256}).Draw(t, "levels")
		pix := rapid.SliceOfN(rapid.Byte(), tinyX*tinyY*3, tinyX*tinyY*3).Draw(t, "color")
		bits := rapid.SliceOfN(rapid.Byte(), tinyX*tinyY, tinyX*tinyY).Draw(t, "mask")
		col, black := white(tinyX, tinyY), image.NewGray(image.Rect(0, 0, tinyX, tinyY))
		for i := range tinyX * tinyY {
			copy(col.Pix[4*i:], pix[3*i:3*i+3])
			black.Pix[i] = step(bits[i])
		}
		side, err := Separate(col, black, g, "YMCKO")
		if err != nil {
			t.Fatal(err)
		}
		if letters(side) != "YMCKO" {
			t.Fatalf("panels %q", letters(side))
		}
		k, o := panel(t, side, 'K'), panel(t, side, 'O')
		for row := range g.Rows {
			for column := range g.Columns {
				dot := row*g.Columns + column
				x, y := column-2, row-1
				inside := image.Pt(x, y).In(col.Rect)
				if o.Dots[dot] != 1 {
					t.Fatalf("no overlay at %d,%d", column, row)
				}
				ink := inside && black.GrayAt(x, y).Y == 255
				if (k.Dots[dot] == 1) != ink {
					t.Fatalf("K at %d,%d is %d", column, row, k.Dots[dot])
				}
				for i, letter := range []byte("CMY") {
					got := panel(t, side, letter).Dots[dot]
					want := 0.0
					if inside && !ink {
						want = (1 - float64(col.Pix[4*(y*tinyX+x)+i])/255) * float64(g.Levels-1)
					}
					if math.Abs(float64(got)-want) > 0.5+1e-9 {
						t.Fatalf("%c at %d,%d is %d, want %.2f", letter, column, row, got, want)
					}
				}
			}
		}
	})
}

func TestSeparateCentersTheFace(t *testing.T) {
	t.Parallel()
	col := white(1011, 638)
	col.SetNRGBA(0, 0, color.NRGBA{A: 255})
	black := image.NewGray(col.Rect)
	black.SetGray(1010, 637, color.Gray{Y: 255})
	side, err := Separate(col, black, evolis, "YMCKO")
	if err != nil {
		t.Fatal(err)
	}
	// 1016 - 1011 leaves 2 dots left and 3 right; 648 - 638 leaves 5 above and below.
	y, k := panel(t, side, 'Y'), panel(t, side, 'K')
	if at := bytes.IndexByte(y.Dots, 127); at != 5*1016+2 {
		t.Errorf("first dot of the face at %d", at)
	}
	if at := bytes.LastIndexByte(k.Dots, 1); at != (5+637)*1016+2+1010 {
		t.Errorf("last dot of the face at %d", at)
	}
}

// A 600 dpi face on a 300 dpi panel: the mask is ink where at least half of the dot is.
func TestSeparateScales(t *testing.T) {
	t.Parallel()
	col := white(2022, 1275)
	black := image.NewGray(col.Rect)
	for y := range 1275 {
		for x := range 1011 {
			col.SetNRGBA(x, y, color.NRGBA{R: 255, A: 255})
		}
		for x := 1600; x < 1800; x++ {
			black.SetGray(x, y, color.Gray{Y: 255})
		}
	}
	side, err := Separate(col, black, evolis, "YMCKO")
	if err != nil {
		t.Fatal(err)
	}
	for row := 5; row < 5+638; row++ {
		line := func(letter byte) []byte { return panel(t, side, letter).Dots[row*1016+2 : row*1016+2+1011] }
		for x := range 1011 {
			var m, k byte
			switch {
			case x < 505:
				m = 127
			case x == 505:
				m = 63 // half covered: 127.5 becomes 128, and (255-128) x 127/255 = 63.2
			case x >= 800 && x < 900:
				k = 1
			}
			if line('M')[x] != m || line('Y')[x] != m || line('C')[x] != 0 || line('K')[x] != k {
				t.Fatalf("dot %d of row %d: C %d M %d Y %d K %d", x, row, line('C')[x], line('M')[x], line('Y')[x], line('K')[x])
			}
		}
	}
}

func TestSeparatePanels(t *testing.T) {
	t.Parallel()
	col, black := white(1011, 638), image.NewGray(image.Rect(0, 0, 1011, 638))
	col.SetNRGBA(500, 300, color.NRGBA{R: 255, G: 255, A: 255})
	black.SetGray(10, 10, color.Gray{Y: 255})
	sprite := image.NewNRGBA(col.Rect) // transparent: white paper

	for _, c := range []struct {
		name   string
		color  image.Image
		black  *image.Gray
		how    Separation
		panels string
		want   string
	}{
		{"all", col, black, Separation{}, "YMCKO", "YMCKO"},
		{"blank dyes dropped", col, black, Separation{DropBlank: true}, "YMCKO", "YKO"},
		{"no color at all", nil, black, Separation{DropBlank: true}, "YMCKO", "KO"},
		{"transparent is white", sprite, black, Separation{DropBlank: true}, "YMCKO", "KO"},
		{"black ribbon, black face", white(1011, 638), black, Separation{}, "KO", "KO"},
		{"no mask", col, nil, Separation{DropBlank: true}, "YMCK", "Y"},
		{"retransfer without K", col, black, Separation{}, "YMC", "YMC"},
	} {
		side, err := c.how.Separate(c.color, c.black, evolis, c.panels)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := letters(side); got != c.want {
			t.Errorf("%s: panels %q, want %q", c.name, got, c.want)
		}
	}

	side, err := Separate(col, black, evolis, "YMC")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range side.Panels {
		if p.Dots[15*1016+12] != 127 {
			t.Errorf("without K the mask is not on %c", p.Letter)
		}
	}
}

func TestSeparateLeavesFreeZones(t *testing.T) {
	t.Parallel()
	free := image.Rect(100, 200, 180, 260)
	s := Separation{FreeZones: []image.Rectangle{free, image.Rect(-10, -10, 3, 3)}}
	side, err := s.Separate(white(1011, 638), nil, evolis, "YMCKO")
	if err != nil {
		t.Fatal(err)
	}
	o := panel(t, side, 'O')
	for y := range 648 {
		for x := range 1016 {
			at := image.Pt(x, y)
			want := byte(1)
			if at.In(free) || at.In(image.Rect(0, 0, 3, 3)) {
				want = 0
			}
			if o.Dots[y*1016+x] != want {
				t.Fatalf("overlay at %v is %d", at, o.Dots[y*1016+x])
			}
		}
	}
}

func TestSeparateRefuses(t *testing.T) {
	t.Parallel()
	col, black := white(1011, 638), image.NewGray(image.Rect(0, 0, 1011, 638))
	tinted := white(1011, 638)
	tinted.SetNRGBA(5, 5, color.NRGBA{R: 9, A: 255})
	with := func(change func(*Geometry)) Geometry { g := evolis; change(&g); return g }
	for _, c := range []struct {
		name   string
		color  image.Image
		black  *image.Gray
		g      Geometry
		panels string
		want   fault.Entry
		field  string
	}{
		{"no layer", nil, nil, evolis, "YMCKO", NothingToPrint, ""},
		{"layers differ", col, image.NewGray(image.Rect(0, 0, 1012, 638)), evolis, "YMCKO", FaceSizeWrong, "black"},
		{"upright", white(638, 1011), nil, evolis, "YMCKO", FaceSizeWrong, "face"},
		{"empty picture", image.NewNRGBA(image.Rectangle{}), nil, evolis, "YMCKO", FaceSizeWrong, "face"},
		{"upright panel", col, black, Geometry{Columns: 648, Rows: 1016, DPI: 300, Levels: 128}, "YMCKO", FaceSizeWrong, "geometry"},
		{"no geometry", col, black, Geometry{}, "YMCKO", FaceSizeWrong, "geometry"},
		{"one level", col, black, with(func(g *Geometry) { g.Levels = 1 }), "YMCKO", FaceSizeWrong, "geometry"},
		{"too many levels", col, black, with(func(g *Geometry) { g.Levels = 257 }), "YMCKO", FaceSizeWrong, "geometry"},
		{"no panels", col, black, evolis, "", PanelsUnsupported, "panels"},
		{"unknown panel", col, black, evolis, "YMCKX", PanelsUnsupported, "panels"},
		{"lower case", col, black, evolis, "ymcko", PanelsUnsupported, "panels"},
		{"twice", col, black, evolis, "YMCKOK", PanelsUnsupported, "panels"},
		{"overlay alone", col, black, evolis, "O", PanelsUnsupported, "panels"},
		{"color on a black ribbon", tinted, black, evolis, "KO", PanelsUnsupported, "panels"},
	} {
		_, err := Separate(c.color, c.black, c.g, c.panels)
		if !fault.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := err.(*fault.Error).Field; got != c.field {
			t.Errorf("%s: field %q, want %q", c.name, got, c.field)
		}
	}
	if _, err := (Separation{DropBlank: true}).Separate(col, black, evolis, "YMCK"); !fault.Is(err, NothingToPrint) {
		t.Errorf("a blank face: %v", err)
	}
}

// A dot of the result is the mean of what it covers: the whole is preserved within rounding.
func TestResampleKeepsTheMean(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := image.Pt(rapid.IntRange(1, 12).Draw(t, "w"), rapid.IntRange(1, 12).Draw(t, "h"))
		to := image.Pt(rapid.IntRange(1, 12).Draw(t, "to w"), rapid.IntRange(1, 12).Draw(t, "to h"))
		src := rapid.SliceOfN(rapid.Byte(), from.X*from.Y, from.X*from.Y).Draw(t, "src")
		out := resample(src, 1, from, to)
		mean := func(b []byte) float64 {
			sum := 0
			for _, v := range b {
				sum += int(v)
			}
			return float64(sum) / float64(len(b))
		}
		// Each of the two passes rounds once, by at most one half.
		if d := math.Abs(mean(src) - mean(out)); d > 1 {
			t.Fatalf("mean moved by %.2f", d)
		}
		if from == to && !bytes.Equal(src, out) {
			t.Fatal("equal sizes changed a dot")
		}
	})
}

func BenchmarkSeparate(b *testing.B) {
	col, black := white(1011, 638), image.NewGray(image.Rect(0, 0, 1011, 638))
	for b.Loop() {
		if _, err := Separate(col, black, evolis, "YMCKO"); err != nil {
			b.Fatal(err)
		}
	}
}
