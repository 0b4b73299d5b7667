package evolis

import (
	"context"
	"strings"

	"blanko/emulator/printer"
)

// takeTrack is Dm;t;data.
func (d *Device) takeTrack(c *command) error {
	t, ok := c.number(0)
	if !ok || t < 1 || t > 3 || len(c.fields) < 2 {
		return errParameters
	}
	d.tracks[t] = c.fields[1]
	return nil
}

// writeStripe is Smw.
func (d *Device) writeStripe(ctx context.Context, _ *command) error {
	if err := d.m.Go(ctx, printer.StationMagnetic, d.set.newer.source); err != nil {
		return err
	}
	return d.m.WriteStripe(ctx, d.tracks)
}

// readStripe is Smr;t, the one motion that answers with text.
func (d *Device) readStripe(ctx context.Context, c *command) (string, error) {
	t, ok := c.number(0)
	if !ok || t < 1 || t > 3 {
		return "", errParameters
	}
	if err := d.m.Go(ctx, printer.StationMagnetic, d.set.newer.source); err != nil {
		return "", err
	}
	text, err := d.m.ReadStripe(ctx, t)
	return strings.ToUpper(text), err
}
