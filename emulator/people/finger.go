package people

import (
	"math"
	"slices"

	"blanko/ktp"
)

// The sensor: one inch by 1.2 at 500 dpi, the usual live-scan area of one finger.
const (
	sensorWidth  = 500
	sensorHeight = 600
)

// The finger pad in pixels of 500 dpi (about 16 by 21 mm of contact) and the spacing below
// which two minutiae would stand on one ridge (ridges are about 9 pixels apart).
const (
	padX       = 155.0
	padY       = 205.0
	minSpacing = 10.0
)

// A whole finger of a resident has this many true minutiae.
const (
	masterFewest = 68
	masterMost   = 82
)

// ridgePattern places the singular points of a pattern class, as fractions of the pad.
type ridgePattern struct {
	name   string
	cores  [][2]float64
	deltas [][2]float64
	weight int // per cent of fingers (about the shares of the Henry classes)
}

var ridgePatterns = []ridgePattern{
	{"left loop", [][2]float64{{0.05, -0.2}}, [][2]float64{{0.6, 0.55}}, 33},
	{"right loop", [][2]float64{{-0.05, -0.2}}, [][2]float64{{-0.6, 0.55}}, 32},
	{"whorl", [][2]float64{{0, -0.25}, {0, 0.1}}, [][2]float64{{-0.65, 0.6}, {0.65, 0.6}}, 28},
	{"tented arch", [][2]float64{{0, 0}}, [][2]float64{{0, 0.6}}, 7},
}

// orientation is the ridge direction at a point after the zero-pole model of Sherlock and
// Monro (1993), in radians from 0 to pi, y downward.
func (p ridgePattern) orientation(x, y float64) float64 {
	var t float64
	for _, c := range p.cores {
		t += math.Atan2(y-c[1]*padY, x-c[0]*padX)
	}
	for _, d := range p.deltas {
		t -= math.Atan2(y-d[1]*padY, x-d[0]*padX)
	}
	return math.Mod(t/2+3*math.Pi, math.Pi)
}

// spread is how fast the ridges part along their direction, one per pixel: there new ones begin, and
// where they close up ridges end.
func (p ridgePattern) spread(x, y float64) float64 {
	const step = 2
	here := p.orientation(x, y)
	along := func(x, y float64) (float64, float64) {
		a := p.orientation(x, y)
		if math.Cos(a-here) < 0 {
			a += math.Pi
		}
		sin, cos := math.Sincos(a)
		return cos, sin
	}
	right, _ := along(x+step, y)
	left, _ := along(x-step, y)
	_, below := along(x, y+step)
	_, above := along(x, y-step)
	return (right - left + below - above) / (2 * step)
}

// spreadShare is how much of the minutiae point to one side where ridges part: one minutia stands for
// about 1,100 square pixels of ridges that are 9 apart.
const spreadShare = 61

// trueMinutia belongs to the finger, not to an impression: pixels from the middle of the pad.
type trueMinutia struct {
	x, y, angle float64
	kind        byte
	strength    float64 // 0 to 1: how surely a capture shows it
}

// master is what a finger carries for life.
type master struct {
	finger   ktp.Finger
	pattern  ridgePattern
	minutiae []trueMinutia
}

func newMaster(d *dice, finger ktp.Finger) master {
	weights := make([]int, len(ridgePatterns))
	for i, p := range ridgePatterns {
		weights[i] = p.weight
	}
	pattern := ridgePatterns[d.weighted(weights...)]
	want := d.between(masterFewest, masterMost)
	m := master{finger: finger, pattern: pattern, minutiae: make([]trueMinutia, 0, want)}
	for len(m.minutiae) < want {
		x, y := d.f(-padX, padX), d.f(-padY, padY)
		if edge(x, y) > 1 || slices.ContainsFunc(m.minutiae, func(o trueMinutia) bool {
			return math.Hypot(o.x-x, o.y-y) < minSpacing
		}) {
			continue
		}
		angle := -pattern.orientation(x, y) + d.bell(0.08) // the standard counts counter-clockwise, y upward
		if d.f(0, 1) < 0.5-spreadShare*pattern.spread(x, y) {
			angle += math.Pi
		}
		m.minutiae = append(m.minutiae, trueMinutia{
			x: x, y: y, angle: angle, kind: byte(1 + d.weighted(60, 40)),
			strength: math.Max(0, math.Min(1, 0.95-0.45*edge(x, y)*edge(x, y)+d.bell(0.12))),
		})
	}
	return m
}

// edge is 0 in the middle of the pad and 1 at its border.
func edge(x, y float64) float64 { return math.Hypot(x/padX, y/padY) }

// capture says how an impression departs from the finger. Lengths in pixels of 500 dpi,
// angles in radians.
type capture struct {
	rotation, shift   float64 // at most, either way
	elastic           float64 // amplitude of the skin's distortion
	jitter, angle     float64 // standard deviation per minutia
	dropped, spurious float64 // shares of the true minutiae
	flipped           float64 // share whose kind is read wrongly
}

// The two impressions of the record: one good capture, chosen among several, from which the
// records of 60 and 40 are cut, and one taken later and apart.
var (
	firstCapture  = capture{rotation: 0.07, shift: 10, elastic: 1, jitter: 0.7, angle: 0.05, dropped: 0.04, spurious: 0.03, flipped: 0.04}
	secondCapture = capture{rotation: 0.26, shift: 24, elastic: 3.5, jitter: 1.4, angle: 0.09, dropped: 0.14, spurious: 0.09, flipped: 0.15}
)

// impress makes one impression of the finger.
func (m master) impress(d *dice, c capture) []minutia {
	rot, dx, dy := d.f(-c.rotation, c.rotation), d.f(-c.shift, c.shift), d.f(-c.shift, c.shift)
	sin, cos := math.Sincos(rot)
	wave := skinWave{
		d.f(0, 2*math.Pi), d.f(0, 2*math.Pi), d.f(0, 2*math.Pi), d.f(0, 2*math.Pi), c.elastic,
	}
	var out []minutia
	put := func(x, y, angle float64, kind byte, strength float64) {
		ex, ey := wave.at(x, y)
		x, y = x+ex, y+ey
		px := int(math.Round(cos*x - sin*y + dx + sensorWidth/2))
		py := int(math.Round(sin*x + cos*y + dy + sensorHeight/2))
		if px < 0 || py < 0 || px >= sensorWidth || py >= sensorHeight {
			return
		}
		out = append(out, minutia{
			kind: kind, x: px, y: py,
			angle:   byte(int(math.Round((angle-rot)*256/(2*math.Pi))) & 0xFF),
			quality: byte(math.Max(15, math.Min(98, 100*strength+d.bell(6)))),
		})
	}
	for _, t := range m.minutiae {
		if d.f(0, 1) < c.dropped*(1.6-1.2*t.strength) {
			continue
		}
		kind := t.kind
		if d.f(0, 1) < c.flipped {
			kind = 3 - kind
		}
		put(t.x+d.bell(c.jitter), t.y+d.bell(c.jitter), t.angle+d.bell(c.angle), kind, t.strength)
	}
	for range int(c.spurious*float64(len(m.minutiae)) + 0.5) {
		put(d.f(-padX, padX)*0.95, d.f(-padY, padY)*0.95, d.f(0, 2*math.Pi), byte(d.between(1, 2)), d.f(0.15, 0.5))
	}
	return out
}

// skinWave is a slow displacement, the same for neighbors, as pressed skin makes it.
type skinWave struct{ a, b, c, d, amplitude float64 }

func (w skinWave) at(x, y float64) (dx, dy float64) {
	const long, short = 2 * math.Pi / 420, 2 * math.Pi / 260 // wavelengths of about half and a whole pad
	dx = w.amplitude * (0.7*math.Sin(y*long+w.a) + 0.3*math.Sin(x*short+w.b))
	dy = w.amplitude * (0.7*math.Sin(x*long+w.c) + 0.3*math.Sin(y*short+w.d))
	return dx, dy
}

// best keeps the n minutiae of the highest quality, in reading order as extractors list them.
func best(all []minutia, n int) []minutia {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b minutia) int { return int(b.quality) - int(a.quality) })
	out = out[:min(n, len(out))]
	slices.SortStableFunc(out, func(a, b minutia) int {
		if a.y != b.y {
			return a.y - b.y
		}
		return a.x - b.x
	})
	return out
}

// viewQuality is the quality byte of the view: the mean of the 40 best.
func viewQuality(all []minutia) byte {
	top, sum := best(all, 40), 0
	for _, m := range top {
		sum += int(m.quality)
	}
	return byte(sum / max(1, len(top)))
}

// slot captures one finger of the resident: the records of at most 60 and 40 minutiae of one
// impression and, when asked, the record of an independent second one.
func (g *Generator) slot(index int, finger ktp.Finger, second bool) (ktp.FingerSlot, error) {
	m := newMaster(g.dice(index, "finger "+finger.String()), finger)
	first := m.impress(g.dice(index, "first impression "+finger.String()), firstCapture)
	s := ktp.FingerSlot{Finger: finger}
	var err error
	if s.Best60, err = encodeFMR(finger, sensorWidth, sensorHeight, viewQuality(first), best(first, 60)); err != nil {
		return s, err
	}
	if s.Best40, err = encodeFMR(finger, sensorWidth, sensorHeight, viewQuality(first), best(first, 40)); err != nil {
		return s, err
	}
	if second {
		again := m.impress(g.dice(index, "second impression "+finger.String()), secondCapture)
		s.Second, err = encodeFMR(finger, sensorWidth, sensorHeight, viewQuality(again), best(again, 60))
	}
	return s, err
}
