package usb

// Makers of card printers, by their USB vendor id. Their devices need not say that they are printers:
// some have an interface of a class of their own.
const (
	Evolis   uint16 = 0x0F49
	Matica   uint16 = 0x2166
	Magicard uint16 = 0x0C1F
	HiTi     uint16 = 0x0D16
)

var makers = []uint16{Evolis, Matica, Magicard, HiTi}

// rulesFile lets the group lp use the printers of these makers (udev).
const rulesFile = "70-blanko-printers.rules"
