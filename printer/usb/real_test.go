//go:build cgo

package usb

import (
	"os"
	"testing"

	"blanko/internal/rig"
)

func TestRealNothingPluggedIn(t *testing.T) {
	rig.NeedGuest(t)
	if _, err := os.Stat("/sys/devices/platform/vhci_hcd.0/attach"); err != nil {
		t.Fatal(err)
	}
	list, err := List(t.Context())
	if err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}
