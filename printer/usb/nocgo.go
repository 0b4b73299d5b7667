//go:build !cgo

package usb

import (
	"context"

	"blanko/printer"
)

// Link is the way to one printer; this build has none.
type Link struct{}

var _ printer.Link = (*Link)(nil)

// Open fails with usb.not_built: the program was built without cgo.
func Open(context.Context, Identity) (*Link, error) { return nil, NotBuilt.At("usb.Open", nil) }

// List fails like Open.
func List(context.Context) ([]Device, error) { return nil, NotBuilt.At("usb.List", nil) }

// Write fails like Open.
func (*Link) Write(context.Context, []byte) error { return NotBuilt.At("usb.Write", nil) }

// Read fails like Open.
func (*Link) Read(context.Context, []byte) (int, error) { return 0, NotBuilt.At("usb.Read", nil) }

// DeviceID fails like Open.
func (*Link) DeviceID(context.Context) (string, error) { return "", NotBuilt.At("usb.DeviceID", nil) }

// PortStatus fails like Open.
func (*Link) PortStatus(context.Context) (PortStatus, error) {
	return PortStatus{}, NotBuilt.At("usb.PortStatus", nil)
}

// Device is no printer.
func (*Link) Device() Device { return Device{} }

// ClearHalt fails like Open.
func (*Link) ClearHalt(context.Context, bool) error { return NotBuilt.At("usb.ClearHalt", nil) }

// SoftReset fails like Open.
func (*Link) SoftReset(context.Context) error { return NotBuilt.At("usb.SoftReset", nil) }

// Reset fails like Open.
func (*Link) Reset(context.Context) error { return NotBuilt.At("usb.Reset", nil) }

// Reopen fails like Open.
func (*Link) Reopen(context.Context) error { return NotBuilt.At("usb.Reopen", nil) }

// Recover fails like Open.
func (*Link) Recover(context.Context) error { return NotBuilt.At("usb.Recover", nil) }

// Close has nothing to give back.
func (*Link) Close() error { return nil }
