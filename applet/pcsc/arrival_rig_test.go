//go:build cgo

package pcsc

import (
	"bytes"
	"testing"
	"time"

	"blanko/fault"
)

// A printer brings a card into its encoder and says so before the service has noticed: Reset waits
// for it.
func TestArrival(t *testing.T) {
	t.Parallel()
	w, p := newWorkshop(t, "ktpel-op-1-8k"), take(t)
	a := Arrival{Transport: p.open(t), Patience: time.Nanosecond}
	if _, err := a.Reset(soon(t)); !fault.Is(err, NoCard) {
		t.Errorf("an empty encoder: %v", err)
	}
	a.Patience = 0
	kdd := []byte{0x80, 0xCA, 0x00, 0xCF, 0x00}
	for n := range 3 {
		card := w.blank()
		p.slot.Remove()
		if err := a.WaitRemoval(soon(t)); err != nil {
			t.Fatal(err)
		}
		if err := p.slot.Insert(card); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Reset(soon(t)); err != nil {
			t.Fatalf("card %d: %v", n+1, err)
		}
		v := card.View()
		if r, err := a.Transmit(soon(t), kdd); err != nil || !bytes.Contains(r, v.KDD[:]) {
			t.Errorf("card %d: %X, %v; it is %X", n+1, r, err, v.KDD)
		}
	}
	if a.Limits() != a.Transport.Limits() {
		t.Error("the limits of the reader are lost")
	}
}
