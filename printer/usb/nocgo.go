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

// Close has nothing to give back.
func (*Link) Close() error { return nil }
