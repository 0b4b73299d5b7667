package usb

import (
	"os"
	"testing"

	"blanko/internal/rig"
)

// TestInGuest runs the tests of the real stack in a guest: gousb, libusb, usbfs, the kernel, and a
// printer that is plugged into its virtual host controller.
func TestInGuest(t *testing.T) {
	t.Parallel()
	rig.Guest(t, rig.GuestOptions{Packages: []string{"./printer/usb"}, Run: "^TestReal", Race: raceEnabled, Modules: rig.USBModules})
}

// TestLanguagesInGuest runs the printer languages over the same stack: the cases that a cable can change,
// and what happens to cables. Two guests side by side take less time than one. They want the machine
// for themselves, so that only make test-usb boots them.
func TestLanguagesInGuest(t *testing.T) {
	t.Parallel()
	if os.Getenv("BLANKO_GUESTS") != "all" {
		t.Skip("make test-usb runs the printer languages in guests (BLANKO_GUESTS=all)")
	}
	for name, packages := range map[string][]string{
		"direct": {"./printer/evolis"}, "retransfer and jobs": {"./printer/matica", "./printer/magicard"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rig.Guest(t, rig.GuestOptions{Packages: packages, Run: "^TestReal", Race: raceEnabled, Modules: rig.USBModules})
		})
	}
}
