package main

import (
	"image/png"
	"os"
	"path/filepath"

	"blanko/emulator/people"
	"blanko/ktp"
)

// layFingers writes pictures of generated fingers: two of one and one of another, a dry one, and a folder
// of two fingers with two impressions each.
func layFingers(dir string) error {
	g, err := people.New(8, office)
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, "prints"), 0o700); err != nil {
		return err
	}
	one, other := g.Finger(1, ktp.RightIndex), g.Finger(2, ktp.RightIndex)
	for _, p := range []struct {
		names []string
		of    *people.Finger
		n     int
		touch people.Touch
	}{
		{[]string{"first.png", "prints/1_1.png"}, one, 1, people.OrdinaryTouch},
		{[]string{"second.png", "prints/1_2.png"}, one, 2, people.OrdinaryTouch},
		{[]string{"dry.png"}, one, 3, people.DryTouch},
		{[]string{"other.png", "prints/2_1.png"}, other, 1, people.OrdinaryTouch},
		{[]string{"prints/2_2.png"}, other, 2, people.OrdinaryTouch},
	} {
		im := p.of.Picture(p.n, p.touch)
		for _, name := range p.names {
			f, err := os.Create(filepath.Join(dir, name))
			if err != nil {
				return err
			}
			if err := png.Encode(f, im); err != nil {
				return err
			}
			if err := f.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}
