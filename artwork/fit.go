package artwork

import (
	"math"
	"strings"
)

// sizeStep is by how much type shrinks at a time, in points. A quarter point is the smallest
// step that can be seen at 300 dpi (one dot).
const sizeStep = 0.25

// set is a text broken into lines at one size.
type set struct {
	lines []string
	size  float64
}

// ruler measures in one font. Widths grow with the size, so each text is measured once.
type ruler struct {
	pen  *pen
	font string
	em   map[string]float64 // width in mm at one point
}

func (p *pen) ruler(font string) ruler { return ruler{p, font, map[string]float64{}} }

func (r ruler) width(text string, points float64) float64 {
	w, ok := r.em[text]
	if !ok {
		w = r.pen.width(r.font, text, 1)
		r.em[text] = w
	}
	return w * points
}

// fit breaks text for a width in mm: the steps in order, each from the full size down to its
// minimum. ok is false when the last step fails too.
func (p *pen) fit(font, text string, size, width float64, steps []step) (set, bool) {
	r := p.ruler(font)
	for _, s := range steps {
		for _, points := range sizes(size, s.Min) {
			if lines := r.wrap(text, points, width); lines != nil && len(lines) <= s.Lines {
				return set{lines, points}, true
			}
		}
	}
	return set{}, false
}

// compact breaks text into as few lines as any step allows.
func (p *pen) compact(font, text string, size, width float64, steps []step) (set, bool) {
	r, best, ok := p.ruler(font), set{}, false
	for _, s := range steps {
		for _, points := range sizes(size, s.Min) {
			lines := r.wrap(text, points, width)
			if lines != nil && len(lines) <= s.Lines && (!ok || len(lines) < len(best.lines)) {
				best, ok = set{lines, points}, true
			}
		}
	}
	return best, ok
}

// sizes runs from size down to smallest.
func sizes(size, smallest float64) []float64 {
	var out []float64
	for n := 0; ; n++ {
		s := size - float64(n)*sizeStep
		if s < smallest {
			return out
		}
		out = append(out, s)
	}
}

// wrap fills lines greedily at spaces. A word that is wider than the line is broken after its
// hyphens, slashes, commas and dots; nil when a piece is wider still.
func (r ruler) wrap(text string, points, width float64) []string {
	var lines []string
	current := ""
	fits := func(s string) bool { return r.width(s, points) <= width }
	add := func(gap, piece string) bool {
		switch {
		case current == "":
			current = piece
		case fits(current + gap + piece):
			current += gap + piece
		default:
			lines = append(lines, current)
			current = piece
		}
		return fits(current)
	}
	for _, word := range strings.Fields(text) {
		if fits(word) {
			add(" ", word)
			continue
		}
		gap := " "
		for _, piece := range pieces(word) {
			if !add(gap, piece) {
				return nil
			}
			gap = ""
		}
	}
	return append(lines, current)
}

// pieces cuts a word where it may be broken.
func pieces(word string) []string {
	var out []string
	from := 0
	for i, r := range word {
		if strings.ContainsRune("-/,.", r) && i+1 < len(word) {
			out = append(out, word[from:i+1])
			from = i + 1
		}
	}
	return append(out, word[from:])
}

// baselines of n lines of a column in mm: the wanted pitch, or closer together so that the
// last stays in. ok is false when they would come closer than the smallest pitch.
func (c column) baselines(n int) (out []float64, ok bool) {
	pitch := c.Pitch
	if n > 1 {
		pitch = math.Min(pitch, (c.Last-c.First)/float64(n-1))
	}
	for i := range n {
		out = append(out, c.First+float64(i)*pitch)
	}
	return out, pitch >= c.MinPitch
}
