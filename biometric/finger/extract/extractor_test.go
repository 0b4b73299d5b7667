package extract

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"blanko/biometric/finger"
	"blanko/emulator/people"
	"blanko/fault"
	"blanko/ktp"
)

func generator(t testing.TB) *people.Generator {
	t.Helper()
	g, err := people.New(31, "61.05")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func pictureOf(f *people.Finger, n int, touch people.Touch) Image {
	p := f.Picture(n, touch)
	return Image{Pixels: p.Pix, Width: p.Rect.Dx(), Height: p.Rect.Dy(), DPI: 500}
}

// oneMinutia draws straight ridges with a single ending or bifurcation at a place.
func oneMinutia(kind int, x, y, degrees float64) Image {
	const side = 170
	im := Image{Width: side, Height: side, DPI: 500, Pixels: make([]byte, side*side)}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for v := range side {
		for u := range side {
			dx, dy := float64(u)-x, y-float64(v) // y up
			ahead, aside := dx*cos+dy*sin, -dx*sin+dy*cos
			h := math.Cos(2*math.Pi*aside/9 + math.Atan2(aside, ahead))
			if kind == 2 {
				h = -h
			}
			im.Pixels[v*side+u] = byte(128 - 100*h)
		}
	}
	return im
}

// Place, type and direction follow ISO/IEC 19794-2:2005, 6.3: an ending where the valley forks in front
// of it, its direction into the ridge; a bifurcation where the ridge forks, its direction into the valley
// between; counter-clockwise from the x axis.
func TestWhereAMinutiaStands(t *testing.T) {
	t.Parallel()
	var e Extractor
	for n := range 32 {
		kind, degrees := 1+n%2, float64(n)*360/32+3
		x, y := 65+float64(n*7%40), 65+float64(n*11%40)
		c, err := e.Extract(oneMinutia(kind, x, y, degrees), ktp.RightIndex)
		if err != nil {
			t.Fatal(err)
		}
		list := c.Template.Views[0].Minutiae
		if len(list) != 1 {
			t.Errorf("%d degrees: %d minutiae", int(degrees), len(list))
			continue
		}
		m := list[0]
		turned := math.Abs(math.Remainder(float64(m.Angle)*360/256-degrees, 360))
		if int(m.Type) != kind || math.Hypot(float64(m.X)-x, float64(m.Y)-y) > 6 || turned > 12 {
			t.Errorf("%d degrees: type %d at %d, %d, %.0f degrees off", int(degrees), m.Type, m.X, m.Y, turned)
		}
	}
}

// An impression of a resident's living finger is the finger of the record: three of four reach the
// threshold at once, as an ordinary capture should, and no finger of somebody else does.
func TestLivingFingerIsThatOfTheRecord(t *testing.T) {
	t.Parallel()
	g := generator(t)
	var e Extractor
	var before *finger.Template
	matched := 0
	const residents = 4
	for i := range residents {
		slots, _, err := g.Fingers(i)
		if err != nil {
			t.Fatal(err)
		}
		record, err := finger.Parse(slots[0].Best60)
		if err != nil {
			t.Fatal(err)
		}
		c, err := e.Extract(pictureOf(g.Finger(i, slots[0].Finger), i, people.OrdinaryTouch), slots[0].Finger)
		if err != nil || !c.Quality.Accepted() {
			t.Fatalf("%+v, %v", c.Quality, err)
		}
		live := c.Template.Best(finger.ChipMost)
		if finger.Match(live, record) >= finger.Threshold() {
			matched++
		}
		if before != nil && finger.Match(live, before) >= finger.Threshold() {
			t.Errorf("resident %d is taken for the one before", i)
		}
		before = record
	}
	if matched < residents-1 {
		t.Errorf("%d of %d", matched, residents)
	}
}

// Every bad capture is refused with its reason, a good one is not; what was extracted before, and at
// which resolution the picture comes, does not matter.
func TestReasons(t *testing.T) {
	t.Parallel()
	f := generator(t).Finger(1, ktp.LeftIndex)
	var e Extractor
	var first Capture
	for _, c := range []struct {
		touch people.Touch
		want  Reason
	}{
		{people.OrdinaryTouch, ""}, {people.DryTouch, TooDry}, {people.WetTouch, TooWet}, {people.PartialTouch, TooSmall}, {people.SmearedTouch, Smeared}, {people.OrdinaryTouch, ""},
	} {
		got, err := e.Extract(pictureOf(f, 5, c.touch), ktp.LeftIndex)
		if err != nil {
			t.Fatal(err)
		}
		q := got.Quality
		if q.Accepted() != (c.want == "") || c.want != "" && !slices.Contains(q.Reasons, c.want) {
			t.Errorf("%v instead of %q: %+v", q.Reasons, c.want, q)
		}
		switch {
		case c.want != "":
		case first.Template == nil:
			first = got
		case !reflect.DeepEqual(first, got):
			t.Error("the same picture gives something else after others")
		}
	}
	double, err := e.Extract(enlarged(pictureOf(f, 5, people.OrdinaryTouch)), ktp.LeftIndex)
	if err != nil {
		t.Fatal(err)
	}
	if s := finger.Match(double.Template, first.Template); s < 2*finger.Threshold() {
		t.Errorf("at 1000 dpi: score %d", s)
	}
}

// enlarged is the picture with every pixel four times.
func enlarged(im Image) Image {
	out := Image{Width: 2 * im.Width, Height: 2 * im.Height, DPI: 2 * im.DPI}
	for y := range out.Height {
		for x := range out.Width {
			out.Pixels = append(out.Pixels, im.Pixels[y/2*im.Width+x/2])
		}
	}
	return out
}

func TestNoFinger(t *testing.T) {
	t.Parallel()
	const side = 200
	plain, coarse := make([]byte, side*side), make([]byte, side*side)
	for i := range coarse {
		coarse[i] = byte(128 + 100*math.Sin(float64(i%side)/5)) // stripes 31 pixels apart
	}
	for name, pixels := range map[string][]byte{"black": plain, "stripes": coarse} {
		c, err := new(Extractor).Extract(Image{Pixels: pixels, Width: side, Height: side, DPI: 500}, 0)
		if err != nil || !slices.Equal(c.Quality.Reasons, []Reason{NotAFinger}) || c.Quality.Score != 0 {
			t.Errorf("%s: %+v, %v", name, c.Quality, err)
		}
	}
	for name, im := range map[string]Image{
		"no resolution": {Width: side, Height: side, Pixels: plain},
		"96 dpi":        {Width: side, Height: side, Pixels: plain, DPI: 96},
		"cut":           {Width: side, Height: side, Pixels: plain[1:], DPI: 500},
		"tiny":          {Width: 59, Height: side, Pixels: plain[:59*side], DPI: 500},
		"negative":      {Width: -side, Height: -side, Pixels: plain, DPI: 500},
		"huge":          {Width: MostSide + 1, Height: side, Pixels: make([]byte, (MostSide+1)*side), DPI: 500},
		"a hand":        {Width: MostSide, Height: side, Pixels: make([]byte, MostSide*side), DPI: 250},
	} {
		if _, err := new(Extractor).Extract(im, ktp.RightIndex); !fault.Is(err, ImageUnusable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := new(Extractor).Extract(Image{Width: side, Height: side, Pixels: plain, DPI: 500}, 11); !fault.Is(err, ImageUnusable) {
		t.Errorf("finger 11: %v", err)
	}
}

// Whatever the picture, what comes out is a record that can be written.
func FuzzExtract(f *testing.F) {
	f.Add(uint16(60), uint16(60), []byte("\x00\xff\x80"))
	f.Add(uint16(131), uint16(67), []byte{0, 0, 0, 0, 255, 255, 255, 255, 255})
	var e Extractor
	f.Fuzz(func(t *testing.T, w, h uint16, tile []byte) {
		w, h = 60+w%200, 60+h%200
		im := Image{Width: int(w), Height: int(h), DPI: 500, Pixels: make([]byte, int(w)*int(h))}
		for i := range im.Pixels {
			if len(tile) > 0 {
				im.Pixels[i] = tile[(i+i/int(w)/3)%len(tile)]
			}
		}
		c, err := e.Extract(im, ktp.RightIndex)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Template.Encode(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReasonsHaveWords(t *testing.T) {
	t.Parallel()
	for _, r := range []Reason{NotAFinger, Smeared, TooDry, TooWet, TooSmall, OffCenter, TooFew} {
		if r.Words(false) == "" || r.Words(true) == "" || r.Words(false) == r.Words(true) {
			t.Errorf("%s", r)
		}
	}
}

func BenchmarkExtract(b *testing.B) {
	im := pictureOf(generator(b).Finger(0, ktp.RightIndex), 0, people.OrdinaryTouch)
	const w, h = 388, 374
	cut := Image{Width: w, Height: h, DPI: 500}
	for y := range h {
		cut.Pixels = append(cut.Pixels, im.Pixels[(y+110)*im.Width+56:][:w]...)
	}
	var e Extractor
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Extract(cut, ktp.RightIndex); err != nil {
			b.Fatal(err)
		}
	}
}
