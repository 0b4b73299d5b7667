package desk

import (
	"bytes"
	"context"
	"image/png"
	"os/exec"
	"strings"
	"time"
)

// Program is a scanner that only its maker's own software reaches. The maker's program is called with
// "serial", and prints the serial number of the scanner that is plugged in, or with "capture" and the part,
// and prints the picture as PNG. It ends with 0 where it could.
type Program struct {
	Kind Kind
	Path string // empty: none is named
}

var _ Scanner = Program{}

// Bounds of a program.
const (
	lookFor    = 5 * time.Second
	captureFor = time.Minute // a holder needs a moment
	mostPNG    = 4 << 20     // bytes of a picture
)

// run gives what the program prints.
func (p Program) run(ctx context.Context, patience time.Duration, args ...string) ([]byte, error) {
	const op = "desk.Program"
	if p.Path == "" {
		return nil, ScannerMissing.At(op, nil).With("device", "%s: no program is named", p.Kind)
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	out, err := exec.CommandContext(ctx, p.Path, args...).Output()
	if err != nil {
		return nil, ScanFailed.At(op, err).With("device", "%s: the program of the maker failed", p.Kind)
	}
	return out, nil
}

// Look asks for the serial number.
func (p Program) Look(ctx context.Context) Device {
	d := Device{Kind: p.Kind}
	out, err := p.run(ctx, lookFor, "serial")
	if d.Serial = strings.TrimSpace(string(out)); err == nil && d.Serial == "" {
		err = ScannerMissing.At("desk.Program", nil)
	}
	if err != nil {
		d.Missing = say(ScannerMissing.At("desk.Program", err))
		return d
	}
	d.Present = true
	return d
}

// Capture has a picture taken.
func (p Program) Capture(ctx context.Context, part string) (Picture, error) {
	d := p.Look(ctx)
	if !d.Present {
		return Picture{}, ScannerMissing.At("desk.Capture", nil).With("device", "%s", p.Kind)
	}
	out, err := p.run(ctx, captureFor, "capture", part)
	if err == nil {
		if _, perr := png.DecodeConfig(bytes.NewReader(out)); perr != nil || len(out) > mostPNG {
			err = ScanFailed.At("desk.Capture", perr).With("picture", "not a PNG of at most %d bytes", mostPNG)
		}
	}
	if err != nil {
		return Picture{}, err
	}
	return Picture{PNG: out, Source: FromDevice, Serial: d.Serial}, nil
}
