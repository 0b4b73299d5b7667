package applet_test

import (
	"testing"

	"blanko/applet/applettest"
)

// BenchmarkCard makes whole cards; the emulated chip takes no time of its own, so that what is
// measured is the station's work (and the chip's own ciphers). Per command the station may spend
// about 0.25 ms.
func BenchmarkCard(b *testing.B) {
	for _, v := range variants {
		w := newWorkshop(b, v.profile)
		b.Run(v.profile, func(b *testing.B) {
			commands := 0
			for range b.N {
				card := w.blank()
				if err := line(w, w.encoder(card), applettest.Plan(b, w.profile, 1)); err != nil {
					b.Fatal(err)
				}
				commands += card.View().APDUs
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(commands), "us/command")
		})
	}
}
