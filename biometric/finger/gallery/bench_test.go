package gallery

import (
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
	var probe *finger.Sketch
	for _, p := range probes {
		for _, im := range p {
			probe = im.Sketch()
		}
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for i := range g.entries {
			n += finger.Likeness(probe, g.entries[i].sketch)
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
		for _, probe := range probes { // any one, another each time
			for f, im := range probe {
				if _, err := g.Search(map[ktp.Finger]*finger.Impression{f: im}, nil); err != nil {
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

// BenchmarkRankOneLoss counts the searches which comparing with every record would have answered with the
// genuine one first, and which the first look lost because it is not among those that are compared exactly.
func BenchmarkRankOneLoss(b *testing.B) {
	g, probes := enrolled(b, 90210, measured)
	searches, lost := 0, 0
	for b.Loop() {
		for owner, probe := range probes {
			for f, im := range probe {
				genuine, there := g.at[Key{owner, f}]
				if !there {
					continue
				}
				searches++
				if !slices.Contains(g.likeliest(im.Sketch(), f, g.all()), genuine) && g.first(b, im, f, genuine) {
					lost++
				}
			}
		}
	}
	loss := rates.Share(lost, searches)
	b.ReportMetric(float64(searches), "searches")
	b.ReportMetric(float64(lost), "lost")
	b.ReportMetric(loss.High, "at-most-%")
}

// first says whether comparing with every record of the finger puts one before all others.
func (g *Gallery) first(b *testing.B, p *finger.Impression, f ktp.Finger, one int) bool {
	b.Helper()
	score := func(n int) int {
		im, err := impression(g.entries[n].record, f)
		if err != nil {
			b.Fatal(err)
		}
		return g.matcher.Evidence(p, im)
	}
	least := score(one)
	for n, e := range g.entries {
		if n != one && e.key.Finger == f && score(n) >= least {
			return false
		}
	}
	return true
}
