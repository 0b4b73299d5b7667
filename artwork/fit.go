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

// fit breaks text for a width in mm: the steps in order, each from the full size down to its
// minimum. ok is false when the last step fails too.
func (p *pen) fit(font, text string, size, width float64, steps []step) (set, bool) {
	for _, s := range steps {
		for _, points := range sizes(size, s.Min) {
			if lines := p.wrap(font, text, points, width); lines != nil && len(lines) <= s.Lines {
				return set{lines, points}, true
			}
		}
	}
	return set{}, false
}

// compact breaks text into as few lines as any step allows.
func (p *pen) compact(font, text string, size, width float64, steps []step) (set, bool) {
	best, ok := set{}, false
	for _, s := range steps {
		for _, points := range sizes(size, s.Min) {
			lines := p.wrap(font, text, points, width)
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

// wrap fills lines greedily. It breaks at a space, and after a hyphen, slash or comma inside
// a long word where that helps; nil when a piece is wider than the line.
func (p *pen) wrap(font, text string, points, width float64) []string {
	var lines []string
	current := ""
	for _, piece := range pieces(text) {
		joined := current + piece
		if p.width(font, strings.TrimRight(joined, " "), points) <= width {
			current = joined
			continue
		}
		if current == "" || p.width(font, strings.TrimRight(piece, " "), points) > width {
			return nil
		}
		lines = append(lines, strings.TrimRight(current, " "))
		current = piece
	}
	if current = strings.TrimRight(current, " "); current != "" {
		lines = append(lines, current)
	}
	return lines
}

// pieces cuts text where a line may end; each keeps what stands before the cut.
func pieces(text string) []string {
	var out []string
	from := 0
	for i, r := range text {
		if r == ' ' || (r == '-' || r == '/' || r == ',') && i > from {
			out = append(out, text[from:i+1])
			from = i + 1
		}
	}
	if from < len(text) {
		out = append(out, text[from:])
	}
	return out
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
