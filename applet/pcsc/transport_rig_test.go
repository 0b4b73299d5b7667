//go:build cgo

package pcsc

import (
	"testing"

	"blanko/applet"
	"blanko/applet/applettest"
)

// The suites of the port through pcscd, on both sizes of chip.
func TestTransportSuite(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"ktpel-op-1-32k", "ktpel-op-1-8k"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			w, p, on := newWorkshop(t, profile), take(t), &pad{card: nil}
			on.lay(w.blank())
			first := p.open(t)
			p.put(t, first, on)
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			applettest.Run(t, w.profile, func(t *testing.T) applet.Transport {
				on.lay(w.blank())
				return p.open(t)
			})
		})
	}
}

func TestEncoderSuite(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"ktpel-op-1-32k", "ktpel-op-1-8k"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			w, p, on := newWorkshop(t, profile), take(t), &pad{card: nil}
			on.lay(w.blank())
			first := p.open(t)
			p.put(t, first, on)
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			applettest.RunEncoder(t, func(t *testing.T) applettest.Bench {
				on.lay(w.blank())
				return applettest.Bench{Transport: p.open(t), Keys: w.keys, Profile: w.profile, Signer: w.signer}
			})
		})
	}
}
