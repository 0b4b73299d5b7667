package finger

import (
	"math"
	"math/rand/v2"
	"testing"

	"blanko/ktp"
)

// master draws the minutiae of an invented finger: points at least a ridge pair apart whose
// angles follow a smooth whorl-like field, as on skin.
func master(seed uint64, position ktp.Finger, n int) *Template {
	r := rand.New(rand.NewPCG(seed, 11))
	cx, cy, twist := 170+60*r.Float64(), 150+60*r.Float64(), r.Float64()*2
	v := View{Position: position, Quality: 80}
	for len(v.Minutiae) < n {
		m := Minutia{Type: 1 + byte(r.IntN(2)), X: 30 + r.IntN(330), Y: 25 + r.IntN(325), Quality: 30 + byte(r.IntN(70))}
		if far(v.Minutiae, m, 12) {
			field := math.Atan2(float64(m.Y)-cy, float64(m.X)-cx)*(0.5+twist/4) + 0.9*math.Sin(float64(m.X)/90+twist)
			if r.IntN(2) == 0 {
				field += math.Pi
			}
			m.Angle = byte(int(math.Round(field*128/math.Pi)+4096) & 255)
			v.Minutiae = append(v.Minutiae, m)
		}
	}
	return &Template{Width: 388, Height: 374, ResX: 197, ResY: 197, Views: []View{v}}
}

func far(list []Minutia, m Minutia, least float64) bool {
	for _, o := range list {
		if math.Hypot(float64(o.X-m.X), float64(o.Y-m.Y)) < least {
			return false
		}
	}
	return true
}

// impress lays the finger on the sensor again: turned and shifted, with elastic skin, minutiae
// lost, moved, mistyped and invented.
func impress(t *Template, seed uint64, degrees, dx, dy, loss float64) *Template {
	r := rand.New(rand.NewPCG(seed, 12))
	out := &Template{Width: t.Width, Height: t.Height, ResX: t.ResX, ResY: t.ResY}
	v := View{Position: t.Views[0].Position, Quality: 70}
	a := degrees * math.Pi / 180
	px, py := r.Float64()*6, r.Float64()*6
	for _, m := range t.Views[0].Minutiae {
		if r.Float64() < loss {
			continue
		}
		x, y := float64(m.X)-194, float64(m.Y)-187
		x, y = x*math.Cos(a)+y*math.Sin(a)+dx, -x*math.Sin(a)+y*math.Cos(a)+dy // counter-clockwise, y down
		x += 4*math.Sin(y/80+px) + 2*r.NormFloat64()
		y += 4*math.Sin(x/80+py) + 2*r.NormFloat64()
		m.X, m.Y = int(math.Round(x+194)), int(math.Round(y+187))
		m.Angle += byte(int(math.Round(degrees*256/360 + 5*r.NormFloat64())))
		if r.IntN(4) == 0 {
			m.Type = 3 - m.Type
		}
		if m.X >= 0 && m.Y >= 0 && m.X < t.Width && m.Y < t.Height {
			v.Minutiae = append(v.Minutiae, m)
		}
	}
	for range len(v.Minutiae) / 5 {
		v.Minutiae = append(v.Minutiae, Minutia{Type: 1, X: 20 + r.IntN(350), Y: 20 + r.IntN(330), Angle: byte(r.IntN(256)), Quality: 30})
	}
	r.Shuffle(len(v.Minutiae), func(i, j int) { v.Minutiae[i], v.Minutiae[j] = v.Minutiae[j], v.Minutiae[i] })
	out.Views = []View{v}
	return out
}

// Scores of generated fingers: the same finger in another impression scores at or above the
// threshold, another finger below it, for the large and the small record.
func TestScoresOfGeneratedFingers(t *testing.T) {
	t.Parallel()
	const fingers = 120 // of which no impostor pair of some hundred may reach a rate of 1 in 10,000
	for _, n := range []int{60, 40} {
		lowest, highest, below := 100, 0, 0
		for i := range uint64(fingers) {
			f := master(i, ktp.RightIndex, n)
			r := rand.New(rand.NewPCG(i, 13))
			again := impress(f, i, 50*r.Float64()-25, 70*r.Float64()-35, 70*r.Float64()-35, 0.25)
			s := Match(again, f)
			lowest = min(lowest, s)
			if s < Threshold() {
				below++
			}
			for k := uint64(1); k <= 5; k++ {
				highest = max(highest, Match(again, master((i+k)%fingers, ktp.RightIndex, n)))
			}
		}
		t.Logf("%d minutiae: genuine at least %d, impostor at most %d, %d of %d genuine below the threshold", n, lowest, highest, below, fingers)
		if below > 0 || highest >= Threshold() {
			t.Errorf("%d minutiae: %d genuine below and an impostor at %d against the threshold %d", n, below, highest, Threshold())
		}
	}
}

// degrade makes of a record what another vendor's extractor would: angles in steps, no types, no quality,
// places on a grid of 0.1 mm.
func degrade(f *Template, step int) *Template {
	out := *f
	v := f.Views[0]
	v.Minutiae = nil
	for _, m := range f.Views[0].Minutiae {
		m.Angle = byte((int(m.Angle) + step/2) / step * step)
		m.X, m.Y = onGrid(m.X, 50, 100)*2, onGrid(m.Y, 50, 100)*2
		m.Type, m.Quality = 0, 0
		if m.X < f.Width && m.Y < f.Height {
			v.Minutiae = append(v.Minutiae, m)
		}
	}
	out.Views = []View{v}
	return &out
}

// Records of angle steps of 5.6 and 11.25 degrees, without types, on a coarse grid, still match.
func TestOtherVendors(t *testing.T) {
	t.Parallel()
	for _, step := range []int{4, 8} {
		for i := range uint64(40) {
			f := master(200+i, ktp.RightIndex, 50)
			again := impress(f, i, 12, 15, -9, 0.2)
			if s := Match(again, degrade(f, step)); s < Threshold() {
				t.Errorf("steps of %d/256: score %d", step, s)
			}
			if s := Match(again, degrade(master(300+i, ktp.RightIndex, 50), step)); s >= Threshold() {
				t.Errorf("steps of %d/256: an impostor scores %d", step, s)
			}
		}
	}
}

// A comparison of prepared impressions takes nothing from the heap.
func TestNoAllocations(t *testing.T) { //nolint:paralleltest // what runs beside it would be counted
	f := master(1, ktp.RightIndex, 60)
	again := impress(f, 1, 10, 10, 10, 0.1)
	a, b := Prepare(again, again.Views[0]), Prepare(f, f.Views[0])
	m := &Matcher{}
	if n := testing.AllocsPerRun(20, func() { m.Score(a, b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkMatch(b *testing.B) {
	f := master(1, ktp.RightIndex, 60)
	again := impress(f, 1, 10, 10, 10, 0.1)
	other := master(2, ktp.RightIndex, 60)
	var m Matcher
	p := Prepare(again, again.Views[0])
	for name, g := range map[string]*Impression{"genuine": Prepare(f, f.Views[0]), "impostor": Prepare(other, other.Views[0])} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Score(p, g)
			}
		})
	}
	b.Run("prepare", func(b *testing.B) {
		for b.Loop() {
			Prepare(f, f.Views[0])
		}
	})
}
