package trial

import (
	"bytes"
	"context"
	"errors"

	machine "blanko/emulator/printer"

	"blanko/personalize"
	"blanko/printer"
)

// camera is the emulated one above the encoder station: it compares what the printer emulator
// decoded from its wire with what the artwork asked for.
func camera(m *machine.Machine) eye {
	return func(_ context.Context, f personalize.Face) (personalize.Verdict, error) {
		if p := inPath(m); p != nil {
			return look(p, f), nil
		}
		return personalize.Verdict{}, errors.New("no card below the camera")
	}
}

func look(p *machine.Plastic, f personalize.Face) personalize.Verdict {
	if !sameSide(p.Front, f.Panels.Front) || f.Panels.Back != nil && !sameSide(p.Back, *f.Panels.Back) {
		return personalize.Verdict{Cause: personalize.FaceRefused.Code}
	}
	return personalize.Verdict{Good: true}
}

// tolerance of a dye panel, in levels; black and overlay are exact.
const tolerance = 1

func sameSide(got *machine.Print, want printer.Side) bool {
	if got.Passes() != 1 || len(got.Layers()) != len(want.Panels) {
		return false
	}
	for _, w := range want.Panels {
		g := got.Layer(w.Letter)
		if g == nil || g.Partial() || g.Levels != w.Levels {
			return false
		}
		allowed := byte(tolerance)
		if w.Levels == 2 {
			allowed = 0
		}
		dots := g.Dots()
		if len(dots) != len(w.Dots) {
			return false
		}
		if bytes.Equal(dots, w.Dots) {
			continue
		}
		for i, d := range dots {
			if d != w.Dots[i] && max(d, w.Dots[i])-min(d, w.Dots[i]) > allowed {
				return false
			}
		}
	}
	return true
}

// inPath is the card in the path of a machine; nil when there is none.
func inPath(m *machine.Machine) *machine.Plastic {
	for _, p := range m.Inside() {
		if p.Place().At == machine.AtPath {
			return p
		}
	}
	return nil
}
