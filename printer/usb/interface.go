package usb

// setting is an interface of a device in one of its alternate settings. in and out are the numbers of
// its first bulk endpoints; 0: it has none.
type setting struct {
	number, alternate         int
	class, subclass, protocol uint8
	in, out                   int
}

// Classes of interfaces (usb.org, Defined Class Codes), and protocols of the printer class (USB Device
// Class Definition for Printing Devices 1.1, table 2; IPP over USB, 4.3).
const (
	classPrinter = 0x07
	classVendor  = 0xFF

	protocolOneWay   = 1
	protocolTwoWays  = 2
	protocolIPPOvUSB = 4
)

// choose is the interface to speak a printer's own language on: a printer's in both directions, then any
// other printer's with endpoints for both, but none that carries IPP. Of the makers of card printers it
// may be one of the maker's own class, then any: a bulk-only device calls itself what it likes.
func choose(list []setting, maker bool) (best setting, ok bool) {
	rank := func(s setting) int {
		switch {
		case s.in == 0 || s.out == 0, s.class == classPrinter && s.protocol == protocolIPPOvUSB:
			return 0
		case s.class == classPrinter && s.protocol == protocolTwoWays:
			return 5
		case s.class == classPrinter && s.protocol == protocolOneWay:
			return 4
		case s.class == classPrinter:
			return 3
		case maker && s.class == classVendor:
			return 2
		case maker:
			return 1
		}
		return 0
	}
	top := 0
	for _, s := range list {
		if r := rank(s); r > top {
			best, top = s, r
		}
	}
	return best, top > 0
}

// PortStatus is what a printer says before its language is spoken.
type PortStatus struct{ PaperEmpty, Selected, NoError bool }
