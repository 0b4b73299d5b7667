package usb

import (
	"os"
	"path/filepath"
	"strings"
)

// sysfs is where Linux tells of USB devices what it asked them when they were plugged in. To read it
// opens no device: one that is deaf hinders nobody.
const sysfs = "/sys/bus/usb/devices"

// remembered adds what the kernel knows of the device at its place; false where it knows nothing. A
// text that is missing is one that the printer does not have.
func (d *Device) remembered(root string) bool {
	at := func(name string) string {
		b, err := os.ReadFile(filepath.Join(root, d.Place, name))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(b))
	}
	if at("idVendor") == "" {
		return false
	}
	d.Manufacturer, d.Name, d.Serial = at("manufacturer"), at("product"), at("serial")
	// The kernel's own printer driver keeps the IEEE 1284 text of the interface that it holds.
	kept, err := filepath.Glob(filepath.Join(root, d.Place+":*", "ieee1284_id"))
	if err == nil && len(kept) == 1 {
		if b, err := os.ReadFile(kept[0]); err == nil {
			d.DeviceID = strings.TrimSpace(string(b))
		}
	}
	return true
}
