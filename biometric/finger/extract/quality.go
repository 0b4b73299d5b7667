package extract

// Reason why a capture should be taken again.
type Reason string

// Reasons, the most helpful to the operator first.
const (
	NotAFinger Reason = "not_a_finger"
	Smeared    Reason = "smeared"
	TooDry     Reason = "too_dry"
	TooWet     Reason = "too_wet"
	TooSmall   Reason = "too_small"
	OffCenter  Reason = "off_center"
	TooFew     Reason = "too_few_minutiae"
)

// reasonWords say what is wrong and what to do.
var reasonWords = map[Reason][2]string{
	NotAFinger: {"Bukan sidik jari, atau resolusi salah: letakkan satu jari dan periksa resolusi pemindai.", "Not a fingerprint, or a wrong resolution: lay one finger down and check the scanner's resolution."},
	Smeared:    {"Sidik jari kabur: angkat jari, bersihkan pemindai, letakkan tanpa menggeser.", "The print is smeared: lift the finger, clean the scanner, lay it down without sliding."},
	TooDry:     {"Jari terlalu kering: lembapkan sedikit dan tekan lebih kuat.", "The finger is too dry: moisten it a little and press harder."},
	TooWet:     {"Jari terlalu basah: keringkan dan tekan lebih ringan.", "The finger is too wet: dry it and press lighter."},
	TooSmall:   {"Bagian jari terlalu kecil: letakkan seluruh bantalan jari.", "Too little of the finger: lay the whole pad down."},
	OffCenter:  {"Jari tidak di tengah: geser ke tengah pemindai.", "The finger is off center: move it to the middle of the scanner."},
	TooFew:     {"Terlalu sedikit ciri yang jelas: ulangi, atau pakai jari lain.", "Too few clear features: try again, or use another finger."},
}

// Words are the reason in a language, what is wrong and what to do: Indonesian, or English.
func (r Reason) Words(english bool) string {
	if english {
		return reasonWords[r][1]
	}
	return reasonWords[r][0]
}

// Quality of a capture.
type Quality struct {
	Score    int // 0 to 100: the quality byte of the view
	Reliable int // minutiae of reliability 50 or more
	Area     int // square millimeters of finger
	Clear    int // per cent of what touched the scanner that shows ridges in one direction
	Dark     int // per cent of the finger that is darker than its surroundings
	Distance int // of two ridges, tenths of a pixel at 500 dpi; 0 where there are none
	Reasons  []Reason
}

// Accepted reports whether the capture is good enough.
func (q Quality) Accepted() bool { return len(q.Reasons) == 0 }

// Limits of a good capture, set on generated fingers (see docs/biometrics.md).
const (
	reliable       = 50  // of a minutia
	leastReliable  = 12  // minutiae: an impression with fewer is refused half of the time when it is genuine
	goodReliable   = 40  // minutiae that a score of 100 has
	leastArea      = 90  // square millimeters
	fingerArea     = 25  // below it nothing was laid down
	goodArea       = 180 // that a score of 100 has
	clearCoherence = 0.3 // of a cell with ridges in one direction
	leastClear     = 70  // per cent
	fingerClear    = 10
	driest         = 35 // per cent dark
	wettest        = 54
	touchedShare   = 0.72 // of the lightest gray
	shortest       = 60   // tenths of a pixel between two ridges
	longest        = 130
	mostAside      = 4 // the middle of the finger is at most one in so many of a side from that of the picture
)

// judge says how good the capture is.
func (e *Extractor) judge() Quality {
	g := &e.cells
	q := Quality{}
	for _, m := range e.found {
		if m.reliability >= reliable {
			q.Reliable++
		}
	}
	var inside, clean, dark, pixels, sx, sy int
	var distance float32
	for c, in := range g.inside {
		if !in {
			continue
		}
		x, y := c%g.w*cell, c/g.w*cell
		inside, sx, sy, distance = inside+1, sx+x, sy+y, distance+g.distance.v[c]
		if g.given[c] >= clearCoherence {
			clean++
		}
		for v := y; v < min(y+cell, e.h) && g.border[c] > nearBorder+1; v += 2 {
			at := e.norm.at(x, v)
			for _, p := range e.norm.v[at : at+min(cell, e.w-x)] {
				pixels++
				if p < 0 {
					dark++
				}
			}
		}
	}
	if inside > 0 {
		q.Area = inside * cell * cell * 100 / (workRes * workRes)
		q.Clear, q.Dark = 100*clean/max(inside, e.touched()), 100*dark/max(pixels, 1)
		q.Distance = int(10*distance/float32(inside) + 0.5)
		q.Reasons = q.reasons(sx/inside+cell/2-e.w/2, sy/inside+cell/2-e.h/2, e.w, e.h)
	} else {
		q.Reasons = []Reason{NotAFinger}
	}
	if q.has(NotAFinger) {
		return q
	}
	q.Score = (60*min(q.Reliable, goodReliable)/goodReliable + 40*q.Clear/100) * (50 + 50*min(q.Area, goodArea)/goodArea) / 100
	q.Score = min(max(q.Score, 1), 100)
	return q
}

// touched counts the cells where something lies on the scanner, ridges or not.
func (e *Extractor) touched() (n int) {
	var lightest float32
	for _, m := range e.mean.v {
		lightest = max(lightest, m)
	}
	for _, m := range e.mean.v {
		if m < lightest*touchedShare {
			n++
		}
	}
	return n
}

// reasons are what is wrong; a picture that is no finger has no other.
func (q Quality) reasons(aside, below, w, h int) (list []Reason) {
	if q.Area < fingerArea || q.Clear < fingerClear || q.Distance < shortest || q.Distance > longest {
		return []Reason{NotAFinger}
	}
	for _, r := range []struct {
		when bool
		what Reason
	}{
		{q.Clear < leastClear, Smeared},
		{q.Dark < driest, TooDry},
		{q.Dark > wettest, TooWet},
		{q.Area < leastArea, TooSmall},
		{mostAside*abs(aside) > w || mostAside*abs(below) > h, OffCenter},
		{q.Reliable < leastReliable, TooFew},
	} {
		if r.when {
			list = append(list, r.what)
		}
	}
	return list
}

func (q Quality) has(r Reason) bool {
	for _, o := range q.Reasons {
		if o == r {
			return true
		}
	}
	return false
}

func abs(n int) int { return max(n, -n) }
