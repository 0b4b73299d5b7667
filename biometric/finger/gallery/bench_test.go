package gallery

import (
	"cmp"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"blanko/biometric/finger"
	"blanko/biometric/finger/rates"
	"blanko/ktp"
)

const measured = 6000 // residents in a gallery

func BenchmarkFirstLook(b *testing.B) {
	g, probes := enrolled(b, 17, 200)
	var sought *finger.Seeker
	for _, fingers := range probes {
		for _, p := range fingers {
			sought = p.prepared().Seeker()
		}
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for i := range g.entries {
			n += sought.Likeness(g.entries[i].sketch)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(g.entries)), "ns/template")
}

// BenchmarkSearch is a whole search on one core, first look and exact comparison, by one finger among all of
// its kind; other fingers in the gallery are passed over and not counted.
func BenchmarkSearch(b *testing.B) {
	g, probes := enrolled(b, 17, measured)
	of := map[ktp.Finger]int{}
	for _, e := range g.entries {
		of[e.key.Finger]++
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	templates := 0
	for b.Loop() {
		for _, fingers := range probes { // any one, another each time
			for f, p := range fingers {
				if _, err := g.Search(map[ktp.Finger]*finger.Impression{f: p.prepared()}, nil); err != nil {
					b.Fatal(err)
				}
				templates += of[f]
				break
			}
			break
		}
	}
	b.ReportMetric(float64(templates)/b.Elapsed().Seconds(), "templates/s")
	b.ReportMetric(float64(templates)/float64(b.N), "templates")
}

// BenchmarkStrangers counts the searches with all fingers of somebody who is not in the gallery which name somebody.
func BenchmarkStrangers(b *testing.B) {
	g, _ := enrolled(b, 90210, measured)
	_, strangers := enrolled(b, 555, 1000)
	searches, named := 0, 0
	for b.Loop() {
		for _, fingers := range strangers {
			sought := map[ktp.Finger]*finger.Impression{}
			for f, p := range fingers {
				sought[f] = p.prepared()
			}
			list, err := g.Search(sought, nil)
			if err != nil {
				b.Fatal(err)
			}
			searches++
			if len(list) > 0 {
				named++
			}
		}
	}
	r := rates.Share(named, searches)
	b.ReportMetric(float64(searches), "searches")
	b.ReportMetric(r.Percent, "named-%")
	b.ReportMetric(r.High, "at-most-%")
}

// BenchmarkRankOneLoss counts the searches which comparing with every record would have answered with the
// genuine one first, above the threshold, and which the looks before lost because it is not among those that are
// compared exactly; for second impressions as they are, and for those of which a part is missing.
func BenchmarkRankOneLoss(b *testing.B) {
	g, probes := enrolled(b, 90210, measured)
	for _, c := range []struct {
		name string
		keep float64
	}{{"whole", 1}, {"70%", 0.7}, {"55%", 0.55}} {
		b.Run(c.name, func(b *testing.B) {
			searches, lost := 0, 0
			r := rand.New(rand.NewPCG(90210, 0))
			for b.Loop() {
				for owner, fingers := range probes {
					for f, p := range fingers {
						genuine, there := g.at[Key{owner, f}]
						if !there {
							continue
						}
						if c.keep < 1 {
							p = worn(p, c.keep, r)
						}
						im := p.prepared()
						searches++
						if !slices.Contains(g.likeliest(im.Seeker(), f, g.all()), genuine) && g.first(b, im, f, genuine) {
							lost++
						}
					}
				}
			}
			loss := rates.Share(lost, searches)
			b.ReportMetric(float64(searches), "searches")
			b.ReportMetric(float64(lost), "lost")
			b.ReportMetric(loss.High, "at-most-%")
		})
	}
}

// worn is what is left of a probe whose skin lay only partly on the sensor, and not well: the share keep of its
// minutiae on one side of a line, of these nine of ten, each moved a little, and one in six besides that is none.
func worn(p probe, keep float64, r *rand.Rand) probe {
	across := r.Float64() * 2 * math.Pi
	along := func(m finger.Minutia) float64 { return float64(m.X)*math.Cos(across) + float64(m.Y)*math.Sin(across) }
	minutiae := slices.SortedFunc(slices.Values(p.view.Minutiae), func(a, b finger.Minutia) int { return cmp.Compare(along(a), along(b)) })
	var left []finger.Minutia
	for _, m := range minutiae[:int(float64(len(minutiae))*keep)] {
		if r.IntN(10) == 0 {
			continue
		}
		m.X = max(m.X+int(r.NormFloat64()*2), 0)
		m.Y = max(m.Y+int(r.NormFloat64()*2), 0)
		m.Angle += byte(int(r.NormFloat64() * 3)) // 4 degrees
		left = append(left, m)
	}
	for range len(left) / 6 {
		left = append(left, finger.Minutia{Type: 1, X: r.IntN(p.record.Width), Y: r.IntN(p.record.Height), Angle: byte(r.IntN(256)), Quality: byte(10 + r.IntN(40))})
	}
	p.view.Minutiae = left
	return p
}

// first says whether comparing with every record of the finger puts one before all others, above the threshold.
func (g *Gallery) first(b *testing.B, p *finger.Impression, f ktp.Finger, one int) bool {
	b.Helper()
	evidence := func(n int) int {
		if err := set(&g.room, g.entries[n].record, f); err != nil {
			b.Fatal(err)
		}
		return g.matcher.Evidence(p, &g.room)
	}
	least := evidence(one)
	if g.matcher.Score(p, &g.room) < finger.Threshold() {
		return false
	}
	for n, e := range g.entries {
		if n != one && e.key.Finger == f && evidence(n) >= least {
			return false
		}
	}
	return true
}
