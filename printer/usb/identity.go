package usb

import (
	"fmt"
	"slices"
	"strings"
)

// Device is a printer that is plugged in.
type Device struct {
	Vendor       uint16 `json:"vendor"`
	Product      uint16 `json:"product"`
	Manufacturer string `json:"manufacturer,omitempty"`
	Name         string `json:"name,omitempty"`
	Serial       string `json:"serial,omitempty"`    // empty where the printer has none, or it could not be read
	DeviceID     string `json:"device_id,omitempty"` // IEEE 1284 text; empty where nobody has asked for it
	Place        string `json:"place"`               // bus and ports, such as 1-2.3; it changes with the socket
	Fault        string `json:"fault,omitempty"`     // code of what hinders its use, such as usb.not_allowed
}

// Identity says which printer a line means, never the first one that is found. Place is for a printer
// without a serial number beside others of its model, and stands for whatever is plugged in there: an
// identity has it only where the configuration says so.
type Identity struct {
	Vendor, Product uint16 // zero: any
	Serial          string // as the printer tells it over USB
	Model           string // as its IEEE 1284 text tells it (MDL)
	Place           string // as in Device
}

func (i Identity) String() string {
	s := fmt.Sprintf("%04x:%04x serial %q", i.Vendor, i.Product, i.Serial)
	if i.Model != "" {
		s += fmt.Sprintf(" model %q", i.Model)
	}
	if i.Place != "" {
		s += " at " + i.Place
	}
	return s
}

// fits reports whether the device is one that is meant.
func (i Identity) fits(d Device) bool {
	return (i.Vendor == 0 || i.Vendor == d.Vendor) && (i.Product == 0 || i.Product == d.Product) &&
		(i.Serial == "" || i.Serial == d.Serial) && (i.Place == "" || i.Place == d.Place) &&
		(i.Model == "" || i.Model == modelOf(d.DeviceID))
}

// modelOf reads the model out of an IEEE 1284 text; empty: it names none.
func modelOf(text string) string {
	for field := range strings.SplitSeq(text, ";") {
		key, value, _ := strings.Cut(field, ":")
		switch strings.ToUpper(strings.TrimSpace(key)) {
		case "MDL", "MODEL":
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// find tells the one device that is meant. None is usb.not_plugged_in, or usb.not_allowed where there is
// one that could be it and may not be asked; several are usb.ambiguous.
func (i Identity) find(list []Device) (Device, error) {
	const op = "usb.find"
	fit := slices.DeleteFunc(slices.Clone(list), func(d Device) bool { return !i.fits(d) })
	switch len(fit) {
	case 1:
		return fit[0], nil
	case 0:
		for _, d := range list {
			if d.Fault == string(NotAllowed.Code) && i.couldBe(d) {
				return Device{}, NotAllowed.At(op, nil).With("printer.serial", "%s, at %s", i, d.Place)
			}
		}
		return Device{}, NotPluggedIn.At(op, nil).With("printer.serial", "%s, %d printers are plugged in", i, len(list))
	}
	return Device{}, Ambiguous.At(op, nil).With("printer.serial", "%s fits %d printers", i, len(fit))
}

// couldBe compares what is known of the device.
func (i Identity) couldBe(d Device) bool {
	if d.Serial == "" {
		i.Serial = ""
	}
	if d.DeviceID == "" {
		i.Model = ""
	}
	return i.fits(d)
}
