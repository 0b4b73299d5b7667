package rig

import (
	"slices"
	"testing"

	"blanko/emulator/cable"
)

// After an exchange the cards are where they were, under the names of the other device.
func TestPCSCDevicesExchanged(t *testing.T) {
	t.Parallel()
	d := startPCSC(t, PCSCOptions{Readers: 4, Devices: []string{"A", "B"}})
	before := slices.Clone(d.Readers())
	s := cable.Plug(t.Context(), before[0].Addr)
	defer s.Close()
	if err := s.Insert(answering{}); err != nil {
		t.Fatal(err)
	}
	if err := d.awaitCard("A 00 00", true); err != nil {
		t.Fatal(err)
	}
	d.Kill()
	if err := d.Exchange(0, 1); err != nil {
		t.Fatal(err)
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	after := d.Readers()
	if after[0] != (Reader{"B 00 00", before[0].Addr}) || after[2] != (Reader{"A 00 00", before[2].Addr}) {
		t.Errorf("readers %v, before %v", after, before)
	}
	if err := d.awaitCard("B 00 00", true); err != nil {
		t.Error(err)
	}
}
