package desk

import (
	"bytes"
	"context"
	"errors"
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
	leftFor    = time.Second // for what the program started and left behind, which may hold its output open
)

// run gives what the program prints.
func (p Program) run(ctx context.Context, patience time.Duration, args ...string) ([]byte, error) {
	const op = "desk.Program"
	if p.Path == "" {
		return nil, ScannerMissing.At(op, nil).With("device", "%s: no program is named", p.Kind)
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	out := printed{}
	cmd := exec.CommandContext(ctx, p.Path, args...)
	cmd.Stdout, cmd.WaitDelay = &out, leftFor
	if err := cmd.Run(); err != nil && !errors.Is(err, exec.ErrWaitDelay) { // that one says that it ended with 0
		return nil, ScanFailed.At(op, err).With("device", "%s: the program of the maker failed", p.Kind)
	}
	return out.text, nil
}

// printed is what a program prints, which is cut off where it prints more than a picture.
type printed struct{ text []byte }

var errPrintsMore = errors.New("it prints without end")

func (p *printed) Write(b []byte) (int, error) {
	if len(p.text)+len(b) > mostPNG {
		return 0, errPrintsMore
	}
	p.text = append(p.text, b...)
	return len(b), nil
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
		if _, perr := png.DecodeConfig(bytes.NewReader(out)); perr != nil {
			err = ScanFailed.At("desk.Capture", perr).With("picture", "not a PNG of at most %d bytes", mostPNG)
		}
	}
	if err != nil {
		return Picture{}, err
	}
	return Picture{PNG: out, Source: FromDevice, Serial: d.Serial}, nil
}
