package finger

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"blanko/ktp"
)

// The same impression turned and shifted by any amount on a large sensor scores as the same finger.
func TestTurnAndShift(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := master(rapid.Uint64Range(0, 1<<20).Draw(t, "finger"), ktp.RightIndex, 40)
		f.Width, f.Height = 1200, 1200
		for i := range f.Views[0].Minutiae {
			f.Views[0].Minutiae[i].X += 400
			f.Views[0].Minutiae[i].Y += 400
		}
		degrees := rapid.Float64Range(-180, 180).Draw(t, "degrees")
		again := turned(f, degrees, rapid.Float64Range(-150, 150).Draw(t, "dx"), rapid.Float64Range(-150, 150).Draw(t, "dy"))
		if s := Match(again, f); s < 80 {
			t.Fatalf("score %d at %.1f degrees", s, degrees)
		}
	})
}

// turned moves an impression rigidly about the middle of the sensor.
func turned(f *Template, degrees, dx, dy float64) *Template {
	out := *f
	v := f.Views[0]
	v.Minutiae = nil
	a := degrees * math.Pi / 180
	for _, m := range f.Views[0].Minutiae {
		x, y := float64(m.X-f.Width/2), float64(m.Y-f.Height/2)
		m.X = int(math.Round(x*math.Cos(a)+y*math.Sin(a)+dx)) + f.Width/2
		m.Y = int(math.Round(-x*math.Sin(a)+y*math.Cos(a)+dy)) + f.Height/2
		m.Angle += byte(int(math.Round(degrees * 256 / 360)))
		v.Minutiae = append(v.Minutiae, m)
	}
	out.Views = []View{v}
	return &out
}

func TestFingerPositionsMustAgree(t *testing.T) {
	t.Parallel()
	f := master(7, ktp.RightIndex, 50)
	if s := Match(f, f); s != 100 {
		t.Errorf("an impression against itself scores %d", s)
	}
	other := *f
	other.Views = []View{f.Views[0]}
	other.Views[0].Position = ktp.LeftIndex
	if s := Match(f, &other); s != 0 {
		t.Errorf("the same minutiae under another finger score %d", s)
	}
	both := *f
	both.Views = []View{other.Views[0], f.Views[0]}
	if s := Match(f, &both); s != 100 {
		t.Errorf("the agreeing view of two scores %d", s)
	}
}

// Another resolution of the sensor is taken into account, on each axis by itself.
func TestResolution(t *testing.T) {
	t.Parallel()
	f := master(8, ktp.RightIndex, 50)
	double := *f
	double.Width, double.ResX = 2*f.Width, 2*f.ResX
	v := f.Views[0]
	v.Minutiae = nil
	for _, m := range f.Views[0].Minutiae {
		m.X *= 2
		v.Minutiae = append(v.Minutiae, m)
	}
	double.Views = []View{v}
	if s := Match(&double, f); s < 90 {
		t.Errorf("score %d", s)
	}
	for _, res := range []int{0, 1} {
		coarse := *f
		coarse.ResX = res
		if s := Match(&coarse, &coarse); s != 0 {
			t.Errorf("at %d pixels per centimeter: score %d", res, s)
		}
	}
}

// Few or no minutiae score 0 and never fail.
func TestFewMinutiae(t *testing.T) {
	t.Parallel()
	f := master(9, ktp.RightIndex, 50)
	for n := range 5 {
		few := *f
		few.Views = []View{f.Views[0]}
		few.Views[0].Minutiae = f.Views[0].Minutiae[:n]
		if s := Match(&few, f); s != 0 {
			t.Errorf("%d minutiae score %d", n, s)
		}
		if s := Match(f, &few); s != 0 {
			t.Errorf("against %d minutiae: %d", n, s)
		}
	}
}

const keptEvidence = 714

// A score is the same on every run and every platform.
func TestScoreIsReproducible(t *testing.T) {
	t.Parallel()
	f := master(10, ktp.RightIndex, 60)
	again := impress(f, 10, 12, 15, -9, 0.2)
	if a, b := Match(again, f), Match(again, f); a != b {
		t.Errorf("%d and %d", a, b)
	}
	// The value is kept so that a change of platform or of the comparison shows.
	var m Matcher
	if s := m.Evidence(Prepare(again, again.Views[0]), Prepare(f, f.Views[0])); s != keptEvidence {
		t.Errorf("evidence %d, measured when the comparison was written: %d", s, keptEvidence)
	}
}

// Directions and turns in integers stay within half a degree and a pixel of the real ones.
func TestAngles(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 14))
	for range 2000 {
		x, y := int32(r.IntN(801)-400), int32(r.IntN(801)-400)
		if x == 0 && y == 0 {
			continue
		}
		length, angle := polar(x, y)
		real := math.Atan2(float64(y), float64(x)) / (2 * math.Pi) * 65536
		if apart(angle, uint16(int(math.Round(real)))) > 91 || math.Abs(float64(length)-math.Hypot(float64(x), float64(y))) > 1.5 {
			t.Fatalf("%d, %d: length %d, angle %d for %.0f", x, y, length, angle, real)
		}
		by := uint16(r.IntN(65536))
		a := float64(by) / 65536 * 2 * math.Pi
		tx, ty := turn(x, y, by)
		if math.Abs(float64(tx)-(float64(x)*math.Cos(a)-float64(y)*math.Sin(a))) > 1 || math.Abs(float64(ty)-(float64(x)*math.Sin(a)+float64(y)*math.Cos(a))) > 1 {
			t.Fatalf("%d, %d turned by %d: %d, %d", x, y, by, tx, ty)
		}
	}
}
