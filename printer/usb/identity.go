package usb

import (
	"fmt"
	"slices"
)

// Device is a printer that is plugged in.
type Device struct {
	Vendor       uint16 `json:"vendor"`
	Product      uint16 `json:"product"`
	Manufacturer string `json:"manufacturer,omitempty"`
	Name         string `json:"name,omitempty"`
	Serial       string `json:"serial,omitempty"` // empty where the printer has none, or it could not be opened
	Place        string `json:"place"`            // bus and ports, such as 1-2.3; it changes with the socket
	Fault        string `json:"fault,omitempty"`  // code of what hinders its use, such as usb.not_allowed
}

// Identity says which printer a line means: never by its place, never the first one.
type Identity struct {
	Vendor, Product uint16 // zero: any
	Serial          string // as the printer tells it over USB
}

func (i Identity) String() string {
	return fmt.Sprintf("%04x:%04x serial %q", i.Vendor, i.Product, i.Serial)
}

// fits reports whether the device is one that is meant.
func (i Identity) fits(d Device) bool {
	return (i.Vendor == 0 || i.Vendor == d.Vendor) && (i.Product == 0 || i.Product == d.Product) && (i.Serial == "" || i.Serial == d.Serial)
}

// find tells the one device that is meant. None is usb.not_plugged_in, or usb.not_allowed where there is
// one of the model whose serial number could not be read; several are usb.ambiguous.
func (i Identity) find(list []Device) (Device, error) {
	const op = "usb.find"
	fit := slices.DeleteFunc(slices.Clone(list), func(d Device) bool { return !i.fits(d) })
	switch len(fit) {
	case 1:
		return fit[0], nil
	case 0:
		model := Identity{Vendor: i.Vendor, Product: i.Product}
		for _, d := range list {
			if model.fits(d) && d.Fault == string(NotAllowed.Code) {
				return Device{}, NotAllowed.At(op, nil).With("printer.serial", "%s, at %s", i, d.Place)
			}
		}
		return Device{}, NotPluggedIn.At(op, nil).With("printer.serial", "%s, %d printers are plugged in", i, len(list))
	}
	return Device{}, Ambiguous.At(op, nil).With("printer.serial", "%s fits %d printers", i, len(fit))
}
