package trial

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"
	"sync"

	"blanko/desk"
	"blanko/emulator/people"
	"blanko/ktp"
)

// Scanners are the finger and iris scanner of a desk in the virtual world: one resident's hand lies on them.
type Scanners struct {
	Seed     int64
	Resident int

	mu    sync.Mutex
	taken int // pictures so far: no two are the same
}

var _ desk.Scanners = (*Scanners)(nil)

// Open gives the emulated scanner, or that of a maker whose program is named.
func (s *Scanners) Open(kind desk.Kind, program string) desk.Scanner {
	if program != "" {
		return desk.MakersScanners{}.Open(kind, program)
	}
	return scanner{s, kind}
}

// Touch lets another resident's hand lie on the scanners.
func (s *Scanners) Touch(resident int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Resident = resident
}

type scanner struct {
	*Scanners
	kind desk.Kind
}

// Look says that it is there.
func (s scanner) Look(context.Context) desk.Device {
	return desk.Device{Kind: s.kind, Name: "emulated", Serial: "EMULATED", Present: true}
}

// Capture draws the part of the resident, each time as another touch.
func (s scanner) Capture(_ context.Context, part string) (desk.Picture, error) {
	s.mu.Lock()
	resident := s.Resident
	s.taken++
	n := s.taken
	s.mu.Unlock()
	var im *image.Gray
	if number, is := strings.CutPrefix(part, "finger."); is {
		f, err := strconv.Atoi(number)
		if err != nil {
			return desk.Picture{}, err
		}
		world, err := people.New(s.Seed, office)
		if err != nil {
			return desk.Picture{}, err
		}
		// As a person who was shown how: hardly turned, whole pad.
		im = world.Finger(resident, ktp.Finger(f)).Picture(n+laterTouches, people.Touch{Rotation: 0.05, Shift: 6, Cover: 1})
	} else {
		im = iris(s.Seed, resident, part)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		return desk.Picture{}, err
	}
	return desk.Picture{PNG: b.Bytes(), Source: desk.FromEmulated, Serial: "EMULATED"}, nil
}

// laterTouches keeps the touches at a desk apart from those of the enrolment.
const laterTouches = 100

// iris draws an eye that is nobody's: a pupil in a ring of rays, from seed, resident and side.
func iris(seed int64, resident int, part string) *image.Gray {
	const width, height, pupil, ring = 640, 480, 45.0, 115.0
	rays := float64(24 + (seed+int64(resident)*7+int64(len(part)))%17)
	im := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			dx, dy := float64(x-width/2), float64(y-height/2)
			r, a := math.Hypot(dx, dy), math.Atan2(dy, dx)
			v := 215.0
			switch {
			case r < pupil:
				v = 20
			case r < ring:
				v = 110 + 40*math.Sin(rays*a+r/9) + 20*math.Sin(r/5)
			}
			im.SetGray(x, y, color.Gray{uint8(v)})
		}
	}
	return im
}
