package usb

import (
	"testing"

	"blanko/internal/rig"
)

// TestInGuest runs the tests of the real stack in a guest: gousb, libusb, usbfs, the kernel, and a
// printer that is plugged into its virtual host controller.
func TestInGuest(t *testing.T) {
	t.Parallel()
	rig.Guest(t, rig.GuestOptions{Packages: []string{"./printer/usb"}, Run: "^TestReal", Race: raceEnabled, Modules: rig.USBModules})
}
