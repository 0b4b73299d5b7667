package extract

import (
	"testing"

	"blanko/biometric/finger"
	"blanko/biometric/finger/rates"
	"blanko/emulator/people"
	"blanko/ktp"
)

// BenchmarkUnseenFingers measures the default threshold on fingers that nothing was chosen with: how many of the
// living fingers are refused beside an ordinary impression as on a card, and how often one is taken for
// another. Another seed is another set.
func BenchmarkUnseenFingers(b *testing.B) {
	const seed, fingers = 261126, 330
	g, err := people.New(seed, "61.05")
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		touch people.Touch
	}{{"ordinary", people.OrdinaryTouch}, {"hard", people.HardTouch}} {
		b.Run(c.name, func(b *testing.B) {
			var e Extractor
			var m finger.Matcher
			impression := func(f *people.Finger, n int, touch people.Touch) *finger.Impression {
				c, err := e.Extract(pictureOf(f, n, touch), ktp.RightIndex)
				if err != nil {
					b.Fatal(err)
				}
				t := c.Template.Best(finger.ChipMost)
				return finger.Prepare(t, t.Views[0])
			}
			refused, taken, pairs := 0, 0, 0
			for b.Loop() {
				var cards, living []*finger.Impression
				for i := range fingers {
					f := g.Finger(i, ktp.RightIndex)
					cards = append(cards, impression(f, 0, people.OrdinaryTouch))
					living = append(living, impression(f, 1, c.touch))
				}
				for i, l := range living {
					for k, card := range cards {
						same := m.Score(l, card) >= finger.Threshold()
						switch {
						case i == k && !same:
							refused++
						case i != k && same:
							taken++
						}
						if i != k {
							pairs++
						}
					}
				}
			}
			r := rates.Share(refused, fingers*b.N)
			b.ReportMetric(r.Percent, "refused-%")
			b.ReportMetric(r.Low, "at-least-%")
			b.ReportMetric(r.High, "at-most-%")
			b.ReportMetric(float64(taken), "taken-for-another")
			b.ReportMetric(float64(pairs), "pairs")
		})
	}
}
