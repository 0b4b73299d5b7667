//go:build cgo

package pcsc

import (
	"context"
	"slices"
	"testing"
	"time"

	"blanko/applet"
	"blanko/applet/applettest"
)

// instant is a card that answers at once.
type instant struct{}

var (
	instantATR    = []byte{0x3B, 0x80, 0x80, 0x01, 0x01}
	instantAnswer = []byte{0x90, 0x00}
)

func (instant) Transmit(context.Context, []byte) ([]byte, error) { return instantAnswer, nil }
func (instant) Reset(context.Context) ([]byte, error)            { return instantATR, nil }
func (instant) PowerOff()                                        {}

func median(b *testing.B, act func()) {
	b.Helper()
	took := make([]time.Duration, 0, b.N)
	for b.Loop() {
		began := time.Now()
		act()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "us-median")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "us-p99")
}

// BenchmarkShortAPDU is one command of five bytes through transport, scard, libpcsclite, pcscd and
// vpcd to a card that answers at once, and the same through scard alone: the difference is the
// transport's own, and the bytes per command are scard's 64 KiB.
func BenchmarkShortAPDU(b *testing.B) {
	p := take(b)
	tr := p.open(b)
	p.put(b, tr, instant{})
	if _, err := tr.Reset(b.Context()); err != nil {
		b.Fatal(err)
	}
	capdu := []byte{0x00, 0xB0, 0x00, 0x00, 0x00}
	b.Run("transport", func(b *testing.B) {
		b.ReportAllocs()
		median(b, func() {
			if _, err := tr.Transmit(b.Context(), capdu); err != nil {
				b.Fatal(err)
			}
		})
	})
	if err := tr.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run("scard", func(b *testing.B) {
		s, err := establish()
		if err != nil {
			b.Fatal(err)
		}
		defer s.release()
		h, err := s.connect(p.Name, exclusive)
		if err != nil {
			b.Fatal(err)
		}
		defer h.disconnect(unpowerCard)
		b.ReportAllocs()
		median(b, func() {
			if _, err := h.transmit(capdu); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkOwner is the way through the goroutine of a reader alone.
func BenchmarkOwner(b *testing.B) {
	o := &owner{calls: make(chan *call), quit: make(chan struct{}), gone: make(chan struct{})}
	go func() {
		for {
			select {
			case c := <-o.calls:
				c.done <- c.act()
			case <-o.quit:
				return
			}
		}
	}()
	defer close(o.quit)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	b.ReportAllocs()
	for b.Loop() {
		if err := o.do(ctx, func() error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCard makes whole cards of each profile in a real reader.
func BenchmarkCard(b *testing.B) {
	for _, profile := range []string{"ktpel-op-1-8k", "ktpel-op-1-32k"} {
		b.Run(profile, func(b *testing.B) {
			w, p, on := newWorkshop(b, profile), take(b), &pad{}
			on.lay(w.blank())
			tr := p.open(b)
			p.put(b, tr, on)
			e := &applet.Encoder{Transport: tr, Keys: w.keys, Profile: w.profile}
			apdus := 0
			for b.Loop() {
				card := w.blank()
				on.lay(card)
				if err := produce(b.Context(), w, e, applettest.Plan(b, w.profile, 3)); err != nil {
					b.Fatal(err)
				}
				apdus += card.View().APDUs
			}
			b.ReportMetric(float64(apdus)/float64(b.N), "APDUs/card")
		})
	}
}

// BenchmarkLook is one look at all readers of the rig.
func BenchmarkLook(b *testing.B) {
	_ = take(b)
	s, before, err := theProcess.enter(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer s.release()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := theProcess.look(s, before); err != nil {
			b.Fatal(err)
		}
	}
}
