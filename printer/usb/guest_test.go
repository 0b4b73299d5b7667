package usb

import (
	"testing"

	"blanko/internal/rig"
)

// TestInGuest runs what needs the real stack in guests: gousb, libusb, usbfs, the kernel, and printers that
// are plugged into its virtual host controller. The link has its tests here; every printer language has
// the cases that a cable can change, and what happens to cables. Two guests, one for each processor of a
// small machine, take less time than one.
func TestInGuest(t *testing.T) {
	t.Parallel()
	for name, packages := range map[string][]string{
		"link and direct":     {"./printer/usb", "./printer/evolis"},
		"retransfer and jobs": {"./printer/matica", "./printer/magicard"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rig.Guest(t, rig.GuestOptions{
				Packages: packages, Run: "^TestReal", Race: raceEnabled, Modules: rig.USBModules, Rules: []string{"printer/usb/" + rulesFile},
			})
		})
	}
}
