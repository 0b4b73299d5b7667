package usb

import (
	"testing"

	"blanko/internal/rig"
)

// TestInGuest runs what needs the real stack in guests: gousb, libusb, usbfs, the kernel, and printers that
// are plugged into its virtual host controller. The link has its tests here, with the race detector where
// these have it: its goroutines are those of gousb and exist nowhere else. Every printer language has the
// cases that a cable can change, and what happens to cables; the detector sees the languages in their own
// rooms, and an emulated processor would take minutes more with it. Two guests, one for each processor of
// a small machine, take less time than one.
func TestInGuest(t *testing.T) {
	t.Parallel()
	for name, guest := range map[string]rig.GuestOptions{
		"link":      {Packages: []string{"./printer/usb"}, Race: raceEnabled},
		"languages": {Packages: []string{"./printer/evolis", "./printer/matica", "./printer/magicard"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			guest.Run, guest.Modules, guest.Rules = "^TestReal", rig.USBModules, []string{"printer/usb/" + rulesFile}
			rig.Guest(t, guest)
		})
	}
}
