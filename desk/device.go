package desk

import (
	"context"

	"blanko/applet"
)

// Kind of a device, as pages and the ledger name it.
type Kind string

// Kinds of devices.
const (
	CardReader    Kind = "card_reader"
	SAM           Kind = "sam"
	FingerScanner Kind = "finger_scanner"
	IrisScanner   Kind = "iris_scanner"
)

// Device is what a page is told of one.
type Device struct {
	Kind    Kind   `json:"kind"`
	Name    string `json:"name,omitempty"`
	Serial  string `json:"serial,omitempty"`
	Present bool   `json:"present"`
	Card    bool   `json:"card,omitempty"`    // of a reader: something lies in it
	Uses    int    `json:"uses,omitempty"`    // of a SAM: left
	Until   string `json:"until,omitempty"`   // of a SAM: the last day, yyyy-mm-dd
	Missing *Said  `json:"missing,omitempty"` // why it cannot be used, and what to do
}

// Readers are where cards lie: that of a holder, and the SAM.
type Readers interface {
	// Look says how reader and SAM are.
	Look(ctx context.Context) []Device
	// Open opens the holder's card and the SAM; desk.card_reader_missing, desk.sam_missing, or pcsc.no_card.
	Open(ctx context.Context) (card, module applet.Transport, err error)
}

// Source says where a picture comes from, in the words of a capture.
type Source string

// Sources of pictures at a desk. A file is the page's own.
const (
	FromDevice   Source = "device"
	FromEmulated Source = "emulated"
)

// Picture is one capture: PNG, 8-bit gray, 500 dpi of a finger.
type Picture struct {
	PNG    []byte
	Source Source
	Serial string // of the device
}

// String shows nothing of it.
func (Picture) String() string { return "Picture" }

// GoString shows nothing of it.
func (Picture) GoString() string { return "Picture" }

// Scanner takes pictures of one kind of part: fingers or irises.
type Scanner interface {
	Look(ctx context.Context) Device
	// Capture takes a picture of a part: finger.1 to finger.10 (ISO/IEC 19794-2), iris.left, iris.right.
	Capture(ctx context.Context, part string) (Picture, error)
}

// Devices of a desk.
type Devices struct {
	Readers Readers
	Finger  Scanner
	Iris    Scanner
}

// Look asks every device how it is.
func (d Devices) Look(ctx context.Context) []Device {
	return append(d.Readers.Look(ctx), d.Finger.Look(ctx), d.Iris.Look(ctx))
}
